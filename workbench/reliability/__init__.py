"""Distributed error handling (seed §6): which failures are worth another try, and when."""
