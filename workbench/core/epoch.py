"""An epoch: the static head of every request, unchanged byte for byte until the next one opens."""

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


class Replacement(msgspec.Struct, frozen=True):
    """What an entry of the conversation says for the length of an epoch, instead of what was journalled."""

    part: AnyPart
    """Of the same kind and, for a call or a result, with the same call id."""
    tokens: int
    """Estimated, as an entry's own are: before the correction that the ledger learns."""
