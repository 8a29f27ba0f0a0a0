"""Instructions that drift to where they are heard least (seed §1, "lost in the middle").

A person gives an instruction weight by pinning it, or by saying that it holds for good. Once later turns have pushed
it into the middle of the window it is flagged, unless it was lifted and stands among the recent again.
"""

import re
from collections.abc import Mapping, Sequence

from workbench.core.entries import Entry
from workbench.core.messages import Text
from workbench.core.window import Block, Zone

MOST_READ = 4_000
"""Characters of a prompt that are looked at: an order for good is said early or not at all."""
_FOR_GOOD = re.compile(
    r"\b(?:always|never|must(?:n't| not)?|from now on|at all times|in (?:all|every) cases?|without exception|"
    r"under no circumstances|for the rest of (?:this|the) \w+)\b",
    re.IGNORECASE,
)


class Instructions:
    """Which blocks hold an instruction that must be heard, and where they were said again."""

    def __init__(self) -> None:
        self._for_good: dict[str, bool] = {}
        """What was found of each block of a person's words."""
        self._again: dict[str, str] = {}
        """By the id of what was lifted the block that says it once more."""

    def lift(self, id: str, again: str) -> None:
        """The block `again` says once more what `id` says."""
        self._again[id] = again

    def find_drifting(
        self, blocks: Sequence[Block], zones: Sequence[Zone], entries: Mapping[str, Entry]
    ) -> frozenset[str]:
        """Ids of the blocks that hold an instruction and are heard least. `entries` by id."""
        placed = list(zip(blocks, zones, strict=True))
        recent = {block.id for block, zone in placed if zone == "recent"}
        return frozenset(
            block.id
            for block, zone in placed
            if zone == "middle" and self._again.get(block.id) not in recent
            if block.pinned or (block.role == "user" and self._holds(entries.get(block.id)))
        )

    def _holds(self, entry: Entry | None) -> bool:
        if entry is None or entry.notice or not isinstance(entry.part, Text):
            return False
        if entry.id not in self._for_good:
            self._for_good[entry.id] = is_for_good(entry.part.text)
        return self._for_good[entry.id]


def is_for_good(text: str) -> bool:
    """True for words that say what holds from there on: always, never, must, from now on."""
    return bool(_FOR_GOOD.search(text[:MOST_READ]))
