"""What a prompt cache would have read of each request, from its bytes alone: written from the API's own words.

An entry is made at every block that carries a mark and lives five minutes or an hour after its last use. A request
finds the longest prefix that is stored at one of its marks or at the 19 blocks before it; what lies between is written.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

LOOK_BACK = 20
LIVES = {"5m": 300.0, "1h": 3_600.0}
LEAST = 512


@dataclass(frozen=True)
class Charge:
    """Tokens of one prompt."""

    read: int
    written: int
    hourly: int
    """The part of `written` that lives an hour."""
    plain: int

    @property
    def prompt(self) -> int:
        """All of it."""
        return self.read + self.written + self.plain


@dataclass
class PrefixModel:
    """A server's cache; four bytes are a token."""

    entries: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    """By what stands before it: when it dies, and how long it lives."""

    def send(self, raw: bytes, at: float) -> Charge:
        """What a request of these bytes reads and writes at that time."""
        body = json.loads(raw)
        heads, sizes, marks = self._lay_out(body)
        found = 0
        for mark in marks:
            for place in range(max(0, mark - LOOK_BACK + 1), mark + 1):
                dies, lives = self.entries.get(heads[place], (0.0, 0.0))
                if dies > at:
                    self.entries[heads[place]] = (at + lives, lives)
                    found = max(found, sizes[place])
        for mark, lives in marks.items():
            if sizes[mark] >= LEAST:
                self.entries[heads[mark]] = (at + lives, lives)
        reach = max((sizes[mark] for mark in marks if sizes[mark] >= LEAST), default=0)
        hour = max((sizes[mark] for mark, lives in marks.items() if lives > 300), default=0)
        whole = sizes[-1] if sizes else 0
        return Charge(found, max(0, reach - found), max(0, min(hour, reach) - found), whole - max(reach, found))

    def _lay_out(self, body: dict[str, Any]) -> tuple[list[bytes], list[int], dict[int, float]]:
        """Digest and size of everything up to each block, and how long the marked ones live."""
        blocks = [("tools", block) for block in body.get("tools", [])]
        blocks += [("system", block) for block in body.get("system", [])]
        for message in body["messages"]:
            content = message["content"]
            parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
            blocks += [(message["role"], part) for part in parts]
        heads, sizes, marks = list[bytes](), list[int](), dict[int, float]()
        digest, size = hashlib.sha256(body["model"].encode()), 0
        for place, (kind, block) in enumerate(blocks):
            text = json.dumps({k: v for k, v in block.items() if k != "cache_control"}, sort_keys=True).encode()
            digest.update(kind.encode() + text)
            size += len(text) // 4
            heads.append(digest.copy().digest())
            sizes.append(size)
            if mark := block.get("cache_control"):
                marks[place] = LIVES[mark.get("ttl", "5m")]
        return heads, sizes, marks
