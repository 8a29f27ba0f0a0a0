"""Taking in an exported session: read within bounds, folded whole, and only then stored, all of it or nothing."""

import asyncio
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.core import events as e
from workbench.core.errors import WorkbenchError
from workbench.core.events import Bus
from workbench.core.ids import new_session_id
from workbench.core.journal import Archive, unpack
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.session import Session

MOST_BYTES = 1_000_000_000
"""Of an exported session."""
NOTHING = "Nothing was imported."


async def read_archive(path: str | Path) -> Archive:
    """The exported session in the file at `path`. Raises WorkbenchError where there is none."""
    try:
        text = await asyncio.to_thread(_read, Path(path))
    except OSError as error:
        raise WorkbenchError(f"{path} cannot be read: {error.strerror}.", NOTHING) from error
    except RuntimeError as error:  # no home folder for a `~`
        raise WorkbenchError(f"{path} cannot be read: {error}", NOTHING) from error
    return await asyncio.to_thread(unpack, text)


def _read(path: Path) -> bytes:
    with path.expanduser().open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, "it is larger than 1 GB")
    return data


async def adopt_session(events: tuple[e.Stamped, ...], deps: EngineDependencies) -> str:
    """Store a copy of another session's events under a new id, numbered anew, once all of them fold; give the id.

    Raises WorkbenchError, which names the event that does not fold, and StoreFault; nothing is left behind.
    """
    session = Session(new_session_id(), deps, Bus())
    for seq, stamped in enumerate(events, 1):
        with _naming(copy := msgspec.structs.replace(stamped, seq=seq, session=session.id)):
            session.fold(copy)
    with _naming(session.events[-1]):
        session.window()
        session.spend.reading()
        session.conversation.messages()
    await asyncio.to_thread(session.store_whole)
    session.close()
    return session.id


@contextmanager
def _naming(stamped: e.Stamped) -> Iterator[None]:
    """Turn the failure of a fold into one that names the event from outside on which it failed."""
    try:
        yield
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        what = f"event {stamped.seq} of that session ({type(stamped.event).__name__}) does not fit those before it"
        raise WorkbenchError(f"{what}: {error}.", NOTHING) from error
