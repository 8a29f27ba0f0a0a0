"""Two windows of one session beside each other: what came, grew, shrank and went, block by block and by section.

A block is the same where its id is. All of them add up: came + grew - went - shrank is what the total changed.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from workbench.context.requests import Became
from workbench.core.window import SECTIONS, Block, SectionName, Window

Change = Literal["came", "grew", "shrank", "went"]
CHANGES: tuple[Change, ...] = ("came", "grew", "shrank", "went")
_FATES: Mapping[Change, frozenset[str]] = {
    "came": frozenset({"lifted", "attached", "brought back"}),
    "grew": frozenset({"brought back"}),
    "shrank": frozenset({"masked"}),
    "went": frozenset({"summarised", "dropped"}),
}
"""What can be behind each change."""


class ChangedBlock(msgspec.Struct, frozen=True):
    """A block that takes other room than before."""

    id: str
    section: SectionName
    """Where it is now, or was last."""
    label: str
    turn: int
    change: Change
    before: int
    after: int
    """Tokens; 0 where it is not there."""
    became: str = ""
    """Masked, summarised, dropped, brought back, lifted, attached, moved (into the memory); else empty."""


class ChangedSection(msgspec.Struct, frozen=True):
    """One section, in tokens."""

    name: SectionName
    before: int
    after: int

    @property
    def change(self) -> int:
        """Negative where it shrank."""
        return self.after - self.before


class Difference(msgspec.Struct, frozen=True):
    """What lies between two windows."""

    before: int
    after: int
    sections: tuple[ChangedSection, ...]
    """All seven."""
    blocks: tuple[ChangedBlock, ...]
    """By change, the largest first; what takes the room that it took is not among them."""

    def sum_up(self, change: Change) -> int:
        """Tokens of all blocks with that change; never negative."""
        return sum(abs(block.after - block.before) for block in self.blocks if block.change == change)


def compare_windows(before: Window, after: Window, became: Mapping[str, Became]) -> Difference:
    """What changed from `before` to `after`, both measured block by block; `became` as it was known at `after`."""
    old, new = ({block.id: block for block in window.blocks} for window in (before, after))
    pairs = ((old.get(id), new.get(id)) for id in dict.fromkeys((*old, *new)))
    changed = [_compare(one, other, became) for one, other in pairs]
    blocks = [block for block in changed if block is not None]
    blocks.sort(key=lambda block: (CHANGES.index(block.change), -abs(block.after - block.before)))
    totals = [{section.name: section.tokens for section in window.sections} for window in (before, after)]
    sections = tuple(ChangedSection(name, totals[0].get(name, 0), totals[1].get(name, 0)) for name in SECTIONS)
    return Difference(before.total, after.total, sections, tuple(blocks))


def _compare(old: Block | None, new: Block | None, became: Mapping[str, Became]) -> ChangedBlock | None:
    block, before, after = new or old, old.tokens if old else 0, new.tokens if new else 0
    if block is None or (old and new and before == after):
        return None
    change: Change = "came" if old is None else "went" if new is None else "grew" if after > before else "shrank"
    fate: str = became.get(block.id, "")
    if old and new and new.section == "memory" != old.section:
        fate = "moved"
    elif fate not in _FATES[change]:
        fate = "dropped" if change == "went" and block.section == "memory" else ""
    return ChangedBlock(block.id, block.section, block.label, block.turn, change, before, after, fate)
