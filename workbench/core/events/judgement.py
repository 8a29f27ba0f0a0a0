"""Escalations, how sure the answer is, and how right it was."""

from workbench.core.decisions import Confidence, EscalationRequest, Route, Verdict
from workbench.core.events.base import Event


class EscalationRaised(Event, frozen=True):
    """The engine waits for a verdict."""

    request: EscalationRequest
    expires_at: float | None = None


class EscalationResolved(Event, frozen=True):
    """A verdict came."""

    id: str
    verdict: Verdict
    waited: float = 0.0


class EscalationExpired(Event, frozen=True):
    """Nobody answered; this is not a no."""

    id: str
    waited: float = 0.0


class ConfidenceScored(Event, frozen=True):
    """The answer rated itself."""

    turn: int
    confidence: Confidence


class AnswerRouted(Event, frozen=True):
    """Where the answer went: sent, for review, asked, or unrated."""

    turn: int
    route: Route


class AnswerRated(Event, frozen=True):
    """A person says whether the answer was right: what calibration learns from."""

    turn: int
    correct: bool
    by: str = "you"


class AnswerEvaluated(Event, frozen=True):
    """A second model scored the answer, 1 to 5 for each criterion (seed §10)."""

    turn: int
    scores: dict[str, int]
    overall: float
    explanation: str = ""
