"""The pieces of a conversation, one struct for each kind of content block of the Messages API.

Text of any origin may hold halves of characters (`replace_surrogates`), and an answer ends where its assessment begins:
`…text<assessment>{…}</assessment>` (seed §7). Messages are kept as the model wrote them; whoever shows one takes that
trailer off, and `confidence.score` reads it.
"""

from typing import Any, Literal

import msgspec

Role = Literal["user", "assistant"]


class Text(msgspec.Struct, frozen=True, tag="text"):
    """Plain text."""

    text: str


class Thinking(msgspec.Struct, frozen=True, tag="thinking"):
    """Signed thinking: sent back untouched within an epoch, stripped when it closes."""

    thinking: str
    signature: str


class RedactedThinking(msgspec.Struct, frozen=True, tag="redacted_thinking"):
    """Encrypted thinking, treated as `Thinking` is."""

    data: str


class ToolUse(msgspec.Struct, frozen=True, tag="tool_use", omit_defaults=True):
    """A call the model asks for."""

    id: str
    name: str
    input: dict[str, Any]
    fault: str = ""
    """Why its arguments could not be read, with a piece of them; `input` is empty then."""


class Opaque(msgspec.Struct, frozen=True, tag="opaque"):
    """A block of a kind this version does not know, sent back as it came."""

    data: dict[str, Any]


class Media(msgspec.Struct, frozen=True):
    """An image or a document that a tool read, base64."""

    kind: Literal["image", "document"]
    media_type: str
    data: str


class ToolResult(msgspec.Struct, frozen=True, tag="tool_result"):
    """What a call gave back."""

    tool_use_id: str
    text: str
    error: bool = False
    media: tuple[Media, ...] = ()


Part = Text | Thinking | RedactedThinking | ToolUse | Opaque
"""What an assistant message may hold."""

AnyPart = Part | ToolResult


def wire(part: AnyPart) -> dict[str, Any]:
    """`part` as the Messages API takes it: a content block param."""
    match part:
        case Opaque(data=data):
            return dict(data)
        case ToolUse(id=id, name=name, input=arguments):
            return {"type": "tool_use", "id": id, "name": name, "input": msgspec.to_builtins(arguments)}
        case ToolResult():
            pieces: list[dict[str, Any]] = [{"type": "text", "text": part.text}] if part.text.strip() else []
            for media in part.media:
                source = {"type": "base64", "media_type": media.media_type, "data": media.data}
                pieces.append({"type": media.kind, "source": source})
            content = pieces if part.media else part.text
            block: dict[str, Any] = {"type": "tool_result", "tool_use_id": part.tool_use_id, "content": content}
            return block | ({"is_error": True} if part.error else {})
        case _:
            built: dict[str, Any] = msgspec.to_builtins(part)
            return built


OPEN = "<assessment>"
CLOSE = "</assessment>"
LONGEST = 16_000
"""Characters; what is longer is no trailer, so that a stray tag cannot hold back a whole answer."""


def without_trailer(text: str) -> str:
    """`text` without its trailer, whole or broken off; unchanged when it has none."""
    start = trailer_start(text)
    return text[:start] if text.startswith(OPEN, start) else text


def trailer_start(text: str) -> int:
    """Where the first thing that may still become a trailer begins; the text's length when there is none."""
    start = text.find("<")
    while start != -1:
        if _may_be_trailer(text, start):
            return start
        start = text.find("<", start + 1)
    return len(text)


def _may_be_trailer(text: str, start: int) -> bool:
    length = len(text) - start
    if length <= len(OPEN):
        return OPEN.startswith(text[start:])
    if length > LONGEST or not text.startswith(OPEN, start):
        return False
    body = text[start + len(OPEN) :].lstrip()
    if body and not body.startswith("{"):
        return False
    return not body.partition(CLOSE)[2].strip()


def replace_surrogates(text: str) -> str:
    """`text` with U+FFFD for each lone surrogate, which neither a request nor a terminal could carry."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
