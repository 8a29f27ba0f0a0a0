"""Prompt caching (seed §8).

Marks are placed on what stays the same, in the order in which the API reads a prefix, and one moves with the tail.
Each reply tells what was read, written and missed, and when the prefix turns cold.
The economics say after how many turns a compaction has earned back the cache that it throws away.
"""

from workbench.caching.breakpoints import place_breakpoints, report_cache
from workbench.caching.economics import compute_payback

__all__ = ["compute_payback", "place_breakpoints", "report_cache"]
