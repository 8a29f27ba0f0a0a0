"""Distributed error handling (seed §6).

A model request that failed for a passing reason is tried again after a wait that grows, jitters and obeys the server.
The ladder is the engine's, so that a person sees each rung and can stop it.
Only what can help is tried again: a refused or invalid request is told at once.
"""

from workbench.reliability.retry import LONGEST_WAIT, RetryPolicy, compute_delay

__all__ = ["LONGEST_WAIT", "RetryPolicy", "compute_delay"]
