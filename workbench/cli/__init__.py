"""The command line: `workbench` opens the terminal interface, everything else is for scripts.

Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 error, 2 usage, 3 an escalation went unanswered,
4 a budget ended it, 129/130/131/143 interrupted, 141 nobody reads stdout any more.
"""

import sys


def main() -> None:
    """The `workbench` program. Without arguments it opens the terminal, and imports no parser on the way."""
    try:
        from workbench.cli.signals import SIGNALS

        with SIGNALS.kept(to_the_end=True):
            _run()
    except KeyboardInterrupt:  # before signals were kept
        raise SystemExit(130) from None


def _run() -> None:
    from workbench.cli.shared import ending
    from workbench.cli.signals import SIGNALS
    from workbench.cli.streams import prepare_streams

    prepare_streams()
    with ending():
        if len(sys.argv) > 1:
            from workbench.cli.root import root

            root(prog_name="workbench")
        else:
            from workbench.cli.shared import Where
            from workbench.cli.terminal import open_terminal

            SIGNALS.raise_now()
            open_terminal(Where())


__all__ = ["main"]
