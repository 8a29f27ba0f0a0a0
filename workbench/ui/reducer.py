"""Events on their way to the screen: heard from the client, held in a queue that one timer empties, folded in batches.

Delivery is in order and without loss. The timer is paused while nothing comes, so that idle costs nothing. A first
event of another session means that the client changed over; the state is then folded again from its history.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence

import msgspec
from textual.message_pump import MessagePump

from workbench.core import events as e
from workbench.core.decisions import EscalationRequest
from workbench.core.events import Stamped
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.ports import EngineClient
from workbench.ui.reduce import reduce_event
from workbench.ui.reduce.pages import PAGE, WholeTranscript, find_page, fold_page
from workbench.ui.state import AnyEntry, Change, Prompt, UiState


class ViewChanges(msgspec.Struct):
    """What a batch brought, beyond what the state holds."""

    change: Change = Change.NOTHING
    reset: bool = False
    """Another session: everything is to be drawn again."""
    raised: list[EscalationRequest] = msgspec.field(default_factory=list)
    plan: CompactionPlan | None = None
    """To review; not one that is carried out without a dialog."""
    draft: HandoffPlan | None = None
    notices: list[e.Noticed] = msgspec.field(default_factory=list)
    turn_began: bool = False
    settled: bool = False
    """A step or turn ended: the numbers are exact and are drawn at once."""

    def __bool__(self) -> bool:
        """True when there is something to show."""
        return bool(self.change or self.reset or self.notices)

    def merge(self, later: "ViewChanges") -> None:
        """Take what came after as well, for a screen that was not in front."""
        self.change |= later.change
        self.reset |= later.reset
        self.turn_began |= later.turn_began
        self.settled |= later.settled


class EventReducer:
    """Folds events of the open session; those of one that was left are dropped."""

    def __init__(self, client: EngineClient, state: UiState, page: int = PAGE) -> None:
        """`page`: events of a long history that are folded at once."""
        self._client = client
        self._state = state
        self._page = page
        self._session = ""
        self._last = 0
        self.whole: WholeTranscript | None = None
        """The whole transcript where the state has only its newest page yet: see `complete`."""

    def reload(self) -> None:
        """Fold the open session from its history; of a long one the newest page."""
        state, client = self._state, self._client
        starting = None if state.starting_at is None else state.entries[state.starting_at]
        state.begin_session()
        state.read_only = client.read_only
        self._session, self._last = client.session_id, 0
        events = tuple(client.history())
        start = find_page(events, self._page)
        fold_page(state, events, start)
        self.whole = WholeTranscript(state, events) if start else None
        state.partial = bool(start)
        for stamped in events[start:]:
            self._count(stamped)
        if not client.busy:
            state.running, state.activity = False, ""
            state.escalations.clear()
        if starting and not state.running and not _has_begun(starting, events):
            state.show_starting(starting)
        state.touched.clear()

    def complete(self) -> int:
        """Give the state the whole transcript; returns how many entries it has more, all of them at the front."""
        whole, self.whole = self.whole, None
        self._state.partial = False
        return whole.hand_over(self._state) if whole else 0

    def changed_over(self) -> bool:
        """True when the client has another session open than the state shows; it is then folded."""
        if self._client.session_id == self._session:
            return False
        self.reload()
        return True

    def fold(self, batch: Iterable[e.Stamped]) -> ViewChanges:
        """Fold `batch` and say what it brought."""
        changes = ViewChanges()
        waiting = list(batch)
        while waiting:
            stamped = waiting.pop(0)
            if stamped.session != self._session and stamped.session == self._client.session_id:
                self.reload()
                changes.reset = True
                waiting = self._unseen([stamped, *waiting])
            elif stamped.session == self._session and not self._seen(stamped):
                self._one(stamped, changes)
            elif isinstance(stamped.event, e.Noticed):
                changes.notices.append(stamped.event)
        return changes

    def _unseen(self, batch: list[e.Stamped]) -> list[e.Stamped]:
        """What came after the newest event that the history had, so that nothing is folded twice."""
        seen = [place for place, stamped in enumerate(batch) if self._seen(stamped)]
        old = batch[: seen[-1] + 1] if seen else []
        told = [s for s in old if isinstance(s.event, e.Noticed | e.CompactionPlanned | e.HandoffDrafted)]
        return told + batch[len(old) :]

    def _seen(self, stamped: e.Stamped) -> bool:
        return stamped.session == self._session and stamped.seq is not None and stamped.seq <= self._last

    def _one(self, stamped: e.Stamped, changes: ViewChanges) -> None:
        self._count(stamped)
        if self.whole is not None:
            self.whole.hear(stamped)
        changes.change |= reduce_event(self._state, stamped)
        match stamped.event:
            case e.EscalationRaised() as event:
                changes.raised.append(event.request)
            case e.CompactionPlanned(automatic=False) as event:
                changes.plan = event.plan
            case e.HandoffDrafted() as event:
                changes.draft = event.plan
            case e.Noticed() as event:
                changes.notices.append(event)
            case e.TurnStarted() as event:
                changes.turn_began = True
                queued = self._state.queued
                if event.prompt in queued:  # it waits no longer, nor does any before it
                    del queued[: queued.index(event.prompt) + 1]
            case e.MessageAdded() | e.TurnFinished() | e.TurnFailed() | e.EpochOpened() | e.CompactionUndone():
                changes.settled = True

    def _count(self, stamped: e.Stamped) -> None:
        if stamped.seq is not None:
            self._last = max(self._last, stamped.seq)


INTERVAL, REDUCED_S = 1 / 25, 1.0
"""Seconds between two deliveries."""
PATIENCE = 12
"""Empty rounds after which the timer is paused."""


class Bridge:
    """Hears the client and delivers what it heard in batches."""

    def __init__(
        self,
        owner: MessagePump,
        client: EngineClient,
        deliver: Callable[[list[Stamped]], bool],
        reduced: bool = False,
    ) -> None:
        """`deliver` takes a batch, also an empty one, and says whether it wants to be called again soon.

        `reduced`: in few large steps.
        """
        self._queue: deque[Stamped] = deque()
        self._deliver = deliver
        self._timer = owner.set_interval(REDUCED_S if reduced else INTERVAL, self.drain, pause=True)
        self._empty = 0
        self.asleep = True
        """True while the timer is paused: nothing comes, and nothing is to be drawn."""
        self._stop = client.subscribe(self._hear)

    def _hear(self, stamped: Stamped) -> None:
        self._queue.append(stamped)
        self.wake()

    def wake(self) -> None:
        """Deliver soon, even if nothing came."""
        self._empty, self.asleep = 0, False
        self._timer.resume()

    def drain(self) -> None:
        """Deliver what waits."""
        batch = list(self._queue)
        self._queue.clear()
        unfinished = self._deliver(batch)
        self._empty = 0 if batch or unfinished else self._empty + 1
        if self._empty >= PATIENCE:
            self._timer.pause()
            self.asleep = True

    def close(self) -> None:
        """Hear no more."""
        self._stop()
        self._timer.stop()


def _has_begun(prompt: AnyEntry, events: Sequence[Stamped]) -> bool:
    """True where the turn of a prompt that was just sent is among `events`: a short one may be over by now."""
    turns = (stamped for stamped in reversed(events) if isinstance(stamped.event, e.TurnStarted))
    last = next(turns, None)
    return last is not None and isinstance(prompt, Prompt) and last.at >= prompt.at
