"""The journal's vocabulary: past tense, any number of listeners.

Every event is stamped `(seq, at, session, trace, event, span, parent)`. Those in `TRANSIENT` are emitted but not
stored: their `seq` is None. Everything shown of a session is a fold of the stored ones.
"""

import logging
import operator
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.core.events.base import *
from workbench.core.events.context import *
from workbench.core.events.judgement import *
from workbench.core.events.session import *
from workbench.core.events.turn import *

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    AnyEvent = Event
    StampedEvent = Event | Unknown
else:  # a reader of journals needs them one by one
    StampedEvent = AnyEvent = reduce(operator.or_, Event.__subclasses__())

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
    """An event with its place in the journal; as JSON a record of it, unless its event is `Unknown`."""

    seq: int | None
    """1, 2, 3 … within the session; None for what is not stored."""
    at: float
    """Wall clock, seconds since the epoch."""
    session: str
    trace: str
    """One for each turn, and for all the child sessions that it starts."""
    event: StampedEvent
    span: str = ""
    """The piece of work that it belongs to: a turn, a request, a call (see `core.ids`); empty outside of any."""
    parent: str = ""
    """The span that this one is a part of."""
    foreign: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    """What a newer version wrote and this one does not know, by its place in the document; written again as it is."""


Listener = Callable[[Stamped], None]


class Bus:
    """Stamped events to any number of listeners, in order, on the event loop's thread, at the moment of telling.

    A listener that fails is logged and stays subscribed, and the teller never hears of it. Nothing is dropped here.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on; returns how to stop."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def publish(self, stamped: Stamped) -> None:
        """Tell all listeners."""
        for listener in tuple(self._listeners):
            try:
                listener(stamped)
            except Exception:
                log.exception("a listener failed on %s", type(stamped.event).__name__)
