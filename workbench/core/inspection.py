"""The window laid open (seed §1): every block, what left and can come back, what wastes room, what marks would do."""

from typing import Literal

import msgspec

from workbench.core.plans import Fate
from workbench.core.window import Section, Window, Zone

FindingKind = Literal[
    "never used", "read twice", "changed since", "near duplicate", "unused tools", "large block", "fast growth"
]
Remedy = Literal["drop", "mask", "lift", "compact", "none"]
"""What mends a finding: a mark for its blocks, or a compaction; `none` where a person can only know."""


class Finding(msgspec.Struct, frozen=True):
    """Something that wastes the window, found by code."""

    kind: FindingKind
    text: str
    """One plain sentence that names it."""
    ids: tuple[str, ...]
    """The blocks that the remedy is for; empty where it is about the window as a whole."""
    tokens: int
    """That the remedy would free."""
    usd_a_turn: float | None
    """What these tokens cost each turn from here on; None where the price is unknown."""
    remedy: Remedy


class LeftBlock(msgspec.Struct, frozen=True):
    """A block that the window holds no more, or only as a line; the journal has it, `recall` and lift bring it back."""

    id: str
    label: str
    tokens: int
    turn: int
    fate: Fate
    """How it left: masked, summarised or dropped."""
    left_turn: int
    """The turn after which it left."""


class WhatIf(msgspec.Struct, frozen=True):
    """What the marks would do if the window were compacted by them alone, now."""

    marked: int
    """Blocks."""
    before: int
    after: int
    """Tokens."""
    sections_after: tuple[Section, ...]
    zones: tuple[tuple[Zone, int, int], ...]
    """Of each zone its tokens before and after."""
    thinking: int
    """Tokens of thinking that leaves along: it ends with its epoch."""
    rewritten: int
    """Tokens behind the first change, which are written to the cache again."""
    cost: float | None
    saves: float | None
    """Dollars once, and a turn; None where the price is unknown."""
    payback: float | None
    """Turns until it has paid for itself; None where unknown or never."""


class Inspection(msgspec.Struct, frozen=True):
    """All of it at one moment."""

    window: Window
    """With its blocks."""
    left: tuple[LeftBlock, ...] = ()
    """Newest first."""
    findings: tuple[Finding, ...] = ()
    """Those that free most first."""
    what_if: WhatIf | None = None
    """None where nothing is marked to leave."""
    breakpoints: tuple[int, ...] = ()
    """Tokens at the front up to each mark of the prompt cache."""


class BlockReading(msgspec.Struct, frozen=True):
    """One block, opened: what it says, and why it is here."""

    id: str
    text: str
    """As it was journalled, also where only a line of it stands in the window."""
    path: str = ""
    """Of the file whose text it is; empty where it is none."""
    line: int = 1
    """Of that file, the first."""
    why: tuple[str, ...] = ()
    """Sentences."""
    warning: str = ""
    """What is wrong with it: that it is stale, or that it drifts; empty where nothing is."""
