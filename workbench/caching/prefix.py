"""Whether a request begins like the one before it: where its prefix breaks, to the byte (seed §8).

Messages that two requests share are the same objects, so that what is compared is what came since, not the session.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import takewhile, zip_longest
from typing import Any, NamedTuple

from workbench.core.requests import ModelRequest

Wire = Sequence[dict[str, Any]]


class PrefixBreak(NamedTuple):
    """The first place at which a request differs from the one before it."""

    part: str
    """`model`, `tools`, `system` or `messages`."""
    message: int
    """The number of the message; 0 outside of messages."""
    block: int
    """The number of the block in that part or message."""
    byte: int
    """The offset in the block's JSON, cache marks aside."""


class PrefixWatch:
    """Holds each request of a session against the one before it."""

    def __init__(self) -> None:
        self._last: ModelRequest | None = None
        self.reply = ""
        """The message id of the last reply."""

    def check(self, request: ModelRequest) -> PrefixBreak | None:
        """Where `request` breaks the prefix; None for the first one that this process sends."""
        last, self._last = self._last, request
        return find_break(last, request) if last is not None else None


def find_break(before: ModelRequest, after: ModelRequest) -> PrefixBreak | None:
    """Where `after` no longer begins with all of `before`; None where it does. Cache marks are no part of a prefix."""
    if before.model != after.model:
        return PrefixBreak("model", 0, 0, 0)
    for part in ("tools", "system"):
        old, new = getattr(before, part), getattr(after, part)
        if old != new and (found := _compare(old, new, grows=False)):
            return PrefixBreak(part, 0, *found)
    return _find_in_messages(before.messages, after.messages)


def _find_in_messages(before: Wire, after: Wire) -> PrefixBreak | None:
    last = len(before) - 1
    for at, (old, new) in enumerate(zip(before, after, strict=False)):
        if old is new:
            continue
        if old["role"] != new["role"]:
            return PrefixBreak("messages", at, 0, 0)
        if found := _compare(_list_blocks(old), _list_blocks(new), grows=at == last):
            return PrefixBreak("messages", at, *found)
    return None if len(after) >= len(before) else PrefixBreak("messages", len(after), 0, 0)


def _compare(before: Wire, after: Wire, *, grows: bool) -> tuple[int, int] | None:
    """Block and byte of the first difference; with `grows`, blocks that only come at the end are none."""
    for place, (old, new) in enumerate(_pair(before, after, grows)):
        if old is new or _unmark(old) == _unmark(new):
            continue
        texts = (json.dumps(_unmark(each), ensure_ascii=False).encode("utf-8", "surrogatepass") for each in (old, new))
        same = takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False))
        return place, sum(1 for _ in same)
    return None


def _pair(before: Wire, after: Wire, grows: bool) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Blocks side by side; nothing stands as an empty block."""
    yield from zip_longest(before, after[: len(before)] if grows else after, fillvalue={})


def _list_blocks(message: dict[str, Any]) -> Wire:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _unmark(block: dict[str, Any]) -> dict[str, Any]:
    if "cache_control" not in block:
        return block
    return {name: value for name, value in block.items() if name != "cache_control"}
