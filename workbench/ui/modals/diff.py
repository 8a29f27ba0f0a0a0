"""A diff with line numbers and grounds, one line or side by side; draws only the lines in view."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.core import figures
from workbench.ui.modals.patch import Pair, Row, hunks, paired, parsed
from workbench.ui.transcript.highlight import highlighted, lexer
from workbench.ui.transcript.ink import Ink

MARKS = {"added": "+", "removed": "-", "same": " ", "gap": " "}
NUMBER = 5
"""Cells of the line number, one cell of margin in them."""


class DiffView(ScrollView, can_focus=False):
    """A unified diff. Shows which hunk is at the top; `[` and `]` of its screen go from one to the next."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"diff--same", "diff--added", "diff--removed", "diff--gap", "diff--number"}

    split: reactive[bool] = reactive(False)
    """Side by side."""

    class Scrolled(Message):
        """Another part of the diff is in view."""

    def __init__(self, diff: str, *, path: str = "", id: str | None = None) -> None:
        """`path` tells the language."""
        super().__init__(id=id)
        self._path = path
        self._code: dict[str, Strip] = {}
        self.rows = tuple(_safe(row) for row in parsed(diff))
        self._pairs: tuple[Pair, ...] = ()
        self._widest = max((Strip([Segment(row.text)]).cell_length for row in self.rows), default=0)

    @property
    def lines(self) -> int:
        """How many lines there are to draw."""
        return len(self._pairs) if self.split else len(self.rows)

    @property
    def starts(self) -> tuple[int, ...]:
        """The line at which each hunk begins."""
        if not self.split:
            return hunks(self.rows)
        return hunks(tuple(pair.right or pair.left or Row("same", "") for pair in self._pairs))

    @property
    def hunk(self) -> int:
        """Number of the hunk in view, from 1; at the end of the diff, the last."""
        top = round(self.scroll_y)
        if self.max_scroll_y and top >= self.max_scroll_y:
            return len(self.starts)
        return max(1, sum(start <= top for start in self.starts))

    def on_mount(self) -> None:
        """Take the size of the text."""
        self._measure()

    def watch_split(self) -> None:
        """Lay the same rows out the other way, and stay in the same hunk."""
        place = self.hunk
        self._pairs = paired(self.rows) if self.split else ()
        self._measure()
        self.go_to(place)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell which hunk came into view."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Scrolled())

    def go_to(self, hunk: int) -> None:
        """Scroll to a hunk; the ends hold."""
        if self.starts:
            self.scroll_to(y=self.starts[max(0, min(len(self.starts), hunk) - 1)], animate=False)

    def render_line(self, y: int) -> Strip:
        width, line = self.scrollable_content_region.width, y + round(self.scroll_y)
        if line >= self.lines:
            return Strip.blank(width, self.get_component_rich_style("diff--same"))
        if not self.split:
            return self._drawn(self.rows[line], width)
        half = (width - 1) // 2
        pair, ground = self._pairs[line], self.get_component_rich_style("diff--same")
        left = self._drawn(pair.left, half) if pair.left else Strip.blank(half, ground)
        rest = width - half - 1
        right = self._drawn(pair.right, rest) if pair.right else Strip.blank(rest, ground)
        return Strip.join([left, Strip([Segment("│", self.get_component_rich_style("diff--gap"))]), right])

    def _measure(self) -> None:
        self.virtual_size = Size(0 if self.split else self._widest + NUMBER + 3, self.lines)

    def _drawn(self, row: Row, width: int) -> Strip:
        style = self.get_component_rich_style(f"diff--{row.kind}")
        if row.kind == "gap":
            return Strip([Segment(f"{'⋯':>{NUMBER}}   {row.text}", style)]).adjust_cell_length(width, style)
        number = style + self.get_component_rich_style("diff--number", partial=True)
        head = [Segment(f"{row.number or '':>{NUMBER - 1}} ", number), Segment(f"{MARKS[row.kind]} ", style + BOLD)]
        room = max(0, width - NUMBER - 2)
        text = self._coloured(row.text) if row.kind == "same" else Strip([Segment(row.text.expandtabs(8), style)])
        shown = text.crop(round(self.scroll_x), round(self.scroll_x) + room).adjust_cell_length(room, style)
        if room and text.cell_length > round(self.scroll_x) + room:
            shown = Strip.join([shown.crop(0, room - 1), Strip([Segment("…", number)])])
        return Strip.join([Strip(head), shown])

    def notify_style_update(self) -> None:
        """Another theme has other inks."""
        self._code.clear()
        super().notify_style_update()

    def _coloured(self, text: str) -> Strip:
        """A line of code in the colours of its language."""
        strip = self._code.get(text)
        if strip is None:
            ink = Ink(self.app.theme_variables)
            runs = highlighted(text.expandtabs(8), lexer("", self._path), ink)
            strip = self._code[text] = Strip([Segment(run[0], run[1]) for run in runs[0]] if runs else [])
        return strip


BOLD = Style(bold=True)


def _safe(row: Row) -> Row:
    return Row(row.kind, figures.visible(row.text).replace("\n", "␊"), row.old, row.new)
