"""The open session: its journal and the folds of it that the engine needs.

    tell(event) ─▶ stamp ─▶ journal (if stored) ─▶ folds ─▶ bus

A new session has no file until something worth storing happens in it.
"""

import asyncio
from collections import deque
from datetime import datetime

import msgspec

from workbench.caching import report_cache
from workbench.context import Ledger
from workbench.core import events as e
from workbench.core.bus import Bus
from workbench.core.conversation import Conversation
from workbench.core.decisions import EscalationRequest
from workbench.core.errors import StoreFault
from workbench.core.ids import new_trace_id
from workbench.core.notes import Scratchpad
from workbench.core.ports import Journal
from workbench.core.spans import current_span
from workbench.core.summary import SessionSummary, folded
from workbench.core.tools import FileChange
from workbench.core.usage import Usage
from workbench.core.window import Window
from workbench.cost import SpendLedger
from workbench.engine.dependencies import EngineDependencies
from workbench.memory import noted


class Session:
    """Events of one session and what they fold to. Everything but `tell` and `fold` only reads."""

    def __init__(self, id: str, parts: EngineDependencies, bus: Bus) -> None:
        self.id = id
        self.trace = new_trace_id()
        self.read_only = ""
        self.events: list[e.Stamped] = []
        self.conversation = Conversation()
        self.ledger = Ledger(parts.policies.window)
        self.spend = SpendLedger(parts.policies.budget, parts.facts.as_if, _day_so_far(parts))
        self.scratchpad = Scratchpad()
        self.summary = SessionSummary(id)
        self.step_budget = parts.policies.escalation.steps_budget
        self.open_escalations: dict[str, EscalationRequest] = {}
        self.changes: deque[FileChange] = deque(maxlen=3)
        """The last files that calls changed."""
        self._parts = parts
        self._bus = bus
        self._journal: Journal | None = None
        self._measured: Window | None = None

    @property
    def begun(self) -> bool:
        """True once something was stored."""
        return bool(self.events)

    def attach(self, journal: Journal, events: tuple[e.Stamped, ...], read_only: str) -> None:
        """Take over a session as it was found on disk."""
        self._journal, self.read_only = journal, read_only
        for stamped in events:
            self.fold(stamped)
        self.begin_day()

    def emit(self, event: e.AnyEvent) -> None:
        """Stamp, store, fold and publish one event. Raises ReadOnlySession and StoreFault."""
        stored = not isinstance(event, e.TRANSIENT)
        seq = (self.events[-1].seq or 0) + 1 if self.events else 1
        stamped = self._stamp(event, seq if stored else None)
        if stored:
            if self._journal is None:
                self._journal = self._parts.store.create(self.id)
            self._journal.append(stamped)
            self.fold(stamped)
        self._bus.publish(stamped)

    def emit_anyway(self, event: e.AnyEvent) -> None:
        """Tell `event`; where the disk refuses it, it is heard but not stored, and `recover` makes up for it."""
        try:
            self.emit(event)
        except StoreFault:
            self._bus.publish(self._stamp(event, None))

    def _stamp(self, event: e.AnyEvent, seq: int | None) -> e.Stamped:
        span = current_span()
        return e.Stamped(seq, self._parts.clock.now(), self.id, self.trace, event, span.id, span.parent)

    def fold(self, stamped: e.Stamped) -> None:
        """Take one stored event into every fold, O(1)."""
        self._measured = None
        self.events.append(stamped)
        self.conversation.apply(stamped)
        self.ledger.apply(stamped, self.conversation)
        self.spend.apply(stamped)
        self.summary = folded(self.summary, stamped)
        match stamped.event:
            case e.ScratchpadChanged(note=note):
                self.scratchpad = noted(self.scratchpad, note)
            case e.EscalationRaised(request=request):
                self.open_escalations[request.id] = request
            case e.EscalationResolved(id=id) | e.EscalationExpired(id=id):
                self.open_escalations.pop(id, None)
            case e.BudgetRaised(steps=int(steps)):
                self.step_budget = steps
            case e.ToolFinished(changes=changes):
                self.changes.extend(changes)

    def window(self, live: int = 0) -> Window:
        """What the next request holds now; measured once for each stored event at most."""
        if live:
            return self.ledger.measure(self.conversation, live)
        if self._measured is None:
            self._measured = self.ledger.measure(self.conversation)
        return self._measured

    def measure(self, live: int = 0) -> None:
        """Tell window and spend as they stand."""
        self.emit(e.WindowMeasured(self.window(live)))
        self.emit(e.SpendMeasured(self.spend.reading()))

    def report_cache(self, usage: Usage) -> None:
        """Tell what a request read from and wrote to the prompt cache."""
        self.emit(report_cache(usage, self._parts.clock.now()))

    def begin_day(self) -> None:
        """Count the day anew: it may be another one, or another session may have spent in it."""
        self.spend.begin_day(_day_so_far(self._parts))

    def new_trace(self) -> None:
        """Begin another trace: one for each turn."""
        self.trace = new_trace_id()

    async def sync(self) -> None:
        """Wait until all that was told is on the disk; the event loop goes on meanwhile."""
        if self._journal is not None and not self.read_only:
            await asyncio.to_thread(self._journal.sync)

    def remember(self) -> None:
        """Put this session's row into the catalog."""
        if self.begun and not self.read_only:
            self._parts.catalog.put(self.summary)

    def adopt(self, events: tuple[e.Stamped, ...]) -> None:
        """Store a copy of another session's events as this one's, numbered anew."""
        self._journal = self._parts.store.create(self.id)
        for seq, stamped in enumerate(events, 1):
            copy = msgspec.structs.replace(stamped, seq=seq, session=self.id)
            self._journal.append(copy)
            self.fold(copy)

    def close(self) -> None:
        """Put the row into the catalog and release the file."""
        self.remember()
        self.release()

    def release(self) -> None:
        """Release the file."""
        if self._journal is not None:
            self._journal.close()


def today(parts: EngineDependencies) -> str:
    """The local date, ISO."""
    return datetime.fromtimestamp(parts.clock.now()).date().isoformat()


def _day_so_far(parts: EngineDependencies) -> tuple[float, int]:
    """Dollars and tokens of the user's day; a rehearsal has no part in it."""
    return (0.0, 0) if parts.facts.as_if else parts.days.total(today(parts), parts.user)
