"""The bill: each request is reserved before it goes and settled when it ends, at the budget of the root (seed §9).

request of a root  ─▶ its journal
request of a child ─▶ the root's journal, as its child's, and then the child's own

Checking and reserving happen without a pause between them, so two children never both take the last dollar.
"""

from dataclasses import dataclass
from datetime import datetime

from workbench.core import events as e
from workbench.core.errors import StoreFault
from workbench.core.ports import Clock, DaySpend, Prices
from workbench.core.requests import ModelRequest
from workbench.core.spend import Usage
from workbench.engine.session import Session

LEAST_REPLY = 1_024
"""Tokens below which an answer is not worth a request."""


@dataclass(frozen=True)
class Billing:
    """What one session's requests may cost, and what they did."""

    session: Session
    prices: Prices
    days: DaySpend
    clock: Clock
    user: str
    as_if: bool
    """True for a rehearsal: it has no part in anybody's day."""

    def refusal(self, reply: int) -> str:
        """Why the budget has no room for a request with a reply of so many tokens, or nothing."""
        return self.session.root.spend.refusal(*self._estimate(self.session.summary.model, reply))

    def room(self) -> int:
        """Tokens the next reply may take: what is reserved, or less in a full window or budget; 1,024 at least."""
        window = self.session.window()
        room = max(LEAST_REPLY, min(window.reserved, window.size - window.total))
        while room > LEAST_REPLY and self.refusal(room):
            room = max(LEAST_REPLY, room // 2)
        return room

    def reserve(self, request: ModelRequest) -> None:
        """Put aside the window total plus the maximum reply, at full price."""
        estimate = self._estimate(request.model, request.max_tokens)
        for session, child in self._books():
            at = session.conversation
            session.emit(e.BudgetReserved(at.turn, at.step, *estimate, child))

    def settle(self, request: ModelRequest, usage: Usage) -> None:
        """Count what a request really used, and tell where that reaches another tier."""
        root, usd = self.session.root, self.prices.cost(request.model, usage)
        before = root.spend.reading().tier
        for session, child in self._books():
            used, at = (request.model, usage, usd, self.as_if, request.purpose), session.conversation
            session.emit(e.BudgetSettled(at.turn, at.step, *used, child))
        after = root.spend.reading()
        if after.tier != before:
            root.emit(e.TierChanged(after.tier, f"{after.share:.0%} of the budget is spent"))
        if root is not self.session:
            root.emit(e.SpendMeasured(after))
        if not self.as_if and usage.total:
            self._count_day(usd or 0.0, usage.total)

    def raise_limits(self) -> bool:
        """The session's limits rise by the same again; True when the next request does not fit even then."""
        spend = self.session.root.spend.reading()
        self.session.root.emit(e.BudgetRaised(spend.limit_usd + spend.more_usd, spend.limit_tokens + spend.more_tokens))
        return bool(self.refusal(LEAST_REPLY))

    def begin_day(self) -> None:
        """Count the day anew: it may be another one, or another session may have spent in it."""
        self.session.root.spend.begin_day((0.0, 0) if self.as_if else self.days.total(self._today(), self.user))

    def _books(self) -> list[tuple[Session, str]]:
        """Where a request is written down, and the child's name there; the root comes first."""
        own, root = self.session, self.session.root
        return [(own, "")] if root is own else [(root, own.id), (own, "")]

    def _estimate(self, model: str, reply: int) -> tuple[int, float | None]:
        usage = Usage(input_tokens=self.session.window().total, output_tokens=reply)
        return usage.total, self.prices.cost(model, usage)

    def _count_day(self, usd: float, tokens: int) -> None:
        """The day's ledger is beside the journal: where it cannot be written, the reply is not lost for it."""
        try:
            self.days.add(self._today(), self.user, self.session.id, usd, tokens)
        except StoreFault as fault:
            self.session.emit(e.Noticed(f"the day's budget misses this request: {fault.message}", "warning"))

    def _today(self) -> str:
        """The local date, ISO."""
        return datetime.fromtimestamp(self.clock.now()).date().isoformat()
