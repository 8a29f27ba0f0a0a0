"""Faults as a person reads them: one line on stderr and an exit code, never a traceback."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from workbench.core.errors import SessionLocked, SettingsFault, UnknownSession, WorkbenchError
from workbench.core.figures import visible

ERROR, USAGE = 1, 2


@contextmanager
def failing() -> Iterator[None]:
    """Turn a fault into its message and exit code."""
    try:
        yield
    except WorkbenchError as error:
        complain(str(error))
        usage = isinstance(error, UnknownSession | SessionLocked | SettingsFault)
        raise SystemExit(USAGE if usage else ERROR) from None
    except BrokenPipeError:
        # The reader has gone; a flush at exit would only complain about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(ERROR) from None


def complain(message: str) -> None:
    """One line on stderr."""
    print(f"workbench: {visible(message)}", file=sys.stderr)
