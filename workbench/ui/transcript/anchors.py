"""Which text stands at the top: a line of an entry's source and a character of it, the same at every width."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from workbench.ui.draw.runs import TextLine
from workbench.ui.transcript.blocks import CONTINUED
from workbench.ui.transcript.markdown import BlockPlace
from workbench.ui.transcript.streaming import Stream


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the transcript."""

    entry: int
    source: int
    """Line of the entry's source; of an entry that has none, the line as it is drawn without a width's end."""
    offset: int
    """Characters of that line before it; negative for rows above, such as a blank one."""


def find_sources(lines: Sequence[TextLine] | Stream, blocks: Sequence[BlockPlace]) -> list[int]:
    """The line of the source of each row; -1 for a blank one between two blocks.

    `blocks`: first row of each block, and the line of the source at which it begins. Without blocks, the lines count.
    """
    rows = [lines[row] for row in range(len(lines))]
    if not blocks:
        begins = (not row or (line.join == "\n" and line.source != CONTINUED) for row, line in enumerate(rows))
        return [count - 1 for count in accumulate(map(int, begins))]
    found: list[int] = []
    for place, (first, line, _) in enumerate(blocks):
        end = blocks[place + 1][0] if place + 1 < len(blocks) else len(rows)
        found += [-1] * (first - len(found))
        found += [line + row.source if row.source >= 0 else -1 for row in rows[first:end]]
    return found


def measure_source(line: TextLine) -> int:
    """Characters of the source that a row takes, with the blank at which it was broken."""
    return max(0, len(line.text) - line.before - line.after) + (line.join == " ")


def find_place(lines: Sequence[TextLine] | Stream, sources: Sequence[int], row: int) -> tuple[int, int]:
    """Source and offset of a row."""
    known = next((at for at in range(max(0, row), len(sources)) if sources[at] >= 0), None)
    if known is None:
        known = max((at for at, source in enumerate(sources) if source >= 0), default=0)
    if known != row:
        return sources[known] if sources else 0, row - known
    before = [at for at in range(row) if sources[at] == sources[row]]
    return sources[row], sum(measure_source(lines[at]) for at in before)


def find_row(lines: Sequence[TextLine] | Stream, sources: Sequence[int], source: int, offset: int) -> int:
    """The row in which a place stands now."""
    rows = [at for at, known in enumerate(sources) if known == source]
    if not rows:
        rows = [max((at for at, known in enumerate(sources) if 0 <= known < source), default=0)]
    if offset < 0:
        return rows[0] + offset
    for at in rows:
        offset -= measure_source(lines[at])
        if offset < 0:
            return at
    return rows[-1]
