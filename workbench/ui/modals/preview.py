"""A diff to be read: line numbers, grounds, what differs within a line; one line or side by side."""

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.reactive import reactive
from textual.strip import Strip

from workbench.ui.draw.code import PatchRow, RowPair, find_hunks, find_lexer, highlight, pair_rows, parse_patch
from workbench.ui.draw.differences import mark_differences
from workbench.ui.draw.runs import Styles
from workbench.ui.draw.told import is_told
from workbench.ui.modals.asked import AskedView
from workbench.ui.reading.told import tell_change

MARKS = {"added": "+", "removed": "-", "same": " ", "gap": " "}
BOLD = Style(bold=True)
STRONG = 0.25
"""How far the ground of a changed piece goes towards its ink."""
MORE = 12
"""Cells that a row needs to say how much of it is further right."""
NUMBER = 5
"""Cells of the line number, one cell of margin in them."""


class DiffView(AskedView):
    """A unified diff. Shows which hunk is at the top; `[` and `]` of its screen go from one to the next."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("diff--same", "diff--added", "diff--removed", "diff--gap", "diff--number"),
    }

    split: reactive[bool] = reactive(False)
    """Side by side."""

    def __init__(self, diff: str, *, path: str = "", id: str | None = None) -> None:
        """`path` tells the language."""
        super().__init__(id=id)
        self._path = path
        self._code: dict[str, Strip] = {}
        self.rows = mark_differences(parse_patch(diff))
        self._pairs: tuple[RowPair, ...] = ()
        self._widest = max((cell_len(_write(row)) for row in self.rows), default=0)

    @property
    def lines(self) -> int:
        """How many lines there are to draw."""
        return len(self._pairs) if self.split else len(self.rows)

    @property
    def starts(self) -> tuple[int, ...]:
        """The line at which each hunk begins."""
        if not self.split:
            return find_hunks(self.rows)
        return find_hunks(tuple(pair.right or pair.left or PatchRow("same", "") for pair in self._pairs))

    @property
    def hunk(self) -> int:
        """Number of the hunk in view, from 1; at the end of the diff, the last."""
        top = round(self.scroll_y)
        if self.max_scroll_y and top >= self.max_scroll_y:
            return len(self.starts)
        return max(1, sum(start <= top for start in self.starts))

    def on_mount(self) -> None:
        self._measure()

    def watch_split(self) -> None:
        """Lay the same rows out the other way, and stay in the same hunk."""
        place = self.hunk
        self._pairs = pair_rows(self.rows) if self.split else ()
        self._measure()
        self.go_to(place)
        self.refresh()

    def go_to(self, hunk: int) -> None:
        """Scroll to a hunk; the ends hold."""
        if self.starts:
            self.scroll_to(y=self.starts[max(0, min(len(self.starts), hunk) - 1)], animate=False)

    def render_line(self, y: int) -> Strip:
        width, line = self.scrollable_content_region.width, y + round(self.scroll_y)
        if line >= self.lines:
            return Strip.blank(width, self.get_component_rich_style("diff--same"))
        if not self.split:
            return self._draw_row(self.rows[line], width)
        half = (width - 1) // 2
        pair, ground = self._pairs[line], self.get_component_rich_style("diff--same")
        left = self._draw_row(pair.left, half) if pair.left else Strip.blank(half, ground)
        rest = width - half - 1
        right = self._draw_row(pair.right, rest) if pair.right else Strip.blank(rest, ground)
        return Strip.join([left, Strip([Segment("│", self.get_component_rich_style("diff--gap"))]), right])

    def _measure(self) -> None:
        told = max(map(cell_len, map(tell_change, self.rows)), default=0) if is_told(self) else 0
        self.measure(0 if self.split else max(told, self._widest + NUMBER + 3))

    def _draw_row(self, row: PatchRow, width: int) -> Strip:
        style = self.get_component_rich_style(f"diff--{row.kind}")
        if row.kind == "gap":
            return Strip([Segment(f"{'⋯':>{NUMBER}}   {row.text}", style)]).adjust_cell_length(width, style)
        number = style + self.get_component_rich_style("diff--number", partial=True)
        if is_told(self):
            return Strip([Segment(tell_change(row), style)]).crop(round(self.scroll_x)).adjust_cell_length(width, style)
        head = [Segment(f"{row.number or '':>{NUMBER - 1}} ", number), Segment(f"{MARKS[row.kind]} ", style + BOLD)]
        room = max(0, width - NUMBER - 2)
        text = self._colour(row.text) if row.kind == "same" else self._mark(row, style)
        if row.end:
            text = Strip.join([text, Strip([Segment(_tell_end(row), number)])])
        shown = text.crop(round(self.scroll_x), round(self.scroll_x) + room).adjust_cell_length(room, style)
        hidden = text.cell_length - round(self.scroll_x) - room
        if room > MORE and hidden > 0:
            more = f"… {hidden + 2 + len(f' {hidden:,} →'):,} →"
            shown = Strip.join([shown.crop(0, room - len(more)), Strip([Segment(more, number)])])
        return Strip.join([Strip(head), shown])

    def _mark(self, row: PatchRow, style: Style) -> Strip:
        """A changed line, with what differs in it on a stronger ground."""
        ink, ground = (Color.from_rich_color(each) for each in (style.color, style.bgcolor))
        strong = style + Style(bold=True, bgcolor=ground.blend(ink, STRONG).rich_color)
        pieces, at = list[Segment](), 0
        for start, end in row.marks:
            pieces += [Segment(row.text[at:start], style), Segment(row.text[start:end], strong)]
            at = end
        return Strip([*pieces, Segment(row.text[at:], style)])

    def notify_style_update(self) -> None:
        """Another theme has other inks."""
        self._code.clear()
        super().notify_style_update()

    def _colour(self, text: str) -> Strip:
        strip = self._code.get(text)
        if strip is None:
            styles = Styles(self.app.theme_variables)
            runs = highlight(text, find_lexer("", self._path), styles)
            strip = self._code[text] = Strip([Segment(run[0], run[1]) for run in runs[0]] if runs else [])
        return strip


def _write(row: PatchRow) -> str:
    return row.text + _tell_end(row)


def _tell_end(row: PatchRow) -> str:
    return f"  {row.end}" if row.end else ""
