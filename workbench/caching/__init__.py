"""Prompt caching (seed §8).

Marks are placed on what stays the same, in the order in which the API reads a prefix, and one moves with the tail.
Each reply tells what was read, written and missed, why, and when the prefix turns cold; a prefix that breaks is named
to the byte. Marks live five minutes or an hour, by the person's own pauses.
The economics say after how many turns a compaction has earned back the cache that it throws away.
"""

from workbench.caching.breakpoints import Ttl, place_breakpoints
from workbench.caching.economics import compute_payback, compute_read_ratio
from workbench.caching.prefix import PrefixBreak, PrefixWatch, find_break
from workbench.caching.record import CacheRecord

__all__ = [
    "CacheRecord",
    "PrefixBreak",
    "PrefixWatch",
    "Ttl",
    "compute_payback",
    "compute_read_ratio",
    "find_break",
    "place_breakpoints",
]
