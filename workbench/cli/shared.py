"""What several commands share: where they work, how they build an engine, and faults as a person reads them."""

import asyncio
import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.core import commands as c
from workbench.core.encoding import write_pretty
from workbench.core.errors import SessionLocked, SettingsFault, StoreFault, UnknownSession, WorkbenchError
from workbench.core.figures import visible
from workbench.core.ports import EngineClient

if TYPE_CHECKING:
    from workbench.bootstrap import Chosen
    from workbench.engine import Engine
    from workbench.engine.session import Session

ERROR, USAGE, UNANSWERED = 1, 2, 3
"""Exit codes."""


@dataclass(frozen=True)
class Where:
    """The root options, as the command line gave them."""

    workspace: Path = Path()
    provider: str = ""
    model: str = ""
    sessions: Path | None = None
    theme: str = ""
    resume_last: bool = False
    resume_id: str = ""
    add_dirs: tuple[Path, ...] = ()
    """Absolute, and there."""


def choose_for(where: Where, **chosen: Any) -> "Chosen":
    """What options, settings and environment choose. Raises WorkbenchError."""
    from workbench.bootstrap import Choice, choose

    return choose(
        Choice(where.workspace, where.provider, where.model, where.sessions, add_dirs=where.add_dirs, **chosen)
    )


def build_engine(where: Where, **chosen: Any) -> "Engine":
    """An engine for `where`; faults in settings files are told on stderr. Raises WorkbenchError."""
    from workbench.bootstrap.build import build

    made = choose_for(where, **chosen)
    for fault in made.settings.faults:
        complain(fault)
    return build(made)


async def resume(client: EngineClient, where: Where) -> None:
    """Open the session that `--resume` or `--continue` means, if one is given. Raises UnknownSession."""
    id, here = where.resume_id, client.facts.workspace
    if where.resume_last:
        id = next((summary.id for summary in client.sessions() if summary.workspace == here), "")
        if not id:
            raise UnknownSession(f"there is no session of {here} to continue.", "Start one with `workbench`.")
    if id:
        await client.handle(c.OpenSession(id))


@contextmanager
def reading(engine: "Engine", session: str) -> Iterator["Session"]:
    """`session` for reading. Where not all of it can be read, what can be is given, and then the reason and exit 1."""
    opened = asyncio.run(engine.inspect(session))
    yield opened
    if opened.read_only:
        complain(opened.read_only)
    if not opened.begun and not opened.lost:
        complain(f"session {opened.id} is empty: nothing was stored in it yet.")
    if opened.lost or not opened.begun:
        raise SystemExit(ERROR)


async def open_to_write(engine: "Engine", session: str) -> None:
    """Open `session` in `engine`. Raises UnknownSession, and what `check_writable` raises."""
    await engine.handle(c.OpenSession(session))
    check_writable(engine)


def check_writable(engine: "Engine") -> None:
    """Raises SessionLocked where the open session cannot be written now, StoreFault where it is damaged."""
    if engine.read_only:
        raise (StoreFault if engine.session.lost else SessionLocked)(engine.read_only)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(write_pretty(value, 2))


@contextmanager
def failing() -> Iterator[None]:
    """Turn a fault into one line on stderr and an exit code, never a traceback."""
    try:
        yield
    except WorkbenchError as error:
        complain(str(error))
        usage = isinstance(error, UnknownSession | SessionLocked | SettingsFault)
        raise SystemExit(USAGE if usage else ERROR) from None
    except KeyboardInterrupt:
        raise SystemExit(128 + signal.SIGINT) from None
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EIO):
            raise
        # The reader has gone; a flush at exit would only complain about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(ERROR) from None


def complain(message: str) -> None:
    """One line on stderr."""
    print(f"workbench: {visible(message)}", file=sys.stderr)
