"""Where the cache marks of a request stand, and what it found and left in the cache (seed §8).

    tools ▌ system ▌ memory … summary ▌ history … newest user message ▌        at most four, static before dynamic

The last one moves with the tail; the entry that it made one step ago lies within the API's look-back of 20 blocks.
"""

from collections.abc import Sequence
from typing import Any

from workbench.core.events import CacheReported
from workbench.core.spend import Usage
from workbench.core.window import Block

Wire = list[dict[str, Any]]

MARKABLE = frozenset({"text", "image", "document", "tool_use", "tool_result", "search_result"})
"""Block kinds that may carry a mark; thinking and empty text may not."""
TTL = 300.0
"""Seconds that a prefix lives after its last use."""


def place_breakpoints(system: Wire, tools: Wire, messages: Wire, has_summary: bool) -> tuple[Wire, Wire, Wire]:
    """`system`, `tools` and `messages` with at most four marks; what was passed in is not changed.

    They stand on the last tool, the last system block, the epoch's summary (the first block of the first message)
    and the newest block of the newest user message. What was passed in carries none.
    """
    system, tools, messages = list(system), list(tools), list(messages)
    _mark(tools, len(tools) - 1)
    _mark_last(system)
    if has_summary and messages:
        _mark(_loosen(messages, 0), 0)
    tail = next((at for at in range(len(messages) - 1, -1, -1) if messages[at]["role"] == "user"), None)
    if tail is not None:
        _mark_last(_loosen(messages, tail))
    return system, tools, messages


def find_marked_blocks(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Ids of the window's blocks that carry a mark where `place_breakpoints` sets them, from the front."""
    ends = {"tools": "", "head": "", "summary": "", "tail": ""}
    for block in blocks:
        match block.section:
            case "tools" | "summary" as section:
                ends[section] = block.id
            case "system" | "memory":
                ends["head"] = block.id
            case _ if block.role == "user":
                ends["tail"] = block.id
    return tuple(id for id in ends.values() if id)


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


def _loosen(messages: Wire, place: int) -> Wire:
    """Put a copy of a message in its place; its blocks, in a list of their own."""
    content = messages[place]["content"]
    blocks: Wire = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    messages[place] = {**messages[place], "content": blocks}
    return blocks
