"""The command line: `workbench` opens the terminal interface, everything else is for scripts.

Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 error, 2 usage, 3 an escalation went unanswered,
4 budget exhausted, 129/130/131/143 interrupted.
"""

import sys

from workbench.cli.shared import Where, failing


def main() -> None:
    """The `workbench` program. Without arguments it opens the terminal, and imports no parser on the way."""
    if len(sys.argv) > 1:
        from workbench.cli.root import root

        root(prog_name="workbench")
        return
    from workbench.cli.terminal import open_terminal

    with failing():
        open_terminal(Where())


__all__ = ["main"]
