"""The journal's vocabulary: past tense, any number of listeners.

Every event is stamped `(seq, at, session, trace, event, span, parent)`. Those in `TRANSIENT` are emitted but not
stored: their `seq` is None. Everything shown of a session is a fold of the stored ones.
"""

import operator
from functools import reduce
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.core.events.base import *
from workbench.core.events.context import *
from workbench.core.events.judgement import *
from workbench.core.events.session import *
from workbench.core.events.turn import *

if TYPE_CHECKING:
    AnyEvent = Event
else:  # a reader of journals needs them one by one
    AnyEvent = reduce(operator.or_, Event.__subclasses__())

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
