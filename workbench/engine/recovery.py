"""What a crash left open is closed by events of its own, so that the journal alone says what happened."""

from workbench.core import events as e
from workbench.engine.session import Session

INTERRUPTED_TOKENS = 16


def recover(session: Session) -> None:
    """Close open escalations, unanswered calls and the running turn of a session in which nothing runs.

    Leaves a read-only session as it is. Raises StoreFault.
    """
    if session.read_only:
        return
    for id in tuple(session.open_escalations):
        session.emit(e.EscalationExpired(id))
    close_calls(session)
    if session.conversation.running:
        session.emit(
            e.TurnFailed(
                session.conversation.turn,
                "crash",
                "the workbench stopped while this turn ran",
                "What was done is above. Say “go on”, or ask again.",
            )
        )


def close_calls(session: Session, cause: str = "") -> None:
    """Answer every open call with an error result, in order; without a `cause` it says what is known of the call."""
    conversation = session.conversation
    for call in conversation.unanswered:
        text = cause or conversation.interrupted(call.id)
        failed = e.ToolFailed(conversation.turn, call.id, call.name, "interrupted", text, INTERRUPTED_TOKENS)
        session.emit(failed)
