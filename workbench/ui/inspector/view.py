"""What the inspector shows, and when it looks at the window again."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from workbench import resources
from workbench.core.ports import EngineClient
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import plain
from workbench.ui.inspector.block_text import BlockText
from workbench.ui.inspector.chart import count_rows, draw_chart_rows, draw_title
from workbench.ui.inspector.drawing import Columns, draw_head, draw_legend
from workbench.ui.inspector.keys import FINDING_KEYS, FINDINGS, choose_keys
from workbench.ui.inspector.listing import Listing
from workbench.ui.inspector.reader import Reader
from workbench.ui.inspector.table import BlockTable
from workbench.ui.inspector.what_if import draw_what_if
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.modals.parts import KeyLine
from workbench.ui.open_screens import is_open
from workbench.ui.reducer import ViewChanges
from workbench.ui.screens.registry import BACK, WorkScreen
from workbench.ui.state import Change, UiState
from workbench.ui.widgets.drawn import Drawn
from workbench.ui.widgets.find import FindBar

WIDE, WIDER, ROOMY = 110, 150, 30
"""Columns from which on the text stands beside the list, and has more room; rows from which on there are rows to spare.
"""
EVERY = 1.0
"""Seconds between two looks at the window while a turn runs; step ends are looked at at once."""


class Header(Drawn):
    """The names of the columns; a click on one sorts by it."""

    @dataclass
    class Clicked(Message):
        """A click on a column, by its name as an order."""

        column: str

    def __init__(self, table: BlockTable, listing: Listing, *, id: str) -> None:
        super().__init__(lambda width, _: [draw_head(Columns.of(table.inner_width), listing.order)], id=id)
        self._table = table

    def on_click(self, event: events.Click) -> None:
        if column := Columns.of(self._table.inner_width).find(event.x):
            self.post_message(self.Clicked(column))


class InspectorView(WorkScreen):
    """The parts of the screen and what they show; it changes nothing in the session."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [resources.themes() / "inspector.tcss"]

    def __init__(self, client: EngineClient, state: UiState) -> None:
        super().__init__(client, state)
        self.listing = Listing(state, self.show_key)
        self._due, self.looked_at = False, float("-inf")
        self._reading = False
        self.table = BlockTable(self.listing.draw, id="blocks")
        self.text = BlockText(id="block-text")
        self.reader = Reader(client, state, self.text)
        self.find_bar = FindBar()
        self._title = Drawn(lambda width, _: [draw_title(state, width)], id="window-title")
        self._chart = Drawn(self._draw_chart, id="chart")
        self._head = Header(self.table, self.listing, id="block-head")
        self._legend = Drawn(
            lambda width, _: [draw_legend(len(self.listing.found.findings), width, self.show_key(FINDINGS))],
            id="legend",
        )
        self._complaint = Static(id="complaint")
        self._what_if = Drawn(self._draw_what_if, id="what-if")
        self._keys = KeyLine(id="window-keys")
        self.find_bar.display = self._complaint.display = False

    def _draw_legend(self, width: int, _: object) -> list[Content]:
        return [draw_legend(len(self.listing.found.findings), width, self.show_key(FINDINGS))]

    def show_key(self, command: ScreenCommand) -> str:
        """The key that `command` has."""
        return find_keymap(self.app).show(command)

    def compose(self) -> ComposeResult:
        self._fit(*self.app.size)
        yield self._title
        yield self._chart
        with Horizontal(id="window-body"):
            with Vertical(id="window-left"):
                yield from (self._head, self.table, self._legend, self._complaint, self._what_if)
            yield self.text
        yield self.find_bar
        yield self._keys

    async def on_mount(self) -> None:
        """Look before anything is drawn, so that it is drawn once."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._frame())
        self._frame()
        self.table.focus()
        await self._look()

    def _frame(self) -> None:
        """A line beside the text where the palette has no tones to tell it from the list, or there is no colour."""
        tones = self.app.theme_variables
        self.set_class(self.app.no_color or tones.get("surface") == tones.get("background"), "-framed")

    def on_resize(self, event: events.Resize) -> None:
        self._fit(*event.size)
        self.read_soon()

    def _fit(self, width: int, height: int) -> None:
        """Share the terminal out. The strip is there only while something is marked to leave; where it is low, what the
        signs mean gives way to it.
        """
        linear, roomy, marked = self.state.options.linear, height >= ROOMY, self.listing.found.what_if is not None
        self.text.display = width >= WIDE and not linear
        self.text.styles.width = width * 2 // 5 if width >= WIDER else 41
        self._chart.display, self._chart.styles.height = not linear, count_rows(height)
        self._what_if.display, self._what_if.styles.height = marked, 5 if roomy else 2
        listed = not linear and not self.listing.in_findings
        self._legend.display, self._legend.styles.margin = listed and (roomy or not marked), (int(roomy), 1, 0, 1)
        self._head.display = listed

    def show(self, changes: ViewChanges) -> bool:
        """Look at the window again where something in it changed; true while that is still to be done."""
        if changes.reset:
            self.listing.begin()
            self.table.chosen.clear()
        if changes.change & (Change.STATUS | Change.CACHE):
            self._redraw()
        self._due |= changes.reset or changes.settled or bool(changes.change & Change.WINDOW)
        now = self.state.clock.monotonic()
        if not self._due:
            return False
        if self.state.running and not (changes.settled or changes.reset) and now - self.looked_at < EVERY:
            return True
        self.load()
        return False

    @work(exclusive=True, group="look")
    async def load(self) -> None:
        """Look at the window, and show it with the cursor where it was."""
        await self._look()

    async def _look(self) -> None:
        self._due, self.looked_at = False, self.state.clock.monotonic()
        found = await self.client.inspect_window()
        if is_open(self):
            self.listing.take(found)
            self.relist()

    def relist(self, keep: str | None = None) -> None:
        """Show what is wanted of the window, with the cursor on the item of that name, else where it was."""
        self._fit(*self.size)
        self.table.show(self.listing.compose(), keep)
        self._redraw()

    def _redraw(self) -> None:
        for part in (self._title, self._chart, self._head, self._legend, self._what_if):
            part.refresh()
        self.show_keys()

    def _draw_chart(self, width: int, height: int) -> list[Content]:
        return draw_chart_rows(self.state, self.listing.found.breakpoints, width, height)

    def _draw_what_if(self, width: int, height: int) -> list[Content]:
        found = self.listing.found.what_if
        return draw_what_if(found, self.listing.rows, self.state, width, height > 2) if found else []

    def show_keys(self) -> None:
        keys = self._keys
        if self.find_bar.display:
            keys.show(FINDING_KEYS, "")
            return
        table, listing = self.table, self.listing
        shown = choose_keys(
            table.current,
            self._name_back(),
            several=bool(table.chosen),
            marks=listing.leaving,
            findings=bool(listing.found.findings),
        )
        keys.show(shown, listing.tell(len(table.items), len(table.chosen)))

    def _name_back(self) -> ScreenCommand:
        if self.table.chosen:
            return BACK.reword("unselect")
        return BACK.reword("show all" if self.listing.sought else "blocks" if self.listing.in_findings else "")

    @on(BlockTable.Moved)
    def _moved(self) -> None:
        self.show_keys()
        self.read_soon()

    def read_soon(self) -> None:
        """Read the item under the cursor, once for all keys that have come."""
        if self.text.display and not self._reading:
            self._reading = True
            self.call_later(self._read)

    async def _read(self) -> None:
        self._reading = False
        await self.reader.show(self.table.current)

    def complain(self, message: str) -> None:
        self.say(plain(f"✗ {message}", "$error"))

    def say(self, words: Content) -> None:
        """Say something above the keys, until the next key."""
        self._complaint.update(words)
        self._complaint.display = bool(words)

    def on_key(self) -> None:
        self._complaint.display = False
