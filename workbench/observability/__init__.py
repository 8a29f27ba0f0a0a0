"""Monitoring and observability (seed §10): what went wrong is written down, and never into the terminal.

The journal already tells every decision, call and cost of a session; the log holds what is not a session's: faults of
listeners and tools, settings that were ignored. It is one rotating file beside the sessions.
"""

from workbench.observability.log import log_to

__all__ = ["log_to"]
