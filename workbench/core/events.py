"""The journal's vocabulary: past tense, any number of listeners.

Every event is stamped `(seq, at, session, trace, event)`. `TextArrived`, `ThinkingArrived`, `ToolOutputArrived`,
`WindowMeasured`, `SpendMeasured`, the drafts under review and `Noticed` are told but not stored: their `seq` is None. Everything shown
of a session is a fold of the stored ones.
"""

from typing import Any, Literal

import msgspec

from workbench.core.decisions import Confidence, EscalationRequest, Proposal, Route, Verdict
from workbench.core.epoch import Epoch
from workbench.core.messages import Media, Part
from workbench.core.notes import Note
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.spend import Spend
from workbench.core.tools import FileChange
from workbench.core.usage import Usage
from workbench.core.window import Window

StopReason = Literal["done", "turn_limit", "escalation", "budget", "interrupted", "error"]


class Event(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Something that happened."""


# --- session -----------------------------------------------------------------


class SessionOpened(Event):
    """A session began. `parent` is the session that handed off to it."""

    title: str
    workspace: str
    provider: str
    model: str
    as_if: bool = False
    """True for a rehearsal: its money is as if."""
    user: str = ""
    parent: str = ""


class SessionRenamed(Event):
    """The session has another title."""

    title: str


class SessionHandedOff(Event):
    """A handoff document was accepted. `to` is the session it went to, empty when it was saved for later."""

    document: str
    tokens: int
    to: str = ""
    path: str = ""
    """The exported Markdown file, relative to the store."""


# --- turn --------------------------------------------------------------------


class TurnStarted(Event):
    """A prompt began a turn. Turns count from 1."""

    turn: int
    prompt: str
    tokens: int


class RequestSent(Event):
    """A step's request went out. `notice` was appended to its newest user message and stays there."""

    turn: int
    step: int
    model: str
    max_tokens: int
    notice: str = ""
    notice_tokens: int = 0
    tools_off: bool = False


class TextArrived(Event):
    """A piece of the answer; not stored. `text` is already free of the assessment trailer."""

    turn: int
    step: int
    text: str


class ThinkingArrived(Event):
    """A piece of summarised thinking; not stored."""

    turn: int
    step: int
    text: str


class MessageAdded(Event):
    """The model's message is complete, or was interrupted and its text kept as a draft.

    `tokens` has one estimate for each part, used to divide the exact reply tokens among them.
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


class TurnFinished(Event):
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


class TurnFailed(Event):
    """The turn broke off: a fault that could not be recovered, or a crash that was found at the next opening."""

    turn: int
    kind: str
    message: str
    hint: str = ""


class TurnLimitReached(Event):
    """The hard limit of steps: the last one has no tools."""

    turn: int
    limit: int


# --- tools -------------------------------------------------------------------


class ToolProposed(Event):
    """The model asks for a call; the gate decides next."""

    turn: int
    step: int
    proposal: Proposal
    summary: str
    """Names the target: a path, a pattern, a command line."""
    confidence: Confidence | None = None


class ToolStarted(Event):
    """The call runs. It is on disk before the effect. `arguments` only where a person edited them."""

    turn: int
    call_id: str
    arguments: dict[str, Any] | None = None


class ToolOutputArrived(Event):
    """Live output of a running call; not stored."""

    call_id: str
    text: str


class ToolFinished(Event):
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


class ToolFailed(Event):
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


# --- context -----------------------------------------------------------------


class WindowMeasured(Event):
    """What the next request holds; not stored, at most twice a second and exactly at step ends."""

    window: Window


class CompactionPlanned(Event):
    """A plan to review; not stored. `automatic` when it is accepted without a dialog."""

    plan: CompactionPlan
    automatic: bool = False


class EpochOpened(Event):
    """A new head for the requests to come. `kept` are the entries that stay, thinking stripped."""

    epoch: Epoch
    reason: Literal["opened", "compacted", "model", "resumed"] = "opened"
    kept: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    """Tokens, for the marker in the transcript."""
    remark: str = ""
    """`4 decisions, 11 paths kept`."""


class CompactionUndone(Event):
    """The window before the last compaction is back, with all that was said since."""

    epoch: int
    """The number of the epoch that this opens."""


# --- memory ------------------------------------------------------------------


class ScratchpadChanged(Event):
    """An entry of the scratchpad was written, replaced or closed."""

    note: Note


# --- escalation --------------------------------------------------------------


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


# --- reliability, confidence, caching, cost ------------------------------------


class RetryScheduled(Event):
    """A request failed and will be tried again."""

    turn: int
    attempt: int
    of: int
    delay: float
    kind: str
    message: str


class ConfidenceScored(Event):
    """The answer rated itself."""

    turn: int
    confidence: Confidence


class AnswerRouted(Event):
    """Where the answer went: sent, for review, asked, or unrated."""

    turn: int
    route: Route


class CacheReported(Event):
    """What the last request read from and wrote to the prompt cache."""

    read: int
    written: int
    uncached: int
    cold_at: float


class BudgetReserved(Event):
    """Before a request: the window total plus the maximum reply."""

    turn: int
    step: int
    tokens: int
    usd: float | None


class BudgetSettled(Event):
    """After a request: what it really used. Settles the reservation before it."""

    turn: int
    step: int
    model: str
    usage: Usage
    usd: float | None
    as_if: bool = False
    purpose: str = "turn"
    """`turn`, `summary`, `handoff`, `title`."""


class SpendMeasured(Event):
    """A reading of the spend ledger; not stored."""

    spend: Spend


class BudgetRaised(Event):
    """The person allowed more."""

    usd: float | None = None
    tokens: int | None = None
    steps: int | None = None


class TierChanged(Event):
    """Another tier of graceful degradation: 1 full, 2 thrifty, 3 direct, 4 spent."""

    tier: int
    reason: str


# --- drafts and notices, told but not stored ------------------------------------


class HandoffDrafted(Event):
    """A handoff document to review; not stored."""

    plan: HandoffPlan


class Noticed(Event):
    """A line for the person that belongs to no session state; not stored."""

    message: str
    level: Literal["info", "success", "warning", "error"] = "info"
    hint: str = ""


class Unknown(msgspec.Struct, frozen=True, tag=True):
    """An event that a newer version wrote: carried along as it is."""

    raw: dict[str, Any]


AnyEvent = (
    SessionOpened
    | SessionRenamed
    | SessionHandedOff
    | TurnStarted
    | RequestSent
    | TextArrived
    | ThinkingArrived
    | MessageAdded
    | TurnFinished
    | TurnFailed
    | TurnLimitReached
    | ToolProposed
    | ToolStarted
    | ToolOutputArrived
    | ToolFinished
    | ToolFailed
    | WindowMeasured
    | CompactionPlanned
    | EpochOpened
    | CompactionUndone
    | ScratchpadChanged
    | EscalationRaised
    | EscalationResolved
    | EscalationExpired
    | RetryScheduled
    | ConfidenceScored
    | AnswerRouted
    | CacheReported
    | BudgetReserved
    | BudgetSettled
    | SpendMeasured
    | BudgetRaised
    | TierChanged
    | HandoffDrafted
    | Noticed
)

TRANSIENT = (
    TextArrived,
    ThinkingArrived,
    ToolOutputArrived,
    WindowMeasured,
    SpendMeasured,
    CompactionPlanned,
    HandoffDrafted,
    Noticed,
)
"""Told, not stored."""


class Stamped(msgspec.Struct, frozen=True):
    """An event with its place in the journal."""

    seq: int | None
    """1, 2, 3 … within the session; None for what is not stored."""
    at: float
    """Wall clock, seconds since the epoch."""
    session: str
    trace: str
    """One for each turn."""
    event: AnyEvent | Unknown
