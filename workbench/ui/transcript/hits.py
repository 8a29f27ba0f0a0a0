"""Where hits stand in the rows of an entry that is laid out, also those that are broken over two rows."""

from collections.abc import Sequence

from workbench.ui.draw.runs import TextLine
from workbench.ui.reading.marks import Span
from workbench.ui.transcript.finding import TranscriptSearch
from workbench.ui.transcript.streaming import Stream


class DrawnHits:
    """The hits of `search` in `lines`."""

    def __init__(
        self, lines: Sequence[TextLine] | Stream, search: TranscriptSearch, chosen: int | None, skipped: int = 0
    ) -> None:
        """`chosen`: which of them was gone to. `skipped`: rows at the top in which none is looked for."""
        starts = [-1] * skipped
        rows = [lines[row] for row in range(len(lines))]
        parts: list[str] = []
        size = 0
        for row, line in enumerate(rows[skipped:]):
            join = line.join if row else ""
            written = line.text[line.before : len(line.text) - line.after]
            parts += [join, written]
            starts.append(size + len(join))
            size += len(join) + len(written)
        text = "".join(parts)
        found = search.find_drawn(text)
        self.count = len(found)
        self.first_row: int | None = None
        """The row of the chosen one; None where it is not drawn."""
        self.spans: dict[int, list[Span]] = {}
        row = skipped
        for place, (start, end) in enumerate(found):
            while row + 1 < len(rows) and starts[row + 1] <= start:
                row += 1
            is_chosen = place == chosen
            if is_chosen:
                self.first_row = row
            at = row
            while at < len(rows) and starts[at] < end:
                line = rows[at]
                first = max(start - starts[at], 0) + line.before
                last = min(end - starts[at] + line.before, len(line.text) - line.after)
                if last > first:
                    self.spans.setdefault(at, []).append((first, last, is_chosen))
                at += 1
