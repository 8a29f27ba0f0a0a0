"""Plans that a person reviews before they happen: a compaction (seed §2) and a handoff (seed §4)."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from workbench.core.window import Document, Replacement, Section

Fate = Literal["kept", "brought back", "masked", "summarised", "dropped"]
"""What a compaction does with a block; a masked one stays, with a line in place of its content."""
FATES: tuple[Fate, ...] = ("kept", "brought back", "masked", "summarised", "dropped")
STAYING: frozenset[Fate] = frozenset({"kept", "brought back", "masked"})
"""The fates of entries that the window holds afterwards."""


class PlanLine(msgspec.Struct, frozen=True):
    """What happens to one block, or to a group of blocks with one label."""

    fate: Fate
    label: str
    tokens: int
    """Before; 0 for what had left and comes back."""
    ids: tuple[str, ...] = ()
    """Entry ids of the conversation; empty for static blocks."""
    pinned: bool = False
    after: int = 0
    """Tokens that the same blocks take afterwards; a summary is not among them."""


class Checked(msgspec.Struct, frozen=True):
    """Facts of one kind, counted against the journal."""

    kind: str
    """`paths`, `commands`, `numbers`, `decisions`, `requests`, `preferences`."""
    found: int
    total: int
    missing: tuple[str, ...] = ()
    by_id: int = 0
    """How many of the missing ones stand under an id that is named, so that `recall` gives them."""


def tell_score(checked: Sequence[Checked]) -> str:
    """`205 of 212 facts word for word, 7 by id`; empty where there were none."""
    total, found, by_id = (sum(getattr(each, name) for each in checked) for name in ("total", "found", "by_id"))
    lost = total - found - by_id
    parts = [f"{found} of {total} facts word for word", f"{by_id} by id" * (by_id > 0), f"{lost} lost" * (lost > 0)]
    return ", ".join(filter(None, parts)) if total else ""


class CompactionPlan(msgspec.Struct, frozen=True):
    """What a compaction would do to each block. The lines' tokens sum to `before`; what they take afterwards and the
    new summary sum to `after`.
    """

    id: str
    strategy: str
    """The one that made it."""
    before: int
    after: int
    """Tokens, estimated."""
    sections_before: tuple[Section, ...]
    sections_after: tuple[Section, ...]
    lines: tuple[PlanLine, ...]
    summary: str
    """Markdown, as it will stand in the window; may be edited before it is accepted."""
    summary_tokens: int
    """With its evidence index."""
    evidence: str = ""
    """An index of exact paths, commands and requests, appended to the summary word for word."""
    checked: tuple[Checked, ...] = ()
    cost: float | None = 0.0
    """Dollars that the plan and its cache rewrite cost; None where the price is unknown."""
    saves: float | None = 0.0
    """Dollars saved a turn afterwards."""
    payback: float | None = None
    """Turns until it has paid for itself; None where unknown or never."""
    why: str = ""
    notice: str = ""
    """What went otherwise than it should have."""
    asked: str = ""
    """The strategy that was asked for, where another made the plan."""
    replaced: dict[str, Replacement] = {}
    """What masked entries say afterwards, by id."""
    moved: tuple[Document, ...] = ()
    """What is pinned and would leave, as it stands in the memory afterwards."""
    removed: tuple[str, ...] = ()
    """Ids of documents that leave the memory."""

    @property
    def summarises(self) -> bool:
        """True where the summary is a new one; else the epoch's earlier one stays."""
        return any(line.fate == "summarised" for line in self.lines)

    @property
    def kept(self) -> tuple[str, ...]:
        """Entry ids that stand in the window afterwards, by line."""
        return tuple(id for line in self.lines if line.fate in STAYING for id in line.ids)


class HandoffSection(msgspec.Struct, frozen=True):
    """One of the seed's five sections."""

    number: int
    title: str
    body: str
    state: Literal["done", "partly", "missing"] = "done"
    remark: str = ""
    """`4, all with reasons`."""


class HandoffPlan(msgspec.Struct, frozen=True):
    """A handoff document under review."""

    id: str
    document: str
    """Markdown with the five headings; may be edited."""
    tokens: int
    window: int
    """Tokens of the window that it stands for."""
    sections: tuple[HandoffSection, ...]
    checked: tuple[Checked, ...] = ()
    left_behind: tuple[str, ...] = ()
    """What it leaves out on purpose: `38 tool outputs`."""
