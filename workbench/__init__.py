"""Workbench: an agent workbench in a terminal that shows what fills the window, what it costs, how sure the agent is."""

__version__ = "0.1.0"
