"""Escalations that wait: an event up, a command down, a future between them (seed §5)."""

import asyncio
from typing import Any

from workbench.core import events as e
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.errors import WorkbenchError
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.session import Session


class PendingApprovals:
    """Asks, and waits for the answer. Pending, denied and expired are three different states."""

    def __init__(self, parts: EngineDependencies) -> None:
        self._parts = parts
        self._waiting: dict[str, asyncio.Future[Verdict]] = {}

    def resolve(self, id: str, verdict: Verdict) -> None:
        """Answer the escalation `id`. Raises WorkbenchError when it does not wait."""
        future = self._waiting.get(id)
        if future is None or future.done():
            raise WorkbenchError("nothing waits for this answer any more", "It was answered, or it expired.")
        future.set_result(verdict)

    async def ask(self, session: Session, request: EscalationRequest) -> Verdict | None:
        """The verdict on `request`; None when nobody answered in time, which is not a no."""
        clock = self._parts.clock
        asked_at = clock.monotonic()
        if self._parts.unattended is not None:
            session.emit(e.EscalationRaised(request))
            return self._close(session, request, self._parts.unattended(request), 0.0)
        expires_s = self._parts.policies.escalation.expires_s
        future: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = future
        expiry = asyncio.ensure_future(clock.sleep(expires_s))
        try:
            session.emit(e.EscalationRaised(request, clock.now() + expires_s))
            waiting: set[asyncio.Future[Any]] = {future, expiry}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            verdict = future.result() if future.done() else None  # an answer counts, whatever came with it
            expiry.cancel()
            self._waiting.pop(request.id, None)
            self._close(session, request, verdict, clock.monotonic() - asked_at)
        return verdict

    @staticmethod
    def _close(session: Session, request: EscalationRequest, verdict: Verdict | None, waited: float) -> Verdict | None:
        if verdict is None:
            session.emit(e.EscalationExpired(request.id, waited))
        else:
            session.emit(e.EscalationResolved(request.id, verdict, waited))
        return verdict
