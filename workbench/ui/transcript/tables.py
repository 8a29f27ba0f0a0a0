"""Tables of an answer: columns aligned, shrunk to the width, and cheap to add rows to."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.ui.draw.runs import StyledRun, Styles, TextLine, clip_runs, measure, measure_runs, pad, wrap
from workbench.ui.draw.text import count
from workbench.ui.draw.written import Written
from workbench.ui.transcript.blocks import CONTINUED

GAP = 2
NARROWEST = 3
"""Columns do not shrink below so many cells. Of a table that is still too wide whole columns go, and `…` says so."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is drawn in a cell, and what was written there; None where it is empty."""

    runs: list[StyledRun]
    written: Written | None = None


class Table:
    """Rows laid out under a header. Rows that were laid out stay until a wider cell moves the columns."""

    def __init__(self, header: Sequence[Cell], aligns: Sequence[str], width: int, styles: Styles) -> None:
        self._aligns, self._width, self._styles = list(aligns), width, styles
        self._header = list(header)
        self._rows: list[Sequence[Cell]] = []
        self._natural = [max(1, _natural_width(cell)) for cell in header]
        self._columns = shrink(self._natural, width)
        self._lines = self._head()

    def add(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows."""
        for row in rows:
            for place, cell in enumerate(row[: len(self._natural)]):
                self._natural[place] = max(self._natural[place], _natural_width(cell))
        self._rows.extend(rows)
        columns = shrink(self._natural, self._width)
        if columns == self._columns:
            for row in rows:
                self._lines.extend(self._row(row))
            return
        self._columns = columns
        self._lines = self._head()
        for row in self._rows:
            self._lines.extend(self._row(row))

    @property
    def lines(self) -> list[TextLine]:
        """All lines so far; where columns are cut the last says how many."""
        hidden = len(self._columns) - self._shown()
        return [*self._lines, self._sign(hidden)] if hidden else self._lines

    def _sign(self, hidden: int) -> TextLine:
        """`+23 columns · enter reads all`."""
        faint, key = self._styles("faint"), self._styles("accent", "", "bold")
        runs = [(f"+{count(hidden, 'column')} · ", faint), ("enter", key), (" reads all", faint)]
        return TextLine(clip_runs(runs, self._width), source=CONTINUED)

    def trial(self, rows: Sequence[Sequence[Cell]]) -> list[TextLine]:
        """`rows` in the present columns below the others, not kept: the row that is still being written."""
        lines = self.lines
        return [*self._lines, *(line for row in rows for line in self._row(row)), *lines[len(self._lines) :]]

    def _head(self) -> list[TextLine]:
        total = sum(self._columns) + GAP * (len(self._columns) - 1)
        return [*self._row(self._header), TextLine([("─" * min(total, self._width), self._styles("line"))])]

    def _row(self, row: Sequence[Cell]) -> list[TextLine]:
        shown = self._shown()
        cells = [wrap(cell.runs, width, cell.written) for cell, width in zip(row, self._columns, strict=False)]
        lines: list[TextLine] = []
        for level in range(max((len(cell) for cell in cells), default=1)):
            line = TextLine([], source=CONTINUED if level else -1)
            for place, cell in enumerate(cells[:shown]):
                self._join(line, cell[level] if level < len(cell) else TextLine([]), place, place == len(cells) - 1)
            if shown < len(self._columns):
                line.runs.append(("…", self._styles("faint")))
            lines.append(line)
        return lines

    def _join(self, line: TextLine, cell: TextLine, place: int, last: bool) -> None:
        """Put one row of a cell behind those before it."""
        before, content = len(line.text), self._align(cell.runs, place, last)
        lead = "".join(text for text, _ in content).find(cell.text) if cell.text else 0
        line.runs += content if last else [*content, (" " * GAP, self._styles("foreground"))]
        line.stretches += tuple(stretch.move(before + lead) for stretch in cell.stretches)

    def _shown(self) -> int:
        """How many columns are drawn: all where they fit, else as many as leave room for the mark."""
        columns = self._columns
        if sum(columns) + GAP * (len(columns) - 1) <= self._width:
            return len(columns)
        fits = [count for count in range(1, len(columns)) if sum(columns[:count]) + GAP * count + 1 <= self._width]
        return max(fits, default=1)

    def _align(self, content: list[StyledRun], place: int, last: bool) -> list[StyledRun]:
        null, width = self._styles("foreground"), self._columns[place]
        missing = max(0, width - measure_runs(content))
        match self._aligns[place] if place < len(self._aligns) else "":
            case "right":
                return [(" " * missing, null), *content]
            case "center":
                content = [(" " * (missing // 2), null), *content]
        return content if last else pad(content, width, null)


def _natural_width(cell: Cell) -> int:
    """Cells of the longest line of a cell."""
    return max(measure(line) for line in "".join(text for text, _ in cell.runs).split("\n"))


def shrink(natural: Sequence[int], width: int) -> list[int]:
    """Column widths that fit `width` where they can: the widest give way first, none below `NARROWEST`."""
    columns = list(natural)
    excess = sum(columns) + GAP * (len(columns) - 1) - width
    while excess > 0 and max(columns) > NARROWEST:
        widest = max(columns)
        among = [place for place, size in enumerate(columns) if size == widest]
        below = max((size for size in columns if NARROWEST < size < widest), default=NARROWEST)
        step = max(1, min(widest - below, -(-excess // len(among))))
        for place in among:
            taken = min(step, excess, columns[place] - NARROWEST)
            columns[place] -= taken
            excess -= taken
    return columns
