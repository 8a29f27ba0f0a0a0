"""Distributed error handling (seed §6).

A model request that failed for a passing reason is tried again after a wait that grows, jitters and obeys the server.
The ladder is the engine's, so that a person sees each rung and can stop it.
Only what can help is tried again: a request that was refused is repaired first, by one table of refusals.
"""

from workbench.reliability.repair import choose_repair, is_long_wait, is_refusal
from workbench.reliability.retry import LONGEST_WAIT, RetryPolicy, compute_delay

__all__ = ["LONGEST_WAIT", "RetryPolicy", "choose_repair", "compute_delay", "is_long_wait", "is_refusal"]
