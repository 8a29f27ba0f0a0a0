"""What is seen of `Lines`: a place in them, a size, wrapped or moved sideways. Nothing is measured that is not seen.

The place is a line and a character of it, never a row: at another width the same text stays at the top.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from textual.cache import LRUCache

from workbench.ui.draw.runs import NULL, fold, measure
from workbench.ui.reading.lines import Lines

KEPT = 4_096
"""Lines whose rows are remembered."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row: the characters `start` to `end` of a line."""

    line: int
    start: int
    end: int


class Page:
    """A window on `lines`."""

    def __init__(self, lines: Lines, *, wraps: bool) -> None:
        self.lines, self.wraps = lines, wraps
        self.width, self.height = 80, 24
        self.line = self.start = 0
        """The character that stands at the top left: of which line, and which."""
        self.left = 0
        """Cells by which all is moved to the left; 0 where it is wrapped."""
        self._rows: LRUCache[int, list[PageRow]] = LRUCache(KEPT)

    def fit(self, width: int, height: int) -> None:
        """Take another size; what stands at the top stays there."""
        if max(1, width) != self.width:
            self._rows.clear()
        self.width, self.height = max(1, width), max(1, height)

    def wrap(self, wraps: bool) -> None:
        """Wrap long lines or not."""
        self.wraps, self.left = wraps, 0
        self._rows.clear()

    def rows_of(self, line: int) -> list[PageRow]:
        """The rows of one line."""
        if not self.wraps:
            return [PageRow(line, 0, len(self.lines.text(line)))]
        rows = self._rows.get(line)
        if rows is None:
            rows, at = [], 0
            for piece in fold([(self.lines.text(line), NULL)], self.width):
                rows.append(PageRow(line, at, at := at + len(piece.text)))
            self._rows[line] = rows
        return rows

    def _top(self) -> tuple[int, int]:
        """Line and row of it at the top."""
        if not len(self.lines):
            return 0, 0
        rows = self.rows_of(self.line)
        return self.line, next((at for at, row in enumerate(rows) if self.start < row.end), len(rows) - 1)

    def _go(self, line: int, row: int) -> None:
        """Put a row at the top, or the last page where that is nearer the beginning."""
        if not len(self.lines):
            return
        last = self._walk(len(self.lines) - 1, len(self.rows_of(len(self.lines) - 1)) - 1, 1 - self.height)
        line, row = min((line, row), last)
        self.line, self.start = line, self.rows_of(line)[row].start

    def _walk(self, line: int, row: int, by: int) -> tuple[int, int]:
        """The row so many below or above another; the first or the last where there are not so many."""
        row += by
        while row < 0 and line > 0:
            line -= 1
            row += len(self.rows_of(line))
        while (count := len(self.rows_of(line))) <= row and line < len(self.lines) - 1:
            line, row = line + 1, row - count
        return line, max(0, min(row, len(self.rows_of(line)) - 1))

    def move(self, by: int) -> None:
        """So many rows down, or up."""
        if len(self.lines):
            self._go(*self._walk(*self._top(), by))

    def go_to(self, line: int) -> None:
        """Put a line at the top."""
        if count := len(self.lines):
            self._go(max(0, min(line, count - 1)), 0)

    def go_to_end(self) -> None:
        """Have the last row in view."""
        if count := len(self.lines):
            self._go(count - 1, len(self.rows_of(count - 1)) - 1)

    def move_sideways(self, by: int) -> None:
        """So many cells to the right, or to the left, as far as what is seen goes."""
        if not self.wraps:
            widest = max((measure(self.lines.text(row.line)) for row in self.seen()), default=0)
            self.left = max(0, min(self.left + by, max(self.left, widest - self.width)))

    def seen(self) -> Iterator[PageRow]:
        """The rows that are seen, from the top."""
        line, row = self._top()
        left = self.height
        while left > 0 and line < len(self.lines):
            for found in self.rows_of(line)[row : row + left]:
                yield found
                left -= 1
            line, row = line + 1, 0

    def show(self, line: int, start: int, end: int) -> None:
        """Have characters of a line in view, away from the edges where they were not."""
        if not any(row.line == line and row.start <= start < max(row.end, row.start + 1) for row in self.seen()):
            rows = self.rows_of(line)
            at = next((at for at, row in enumerate(rows) if start < row.end), len(rows) - 1)
            self._go(*self._walk(line, at, -(self.height // 3)))
        if not self.wraps:
            text = self.lines.text(line)
            first, last = measure(text[:start]), measure(text[:end])
            if first < self.left or last > self.left + self.width:
                self.left = max(0, first - self.width // 3) if last > self.width else 0

    @property
    def at_end(self) -> bool:
        """True where the last line is seen."""
        return not len(self.lines) or any(
            row.line == len(self.lines) - 1 and row.end >= len(self.lines.text(row.line)) for row in self.seen()
        )

    @property
    def longer(self) -> bool:
        """True where a line that is seen is wider than the page."""
        return any(measure(self.lines.text(row.line)) > self.width for row in self.seen())
