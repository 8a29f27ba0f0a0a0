"""The answer's confidence and its three routes (seed §7): sent, for review, or asked about."""

from workbench.confidence import route
from workbench.core import events as e
from workbench.core.decisions import Confidence, Route
from workbench.core.ids import new_escalation_id
from workbench.engine.notice import progress
from workbench.engine.turn_state import TurnState
from workbench.escalation import ask_what_was_meant


async def score_answer(turn: TurnState, confidence: Confidence | None) -> Route:
    """Tell confidence and route; a low one asks the person what was meant, and their reply is the next prompt."""
    session = turn.session
    if confidence is not None:
        session.emit(e.ConfidenceScored(turn.number, confidence))
    way = route(confidence, turn.parts.policies.route)
    session.emit(e.AnswerRouted(turn.number, way))
    if way != "asked" or confidence is None:
        return way
    limit = turn.parts.policies.route.review
    asked = ask_what_was_meant(confidence, limit, progress(session), new_escalation_id(), turn.prompt)
    verdict = await turn.verdicts.ask(session, asked)
    if verdict is None:
        turn.stop_reason = "escalation"
    elif verdict.answer == "reply":
        turn.follow_up = verdict.note
    return way
