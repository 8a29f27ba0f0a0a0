"""A turn, its requests, its messages and its calls."""

from typing import Any, Literal

import msgspec

from workbench.core.decisions import Confidence, Proposal, Route
from workbench.core.events.base import Event
from workbench.core.messages import Media, Part
from workbench.core.spend import Usage
from workbench.core.tools import FileChange

StopReason = Literal["done", "turn_limit", "escalation", "budget", "interrupted", "cut", "error"]
"""`cut`: the reply reached a limit of the model before it was whole; what came of it is the answer."""
Repair = Literal["drop_block", "drop_thinking", "learn_limit", "shorten_reply", "compact", "wait", "drop_turn"]
"""What makes the next request acceptable after a refusal (see `reliability`); `drop_turn` after a declined answer."""


class TurnStarted(Event, frozen=True):
    """A prompt began a turn. Turns count from 1."""

    turn: int
    prompt: str
    tokens: int
    content_class: str = ""
    """What kind of text the estimate took it for; empty in journals from before it was told."""


class RequestSent(Event, frozen=True):
    """A step's request went out. `notice` was appended to its newest user message and stays there."""

    turn: int
    step: int
    model: str
    max_tokens: int
    notice: str = ""
    notice_tokens: int = 0
    tools_off: bool = False


class TextArrived(Event, frozen=True):
    """A piece of the answer; not stored. `text` is already free of the assessment trailer."""

    turn: int
    step: int
    text: str


class ThinkingArrived(Event, frozen=True):
    """A piece of summarised thinking; not stored."""

    turn: int
    step: int
    text: str


class MessageAdded(Event, frozen=True):
    """The model's message is complete, or was interrupted and its text kept as a draft.

    `tokens` has one estimate for each part, used to divide the exact reply tokens among them, `classes` the content
    class of each; none in older journals.
    """

    turn: int
    step: int
    parts: tuple[Part, ...]
    tokens: tuple[int, ...]
    stop_reason: str
    """The model's own; `interrupted` or `cut` for a draft."""
    usage: Usage
    message_id: str = ""
    draft: bool = False
    classes: tuple[str, ...] = ()


class TurnFinished(Event, frozen=True):
    """The turn ended, with an answer wherever there could be one."""

    turn: int
    stop_reason: StopReason
    text: str
    """The final answer, without its trailer."""
    steps: int
    seconds: float
    usage: Usage
    cost: float | None
    model_stop_reason: str = ""
    confidence: Confidence | None = None
    route: Route = "unrated"


class TurnFailed(Event, frozen=True):
    """The turn broke off: a fault that could not be recovered, or a crash that was found at the next opening."""

    turn: int
    kind: str
    message: str
    hint: str = ""


class TurnUndone(Event, frozen=True):
    """The effects of the turn were taken back."""

    turn: int
    paths: tuple[str, ...] = ()
    """Files that have their text from before the turn again."""


class TurnLimitReached(Event, frozen=True):
    """The hard limit of steps: the last one has no tools."""

    turn: int
    limit: int


class RetryScheduled(Event, frozen=True):
    """A request failed and will be tried again."""

    turn: int
    attempt: int
    of: int
    delay: float
    kind: str
    message: str


class RequestRepaired(Event, frozen=True):
    """A request was refused for `kind`, and what it holds was changed so that it, or the next one, can be sent.

    Where the window changes, an `EpochOpened` with the reason `repaired` follows.
    """

    turn: int
    step: int
    kind: str
    repair: Repair
    text: str
    """One line for the person: what was refused and what was done."""


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
    versions: dict[str, str] = msgspec.field(default_factory=dict)
    """Files whose content the model knows from this call, each with a digest of it; none in older journals."""
    content_class: str = ""


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
    content_class: str = ""
