"""The pieces of a conversation, one struct for each kind of content block of the Messages API."""

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


class ToolUse(msgspec.Struct, frozen=True, tag="tool_use"):
    """A call the model asks for."""

    id: str
    name: str
    input: dict[str, Any]


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
        case ToolResult():
            media = [
                {"type": m.kind, "source": {"type": "base64", "media_type": m.media_type, "data": m.data}}
                for m in part.media
            ]
            content: Any = (
                [*([{"type": "text", "text": part.text}] if part.text else []), *media] if media else part.text
            )
            block: dict[str, Any] = {"type": "tool_result", "tool_use_id": part.tool_use_id, "content": content}
            return block | ({"is_error": True} if part.error else {})
        case _:
            built: dict[str, Any] = msgspec.to_builtins(part)
            return built
