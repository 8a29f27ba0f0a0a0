"""The list of the inspector: blocks, and below them what left the window. Only the rows in view are drawn."""

from collections.abc import Callable, Iterable, Sequence

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.core.inspection import Finding
from workbench.ui.commands import OffersCommands, offer_in_part
from workbench.ui.draw.text import select
from workbench.ui.inspector.rows import Item, name_item
from workbench.ui.widgets.drawn import build_strip

Listed = Item | Content
"""An item, or a line between items."""


class BlockTable(OffersCommands, ScrollView, can_focus=True):
    """Items below each other, with a cursor; several can be chosen."""

    OFFERS = offer_in_part(
        "IN THE LIST",
        ("up,k", "move(-1)", "Go up or down; also k and j, by pages, to the ends", "↑↓"),
        ("down,j", "move(1)", "", ""),
        ("pageup", "page(-1)", "", ""),
        ("pagedown", "page(1)", "", ""),
        ("home", "move(-1000000)", "", ""),
        ("end", "move(1000000)", "", ""),
    )

    cursor: reactive[int] = reactive(0)
    """Index among the items."""
    # What is listed moves no other widget.
    virtual_size = Reactive(Size(0, 0), layout=False)

    class Moved(Message):
        """The cursor is on another item."""

    class Opened(Message):
        """The item under the cursor was clicked once more."""

    def __init__(self, draw: Callable[[Item, int], Sequence[Content]], *, id: str | None = None) -> None:
        """`draw` gives the lines of an item for a width: one for a block, any number for a finding."""
        super().__init__(id=id)
        self.draw = draw
        self.items: list[Item] = []
        self.chosen: set[str] = set()
        """Names of the items that were chosen one by one."""
        self._listed: Sequence[Listed] = ()
        self._lines: list[tuple[Item | Content, int]] = []
        """What stands in each line, and which of its own lines that is."""
        self._starts: list[int] = []
        """The first line of each item."""

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.cursor] if 0 <= self.cursor < len(self.items) else None

    @property
    def wanted(self) -> list[Item]:
        """What a key is for: what was chosen, else what is under the cursor."""
        chosen = [item for item in self.items if name_item(item) in self.chosen]
        return chosen or ([self.current] if self.current is not None else [])

    @property
    def inner_width(self) -> int:
        """Cells of a row."""
        return self.scrollable_content_region.width

    def show(self, listed: Sequence[Listed], keep: str | None = None) -> None:
        """Take other items, with the cursor on the one of that name, else where it was; scrolled as it was."""
        keep = name_item(self.current) if keep is None and self.current is not None else keep
        self._listed, self.items = listed, [each for each in listed if not isinstance(each, Content)]
        names = {name_item(item): place for place, item in enumerate(self.items)}
        self.chosen &= names.keys()
        place = min(names.get(keep or "", self.cursor), len(self.items) - 1)
        self._lay_out()
        self.set_reactive(BlockTable.cursor, max(0, place))
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def _lay_out(self) -> None:
        self._lines, self._starts, width = [], [], max(8, self.inner_width - 1)
        for each in self._listed:
            if not isinstance(each, Content):
                self._starts.append(len(self._lines))
            high = len(self.draw(each, width)) if isinstance(each, Finding) else 1
            self._lines += [(each, part) for part in range(high)] if high > 1 else [(each, 0)]
        self.virtual_size = Size(self.inner_width, len(self._lines))

    def on_resize(self) -> None:
        self._lay_out()
        self._reveal()

    def render_line(self, y: int) -> Strip:
        width, line = self.inner_width, y + round(self.scroll_y)
        if line >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        each, part = self._lines[line]
        if isinstance(each, Content):
            return build_strip(Content(" ") + each, self.visual_style, width)
        current = each is self.current
        content = self._sign(each, current, part) + self.draw(each, width - 1)[part]
        return build_strip(select(content, width) if current else content, self.visual_style, width)

    def _sign(self, item: Item, current: bool, part: int) -> Content:
        """One cell: chosen with others, or, without colour, where the cursor is."""
        if not part and name_item(item) in self.chosen:
            return Content.styled("✓", "bold $accent")
        return Content("▶" if current and not part and self.app.no_color else " ")

    def watch_cursor(self) -> None:
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """The first click goes to an item, one on that item opens it."""
        line = event.y + round(self.scroll_y)
        if line < len(self._lines) and not isinstance(each := self._lines[line][0], Content):
            if each is self.current:
                self.post_message(self.Opened())
            else:
                self.cursor = next(place for place, item in enumerate(self.items) if item is each)

    def choose(self, names: Iterable[str]) -> None:
        """Choose these and no others."""
        self.chosen = set(names)
        self.refresh()

    def action_move(self, step: int) -> None:
        self.cursor = max(0, min(len(self.items) - 1, self.cursor + step))

    def action_page(self, step: int) -> None:
        self.action_move(step * max(1, self.size.height - 2))

    def _reveal(self) -> None:
        """Have the item in view, and the heading above the first of a group."""
        if not self._starts or not self.size.height:
            return
        start = self._starts[min(self.cursor, len(self._starts) - 1)]
        first = start
        while first and start - first < 3 and isinstance(self._lines[first - 1][0], Content):
            first -= 1
        end = self._starts[self.cursor + 1] if self.cursor + 1 < len(self._starts) else len(self._lines)
        while end - 1 > start and isinstance(self._lines[end - 1][0], Content):
            end -= 1
        self.scroll_to_region(Region(0, first, 1, max(1, end - first)), animate=False)
