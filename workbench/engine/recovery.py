"""What a session came to: a subtask that ended, and what a crash left open, which is closed by events of its own."""

from workbench.core import events as e
from workbench.engine.session import Session

INTERRUPTED_TOKENS = 16
STATES: dict[str, e.SubtaskState] = {
    "interrupted": "interrupted",
    "budget": "budget",
    "error": "failed",
    "cut": "failed",
}
"""What a subtask came to, by the stop reason of its last turn; any other is done."""


def conclude(session: Session, role: str, first_event: int, seconds: float) -> e.SubtaskFinished:
    """What came of a session since `first_event`, by its last turn."""
    usage, usd = session.add_up(first_event)
    text: str = ""
    state: e.SubtaskState = "interrupted"  # also where not even one turn ended
    for stamped in session.events[first_event:]:
        match stamped.event:
            case e.TurnFinished(text=text, stop_reason=reason):
                state = STATES.get(reason, "done")
            case e.TurnFailed(message=message, hint=hint):
                text, state = f"{message} {hint}".strip(), "failed"
    return e.SubtaskFinished(session.id, role, state, text, usage, usd, seconds)


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
