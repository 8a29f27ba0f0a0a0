"""Blocks that say almost the same: compared by the hashes of their lines, found by their smallest few.

Two texts that share most lines share most of their smallest hashes too (a bottom-k sketch), so that only those that may
be alike are compared, and the work grows with the text alone.
"""

from collections import Counter
from zlib import crc32

from workbench.core.entries import Entry
from workbench.core.messages import Text, ToolResult

LEAST = 100
"""Estimated tokens from which a block is compared."""
ALIKE = 0.8
"""Of all lines of both, what they have in common."""
LEAST_LINES = 8
"""With fewer lines the words count, three at a time; a text of fewer than that has an equal or none."""
SKETCH = 16
SHARED = 4
"""Of the sketches, what two texts that are alike surely share."""
MOST_ALIKE = 8
"""Blocks with one hash that are looked at, newest first: what stands in more of them is a common line."""


class Duplicates:
    """Compares blocks as they come with all that came before."""

    def __init__(self) -> None:
        self.later: dict[str, str] = {}
        """By id of a block the newest that says almost the same."""
        self._hashes: dict[str, frozenset[int]] = {}
        self._sketches: dict[int, list[str]] = {}

    def add(self, entry: Entry) -> None:
        """Take in the entry that comes next; what was said again on purpose is not compared."""
        if not isinstance(entry.part, Text | ToolResult) or entry.tokens < LEAST or entry.notice:
            return
        if entry.content or (isinstance(entry.part, ToolResult) and entry.part.media):
            return
        hashes = hash_pieces(entry.part.text)
        if not hashes:
            return
        sketch = sorted(hashes)[:SKETCH]
        shared = Counter(id for each in sketch for id in self._sketches.get(each, ())[-MOST_ALIKE:])
        least = min(SHARED, len(sketch))
        for id, count in shared.items():
            if count >= least and compare(hashes, self._hashes[id]) >= ALIKE:
                self.later[id] = entry.id
        self._hashes[entry.id] = hashes
        for each in sketch:
            self._sketches.setdefault(each, []).append(entry.id)


def compare(one: frozenset[int], other: frozenset[int]) -> float:
    """Of all pieces of both, the share that they have in common: 0 to 1."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def hash_pieces(text: str) -> frozenset[int]:
    """The hashes of the lines of `text`, or of its words three at a time; of all of it where it has few of either."""
    lines = {stripped for line in text.splitlines() if (stripped := line.strip())}
    if len(lines) >= LEAST_LINES:
        return frozenset(map(_hash, lines))
    words = text.split()
    runs = {" ".join(words[at : at + 3]) for at in range(len(words) - 2)}
    if len(runs) >= LEAST_LINES:
        return frozenset(map(_hash, runs))
    whole = " ".join(words)
    return frozenset((_hash(whole),)) if whole else frozenset()


def _hash(piece: str) -> int:
    return crc32(piece.encode("utf-8", "surrogatepass"))
