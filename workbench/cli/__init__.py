"""The command line: `workbench` opens the terminal interface, everything else is for scripts.

Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 error, 2 usage, 3 an escalation went unanswered,
4 budget exhausted, 130/143 interrupted.
"""

from workbench.cli.main import main

__all__ = ["main"]
