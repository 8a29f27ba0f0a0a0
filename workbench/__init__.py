"""Workbench: an agent workbench in a terminal that shows its window, its cost, its doubts and its next act."""

__version__ = "0.1.0"
