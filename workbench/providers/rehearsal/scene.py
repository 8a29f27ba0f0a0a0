"""What a rehearsed reply says: its content blocks and why it stops."""

from typing import Any

import msgspec


class Scene(msgspec.Struct, frozen=True):
    """One reply, in the wire format of the Messages API."""

    blocks: tuple[dict[str, Any], ...]
    """Content blocks: `{"type": "text", "text"}`, `{"type": "tool_use", "id", "name", "input"}`, thinking, …"""
    stop_reason: str = "end_turn"
    """end_turn, tool_use, max_tokens, stop_sequence, pause_turn, refusal or model_context_window_exceeded."""
    usage_override: dict[str, Any] | None = None
    """Figures of `usage` to report instead of those counted."""
    delay: float = 0.0
    """Seconds of silence before the reply begins."""
    pace: float | None = None
    """Tokens a second; None leaves the transport's own, 0 is flat out."""
