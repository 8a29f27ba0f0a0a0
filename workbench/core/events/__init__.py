"""The journal's vocabulary: past tense, any number of listeners.

Every event is stamped `(seq, at, session, trace, event, span, parent)`. `TextArrived`, `ThinkingArrived`,
`ToolOutputArrived`, `WindowMeasured`, `SpendMeasured`, the drafts under review and `Noticed` are emitted but not
stored: their `seq` is None.
Everything shown of a session is a fold of the stored ones.
"""

from typing import Any

import msgspec

from workbench.core.events.base import Event, Unknown
from workbench.core.events.context import (
    BlockDropped,
    BlockLifted,
    BlockPinned,
    CompactionPlanned,
    CompactionUndone,
    DocumentAttached,
    DocumentChunked,
    EpochOpened,
    HandoffDrafted,
    ScratchpadChanged,
    WindowMeasured,
)
from workbench.core.events.judgement import (
    AnswerEvaluated,
    AnswerRated,
    AnswerRouted,
    ConfidenceScored,
    EscalationExpired,
    EscalationRaised,
    EscalationResolved,
)
from workbench.core.events.notices import Noticed
from workbench.core.events.session import (
    ConversationRewound,
    PolicyChanged,
    SessionForked,
    SessionHandedOff,
    SessionOpened,
    SessionRenamed,
)
from workbench.core.events.spending import (
    BudgetRaised,
    BudgetReserved,
    BudgetSettled,
    CacheReported,
    SpendMeasured,
    TierChanged,
)
from workbench.core.events.subtasks import SubtaskFinished, SubtaskStarted, SubtaskState
from workbench.core.events.tools import ToolFailed, ToolFinished, ToolOutputArrived, ToolProposed, ToolStarted
from workbench.core.events.turn import (
    MessageAdded,
    RequestSent,
    RetryScheduled,
    StopReason,
    TextArrived,
    ThinkingArrived,
    TurnFailed,
    TurnFinished,
    TurnLimitReached,
    TurnStarted,
    TurnUndone,
)

__all__ = [
    "TRANSIENT",
    "AnswerEvaluated",
    "AnswerRated",
    "AnswerRouted",
    "AnyEvent",
    "BlockDropped",
    "BlockLifted",
    "BlockPinned",
    "BudgetRaised",
    "BudgetReserved",
    "BudgetSettled",
    "CacheReported",
    "CompactionPlanned",
    "CompactionUndone",
    "ConfidenceScored",
    "ConversationRewound",
    "DocumentAttached",
    "DocumentChunked",
    "EpochOpened",
    "EscalationExpired",
    "EscalationRaised",
    "EscalationResolved",
    "Event",
    "HandoffDrafted",
    "MessageAdded",
    "Noticed",
    "PolicyChanged",
    "RequestSent",
    "RetryScheduled",
    "ScratchpadChanged",
    "SessionForked",
    "SessionHandedOff",
    "SessionOpened",
    "SessionRenamed",
    "SpendMeasured",
    "Stamped",
    "StopReason",
    "SubtaskFinished",
    "SubtaskStarted",
    "SubtaskState",
    "TextArrived",
    "ThinkingArrived",
    "TierChanged",
    "ToolFailed",
    "ToolFinished",
    "ToolOutputArrived",
    "ToolProposed",
    "ToolStarted",
    "TurnFailed",
    "TurnFinished",
    "TurnLimitReached",
    "TurnStarted",
    "TurnUndone",
    "Unknown",
    "WindowMeasured",
]

AnyEvent = (
    SessionOpened
    | SessionForked
    | ConversationRewound
    | PolicyChanged
    | SessionRenamed
    | SessionHandedOff
    | TurnStarted
    | RequestSent
    | TextArrived
    | ThinkingArrived
    | MessageAdded
    | TurnFinished
    | TurnFailed
    | TurnUndone
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
    | BlockPinned
    | BlockDropped
    | BlockLifted
    | DocumentAttached
    | DocumentChunked
    | ScratchpadChanged
    | EscalationRaised
    | EscalationResolved
    | EscalationExpired
    | RetryScheduled
    | ConfidenceScored
    | AnswerRouted
    | AnswerRated
    | AnswerEvaluated
    | SubtaskStarted
    | SubtaskFinished
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


class Stamped(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event with its place in the journal."""

    seq: int | None
    """1, 2, 3 … within the session; None for what is not stored."""
    at: float
    """Wall clock, seconds since the epoch."""
    session: str
    trace: str
    """One for each turn, and for all the child sessions that it starts."""
    event: AnyEvent | Unknown
    span: str = ""
    """The piece of work that it belongs to: a turn, a request, a call (see `core.spans`); empty outside of any."""
    parent: str = ""
    """The span that this one is a part of."""
    foreign: dict[str, Any] = {}
    """What a newer version wrote and this one does not know, by its place in the document; written again as it is."""
