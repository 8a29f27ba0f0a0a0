"""The inspector: every block of the window, what it costs, and what becomes of it (seed §1)."""

from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message

from workbench.core.commands import Command, PlanCompaction
from workbench.core.errors import WorkbenchError
from workbench.core.inspection import Finding, LeftBlock
from workbench.core.window import Mark
from workbench.ui.draw.text import plain
from workbench.ui.inspector.acts import lift_items, mark_items, take_back
from workbench.ui.inspector.keys import COMPACT, OFFERED
from workbench.ui.inspector.places import find_place, read_seq
from workbench.ui.inspector.rows import BlockRow, name_item
from workbench.ui.inspector.table import BlockTable
from workbench.ui.inspector.view import Header, InspectorView
from workbench.ui.screens.registry import BACK
from workbench.ui.widgets.find import FindBar


class InspectorScreen(InspectorView):
    """A list of blocks with the text of one. What is marked is in the journal at once; the next compaction obeys it."""

    OFFERS = (*OFFERED, BACK)

    @dataclass
    class Jumped(Message):
        """The transcript is to show its entry `index`."""

        index: int

    def action_back(self) -> None:
        """Out of what was selected, then found, then the findings, then the screen."""
        if self.table.chosen:
            self.table.choose(())
        elif self.listing.sought:
            self.listing.sought = ""
        elif self.listing.in_findings:
            self.listing.in_findings = False
        else:
            self.dismiss(None)
            return
        self.relist()

    def action_select(self) -> None:
        if (item := self.table.current) is not None and not isinstance(item, Finding):
            self.table.choose(self.table.chosen ^ {name_item(item)})
            self.table.action_move(1)
            self.show_keys()

    def action_pin(self) -> None:
        self._mark("pin")

    def action_drop(self) -> None:
        self._mark("drop")

    def action_mask(self) -> None:
        self._mark("mask")

    def _mark(self, mark: Mark) -> None:
        commands, fault = mark_items(self.table.wanted, mark)
        if fault:
            self.complain(fault)
        self._carry_out(commands)

    def action_take_back(self) -> None:
        self._carry_out(take_back(self.table.wanted))

    def action_lift(self) -> None:
        self._carry_out(lift_items(self.table.wanted), "said again with the next request")

    def _carry_out(self, commands: list[Command], done: str = "") -> None:
        self.looked_at = float("-inf")

        def then(fault: WorkbenchError | None) -> None:
            if fault:
                self.complain(" ".join(filter(None, (f"{fault.message}.", fault.hint))))
            elif commands:
                self.table.choose(())
                self.say(plain(f"✓ {done}", "$success") if done else Content())
            self.load()

        self.carry_out(commands, then)

    def action_compact(self) -> None:
        """Leave for the review, which opens over the conversation."""
        if self.client.busy:
            self.complain(f"Something runs; {self.show_key(COMPACT)} compacts when it has ended, esc there stops it.")
            return
        self.dismiss(PlanCompaction("marked" if self.listing.found.what_if else ""))

    def action_sort(self) -> None:
        self.listing.order = self.listing.order.next()
        self.relist()

    def action_reverse(self) -> None:
        self._sort_by(self.listing.order.column)

    @on(Header.Clicked)
    def _click(self, event: Header.Clicked) -> None:
        self._sort_by(event.column)

    def _sort_by(self, column: str) -> None:
        """By a column; where it is that already, the other way round."""
        self.listing.order = self.listing.order.choose(column)
        self.relist()

    def action_findings(self) -> None:
        self.listing.in_findings = not self.listing.in_findings
        self.table.choose(())
        self.relist("")

    def action_jump(self) -> None:
        """Close this, with the transcript at what the row stands for."""
        item, place = self.table.current, None
        if isinstance(item, BlockRow) and item.turn:
            place = find_place(self.state.entries, item.turn, item.seq, item.label)
        elif isinstance(item, LeftBlock):
            place = find_place(self.state.entries, item.turn, read_seq(item.id), item.label)
        elif isinstance(item, Finding):
            rows = (row for row in self.listing.rows if not set(item.ids).isdisjoint(row.ids))
            if (row := next(rows, None)) is not None:
                place = find_place(self.state.entries, row.turn, row.seq, row.label)
        if place is None:
            self.complain("It has no place in the transcript; v reads it.")
            return
        self.post_message(self.Jumped(place))
        self.dismiss(None)

    async def action_tokens(self) -> None:
        """The text in pieces, beside the list or, where there is no room, in a screen of its own."""
        if self.text.display:
            self.reader.in_pieces = not self.reader.in_pieces
            self.read_soon()
        else:
            await self._open_pager(in_pieces=True)

    @on(BlockTable.Opened)
    async def action_read(self) -> None:
        """Read it whole, in a screen of its own."""
        await self._open_pager()

    async def _open_pager(self, in_pieces: bool = False) -> None:
        from workbench.ui.screens.pager import PagerScreen

        if (item := self.table.current) is not None:
            screen = PagerScreen(self.client, self.state, await self.reader.open_whole(item, in_pieces))
            screen.title = "Reading"
            self.app.push_screen(screen)

    def action_find(self) -> None:
        """Show only what has certain words."""
        self.find_bar.open(self.listing.sought)
        self.show_keys()

    @on(FindBar.Changed)
    def _look_for(self, event: FindBar.Changed) -> None:
        self.listing.sought, self.listing.in_findings = event.words, False
        self.relist()
        self.find_bar.say(f"{len(self.table.items)} of {len(self.listing.rows) + len(self.listing.found.left)}")

    @on(FindBar.Moved)
    def _step(self, event: FindBar.Moved) -> None:
        self.table.action_move(event.by)

    @on(FindBar.Accepted)
    def _accept(self) -> None:
        self.find_bar.display = False
        self.set_focus(self.table)
        self.show_keys()

    @on(FindBar.Left)
    def _leave(self) -> None:
        self.listing.sought = ""
        self._accept()
        self.relist()
