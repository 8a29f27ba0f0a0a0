"""Plans that a person reviews before they happen: a compaction (seed §2) and a handoff (seed §4)."""

from typing import Literal

import msgspec

from workbench.core.window import Section

Fate = Literal["kept", "summarised", "dropped"]


class PlanLine(msgspec.Struct, frozen=True):
    """What happens to one block, or to a group of blocks with one label."""

    fate: Fate
    label: str
    tokens: int
    ids: tuple[str, ...] = ()
    """Entry ids of the conversation; empty for static blocks."""
    pinned: bool = False


class Checked(msgspec.Struct, frozen=True):
    """Facts of one kind, counted against the journal."""

    kind: str
    """`paths`, `commands`, `numbers`, `decisions`, `requests`, `preferences`."""
    found: int
    total: int
    missing: tuple[str, ...] = ()


class CompactionPlan(msgspec.Struct, frozen=True):
    """What a compaction would keep, summarise and drop. The fates' tokens sum to `before`."""

    id: str
    strategy: str
    before: int
    after: int
    """Tokens, estimated."""
    sections_before: tuple[Section, ...]
    sections_after: tuple[Section, ...]
    lines: tuple[PlanLine, ...]
    summary: str
    """Markdown; may be edited before it is accepted."""
    summary_tokens: int
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

    @property
    def kept(self) -> tuple[str, ...]:
        """Entry ids that stay in the window, in order."""
        return tuple(i for line in self.lines if line.fate == "kept" for i in line.ids)


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
