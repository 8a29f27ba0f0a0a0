"""A call, from proposal to result."""

from typing import Any, Literal

from workbench.core.decisions import Confidence, Proposal
from workbench.core.events.base import Event
from workbench.core.messages import Media
from workbench.core.tools import FileChange


class ToolProposed(Event, frozen=True):
    """The model asks for a call; the gate decides next."""

    turn: int
    step: int
    proposal: Proposal
    confidence: Confidence | None = None


class ToolStarted(Event, frozen=True):
    """The call runs. It is on disk before the effect."""

    turn: int
    call_id: str
    arguments: dict[str, Any] | None = None
    """A person's own arguments, in journals from before `proposal` told of them."""
    proposal: Proposal | None = None
    """What runs instead of what was proposed, where a person edited it."""


class ToolOutputArrived(Event, frozen=True):
    """Live output of a running call; not stored."""

    call_id: str
    text: str


class ToolFinished(Event, frozen=True):
    """The call ended and its result goes to the model."""

    turn: int
    call_id: str
    tool: str
    text: str
    tokens: int
    seconds: float
    headline: str = ""
    error: bool = False
    exit_code: int | None = None
    media: tuple[Media, ...] = ()
    changes: tuple[FileChange, ...] = ()


class ToolFailed(Event, frozen=True):
    """The call did not happen or could not finish; `text` is the error result that the model reads.

    `cause`: rejected, unanswered, denied (by a rule), invalid (arguments), unknown (tool), fault, interrupted, limit.
    """

    turn: int
    call_id: str
    tool: str
    cause: Literal["rejected", "unanswered", "denied", "invalid", "unknown", "fault", "interrupted", "limit"]
    text: str
    tokens: int
    seconds: float = 0.0
