"""A model request and what comes back, independent of any SDK."""

from typing import Any

import msgspec

from workbench.core.messages import Part, Text
from workbench.core.spend import Usage

DECLINED = "refusal"
"""The stop reason of a reply that the model broke off because it declines to answer."""


class ModelRequest(msgspec.Struct, frozen=True):
    """A request in the wire format of the Messages API; `cache_control` is already placed."""

    model: str
    max_tokens: int
    system: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] = []
    tools_off: bool = False
    """Send `tool_choice: {"type": "none"}`: the definitions stay, no call may come."""
    purpose: str = "turn"
    """`turn`, `warm`, `summary`, `handoff`, `title`."""
    previous: str = ""
    """The message id of the reply before, whose cache entry this request should find; empty for none."""


class ReplyBegan(msgspec.Struct, frozen=True):
    """The reply's head: its prompt usage is exact, its output count is not yet."""

    message_id: str
    model: str
    usage: Usage


class TextDelta(msgspec.Struct, frozen=True):
    """A piece of text."""

    text: str


class ThinkingDelta(msgspec.Struct, frozen=True):
    """A piece of summarised thinking."""

    text: str


class CallDelta(msgspec.Struct, frozen=True):
    """A piece of a call's arguments: it is about to do something."""

    name: str
    size: int
    """Characters of arguments so far."""


class Reply(msgspec.Struct, frozen=True):
    """The complete reply, the last thing of a stream that did not fail."""

    message_id: str
    model: str
    parts: tuple[Part, ...]
    stop_reason: str
    """end_turn, tool_use, max_tokens, stop_sequence, pause_turn, refusal, model_context_window_exceeded."""
    usage: Usage
    diagnosis: str = ""
    """Why its cache could not be used whole, in the server's word (`system_changed`); empty where it says nothing."""

    @property
    def text(self) -> str:
        """All its text, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))


Delta = ReplyBegan | TextDelta | ThinkingDelta | CallDelta | Reply
