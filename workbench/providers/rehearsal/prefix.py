"""What the prompt cache of the Messages API would have read and written for a request.

A prefix ends at a block; its hash runs over the model, the tools, the system prompt and the messages up to there, as
they are, cache marks aside. An entry is made at each mark, lives for its time and is renewed by each use.

    mark ─▶ is there an entry here, or at one of the 20 blocks before? ─▶ read up to it, write from there to the mark
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from workbench.providers.rehearsal.sse import blocks, system_blocks

LOOK_BACK = 20
"""Blocks, the mark's own included, among which an entry is looked for."""
MINIMUM = 512
"""Tokens: a shorter prefix is not cached."""
LIVES = {"5m": 300.0, "1h": 3600.0}
FRAMING = 4
"""Tokens that a block costs beside its text."""
MEDIA = 1_600
"""Tokens of an image or a document, whatever its size."""


class PrefixEntry(msgspec.Struct, frozen=True):
    """The end of a block."""

    digest: bytes
    """Of everything up to here."""
    tokens: int
    """Of everything up to here."""
    ttl: str
    """`5m` or `1h` where a mark stands here, else empty."""


class PrefixCache:
    """The cache of one server; may be asked from several threads.

    `count` gives the tokens of a text, `now` the wall clock in seconds.
    """

    def __init__(self, count: Callable[[str], int], now: Callable[[], float]) -> None:
        self._count = count
        self._now = now
        self._entries: dict[bytes, tuple[float, str]] = {}
        """By digest: when it expires, and how long it lives."""
        self._counted: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def tokens(self, body: dict[str, Any]) -> int:
        """All prompt tokens of a request."""
        with self._lock:
            return max((place.tokens for place in self._places(body)), default=0)

    def charge(self, body: dict[str, Any]) -> dict[str, Any]:
        """The prompt figures of `usage` for a request, which leaves its marks in the cache."""
        with self._lock:
            now, places = self._now(), list(self._places(body))
            self._entries = {digest: entry for digest, entry in self._entries.items() if entry[0] > now}
            marks = [index for index, place in enumerate(places) if place.ttl and place.tokens >= MINIMUM]
            read = self._read(places, marks, now)
            for place in (places[index] for index in marks):
                self._entries[place.digest] = (now + LIVES[place.ttl], place.ttl)
        return _figures(places, marks, read)

    def _read(self, places: list[PrefixEntry], marks: list[int], now: float) -> int:
        """Tokens of the longest prefix that some mark finds; the entry found lives anew."""
        for mark in reversed(marks):
            for index in range(mark, max(mark - LOOK_BACK, -1), -1):
                if entry := self._entries.get(places[index].digest):
                    self._entries[places[index].digest] = (now + LIVES[entry[1]], entry[1])
                    return places[index].tokens
        return 0

    def _places(self, body: dict[str, Any]) -> Iterator[PrefixEntry]:
        digest, total = hashlib.blake2b(str(body.get("model")).encode(), digest_size=16).digest(), 0
        last: PrefixEntry | None = None
        for scope, block in _walk(body):
            if last:
                yield last
            plain = json.dumps({key: value for key, value in block.items() if key != "cache_control"})
            digest = hashlib.blake2b(f"{scope}{plain}".encode(), key=digest, digest_size=16).digest()
            total += self._size(block, plain)
            last = PrefixEntry(
                digest, total, (block.get("cache_control") or {}).get("ttl", "5m" if _marked(block) else "")
            )
        if last:
            # A mark at the top level stands on the last block.
            yield last if last.ttl or not _marked(body) else msgspec.structs.replace(last, ttl="5m")

    def _size(self, block: dict[str, Any], plain: str) -> int:
        key = hashlib.blake2b(plain.encode(), digest_size=16).digest()
        if key not in self._counted:
            self._counted[key] = FRAMING + _media(block) * MEDIA + self._count(_said(block, plain))
        return self._counted[key]


def _walk(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every block in the order of the prefix, with what else its cache entry depends on."""
    for tool in body.get("tools") or []:
        yield "tools", tool
    for block in system_blocks(body):
        yield "system", block
    how = json.dumps([body.get("tool_choice"), body.get("thinking")])
    for message in body.get("messages") or []:
        for block in blocks(message):
            yield message["role"] + how, block


def _marked(holder: dict[str, Any]) -> bool:
    return bool(holder.get("cache_control"))


def _said(block: dict[str, Any], plain: str) -> str:
    """The text of a block that is counted."""
    match block.get("type"):
        case "text":
            return str(block.get("text", ""))
        case "thinking":
            return str(block.get("thinking", ""))
        case "image" | "document":
            return ""
        case "tool_result" if isinstance(block.get("content"), str):
            return str(block["content"])
        case "tool_result":
            return "".join(str(part.get("text", "")) for part in block.get("content") or [])
        case _:
            return plain


def _media(block: dict[str, Any]) -> int:
    held = block.get("content") if block.get("type") == "tool_result" else [block]
    parts = held if isinstance(held, list) else []
    return sum(part.get("type") in {"image", "document"} for part in parts)


def _figures(places: list[PrefixEntry], marks: list[int], read: int) -> dict[str, Any]:
    total = places[-1].tokens if places else 0
    reach = max((places[index].tokens for index in marks), default=0)
    hour = max((places[index].tokens for index in marks if places[index].ttl == "1h"), default=0)
    written, hourly = max(reach - read, 0), max(hour - read, 0)
    return {
        "input_tokens": total - max(reach, read),
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": written,
        "cache_creation": {"ephemeral_5m_input_tokens": written - hourly, "ephemeral_1h_input_tokens": hourly},
    }
