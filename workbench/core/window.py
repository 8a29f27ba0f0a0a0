"""The context window as data (seed §1): the head that an epoch keeps byte for byte, and blocks in sections."""

from typing import Any, Literal

import msgspec

from workbench.core.messages import AnyPart

DocumentKind = Literal["instructions", "handoff", "reference", "pinned"]


class ToolDef(msgspec.Struct, frozen=True):
    """A tool definition as it is sent."""

    name: str
    definition: dict[str, Any]
    tokens: int


class Document(msgspec.Struct, frozen=True):
    """A piece of memory: an instruction file, a handoff, a reference."""

    name: str
    kind: DocumentKind
    text: str
    tokens: int
    id: str = ""
    """Of the block that it was in the conversation, whose mark it keeps; empty for what was always here."""
    content_class: str = ""


def wrap_document(document: Document) -> str:
    """The document as the model reads it, wherever it stands."""
    return f"<{document.kind} name={document.name!r}>\n{document.text}\n</{document.kind}>"


class Epoch(msgspec.Struct, frozen=True):
    """The head that every request of the epoch shares."""

    number: int
    model: str
    system: str
    system_tokens: int
    tools: tuple[ToolDef, ...]
    memory: tuple[Document, ...] = ()
    summary: str = ""
    """Summary and evidence index; empty in the first epoch."""
    summary_tokens: int = 0
    provider: str = ""
    """Who answers; empty in journals from before it was told: the session's first."""


class Replacement(msgspec.Struct, frozen=True):
    """What an entry of the conversation says for the length of an epoch, instead of what was journalled."""

    part: AnyPart
    """Of the same kind and, for a call or a result, with the same call id."""
    tokens: int
    """Estimated, as an entry's own are: before the correction that the ledger learns."""


SectionName = Literal["tools", "system", "memory", "summary", "history", "results", "current"]
Mark = Literal["", "pin", "drop", "mask"]
"""What a person wants of a block: nothing, to keep it word for word, to take it out, to leave a line of it."""
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
    mark: Mark = ""
    cached: bool = False
    epoch: int = 1
    referenced: int = 0
    """The last turn in which something later named it: its path, its id, a word that only it brought; 0 for never."""
    drifting: bool = False
    """True where the person's instruction, pinned or said for good, has come to stand where it is heard least."""

    @property
    def pinned(self) -> bool:
        """True where it stays word for word through every compaction."""
        return self.mark == "pin"


class Section(msgspec.Struct, frozen=True):
    """The tokens of one section."""

    name: SectionName
    tokens: int
    cached: int = 0
    """Tokens of it that the last request left in the cache."""


OUTLINE = 96
"""Stretches of an outline at most: more than a screen has columns for."""


class Stretch(msgspec.Struct, frozen=True):
    """Neighbours in the window that are of one section and zone, as a picture of it needs them."""

    section: SectionName
    zone: Zone
    tokens: int


class Window(msgspec.Struct, frozen=True):
    """What the next request holds. `sum(sections) == total`; `total + reserved + free == size`."""

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
    blocks: tuple[Block, ...] = ()
    """All of them, `sum(blocks) == total`; none in a reading, whose size does not depend on the session's."""
    cached: int = 0
    """Tokens at the front that the provider has cached."""
    cold_at: float | None = None
    """Wall clock when the cache expires; None where nothing is cached."""
    size_reason: str = ""
    """`the model's; window.size is 200,000`: whose size it is, and the larger one; empty where they agree."""
    outline: tuple[Stretch, ...] = ()
    """A reading's order from front to end; where it has more blocks than stretches, by samples of equal size."""
    turn: int = 0
    """The newest turn."""

    def age(self, block: Block) -> int:
        """Turns since the block was said; of the head, since the conversation began."""
        return max(0, self.turn - block.turn)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The outline, or the blocks as one."""
        return self.outline or tuple(Stretch(block.section, block.zone, block.tokens) for block in self.blocks)

    @property
    def share(self) -> float:
        """`total / size`, 0 to over 1."""
        return self.total / self.size if self.size else 0.0
