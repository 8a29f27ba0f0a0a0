"""What a call would do, to be read: a command line with the piece that asks underlined, or a diff.

The diff has line numbers and grounds, is one line or side by side, and draws only the lines in view.
"""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.core import figures
from workbench.core.decisions import Preview
from workbench.ui.draw.code import PatchRow, RowPair, find_hunks, find_lexer, highlight, pair_rows, parse_patch
from workbench.ui.draw.runs import Styles
from workbench.ui.draw.text import faint, plain, wrap

PROMPT = "$ "
MARKS = {"added": "+", "removed": "-", "same": " ", "gap": " "}
BOLD = Style(bold=True)
NUMBER = 5
"""Cells of the line number, one cell of margin in them."""


def draw_preview(preview: Preview, width: int) -> list[Content]:
    """The lines of a preview at `width` cells."""
    if preview.kind != "command":
        return wrap(plain(preview.text), width)
    room = max(8, width - len(PROMPT))
    lines = [line for part in _parts(preview, room) for line in part.wrap(room)]
    return [(faint(PROMPT) if i == 0 else Content(" " * len(PROMPT))) + line for i, line in enumerate(lines)]


def _parts(preview: Preview, room: int) -> list[Content]:
    """The command, broken before the asking piece where that keeps the piece whole."""
    text, segment = figures.visible(preview.text), figures.visible(preview.segment)
    at = text.find(segment) if segment else -1
    if at < 0:
        return [plain(text)]
    before = plain(text[:at], "$muted")
    asking = plain(segment, "bold underline $foreground")
    after = plain(text[at + len(segment) :], "$muted")
    whole = before + asking + after
    if at and "\n" not in text and whole.cell_length > room >= asking.cell_length:
        return [before.rstrip(), asking + after]
    return [whole]


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
        self.rows = tuple(_escape_row(row) for row in parse_patch(diff))
        self._pairs: tuple[RowPair, ...] = ()
        self._widest = max((Strip([Segment(row.text)]).cell_length for row in self.rows), default=0)

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

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
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
            return self._draw_row(self.rows[line], width)
        half = (width - 1) // 2
        pair, ground = self._pairs[line], self.get_component_rich_style("diff--same")
        left = self._draw_row(pair.left, half) if pair.left else Strip.blank(half, ground)
        rest = width - half - 1
        right = self._draw_row(pair.right, rest) if pair.right else Strip.blank(rest, ground)
        return Strip.join([left, Strip([Segment("│", self.get_component_rich_style("diff--gap"))]), right])

    def _measure(self) -> None:
        self.virtual_size = Size(0 if self.split else self._widest + NUMBER + 3, self.lines)

    def _draw_row(self, row: PatchRow, width: int) -> Strip:
        style = self.get_component_rich_style(f"diff--{row.kind}")
        if row.kind == "gap":
            return Strip([Segment(f"{'⋯':>{NUMBER}}   {row.text}", style)]).adjust_cell_length(width, style)
        number = style + self.get_component_rich_style("diff--number", partial=True)
        head = [Segment(f"{row.number or '':>{NUMBER - 1}} ", number), Segment(f"{MARKS[row.kind]} ", style + BOLD)]
        room = max(0, width - NUMBER - 2)
        text = self._colour(row.text) if row.kind == "same" else Strip([Segment(row.text.expandtabs(8), style)])
        shown = text.crop(round(self.scroll_x), round(self.scroll_x) + room).adjust_cell_length(room, style)
        if room and text.cell_length > round(self.scroll_x) + room:
            shown = Strip.join([shown.crop(0, room - 1), Strip([Segment("…", number)])])
        return Strip.join([Strip(head), shown])

    def notify_style_update(self) -> None:
        """Another theme has other inks."""
        self._code.clear()
        super().notify_style_update()

    def _colour(self, text: str) -> Strip:
        strip = self._code.get(text)
        if strip is None:
            styles = Styles(self.app.theme_variables)
            runs = highlight(text.expandtabs(8), find_lexer("", self._path), styles)
            strip = self._code[text] = Strip([Segment(run[0], run[1]) for run in runs[0]] if runs else [])
        return strip


def _escape_row(row: PatchRow) -> PatchRow:
    return PatchRow(row.kind, figures.visible(row.text).replace("\n", "␊"), row.old, row.new)
