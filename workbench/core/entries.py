"""The entries of a conversation: its content blocks, and when a set of them makes a request that the API accepts."""

from collections.abc import Container

import msgspec

from workbench.core.encoding import encode
from workbench.core.messages import (
    AnyPart,
    Opaque,
    RedactedThinking,
    Role,
    Text,
    Thinking,
    ToolResult,
    ToolUse,
)
from workbench.core.window import Replacement

WORDS = "english"
"""Content class of what the workbench itself says."""


class Entry(msgspec.Struct, frozen=True):
    """One content block after the head, with where it came from."""

    id: str
    """`e12` or `e12.1`: the event, and the part's place in it."""
    seq: int
    turn: int
    step: int
    role: Role
    part: AnyPart
    tokens: int
    """Estimated when it was journalled."""
    draft: bool = False
    notice: bool = False
    content: str = ""
    """The replacement that it says, as JSON; empty where it says what was journalled. A cost belongs to id and this."""
    content_class: str = ""
    """The kind of text that `tokens` were estimated for; empty where the journal does not say."""

    restated: bool = False
    """True for what a person lifted or attached; no notice that grows old."""

    @property
    def is_prompt(self) -> bool:
        """True for what the person asked: a turn's first entry."""
        return self.role == "user" and isinstance(self.part, Text) and not self.notice and self.step == 0


def write_text(part: AnyPart) -> str:
    """What a block says, as text."""
    match part:
        case Text(text=text) | Thinking(thinking=text) | ToolResult(text=text):
            return text
        case ToolUse(name=name, input=arguments):
            return f"{name} {encode(arguments).decode()}"
        case RedactedThinking():
            return "thinking that the provider keeps to itself"
        case Opaque(data=data):
            return encode(data).decode()


def name_entry(seq: int) -> str:
    """The id of the one entry that event `seq` made."""
    return f"e{seq}"


def replace_part(entry: Entry, replacement: Replacement | None) -> Entry:
    if replacement is None or not can_replace(entry.part, replacement.part):
        return entry
    content = encode(replacement.part).decode()
    said = {"part": replacement.part, "tokens": replacement.tokens, "content_class": WORDS}
    return msgspec.structs.replace(entry, content=content, **said)


def can_replace(old: AnyPart, new: AnyPart) -> bool:
    """True where `new` can stand in the place of `old` in a valid request."""
    match old, new:
        case (ToolResult(tool_use_id=id), ToolResult(tool_use_id=other)) | (ToolUse(id=id), ToolUse(id=other)):
            return id == other
        case (Text() | Opaque(), Text(text=text)):
            return bool(text.strip())
    return False


def is_thinking(entry: Entry) -> bool:
    """True for what leaves with its epoch."""
    return isinstance(entry.part, Thinking | RedactedThinking)


def pair_up(entries: list[Entry], thinking: Container[str] = ()) -> list[Entry]:
    """`entries` without calls or results whose other half is missing, and without thinking but that of these ids."""
    calls = {entry.part.id for entry in entries if isinstance(entry.part, ToolUse)}
    results = {entry.part.tool_use_id for entry in entries if isinstance(entry.part, ToolResult)}
    whole = calls & results
    return [entry for entry in entries if _stays(entry.part, whole) or entry.id in thinking]


def _stays(part: AnyPart, whole: set[str]) -> bool:
    match part:
        case Thinking() | RedactedThinking():
            return False
        case ToolUse(id=id) | ToolResult(tool_use_id=id):
            return id in whole
        case _:
            return True
