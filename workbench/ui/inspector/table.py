"""The list of the inspector: blocks, and below them what left the window. Only the rows in view are drawn."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip

from workbench.core.inspection import Finding
from workbench.ui.draw.text import select
from workbench.ui.inspector.rows import Item, name_item
from workbench.ui.widgets.cursor_list import CursorList
from workbench.ui.widgets.drawn import build_strip

Listed = Item | Content
"""An item, or a line between items."""


class BlockTable(CursorList[Item], can_focus=True):
    """Items of which several can be chosen, below headings."""

    # What is listed moves no other widget.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(self, draw: Callable[[Item, int], Sequence[Content]], *, id: str | None = None) -> None:
        """`draw` gives the lines of an item for a width: one for a block, any number for a finding."""
        super().__init__(id=id)
        self.draw = draw
        self.chosen: set[str] = set()
        """Names of the items that were chosen one by one."""
        self._listed: Sequence[Listed] = ()
        self._starts: Sequence[int] = range(1)
        """The first line of each that is listed, and the end."""
        self._places: Sequence[int] = ()
        """Where each item stands among what is listed."""

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
        self._listed = listed
        self._places = [place for place, each in enumerate(listed) if not isinstance(each, Content)]
        self.items = [each for each in listed if not isinstance(each, Content)]
        if self.chosen:
            self.chosen &= {name_item(item) for item in self.items}
        found = (place for place, item in enumerate(self.items) if name_item(item) == keep)
        place = next(found, self.cursor) if keep else self.cursor
        self._lay_out()
        self.set_reactive(BlockTable.cursor, self.hold_in(place))
        self.reveal()
        self.refresh()
        self.post_message(self.Moved())

    def _lay_out(self) -> None:
        width = max(8, self.inner_width - 1)
        if any(isinstance(each, Finding) for each in self._listed[:3]):
            high = (len(self.draw(each, width)) if isinstance(each, Finding) else 1 for each in self._listed)
            self._starts = list(accumulate(high, initial=0))
        else:
            self._starts = range(len(self._listed) + 1)
        self.virtual_size = Size(self.inner_width, self._starts[-1])

    def _find(self, line: int) -> tuple[Listed, int] | None:
        """What stands in a line, and which of its own lines that is."""
        if not 0 <= line < self._starts[-1]:
            return None
        place = bisect_right(self._starts, line) - 1
        return self._listed[place], line - self._starts[place]

    def on_resize(self) -> None:
        self._lay_out()
        self.reveal()

    def render_line(self, y: int) -> Strip:
        width, line = self.inner_width, y + round(self.scroll_y)
        if (found := self._find(line)) is None:
            return Strip.blank(width, self.rich_style)
        each, part = found
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

    def on_click(self, event: events.Click) -> None:
        """The first click goes to an item, one on that item opens it."""
        line = event.y + round(self.scroll_y)
        found = self._find(line)
        if found is None or isinstance(found[0], Content):
            return
        if found[0] is self.current:
            self.post_message(self.Opened())
        else:
            self.cursor = bisect_left(self._places, self._listed.index(found[0]))

    def choose(self, names: Iterable[str]) -> None:
        """Choose these and no others."""
        self.chosen = set(names)
        self.refresh()

    def reveal(self) -> None:
        """Have the item in view, and the heading above the first of a group."""
        if not self.items or not self.size.height:
            return
        place = self._places[min(self.cursor, len(self._places) - 1)]
        above = place
        while above and place - above < 2 and isinstance(self._listed[above - 1], Content):
            above -= 1
        first, end = self._starts[above], self._starts[place + 1]
        self.scroll_to_region(Region(0, first, 1, max(1, end - first)), animate=False)
