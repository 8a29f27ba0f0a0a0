"""Where the cache marks of a request stand (seed §8).

    tools ▌ system ▌ memory … summary ▌ history … newest user message ▌        at most four, static before dynamic

The last one moves with the tail; the entry that it made one step ago lies within the API's look-back of 20 blocks.
"""

from collections.abc import Sequence
from typing import Any

Wire = list[dict[str, Any]]

MARK = {"type": "ephemeral"}
MOST = 4
"""Marks that the API allows in a request."""
MARKABLE = frozenset({"text", "image", "document", "tool_use", "tool_result", "search_result"})
"""Block kinds that may carry a mark; thinking and empty text may not."""


def place_breakpoints(system: Wire, tools: Wire, messages: Wire, has_summary: bool) -> tuple[Wire, Wire, Wire]:
    """`system`, `tools` and `messages` with at most four marks; what was passed in is not changed.

    They stand on the last tool, the last system block, the epoch's summary (the first block of the first message)
    and the newest block of the newest user message. Marks that were there already are taken off.
    """
    system, tools = _unmarked(system), _unmarked(tools)
    messages = [_unmarked_message(message) for message in messages]
    _mark(tools, len(tools) - 1)
    _mark(system, _last_markable(system))
    if has_summary and messages:
        _mark(messages[0]["content"], 0)
    _mark_tail(messages)
    return system, tools, messages


def _mark_tail(messages: Wire) -> None:
    for message in reversed(messages):
        if message["role"] == "user":
            _mark(message["content"], _last_markable(message["content"]))
            return


def _mark(blocks: Wire, place: int) -> None:
    if 0 <= place < len(blocks):
        blocks[place] = {**blocks[place], "cache_control": dict(MARK)}


def _last_markable(blocks: Sequence[dict[str, Any]]) -> int:
    for place in range(len(blocks) - 1, -1, -1):
        block = blocks[place]
        if block.get("type") in MARKABLE and (block["type"] != "text" or block.get("text")):
            return place
    return -1


def _unmarked(blocks: Wire) -> Wire:
    return [{key: value for key, value in block.items() if key != "cache_control"} for block in blocks]


def _unmarked_message(message: dict[str, Any]) -> dict[str, Any]:
    content = message["content"]
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return {**message, "content": _unmarked(blocks)}
