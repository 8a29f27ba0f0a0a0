"""What the prompt cache did in a session, and why it missed (seed §8): a fold of the journal.

reply's usage ─▶ read, written ─▶ what the next request should read, until it turns cold
a request that reads less ─▶ cold? another epoch? a changed prefix? ─▶ else nobody knows why
"""

from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar

from workbench.caching.breakpoints import Ttl
from workbench.caching.lifetime import LIVES, choose_ttl
from workbench.core import events as e
from workbench.core.spend import Usage

MOST_PAUSES = 20
"""Pauses that are remembered: the newest tell most."""
SLACK = 0.02
"""Share of what was expected that may be missing without a word: entries end at blocks."""
LEAST = 1_024
"""Tokens below which nothing is said of a miss: short prefixes are not cached."""


class CacheRecord:
    """The cache as the session left it."""

    def __init__(self) -> None:
        self.expected = 0
        """Tokens that the next request reads if nothing changed."""
        self.cold_at = 0.0
        """Wall clock at which that ends."""
        self.ttl: Ttl = "5m"
        """How long the marks of this epoch ask for."""
        self.pauses: deque[float] = deque(maxlen=MOST_PAUSES)
        """Seconds between an answer and the next prompt."""
        self._ended: float | None = None
        self._sent = 0.0
        self.opened: e.MissReason = ""
        """Why the prefix is another one than that of the last request; empty where it is the same."""
        self._fresh = 0
        """Tokens that the last request wrote."""

    def apply(self, stamped: e.Stamped) -> None:
        """Fold one event in; those that do not concern the cache change nothing."""
        if handler := self.HANDLERS.get(type(stamped.event)):
            handler(self, stamped.at, stamped.event)

    def is_warm(self, now: float) -> bool:
        """True while the next request can read what the last one left."""
        return self.expected > 0 and now < self.cold_at

    def choose_ttl(self, now: float, read_ratio: Callable[[], float]) -> None:
        """Choose how long marks live, where that costs nothing: nothing is warm, or another prefix begins."""
        if self.opened or not self.is_warm(now):
            self.ttl = choose_ttl(self.pauses, self.expected, self._fresh, read_ratio)

    def report(self, usage: Usage, now: float, diagnosis: str = "") -> e.CacheReported:
        """What a request that ended at `now` read and left. Where nothing was read or written nothing is warm.

        `diagnosis`: the server's own word for what it did not read.
        """
        read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
        lives = LIVES["1h" if usage.cache_creation_1h_tokens else self.ttl]
        cold_at = now + lives if read + written else now
        missed = min(self.expected, usage.prompt) - read
        if missed < LEAST or missed < SLACK * self.expected or usage.estimated:
            return e.CacheReported(read, written, usage.input_tokens, cold_at, self.ttl)
        why = self.opened or ("cold" if self._sent >= self.cold_at else "unknown")
        return e.CacheReported(read, written, usage.input_tokens, cold_at, self.ttl, missed, why, diagnosis)

    def _send(self, at: float, _: e.RequestSent) -> None:
        self._sent = at

    def _open(self, _: float, event: e.EpochOpened | e.CompactionUndone) -> None:
        reason: e.MissReason = event.reason if isinstance(event, e.EpochOpened) else "undone"
        self.opened = "" if reason == "opened" else reason

    def _break(self, _: float, event: e.PrefixBroken) -> None:
        self.opened = self.opened or event.reason

    def _report(self, _: float, event: e.CacheReported) -> None:
        self.expected, self.cold_at, self.ttl = event.read + event.written, event.cold_at, event.ttl
        self._fresh, self.opened = event.written, ""

    def _start_turn(self, at: float, _: e.TurnStarted) -> None:
        if self._ended is not None:
            self.pauses.append(max(0.0, at - self._ended))
            self._ended = None

    def _end_turn(self, at: float, _: e.TurnFinished | e.TurnFailed) -> None:
        self._ended = at

    HANDLERS: ClassVar[dict[type, Callable[["CacheRecord", float, Any], None]]] = {
        e.TurnStarted: _start_turn,
        e.TurnFinished: _end_turn,
        e.TurnFailed: _end_turn,
        e.RequestSent: _send,
        e.EpochOpened: _open,
        e.CompactionUndone: _open,
        e.PrefixBroken: _break,
        e.CacheReported: _report,
    }
    """What it does with each kind of event, told with its time; no other kind concerns it."""
