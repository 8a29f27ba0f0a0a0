"""Escalations that wait: an event up, a command down, a future between them (seed §5)."""

import asyncio
from typing import Any

from workbench.core import events as e
from workbench.core.clock import Clock
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.errors import WorkbenchError
from workbench.engine.dependencies import Unattended
from workbench.engine.session import Session


class PendingApprovals:
    """Asks for all runs of a process, and waits for the answers. Pending, denied and expired are different states.

    What a child asks stands in its root's journal too: that is the one a person looks at.
    """

    def __init__(self, clock: Clock, expires_s: float, unattended: Unattended | None) -> None:
        self._clock, self._expires_s, self._unattended = clock, expires_s, unattended
        self._waiting: dict[str, asyncio.Future[Verdict]] = {}

    def resolve(self, id: str, verdict: Verdict) -> None:
        """Answer the escalation `id`. Raises WorkbenchError when it does not wait."""
        future = self._waiting.get(id)
        if future is None or future.done():
            raise WorkbenchError("nothing waits for this answer any more", "It was answered, or it expired.")
        future.set_result(verdict)

    async def ask(self, session: Session, request: EscalationRequest) -> Verdict | None:
        """The verdict on `request`; None when nobody answered in time, which is not a no."""
        if self._unattended is not None:
            _tell(session, e.EscalationRaised(request))
            verdict = self._unattended(request)
            _close(session, request, verdict, 0.0)
            return verdict
        asked_at = self._clock.monotonic()
        future: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = future
        expiry = asyncio.ensure_future(self._clock.sleep(self._expires_s))
        try:
            _tell(session, e.EscalationRaised(request, self._clock.now() + self._expires_s))
            waiting: set[asyncio.Future[Any]] = {future, expiry}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            verdict = future.result() if future.done() else None  # an answer counts, whatever came with it
            expiry.cancel()
            self._waiting.pop(request.id, None)
            _close(session, request, verdict, self._clock.monotonic() - asked_at)
        return verdict


def _close(session: Session, request: EscalationRequest, verdict: Verdict | None, waited: float) -> None:
    if verdict is None:
        _tell(session, e.EscalationExpired(request.id, waited))
    else:
        _tell(session, e.EscalationResolved(request.id, verdict, waited))


def _tell(session: Session, event: e.AnyEvent) -> None:
    session.emit(event)
    if session.root is not session:
        session.root.emit(event)
