"""What a request found and left in the prompt cache (seed §8, "Check cache performance")."""

from workbench.core.events import CacheReported
from workbench.core.usage import Usage

TTL = 300.0
"""Seconds that a prefix lives after its last use."""


def report_cache(usage: Usage, now: float, ttl: float = TTL) -> CacheReported:
    """The cache figures of a request that ended at `now`; each use starts the time to live anew.

    Where nothing was read or written there is nothing warm: `cold_at` is `now`.
    """
    read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
    return CacheReported(read, written, usage.input_tokens, now + ttl if read + written else now)
