"""Content blocks as the Messages API accepts them in a request."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

KEYS = {
    "text": {"type", "text", "cache_control", "citations"},
    "thinking": {"type", "thinking", "signature"},
    "redacted_thinking": {"type", "data"},
    "tool_use": {"type", "id", "name", "input", "cache_control", "caller"},
    "tool_result": {"type", "tool_use_id", "content", "is_error", "cache_control"},
    "image": {"type", "source", "cache_control"},
    "document": {"type", "source", "title", "context", "citations", "cache_control"},
}
ASSISTANT_ONLY = frozenset({"thinking", "redacted_thinking", "tool_use"})
USER_ONLY = frozenset({"tool_result", "image", "document"})
ID = re.compile(r"^[a-zA-Z0-9_-]+$")
SIGNED = "rehearsed-"


def blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The content of a message as blocks, plain text as one."""
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def system_blocks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The system prompt as blocks."""
    system = body.get("system") or []
    return [{"type": "text", "text": system}] if isinstance(system, str) else system


def signature(thinking: str) -> str:
    """The signature of a rehearsed thinking block, by which a changed one is known."""
    return SIGNED + hashlib.blake2b(thinking.encode("utf-8", "replace"), digest_size=16).hexdigest()


def block_faults(role: str, block: dict[str, Any]) -> Iterator[str]:
    """Why the API would refuse `block` in a message of `role`."""
    kind = block["type"]
    if (role == "user" and kind in ASSISTANT_ONLY) or (role == "assistant" and kind in USER_ONLY):
        yield f"`{kind}` blocks cannot be in {role} messages"
    if kind not in KEYS:
        if role == "user" and kind != "search_result":
            yield f"Input tag '{kind}' found using 'type' does not match any of the expected tags"
        return
    if extra := set(block) - KEYS[kind]:
        yield f"{kind}.{min(extra)}: Extra inputs are not permitted"
    match kind:
        case "text":
            yield from _text_faults(block)
        case "tool_use":
            yield from _tool_use_faults(block)
        case "tool_result":
            yield from _tool_result_faults(block)
        case "thinking":
            yield from _thinking_faults(block)


def _text_faults(block: dict[str, Any]) -> Iterator[str]:
    text = block.get("text")
    if not isinstance(text, str):
        yield "text.text: Field required"
    elif not text:
        yield "text content blocks must be non-empty"
    elif not text.strip():
        yield "text content blocks must contain non-whitespace text"


def _tool_use_faults(block: dict[str, Any]) -> Iterator[str]:
    if not ID.match(str(block.get("id", ""))):
        yield f"tool_use.id: String should match pattern '{ID.pattern}'"
    if not isinstance(block.get("name"), str) or not block["name"]:
        yield "tool_use.name: Field required"
    if not isinstance(block.get("input"), dict):
        yield "tool_use.input: Input should be a valid dictionary"


def _tool_result_faults(block: dict[str, Any]) -> Iterator[str]:
    content = block.get("content", "")
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        yield "tool_result.content: Input should be a valid list"
        return
    for index, part in enumerate(content):
        if part.get("type") not in {"text", "image", "document", "search_result"}:
            yield f"tool_result.content.{index}: Input tag '{part.get('type')}' does not match any of the expected tags"
        elif part["type"] == "text":
            yield from (f"tool_result.content.{index}: {fault}" for fault in _text_faults(part))


def _thinking_faults(block: dict[str, Any]) -> Iterator[str]:
    given = block.get("signature")
    if not isinstance(given, str) or not given:
        yield "thinking.signature: Field required"
    elif given.startswith(SIGNED) and given != signature(str(block.get("thinking", ""))):
        yield "Invalid `signature` in `thinking` block"
