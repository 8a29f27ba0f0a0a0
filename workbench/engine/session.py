"""A session: its journal, and the folds of it that the engine needs.

    emit(event) ─▶ stamp ─▶ journal (if stored) ─▶ folds ─▶ bus

A new session has no file until something worth storing happens in it. A child session does a part of another's work:
it has a journal and a window of its own, and spends from the budget of its root. Below: how a session begins, how
one is found again, and how it is renamed.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from workbench.caching import CacheRecord, PrefixWatch
from workbench.context import Ledger
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import EscalationRequest
from workbench.core.errors import StoreFault, WorkbenchError
from workbench.core.events import Bus
from workbench.core.folds import route
from workbench.core.ids import current_span, new_trace_id
from workbench.core.notes import Notepad, Scratchpad
from workbench.core.ports import Journal, RuntimeInfo
from workbench.core.spend import Usage
from workbench.core.summary import SessionSummary, SummaryFold
from workbench.core.tools import FileChange
from workbench.core.window import Window
from workbench.cost import SpendLedger
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.model_choice import ModelChoice
from workbench.engine.notices import Notices


class Session:
    """Events of one session and what they fold to. Everything but `emit` and `fold` only reads."""

    def __init__(self, id: str, deps: EngineDependencies, bus: Bus, root: "Session | None" = None) -> None:
        self.id = id
        self.trace: str = root.trace if root else new_trace_id()
        self.read_only = ""
        self.lost = 0
        """Events behind damage, which could not be read; 0 where the session is whole."""
        self.locked = False
        """True where it is read-only because another process writes it."""
        self.events: list[e.Stamped] = []
        self.conversation = Conversation()
        self.ledger = Ledger(deps.policies.window)
        self.spend = SpendLedger(deps.policies.budget, deps.facts.as_if)
        """What this session spent. In a root that includes its children; limits are the root's alone."""
        self._notepad = Notepad()
        self.cache = CacheRecord()
        self.prefix = PrefixWatch()
        self.choice = ModelChoice()
        self.notices = Notices()
        self.step_budget = deps.policies.escalation.steps_budget
        self.open_escalations: dict[str, EscalationRequest] = {}
        self.open_subtasks: dict[str, e.SubtaskStarted] = {}
        """By the child's session id."""
        self.changes: deque[FileChange] = deque(maxlen=3)
        """The last files that calls changed."""
        self.ahead: Session | None = None
        """What a session without events would begin with: its window is this one's until then."""
        self.versions: dict[str, str] = {}
        """Digest of each file's content as this session's model knows it, by path."""
        self._store, self._catalog, self._clock = deps.store, deps.catalog, deps.clock
        self._root, self._bus = root, bus
        self._journal: Journal | None = None
        self._measured: Window | None = None
        self._listed: Window | None = None
        """The same with its blocks."""
        self._summary = SummaryFold(SessionSummary(id))
        self._routes = route(
            (self.conversation.apply, Conversation.HANDLERS),
            (lambda stamped: self.ledger.apply(stamped, self.conversation), Ledger.HANDLERS),
            (self.spend.apply, SpendLedger.HANDLERS),
            (self._summary.apply, SummaryFold.HANDLERS),
            (self.cache.apply, CacheRecord.HANDLERS),
            (self.choice.apply, ModelChoice.HANDLERS),
            (self._follow, self.HANDLERS),
        )
        """The folds that each kind of event concerns, in the order in which they hear of it."""

    @property
    def begun(self) -> bool:
        """True once something was stored."""
        return bool(self.events)

    @property
    def summary(self) -> SessionSummary:
        """Its row in the list of sessions."""
        return self._summary.read(self.events)

    @property
    def scratchpad(self) -> Scratchpad:
        """What was noted."""
        return self._notepad.pad

    @property
    def root(self) -> "Session":
        """The outermost session, whose budget and trace this one shares; itself where it is nobody's child."""
        return self._root or self

    def attach(self, journal: Journal, events: tuple[e.Stamped, ...], read_only: str) -> None:
        """Take over a session as it was found on disk."""
        self._journal, self.read_only = journal, read_only
        self.events.extend(events)
        self._measured = self._listed = None
        self._fold(events)
        self.choice.reopen()

    def emit(self, event: e.AnyEvent) -> None:
        """Stamp, store, fold and publish one event. Raises ReadOnlySession and StoreFault."""
        stored = not isinstance(event, e.TRANSIENT)
        seq = (self.events[-1].seq or 0) + 1 if self.events else 1
        stamped = self._stamp(event, seq if stored else None)
        if stored:
            if self._journal is None:
                self._journal = self._store.create(self.id)
            self._journal.append(stamped)
            self.fold(stamped)
        self._bus.publish(stamped)

    def emit_anyway(self, event: e.AnyEvent) -> None:
        """Emit `event`; where the disk refuses it, it is heard but not stored, and `recover` makes up for it."""
        try:
            self.emit(event)
        except StoreFault:
            self._bus.publish(self._stamp(event, None))

    def choose_model(self, made: e.ModelChosen) -> None:
        """Have another model answer the next prompt. Before the session has begun it is heard, and not stored."""
        if self.begun:
            self.emit(made)
        else:
            self.choice.take(made)
            self._bus.publish(self._stamp(made, None))

    def _stamp(self, event: e.AnyEvent, seq: int | None) -> e.Stamped:
        span = current_span()
        return e.Stamped(seq, self._clock.now(), self.id, self.trace, event, span.id, span.parent)

    def fold(self, stamped: e.Stamped) -> None:
        """Take one stored event into every fold, O(1)."""
        self.events.append(stamped)
        self._measured = self._listed = None
        self._fold((stamped,))

    def _fold(self, events: Iterable[e.Stamped]) -> None:
        routes = self._routes
        for stamped in events:
            for apply in routes.get(type(stamped.event), ()):
                apply(stamped)

    def _follow(self, stamped: e.Stamped) -> None:
        self.HANDLERS[type(stamped.event)](self, stamped.seq or 0, stamped.event)

    def _note_files(self, _: int, event: e.ToolFinished) -> None:
        self.changes.extend(event.changes)
        self.versions.update(event.versions)

    def _note_told(self, seq: int, event: e.RequestSent | e.EpochOpened | e.CompactionUndone) -> None:
        self.notices.apply(seq, event, self.scratchpad)

    def _raise_steps(self, _: int, event: e.BudgetRaised) -> None:
        self.step_budget = self.step_budget if event.steps is None else event.steps

    HANDLERS: ClassVar[dict[type, Callable[["Session", int, Any], object]]] = {
        e.ToolFinished: _note_files,
        e.RequestSent: _note_told,
        e.EpochOpened: _note_told,
        e.CompactionUndone: _note_told,
        e.BudgetRaised: _raise_steps,
        e.ScratchpadChanged: lambda own, _, event: own._notepad.add(event.note),
        e.EscalationRaised: lambda own, _, event: own.open_escalations.update({event.request.id: event.request}),
        e.EscalationResolved: lambda own, _, event: own.open_escalations.pop(event.id, None),
        e.EscalationExpired: lambda own, _, event: own.open_escalations.pop(event.id, None),
        e.SubtaskStarted: lambda own, _, event: own.open_subtasks.update({event.session: event}),
        e.SubtaskFinished: lambda own, _, event: own.open_subtasks.pop(event.session, None),
    }
    """What a session follows itself, beside its folds."""

    def window(self, live: int = 0) -> Window:
        """What the next request holds now, without its blocks; read once for each stored event at most."""
        if self.ahead and not self.begun:
            return self.ahead.window(live)
        if live:
            return self.ledger.read(self.conversation, live)
        if self._measured is None:
            self._measured = self.ledger.read(self.conversation)
        return self._measured

    def list_blocks(self) -> Window:
        """What the next request holds now, block by block; listed once for each stored event at most."""
        if self.ahead and not self.begun:
            return self.ahead.list_blocks()
        if self._listed is None:
            self._listed = self.ledger.measure(self.conversation)
        return self._listed

    def measure(self) -> None:
        """Tell window and spend as they stand."""
        self.emit(e.WindowMeasured(self.window()))
        self.emit(e.SpendMeasured(self.spend.reading()))

    def add_up(self, since: int = 0, child: str | None = None) -> tuple[Usage, float | None]:
        """Tokens and dollars settled from the event at index `since` on, of one child or, with None, of all.

        Dollars are None where a price was unknown.
        """
        usage, cost, known = Usage(), 0.0, True
        for stamped in self.events[since:]:
            if isinstance(settled := stamped.event, e.BudgetSettled) and child in (None, settled.child):
                usage += settled.usage
                cost += settled.usd or 0.0
                known = known and settled.usd is not None
        return usage, cost if known else None

    def begin_trace(self) -> None:
        """Begin another trace: one for each turn, with all that its children do."""
        self.trace = self._root.trace if self._root else new_trace_id()

    async def sync(self) -> None:
        """Wait until all that was told is on the disk; the event loop goes on meanwhile."""
        if self._journal is not None and not self.read_only:
            await asyncio.to_thread(self._journal.sync)

    def remember(self) -> None:
        """Put this session's row into the catalog."""
        if self.begun and not self.read_only:
            self._catalog.put(self.summary)

    def store_whole(self) -> None:
        """Store all events of a session that was only folded. Raises StoreFault, and leaves nothing behind then."""
        self._journal = self._store.create(self.id)
        try:
            for stamped in self.events:
                self._journal.append(stamped)
            self._journal.sync()
        except BaseException:
            self.release()
            self._store.delete(self.id)
            raise

    def close(self) -> None:
        """Put the row into the catalog and release the file."""
        self.remember()
        self.release()

    def release(self) -> None:
        """Release the file."""
        if self._journal is not None:
            self._journal.close()


