"""Tables of an answer: columns aligned, shrunk to the width, and cheap to add rows to."""

from collections.abc import Sequence

from workbench.ui.draw.runs import StyledRun, Styles, TextLine, measure_runs, pad, wrap

Cell = list[StyledRun]
GAP = 2
NARROWEST = 3
"""Columns do not shrink below so many cells. Of a table that is still too wide whole columns go, and `…` says so."""

CONTINUED = -2
"""Stands for the source of a line that goes on with the row above."""


class Table:
    """Rows laid out under a header. Rows that were laid out stay until a wider cell moves the columns."""

    def __init__(self, header: Sequence[Cell], aligns: Sequence[str], width: int, styles: Styles) -> None:
        self._aligns, self._width, self._styles = list(aligns), width, styles
        self._header = list(header)
        self._rows: list[Sequence[Cell]] = []
        self._natural = [max(1, measure_runs(cell)) for cell in header]
        self._columns = shrink(self._natural, width)
        self.lines = self._head()
        """All lines so far."""

    def add(self, rows: Sequence[Sequence[Cell]]) -> int:
        """Add rows; returns the first line that changed."""
        for row in rows:
            for place, cell in enumerate(row[: len(self._natural)]):
                self._natural[place] = max(self._natural[place], measure_runs(cell))
        self._rows.extend(rows)
        columns = shrink(self._natural, self._width)
        if columns == self._columns:
            first = len(self.lines)
            for row in rows:
                self.lines.extend(self._row(row))
            return first
        self._columns = columns
        self.lines = self._head()
        for row in self._rows:
            self.lines.extend(self._row(row))
        return 0

    def trial(self, rows: Sequence[Sequence[Cell]]) -> list[TextLine]:
        """`rows` in the present columns, not kept: the row that is still being written."""
        return [line for row in rows for line in self._row(row)]

    def _head(self) -> list[TextLine]:
        total = sum(self._columns) + GAP * (len(self._columns) - 1)
        return [*self._row(self._header), TextLine([("─" * min(total, self._width), self._styles("line"))])]

    def _row(self, row: Sequence[Cell]) -> list[TextLine]:
        null = self._styles("foreground")
        shown = self._shown()
        cells = [wrap(cell, width) for cell, width in zip(row, self._columns, strict=False)]
        lines: list[TextLine] = []
        for level in range(max((len(cell) for cell in cells), default=1)):
            runs: list[StyledRun] = []
            for place, cell in enumerate(cells[:shown]):
                content = cell[level].runs if level < len(cell) else []
                last = place == len(cells) - 1
                runs.extend(self._align(content, place, last))
                if not last:
                    runs.append((" " * GAP, null))
            whole = shown == len(self._columns)
            lines.append(TextLine(runs if whole else [*runs, ("…", self._styles("faint"))]))
            lines[-1].source = CONTINUED if level else -1
        return lines

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
