"""Escalations, and how sure the answer is."""

from workbench.core.decisions import Confidence, EscalationRequest, Route, Verdict
from workbench.core.events.base import Event


class EscalationRaised(Event):
    """The engine waits for a verdict."""

    request: EscalationRequest
    expires_at: float | None = None


class EscalationResolved(Event):
    """A verdict came."""

    id: str
    verdict: Verdict
    waited: float = 0.0


class EscalationExpired(Event):
    """Nobody answered; this is not a no."""

    id: str
    waited: float = 0.0


class ConfidenceScored(Event):
    """The answer rated itself."""

    turn: int
    confidence: Confidence


class AnswerRouted(Event):
    """Where the answer went: sent, for review, asked, or unrated."""

    turn: int
    route: Route