TITLE_WORDS, TITLE_LENGTH = 6, 40


def begin_session(
    session: Session, facts: RuntimeInfo, user: str, prompt: str, *, parent: str = "", role: str = ""
) -> None:
    """Open a session that has no events yet; its title is how the prompt begins. A child names its root and `role`."""
    if session.begun:
        return
    root = session.root.id if session.root is not session else ""
    place = (facts.workspace, facts.provider, facts.model, facts.as_if, user)
    session.emit(e.SessionOpened(make_title(prompt), *place, parent, root, role))


def make_title(prompt: str) -> str:
    """A title of a few words; `…` where more would follow."""
    whole = " ".join(prompt.split())
    words = " ".join(whole.split(" ")[:TITLE_WORDS])[:TITLE_LENGTH]
    return words.rstrip(" .") + ("…" if len(words) < len(whole) else "")


async def find_session(
    id: str, deps: EngineDependencies, bus: Bus, root: Session | None = None, *, write: bool = True
) -> Session:
    """The session `id` (or its unique beginning) as it is on disk; without `write`, to read. Raises UnknownSession."""

    def read() -> Session:
        stored = (deps.store.open if write else deps.store.read)(id)
        session = Session(stored.id, deps, bus, root)
        session.attach(stored.journal, stored.events, stored.read_only)
        session.lost, session.locked = stored.lost, stored.locked
        return session

    return await asyncio.to_thread(read)


def rename(session: Session, title: str) -> None:
    """Give `session` another title. Raises WorkbenchError where it has no file, or the title no character."""
    if not (title := " ".join(title.split())):
        raise WorkbenchError("a title needs at least one character")
    if not session.begun:
        raise WorkbenchError("this session has no file yet", "Ask for something first.")
    session.emit(e.SessionRenamed(title))
    session.remember()
