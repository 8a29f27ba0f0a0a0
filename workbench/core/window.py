"""The context window as data: blocks in sections, in the order in which the API reads them (seed §1)."""

from typing import Literal

import msgspec

SectionName = Literal["tools", "system", "memory", "summary", "history", "results", "current"]
Zone = Literal["primacy", "early", "middle", "recent"]

SECTIONS: tuple[SectionName, ...] = ("tools", "system", "memory", "summary", "history", "results", "current")
"""Every section, everywhere by these names and in this order."""

ZONES: tuple[Zone, ...] = ("primacy", "early", "middle", "recent")


class Block(msgspec.Struct, frozen=True):
    """One content block of the next request."""

    id: str
    section: SectionName
    role: str
    """`system`, `user` or `assistant`."""
    tokens: int
    exact: bool
    """True when the tokens come from reported usage."""
    turn: int
    """0 for what stands before the conversation."""
    seq: int
    """The event that brought it."""
    label: str = ""
    """A few words: a tool's name and target, or how the text begins."""
    zone: Zone = "primacy"
    pinned: bool = False
    cached: bool = False
    epoch: int = 1


class Section(msgspec.Struct, frozen=True):
    """The tokens of one section."""

    name: SectionName
    tokens: int
    cached: int = 0
    """Tokens of it that the last request left in the cache."""


class Window(msgspec.Struct, frozen=True):
    """What the next request holds. `sum(blocks) == sum(sections) == total`; `total + reserved + free == size`."""

    size: int
    reserved: int
    """Room kept for the reply."""
    trigger: int
    """Compaction is due from this many tokens."""
    total: int
    free: int
    """Negative when over full."""
    exact: bool
    sections: tuple[Section, ...]
    """All seven, also at 0."""
    blocks: tuple[Block, ...]
    cached: int = 0
    """Tokens at the front that the provider has cached."""
    cold_at: float | None = None
    """Wall clock when the cache expires; None where nothing is cached."""

    @property
    def share(self) -> float:
        """`total / size`, 0 to over 1."""
        return self.total / self.size if self.size else 0.0
