"""A place that shows what a pure function draws for its size.

Rows are already as wide as the place, so nothing wraps, aligns or selects them: each becomes a strip directly, at a
fifth of what Textual's general path costs.
"""

from collections.abc import Callable, Sequence
from typing import Self

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from workbench.ui.draw.told import Tell, is_told, lay_told, tell

Drawing = Callable[[int, int], Sequence[Content]]
"""Rows for a width and a height in cells."""


class Drawn(Widget):
    """Shows the rows of its drawing one by one, drawn anew at each refresh."""

    ALLOW_SELECT = False

    _rows: Sequence[Content] | None = None
    _rows_for: tuple[int, int] = (0, 0)

    def __init__(self, drawing: Drawing, told: Tell | None = None, *, id: str | None = None) -> None:
        """`told`: what is said instead where the words of the drawing are not sentences."""
        super().__init__(id=id)
        self._drawing, self._told = drawing, told

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        self._rows = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render(self) -> Content:
        """All rows as one text: what a height of its own is measured by."""
        width, height = self.size
        return Content("\n").join(self._draw_rows(width, height)[: max(1, height)])

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        if self._rows is None or self._rows_for != (width, height):
            self._rows, self._rows_for = self._draw_rows(width, height), (width, height)
        base = self.visual_style
        if y >= len(self._rows):
            return Strip.blank(width, base.rich_style)
        return build_strip(self._rows[y], base, width)

    def _draw_rows(self, width: int, height: int) -> Sequence[Content]:
        if not is_told(self):
            return self._drawing(width, height)
        return lay_told(self._told() if self._told else map(tell, self._drawing(width, height)), width)


def build_strip(row: Content, base: Style, width: int) -> Strip:
    """One row as a strip of `width` cells."""
    pieces = row.render(
        base, end="", parse_style=lambda style: style if isinstance(style, Style) else Style.parse(style)
    )
    segments = [Segment(text, style.rich_style) for text, style in pieces if text]
    return Strip(segments, row.cell_length).adjust_cell_length(width, base.rich_style)
