"""How a session begins, how one is found again and closed after a crash, and how an exported one is taken in."""

import asyncio
from pathlib import Path

from workbench.core import events as e
from workbench.core.archive import Archive, unpacked
from workbench.core.bus import Bus
from workbench.core.errors import WorkbenchError
from workbench.core.ids import new_session_id
from workbench.core.ports import RuntimeInfo
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.session import Session

TITLE_WORDS = 6
TITLE_LENGTH = 40
INTERRUPTED_TOKENS = 16


def begin_session(
    session: Session, facts: RuntimeInfo, user: str, prompt: str, *, parent: str = "", role: str = ""
) -> None:
    """Open a session that has no events yet; its title is how the prompt begins. A child names its root and `role`."""
    if session.begun:
        return
    root = session.root.id if session.root is not session else ""
    place = (facts.workspace, facts.provider, facts.model, facts.as_if, user)
    session.emit(e.SessionOpened(make_title(prompt), *place, parent, root, role))


def make_title(prompt: str) -> str:
    """A title of a few words."""
    words = " ".join(prompt.split()[:TITLE_WORDS]).rstrip(".")
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rstrip() + "…"


async def find_session(id: str, deps: EngineDependencies, bus: Bus, root: Session | None = None) -> Session:
    """The session `id` (or its unique beginning) as it is on disk. Raises UnknownSession."""
    stored = await asyncio.to_thread(deps.store.open, id)
    session = Session(stored.id, deps, bus, root)
    session.attach(stored.journal, stored.events, stored.read_only)
    return session


async def adopt_session(events: tuple[e.Stamped, ...], deps: EngineDependencies) -> str:
    """Store a copy of an exported session under a new id, and return the id."""
    session = Session(new_session_id(), deps, Bus())
    session.adopt(events)
    await session.sync()
    session.close()
    return session.id


async def read_archive(path: str) -> Archive:
    """The exported session in the file at `path`. Raises WorkbenchError where there is none."""
    try:
        text = await asyncio.to_thread(lambda: Path(path).expanduser().read_bytes())
    except OSError as error:
        raise WorkbenchError(f"{path} cannot be read: {error.strerror}.", "Nothing was imported.") from error
    return await asyncio.to_thread(unpacked, text)


def recover(session: Session, *, children: bool = False) -> None:
    """Close what a crash left open in a session in which no turn runs, so that the journal alone says what happened.

    Escalations and subtasks, except where `children` are at work on them; unanswered calls; the turn. A read-only
    session stays as it is. Raises StoreFault.
    """
    if session.read_only:
        return
    if not children:
        _close_subtasks(session)
    close_calls(session)
    if session.conversation.running:
        message, hint = (
            "the workbench stopped while this turn ran",
            "What was done is above. Say “go on”, or ask again.",
        )
        session.emit(e.TurnFailed(session.conversation.turn, "crash", message, hint))


def _close_subtasks(session: Session) -> None:
    for id in tuple(session.open_escalations):
        session.emit(e.EscalationExpired(id))
    for subtask in tuple(session.open_subtasks.values()):
        usage, usd = session.add_up(child=subtask.session)
        session.emit(e.SubtaskFinished(subtask.session, subtask.role, "interrupted", "", usage, usd))


def close_calls(session: Session) -> None:
    """Answer every open call with an error result that says what is known of it, in order."""
    conversation = session.conversation
    for call in conversation.unanswered:
        text = conversation.interrupted(call.id)
        session.emit(e.ToolFailed(conversation.turn, call.id, call.name, "interrupted", text, INTERRUPTED_TOKENS))
