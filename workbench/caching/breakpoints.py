"""Where the cache marks of a request stand, and what it found and left in the cache (seed §8).

    tools ▌ system ▌ memory … summary ▌ history … newest user message ▌        at most four, static before dynamic

The last one moves with the tail; the entry that it made one step ago lies within the API's look-back of 20 blocks.
"""

from typing import Any

from workbench.core.events import CacheReported
from workbench.core.spend import Usage

Wire = list[dict[str, Any]]

MARKABLE = frozenset({"text", "image", "document", "tool_use", "tool_result", "search_result"})
"""Block kinds that may carry a mark; thinking and empty text may not."""
TTL = 300.0
"""Seconds that a prefix lives after its last use."""


def place_breakpoints(system: Wire, tools: Wire, messages: Wire, has_summary: bool) -> tuple[Wire, Wire, Wire]:
    """`system`, `tools` and `messages` with at most four marks; what was passed in is not changed.

    They stand on the last tool, the last system block, the epoch's summary (the first block of the first message)
    and the newest block of the newest user message. Marks that were there already are taken off.
    """
    system, tools = _unmark(system), _unmark(tools)
    messages = [_unmark_message(message) for message in messages]
    _mark(tools, len(tools) - 1)
    _mark_last(system)
    if has_summary and messages:
        _mark(messages[0]["content"], 0)
    if tail := next((message["content"] for message in reversed(messages) if message["role"] == "user"), None):
        _mark_last(tail)
    return system, tools, messages


def report_cache(usage: Usage, now: float) -> CacheReported:
    """The cache figures of a request that ended at `now`; each use starts the time to live anew.

    Where nothing was read or written there is nothing warm: `cold_at` is `now`.
    """
    read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
    return CacheReported(read, written, usage.input_tokens, now + TTL if read + written else now)


def _mark(blocks: Wire, place: int) -> None:
    if 0 <= place < len(blocks):
        blocks[place] = {**blocks[place], "cache_control": {"type": "ephemeral"}}


def _mark_last(blocks: Wire) -> None:
    """Mark the last block that may carry a mark."""
    for place in reversed(range(len(blocks))):
        kind = blocks[place].get("type")
        if kind in MARKABLE and (kind != "text" or blocks[place].get("text")):
            _mark(blocks, place)
            return


def _unmark(blocks: Wire) -> Wire:
    return [{key: value for key, value in block.items() if key != "cache_control"} for block in blocks]


def _unmark_message(message: dict[str, Any]) -> dict[str, Any]:
    content = message["content"]
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return {**message, "content": _unmark(blocks)}
