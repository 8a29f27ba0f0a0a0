"""The output of a process: its first and last parts, however much it writes, as a terminal would leave it."""

import codecs
import re
from collections import deque
from collections.abc import Callable

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
RULING = "=─━-_*# \t"


class Output:
    """Keeps at most `limit` bytes, half from the beginning and half from the end, and tells what comes live.

    `live` hears at most `limit` characters, so that a flood is cut here and not in the listener.
    """

    def __init__(self, limit: int, live: Callable[[str], None]) -> None:
        self._half = max(1, limit // 2)
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._total = 0
        self._live = live
        self._live_left = limit
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, chunk: bytes) -> None:
        """Take what the process wrote."""
        self._total += len(chunk)
        self._tell(self._decoder.decode(chunk))
        room = self._half - len(self._head)
        self._head += chunk[: max(0, room)]
        rest = chunk[max(0, room) :]
        if rest:
            self._tail.append(rest)
            self._tail_size += len(rest)
        while self._tail and self._tail_size - len(self._tail[0]) >= self._half:
            self._tail_size -= len(self._tail.popleft())

    def _tell(self, text: str) -> None:
        if text and self._live_left > 0:
            self._live(text[: self._live_left])
            self._live_left -= len(text)

    @property
    def text(self) -> str:
        """What is kept, with a line that says how much was left out."""
        tail = b"".join(self._tail)[-self._half :] if self._tail else b""
        cut = self._total - len(self._head) - len(tail)
        if cut <= 0:
            return _settle((bytes(self._head) + tail).decode("utf-8", "replace"))
        first, last = _settle(self._head.decode("utf-8", "replace")), _settle(tail.decode("utf-8", "replace"))
        return f"{first}\n[… {cut:,} bytes left out …]\n{last}"


def headline(text: str, code: int | None) -> str:
    """The last line that says something: `14 passed in 0.3s`; `exit 1` or `no output` where there is none."""
    for line in reversed(text.splitlines()):
        said = line.strip(RULING)
        if any(c.isalnum() for c in said):
            return said if len(said) <= 60 else said[:59] + "…"
    return f"exit {code}" if code else "no output"


def _settle(text: str) -> str:
    """`text` without colour codes, and each line as its last carriage return left it."""
    text = ESCAPES.sub("", text).replace("\r\n", "\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
