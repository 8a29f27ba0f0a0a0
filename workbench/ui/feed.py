"""The feed: batches of events folded into the board, whichever session they come from.

A first event of another session means that the client changed over; the model is then folded again from its history.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.core import events as e
from workbench.core.decisions import EscalationRequest
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.ports import EngineClient
from workbench.ui.board import Board
from workbench.ui.model import Change, update


@dataclass
class ViewChanges:
    """What a batch brought, beyond what the model holds."""

    change: Change = Change.NOTHING
    reset: bool = False
    """Another session: everything is to be drawn again."""
    raised: list[EscalationRequest] = field(default_factory=list)
    plan: CompactionPlan | None = None
    """To review; not one that is carried out without a dialog."""
    draft: HandoffPlan | None = None
    notices: list[e.Noticed] = field(default_factory=list)
    turn_began: bool = False
    settled: bool = False
    """A step or turn ended: the numbers are exact and are drawn at once."""


class EventReducer:
    """Folds events of the open session; those of one that was left are dropped."""

    def __init__(self, client: EngineClient, board: Board) -> None:
        self._client = client
        self._board = board
        self._session = ""
        self._last = 0

    @property
    def session(self) -> str:
        """The session that the board shows; empty before the first prompt of a new one."""
        return self._session

    def reload(self) -> None:
        """Fold the open session from its history."""
        board, client = self._board, self._client
        board.empty_model()
        board.read_only = client.read_only
        self._session, self._last = client.session_id, 0
        for stamped in client.history():
            self._count(stamped)
            update(board.model, stamped)
            self._raise_budget(stamped.event)
        if not client.busy:
            board.model.running, board.model.activity = False, ""
            board.model.escalations.clear()
        board.model.touched.clear()

    def changed_over(self) -> bool:
        """True when the client has another session open than the board shows; it is then folded."""
        if self._client.session_id == self._session:
            return False
        self.reload()
        return True

    def fold(self, batch: Iterable[e.Stamped]) -> ViewChanges:
        """Fold `batch` and say what it brought."""
        news = ViewChanges()
        waiting = list(batch)
        while waiting:
            stamped = waiting.pop(0)
            if stamped.session != self._session and stamped.session == self._client.session_id:
                self.reload()
                news.reset = True
                waiting = self._unseen([stamped, *waiting])
            elif stamped.session == self._session and not self._seen(stamped):
                self._one(stamped, news)
            elif isinstance(stamped.event, e.Noticed):
                news.notices.append(stamped.event)
        return news

    def _unseen(self, batch: list[e.Stamped]) -> list[e.Stamped]:
        """What came after the newest event that the history had, so that nothing is folded twice."""
        seen = [place for place, stamped in enumerate(batch) if self._seen(stamped)]
        old = batch[: seen[-1] + 1] if seen else []
        told = [s for s in old if isinstance(s.event, e.Noticed | e.CompactionPlanned | e.HandoffDrafted)]
        return told + batch[len(old) :]

    def _seen(self, stamped: e.Stamped) -> bool:
        return stamped.session == self._session and stamped.seq is not None and stamped.seq <= self._last

    def _one(self, stamped: e.Stamped, news: ViewChanges) -> None:
        self._count(stamped)
        news.change |= update(self._board.model, stamped)
        self._raise_budget(stamped.event)
        match stamped.event:
            case e.EscalationRaised() as event:
                news.raised.append(event.request)
            case e.CompactionPlanned(automatic=False) as event:
                news.plan = event.plan
            case e.HandoffDrafted() as event:
                news.draft = event.plan
            case e.Noticed() as event:
                news.notices.append(event)
            case e.TurnStarted() as event:
                news.turn_began = True
                self._dequeue(event.prompt)
            case e.MessageAdded() | e.TurnFinished() | e.TurnFailed() | e.EpochOpened() | e.CompactionUndone():
                news.settled = True

    def _count(self, stamped: e.Stamped) -> None:
        if stamped.seq is not None:
            self._last = max(self._last, stamped.seq)

    def _dequeue(self, prompt: str) -> None:
        """The prompt that begins now waits no longer, nor does any before it."""
        queued = self._board.queued
        if prompt in queued:
            del queued[: queued.index(prompt) + 1]

    def _raise_budget(self, event: object) -> None:
        if isinstance(event, e.BudgetRaised) and event.steps:
            self._board.steps_budget = event.steps
