"""When a failed request is tried again: full jitter, and the server's own word for it, within reason (seed §6)."""

from collections.abc import Callable

import msgspec

LONGEST_WAIT = 60.0
"""Seconds: a server may ask for more, a person is not kept waiting longer without being asked."""


class RetryPolicy(msgspec.Struct, frozen=True):
    """How often and how patiently to try again."""

    attempts: int = 5
    """Tries in all, the first one included."""
    base_s: float = 1.0
    """The first wait is at most this; each further one at most twice the one before."""
    cap_s: float = 30.0
    """No wait of our own choosing is longer."""


def compute_delay(attempt: int, retry_after: float | None, policy: RetryPolicy, jitter: Callable[[], float]) -> float:
    """Seconds to wait after try number `attempt` (from 1) failed.

    `retry_after` is obeyed, however long: above `LONGEST_WAIT` a person is asked first. Without it, full jitter:
    `jitter()`, 0 to 1, of the doubling ceiling, so that many sessions that failed together do not come back together.
    """
    if retry_after is not None and retry_after >= 0:
        return retry_after
    doublings = min(max(attempt - 1, 0), 32)
    ceiling = min(policy.base_s * float(2**doublings), policy.cap_s)
    return min(max(jitter(), 0.0), 1.0) * ceiling
