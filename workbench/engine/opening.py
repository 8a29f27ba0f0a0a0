"""How a session begins, how one is found again, and how an exported one is taken in."""

import asyncio
from pathlib import Path

from workbench.core import events as e
from workbench.core.archive import Archive, unpacked
from workbench.core.bus import Bus
from workbench.core.errors import WorkbenchError
from workbench.core.ids import new_session_id
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.session import Session

TITLE_WORDS = 6
TITLE_LENGTH = 40


def begin(session: Session, parts: EngineDependencies, prompt: str, parent: str = "") -> None:
    """Open a session that has no events yet; its title is how the prompt begins."""
    if session.begun:
        return
    facts = parts.facts
    session.emit(
        e.SessionOpened(titled(prompt), facts.workspace, facts.provider, facts.model, facts.as_if, parts.user, parent)
    )


def titled(prompt: str) -> str:
    """A title of a few words."""
    words = " ".join(prompt.split()[:TITLE_WORDS]).rstrip(".")
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rstrip() + "…"


async def found(id: str, parts: EngineDependencies, bus: Bus) -> Session:
    """The session `id` (or its unique beginning) as it is on disk. Raises UnknownSession."""
    stored = await asyncio.to_thread(parts.store.open, id)
    session = Session(stored.id, parts, bus)
    session.attach(stored.journal, stored.events, stored.read_only)
    return session


async def adopted(events: tuple[e.Stamped, ...], parts: EngineDependencies) -> str:
    """Store a copy of an exported session under a new id, and return the id."""
    session = Session(new_session_id(), parts, Bus())
    session.adopt(events)
    await session.sync()
    session.close()
    return session.id


async def archived(path: str) -> Archive:
    """The exported session in the file at `path`. Raises WorkbenchError where there is none."""
    try:
        text = await asyncio.to_thread(lambda: Path(path).expanduser().read_bytes())
    except OSError as error:
        raise WorkbenchError(f"{path} cannot be read: {error.strerror}.", "Nothing was imported.") from error
    return await asyncio.to_thread(unpacked, text)
