"""Where the cache marks of a request stand (seed §8): at most four, static first, the last moves with the tail.

    tools ▌ system ▌ memory … summary ▌ history … last request's end … ▌ … newest user message ▌

The API looks for an entry at each mark and at the 20 blocks before it. Where a step added more than that, as many calls
at once do, one mark stands between, close enough to find the entry of the request before; the tools then go without
their own, since the mark on the system prompt covers them.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from workbench.core.window import Block

Wire = list[dict[str, Any]]
Ttl = Literal["5m", "1h"]

MOST = 4
"""Marks that a request may carry."""
LOOK_BACK = 20
"""Blocks, the mark's own included, among which an entry is looked for."""
MARKABLE = frozenset({"text", "image", "document", "tool_use", "tool_result", "search_result"})
"""Block kinds that may carry a mark; thinking and empty text may not."""
Place = tuple[int, int]
"""Message and block."""


def place_breakpoints(
    system: Wire, tools: Wire, messages: Wire, has_summary: bool, ttl: Ttl = "5m"
) -> tuple[Wire, Wire, Wire]:
    """`system`, `tools` and `messages` with at most four marks; what was passed in is not changed and carries none.

    They stand on the last tool, the last system block, the epoch's summary (the first block of the first message), the
    newest block of the newest user message and, where that is far from it, near the end of the request before.
    """
    mark = {"type": "ephemeral"} | ({"ttl": ttl} if ttl != "5m" else {})
    system, tools, messages = list(system), list(tools), list(messages)
    places = _find_places(messages, has_summary)
    last = _last_markable(system)
    if last is not None:
        system[last] = system[last] | {"cache_control": mark}
    if tools and len(places) + (last is not None) < MOST:
        tools[-1] = tools[-1] | {"cache_control": mark}
    for at, block in places:
        _loosen(messages, at)[block]["cache_control"] = mark
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


def _find_places(messages: Wire, has_summary: bool) -> list[Place]:
    """The places in the messages that are marked, each once, front to end."""
    summary = (0, 0) if has_summary and messages and _is_markable(messages[0], 0) else None
    tail = next(_list_ends(messages, len(messages)), None)
    if tail is None:
        return [summary] if summary else []
    between = _find_between(messages, tail)
    return [place for place in dict.fromkeys((summary, between, tail)) if place is not None]


def _find_between(messages: Wire, tail: Place) -> Place | None:
    """A place from which the end of the request before is found; None where the tail finds it."""
    asked = next((at for at in reversed(range(tail[0])) if messages[at]["role"] == "assistant"), 0)
    before = next(_list_ends(messages, asked), None)
    if before is None:
        return None
    blocks = [(at, n) for at in range(before[0], tail[0] + 1) for n in range(_count(messages[at]))]
    since = blocks[blocks.index(before) + 1 : blocks.index(tail)]
    if len(since) + 1 < LOOK_BACK:
        return None
    reach = [place for place in since[: LOOK_BACK - 1] if _is_markable(messages[place[0]], place[1])]
    return reach[-1] if reach else None


def _list_ends(messages: Wire, end: int) -> Iterator[Place]:
    """The last block that may carry a mark of each user message before `end`, newest first."""
    for at in range(end - 1, -1, -1):
        if messages[at]["role"] == "user":
            for block in range(_count(messages[at]) - 1, -1, -1):
                if _is_markable(messages[at], block):
                    yield at, block
                    break


def _count(message: dict[str, Any]) -> int:
    return 1 if isinstance(message["content"], str) else len(message["content"])


def _is_markable(message: dict[str, Any], place: int) -> bool:
    content = message["content"]
    return bool(content) if isinstance(content, str) else place < len(content) and _may_carry(content[place])


def _may_carry(block: dict[str, Any]) -> bool:
    kind = block.get("type")
    return kind in MARKABLE and (kind != "text" or bool(block.get("text")))


def _last_markable(blocks: Sequence[dict[str, Any]]) -> int | None:
    return next((place for place in reversed(range(len(blocks))) if _may_carry(blocks[place])), None)


def _loosen(messages: Wire, place: int) -> Wire:
    """Put a copy of a message in its place; its blocks, each a copy, in a list of their own."""
    content = messages[place]["content"]
    text: Wire = [{"type": "text", "text": content}] if isinstance(content, str) else []
    blocks = text or [dict(block) for block in content]
    messages[place] = {**messages[place], "content": blocks}
    return blocks
