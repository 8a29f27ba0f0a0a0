"""What a selection copies: of an answer its source, of all else what was written there; never what is only drawn.

A part of a paragraph, a cell or a line of code gives the characters that are seen of it. As soon as more than one such
piece is selected, they come with what the source has between them: marks of lists, rules of tables, fences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from workbench.ui.draw.runs import TextLine
from workbench.ui.draw.written import Written
from workbench.ui.transcript.markdown import BlockPlace
from workbench.ui.transcript.streaming import Stream


class RowPlace(NamedTuple):
    """A character of a row."""

    row: int
    column: int


@dataclass(slots=True)
class _Piece:
    """How much is selected of a piece of the source."""

    written: Written
    base: int
    """Where the block of the piece begins in the text."""
    start: int
    end: int
    led: bool = False
    """True where what stands before it in its row, such as the mark of an item, is selected too."""

    @property
    def whole(self) -> bool:
        return self.written.is_whole(self.start, self.end)

    @property
    def text(self) -> str:
        return self.written.copy(self.start, self.end)


def copy_rows(lines: Sequence[TextLine] | Stream, first: RowPlace | None = None, last: RowPlace | None = None) -> str:
    """What was written in the rows between two places, which are the ends where they are None."""
    text = ""
    begin, end = first.row if first else 0, last.row if last else len(lines) - 1
    for row in range(max(0, begin), min(end, len(lines) - 1) + 1):
        line = lines[row]
        left = first.column if first and row == first.row else 0
        right = last.column if last and row == last.row else None
        piece = line.copy(left, right)
        text = piece if row == begin else f"{text}{line.join}{piece.lstrip() if line.join == ' ' else piece}"
    return text


def copy_source(
    source: str,
    lines: Sequence[TextLine],
    blocks: Sequence[BlockPlace],
    first: RowPlace | None = None,
    last: RowPlace | None = None,
) -> str:
    """The piece of `source` that is drawn between two places, which are its ends where they are None."""
    if first is None and last is None:
        return source
    pieces = _select(lines, blocks, first or RowPlace(0, 0), last or RowPlace(len(lines), 0))
    if not pieces:
        return source if first is None and last and last.row >= len(lines) else ""
    head, tail = pieces[0], pieces[-1]
    same = (head.base, head.written.outer) == (tail.base, tail.written.outer)
    inside = same and first is not None and last is not None
    if inside and head is tail:
        return _copy_one(source, head)
    if inside and head.written.code:
        return "\n".join(piece.text for piece in pieces)
    return _copy_between(source, head, tail, reaches_out=not inside, ends=(first is None, last is None))


def _copy_one(source: str, piece: _Piece) -> str:
    if piece.whole and not piece.written.code:
        return source[_find_start(source, piece) : piece.base + piece.written.end]
    return piece.text


def _copy_between(source: str, head: _Piece, tail: _Piece, *, reaches_out: bool, ends: tuple[bool, bool]) -> str:
    """From the first piece to the last with all between them; whole ones with their marks, if `reaches_out`."""
    start, lead = head.base + head.written.start, ""
    if ends[0]:
        start = 0
    elif head.start > 0 and not head.written.atomic:
        start, lead = head.base + head.written.end, head.text
    elif reaches_out and head.base + head.written.outer[1] != tail.base + tail.written.outer[1]:
        start = min(head.base + head.written.outer[0], _find_start(source, head))
    else:
        start = _find_start(source, head)
    if ends[1]:
        return lead + source[start:]
    if tail.whole:
        outer = tail.written.outer[1] if reaches_out else tail.written.end
        return lead + source[start : tail.base + max(tail.written.end, outer)]
    return lead + source[start : tail.base + tail.written.start] + tail.text


def _find_start(source: str, piece: _Piece) -> int:
    """Where a piece begins: with the mark before it where that is selected too."""
    start = piece.base + piece.written.start
    if not piece.led or piece.start > 0:
        return start
    return max(source.rfind("\n", 0, start), source.rfind("\r", 0, start)) + 1


def _select(lines: Sequence[TextLine], blocks: Sequence[BlockPlace], first: RowPlace, last: RowPlace) -> list[_Piece]:
    """The pieces between two places, in the order of the source."""
    found: dict[Written, _Piece] = {}
    block = 0
    for row in range(max(0, first.row), min(last.row, len(lines) - 1) + 1):
        while block + 1 < len(blocks) and blocks[block + 1].row <= row:
            block += 1
        base = blocks[block].start if blocks else 0
        left = first.column if row == first.row else 0
        right = last.column if row == last.row else len(lines[row].text)
        for place, stretch in enumerate(lines[row].stretches):
            start, end = stretch.span(left, right)
            empty = stretch.left == stretch.right and left <= stretch.left <= right
            if end <= start and not empty:
                continue
            led = not place and left < stretch.left and not stretch.written.code
            piece = found.setdefault(stretch.written, _Piece(stretch.written, base, start, end, led))
            piece.start, piece.end = min(piece.start, start), max(piece.end, end)
    return sorted(found.values(), key=lambda piece: piece.base + piece.written.start)
