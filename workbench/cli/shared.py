"""What several commands share: where they work, how they build an engine, and how they end."""

import errno
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.cli.signals import Interrupted
from workbench.cli.streams import LEFT, complain, silence
from workbench.core import commands as c
from workbench.core.errors import SessionLocked, SettingsFault, StoreFault, UnknownSession, WorkbenchError
from workbench.core.ports import EngineClient

if TYPE_CHECKING:
    from workbench.bootstrap import Chosen
    from workbench.engine import Engine
    from workbench.engine.session import Session

log = logging.getLogger(__name__)

ERROR, USAGE, UNANSWERED, BUDGET = 1, 2, 3, 4
"""Exit codes."""
SHOWN = "`workbench sessions list` shows those that there are."
UNTOUCHED = "Nothing was sent or changed."
LEFT_ALONE = 128 + signal.SIGPIPE
"""The exit code where nobody reads stdout any more, as shells report it of any program."""


class Where(msgspec.Struct, frozen=True):
    """The root options, as the command line gave them."""

    workspace: Path = Path()
    provider: str = ""
    model: str = ""
    sessions: Path | None = None
    theme: str = ""
    linear: bool = False
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
    if "approve" in chosen:  # a model will be asked
        made.check_reach()
    return build(made)


async def resume(client: EngineClient, where: Where) -> str:
    """Open the session that `--resume` or `--continue` means; its id, empty if none is meant. Raises UnknownSession."""
    id, here = where.resume_id, client.facts.workspace
    if where.resume_last:
        id = next((summary.id for summary in client.sessions() if summary.workspace == here), "")
        if not id:
            raise UnknownSession(f"there is no session of {here} to continue.", "Start one with `workbench`.")
    if id:
        await client.handle(c.OpenSession(id))
    return id


async def open_to_write(engine: "Engine", session: str) -> None:
    """Open `session` in `engine`. Raises UnknownSession, and what `check_writable` raises."""
    await engine.handle(c.OpenSession(session))
    check_writable(engine)


def check_writable(engine: "Engine") -> None:
    """Raise where the open session cannot go on.

    SessionLocked while another process writes it; StoreFault where it is damaged, of a newer version, empty, or where
    the disk lets nobody write.
    """
    if engine.read_only:
        raise (SessionLocked if engine.session.locked else StoreFault)(engine.read_only, UNTOUCHED)
    _check_begun(engine.session)


@contextmanager
def reading(engine: "Engine", session: str) -> Iterator["Session"]:
    """`session` for reading. Where not all of it can be read, what can be is given, and then the reason and exit 1."""
    import asyncio

    opened = asyncio.run(engine.inspect(session))
    yield opened
    sys.stdout.flush()
    if opened.read_only:
        complain(opened.read_only)
    if opened.lost:
        raise SystemExit(ERROR)
    _check_begun(opened)


def _check_begun(session: "Session") -> None:
    """Raise StoreFault where `session` holds nothing: to go on with it would be to start over without a word."""
    if not session.begun:
        raise StoreFault(f"the session {session.id} is empty: nothing was stored in it.", SHOWN)


@contextmanager
def failing() -> Iterator[None]:
    """Turn a fault into one line on stderr and an exit code, never a traceback."""
    try:
        yield
    except WorkbenchError as error:
        complain(str(error))
        usage = isinstance(error, UnknownSession | SessionLocked | SettingsFault)
        raise SystemExit(USAGE if usage else ERROR) from None
    except KeyboardInterrupt as stop:
        silence(sys.stdout)
        raise SystemExit(128 + (stop.number if isinstance(stop, Interrupted) else signal.SIGINT)) from None
    except OSError as error:
        raise SystemExit(fail_to_write(error)) from None


@contextmanager
def ending() -> Iterator[None]:
    """Around the whole program: what stdout still holds is written, or why not is told; no bug ends in a traceback."""
    logging.lastResort = logging.NullHandler()
    sys.unraisablehook = lambda failed: log.error("%s: %r", failed.err_msg, failed.object, exc_info=failed.exc_value)
    try:
        with failing():
            try:
                yield
            except (WorkbenchError, OSError):
                raise
            except Exception as error:
                log.exception("the program failed")
                complain(f"something went wrong in the workbench itself: {type(error).__name__}: {error}")
                raise SystemExit(ERROR) from None
            finally:
                sys.stdout.flush()
    finally:
        try:
            sys.stderr.flush()
        except OSError:
            silence(sys.stderr)


def fail_to_write(error: OSError) -> int:
    """Tell of a write that failed, of stdout where `error` names no file; the exit code."""
    silence(sys.stdout)
    if error.errno in LEFT:
        return LEFT_ALONE
    where = f"{os.fsdecode(error.filename)}:" if error.filename else "stdout cannot be written:"
    closed = error.errno == errno.EBADF and not error.filename
    complain(f"{where} {'it is closed' if closed else error.strerror}.")
    return ERROR
