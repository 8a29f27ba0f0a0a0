"""What the Messages API refuses: the reasons why a request is a 400, in the words in which the API gives them.

top level ─▶ tools ─▶ system ─▶ each message ─▶ calls and their results ─▶ cache marks
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from workbench.providers.rehearsal.media_rules import SMALL_WINDOW, media_faults
from workbench.providers.rehearsal.sse import SIGNED, blocks, signature, system_blocks

FIELDS = (
    {"model", "max_tokens", "messages", "system", "tools", "tool_choice", "stream", "thinking", "metadata"}
    | {"stop_sequences", "service_tier", "container", "cache_control", "output_config", "context_management"}
    | {"mcp_servers", "diagnostics", "inference_geo", "speed", "compaction"}
)
SAMPLING = ("temperature", "top_p", "top_k")
NAME = re.compile(r"^[a-zA-Z0-9_-]{1,128}$")
MOST_MARKS = 4
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
CALLED = re.compile(r"^[a-zA-Z0-9_-]{1,200}$")
ID = re.compile(r"^[a-zA-Z0-9_-]+$")


def faults(body: dict[str, Any], window: int = SMALL_WINDOW) -> list[str]:
    """Why the API would refuse `body`, in order; empty when it would not. `window`: that of its model, in tokens."""
    found = [*_top(body), *_tools(body), *_system(body)]
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return [*found, "messages: at least one message is required"]
    if shaped := [*_shapes(messages)]:
        return [*found, *shaped]
    found += [*_order(messages), *_contents(messages), *_pairing(body), *_marks(body)]
    return [*found, *media_faults(messages, window)]


def _top(body: dict[str, Any]) -> Iterator[str]:
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            yield f"{name}: Field required"
    for name in body:
        if name in SAMPLING:
            yield f"{name}: sampling parameters are not supported by this model"
        elif name not in FIELDS:
            yield f"{name}: Extra inputs are not permitted"
    most = body.get("max_tokens", 1)
    if not isinstance(most, int) or isinstance(most, bool) or most < 0:
        yield "max_tokens: Input should be a valid integer greater than or equal to 0"
    thinking = (body.get("thinking") or {}).get("type", "adaptive")
    if thinking == "enabled":
        yield "thinking: budgets are not supported by this model; use type `adaptive`"
    elif thinking not in {"adaptive", "disabled"}:
        yield f"thinking: Input tag '{thinking}' found using 'type' does not match any of the expected tags"


def _tools(body: dict[str, Any]) -> Iterator[str]:
    tools = body.get("tools") or []
    names = [tool.get("name") for tool in tools]
    if len(set(names)) < len(names):
        yield "tools: Tool names must be unique."
    for place, tool in enumerate(tools):
        if not NAME.match(str(tool.get("name"))):
            yield f"tools.{place}.custom.name: String should match pattern '{NAME.pattern}'"
        if "type" not in tool and (tool.get("input_schema") or {}).get("type") != "object":
            yield f"tools.{place}.custom.input_schema.type: Field required, must be `object`"
        if {"oneOf", "allOf", "anyOf"} & set(tool.get("input_schema") or {}):
            where = f"tools.{place}.custom.input_schema"
            yield f"{where}: input_schema does not support oneOf, allOf, or anyOf at the top level"
    choice = (body.get("tool_choice") or {}).get("type")
    if choice in {"any", "tool"}:
        yield f"tool_choice: type `{choice}` is not supported by this model"
    if choice and not tools:
        yield "tool_choice may only be specified while providing tools."


def _system(body: dict[str, Any]) -> Iterator[str]:
    system = body.get("system", [])
    if isinstance(system, str):
        return
    for place, block in enumerate(system):
        if block.get("type") != "text":
            yield f"system.{place}.type: Input should be 'text'"
        elif not str(block.get("text", "")).strip():
            yield "system: text content blocks must be non-empty"


def _shapes(messages: list[Any]) -> Iterator[str]:
    for place, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in {"user", "assistant", "system"}:
            yield f"messages.{place}.role: Input should be 'user' or 'assistant'"
        elif not message.get("content"):
            yield f"messages.{place}: all messages must have non-empty content"
        elif not isinstance(message["content"], str | list):
            yield f"messages.{place}.content: Input should be a valid list"
        elif extra := set(message) - {"role", "content"}:
            yield f"messages.{place}.{min(extra)}: Extra inputs are not permitted"
        elif not all(isinstance(block, dict) and block.get("type") for block in blocks(message)):
            yield f"messages.{place}.content: each block must be an object with a type"


def _order(messages: list[dict[str, Any]]) -> Iterator[str]:
    if messages[0]["role"] != "user":
        yield 'messages: first message must use the "user" role'
    for before, message in pairwise(messages):
        if message["role"] == "system" and before["role"] != "user":
            yield "messages: a system message must follow a user message"
    if messages[-1]["role"] == "assistant":
        yield "This model does not support assistant message prefill. The conversation must end with a user message."


def _contents(messages: list[dict[str, Any]]) -> Iterator[str]:
    for place, message in enumerate(messages):
        last = blocks(message)[-1]["type"]
        if message["role"] == "assistant" and last in {"thinking", "redacted_thinking"}:
            yield f"messages.{place}: The final block in an assistant message cannot be `{last}`."
        for index, block in enumerate(blocks(message)):
            yield from (f"messages.{place}.content.{index}: {each}" for each in block_faults(message["role"], block))


def _marks(body: dict[str, Any]) -> Iterator[str]:
    said = (block for message in body["messages"] for block in blocks(message))
    holders = (*(body.get("tools") or []), *system_blocks(body), *said)
    marks = [mark for block in holders if (mark := block.get("cache_control"))]
    count = len(marks) + bool(body.get("cache_control"))
    if count > MOST_MARKS:
        yield f"A maximum of {MOST_MARKS} blocks with cache_control may be provided. Found {count}."
    lives = [mark.get("ttl", "5m") for mark in marks]
    if any(mark.get("type") != "ephemeral" for mark in marks) or not set(lives) <= {"5m", "1h"}:
        yield "cache_control: Input should be {'type': 'ephemeral'} with a ttl of '5m' or '1h'"
    if "5m" in lives and "1h" in lives[lives.index("5m") :]:
        yield "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block"


def _pairing(body: dict[str, Any]) -> Iterator[str]:
    """Why the calls and results of `body` do not fit; messages of one role in a row count as one."""
    messages = _merge(body["messages"])
    seen: set[str] = set()
    asked: list[str] = []
    for place, (role, content) in enumerate(messages):
        if role == "assistant":
            asked = _ids(content, "tool_use", "id")
            if len(set(asked)) < len(asked) or seen & set(asked):
                yield "messages: `tool_use` ids must be unique"
            seen |= set(asked)
            if asked and place == len(messages) - 1:
                yield _unanswered(place, asked)
            continue
        yield from _answers(place, content, asked)
        asked = []
    if seen and not body.get("tools"):
        yield "Requests which include `tool_use` or `tool_result` blocks must define tools."


def _answers(place: int, content: list[dict[str, Any]], asked: list[str]) -> Iterator[str]:
    answered = _ids(content, "tool_result", "tool_use_id")
    if missing := [id for id in asked if id not in answered]:
        yield _unanswered(place - 1, missing)
    if stray := [id for id in answered if id not in asked]:
        yield (
            f"messages.{place}.content: unexpected `tool_use_id` found in `tool_result` blocks: {', '.join(stray)}. "
            "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
        )
    if len(set(answered)) < len(answered):
        yield f"messages.{place}.content: each tool_use must have a single result. Found multiple `tool_result` blocks."
    if any(block["type"] != "tool_result" for block in content[: len(answered)]):
        yield f"messages.{place}.content: `tool_result` blocks must come before all other content."


def _unanswered(place: int, ids: list[str]) -> str:
    return (
        f"messages.{place}: `tool_use` ids were found without `tool_result` blocks immediately after: "
        f"{', '.join(ids)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message."
    )


def _ids(content: list[dict[str, Any]], kind: str, field: str) -> list[str]:
    return [str(block.get(field)) for block in content if block["type"] == kind]


def _merge(messages: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    merged: list[tuple[str, list[dict[str, Any]]]] = []
    for message in messages:
        role = "assistant" if message["role"] == "assistant" else "user"
        if merged and merged[-1][0] == role:
            merged[-1][1].extend(blocks(message))
        else:
            merged.append((role, [*blocks(message)]))
    return merged


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
            if not ID.match(str(block.get("id", ""))):
                yield f"tool_use.id: String should match pattern '{ID.pattern}'"
            if not CALLED.match(str(block.get("name", ""))):
                yield f"tool_use.name: String should match pattern '{CALLED.pattern}'"
            if not isinstance(block.get("input"), dict):
                yield "tool_use.input: Input should be a valid dictionary"
        case "tool_result":
            yield from _tool_result_faults(block)
        case "redacted_thinking":
            if not isinstance(block.get("data"), str) or not block["data"]:
                yield "Invalid `data` in `redacted_thinking` block"
        case "thinking":
            if not isinstance(block.get("thinking"), str):
                yield "thinking.thinking: Field required"
            given = block.get("signature")
            if not isinstance(given, str) or not given:
                yield "thinking.signature: Field required"
            elif given.startswith(SIGNED) and given != signature(str(block.get("thinking", ""))):
                yield "Invalid `signature` in `thinking` block"


def _text_faults(block: dict[str, Any]) -> Iterator[str]:
    text = block.get("text")
    if not isinstance(text, str):
        yield "text.text: Field required"
    elif not text:
        yield "text content blocks must be non-empty"
    elif not text.strip():
        yield "text content blocks must contain non-whitespace text"


def _tool_result_faults(block: dict[str, Any]) -> Iterator[str]:
    content = block.get("content", "")
    if not ID.match(str(block.get("tool_use_id", ""))):
        yield f"tool_result.tool_use_id: String should match pattern '{ID.pattern}'"
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        yield "tool_result.content: Input should be a valid list"
        return
    if block.get("is_error") and any(part.get("type") != "text" for part in content):
        yield "tool_result: all content must be type `text` if `is_error` is true"
    for index, part in enumerate(content):
        if part.get("type") not in {"text", "image", "document", "search_result"}:
            yield f"tool_result.content.{index}: Input tag '{part.get('type')}' does not match any of the expected tags"
        elif part["type"] == "text":
            yield from (f"tool_result.content.{index}: {fault}" for fault in _text_faults(part))
