"""The bill: each request is reserved before it goes and settled when it ends, at the budget of the root (seed §9).

request of a root  ─▶ its journal
request of a child ─▶ the root's journal, as its child's, and then the child's own

Checking and reserving happen without a pause between them, so two children never both take the last dollar.
"""

from datetime import datetime

from workbench.core import events as e
from workbench.core.clock import Clock
from workbench.core.errors import StoreFault
from workbench.core.ports import Prices
from workbench.core.requests import ModelRequest
from workbench.core.usage import Usage
from workbench.cost import BudgetPolicy
from workbench.engine.dependencies import DaySpend
from workbench.engine.session import Session

LEAST_REPLY = 1_024
"""Tokens below which an answer is not worth a request."""


class Billing:
    """What one session's requests may cost, and what they did."""

    def __init__(
        self,
        session: Session,
        *,
        prices: Prices,
        days: DaySpend,
        clock: Clock,
        user: str,
        policy: BudgetPolicy,
        as_if: bool,
    ) -> None:
        self._session, self._root = session, session.root
        self._prices, self._days, self._clock = prices, days, clock
        self._user, self._policy, self._as_if = user, policy, as_if

    def refusal(self, reply: int) -> str:
        """Why the budget has no room for a request with a reply of so many tokens, or nothing."""
        return self._root.spend.refusal(*self._estimate(self._session.summary.model, reply))

    def room(self) -> int:
        """Tokens the next reply may take: what is reserved, or less in a full window or budget; 1,024 at least."""
        window = self._session.window()
        room = max(LEAST_REPLY, min(window.reserved, window.size - window.total))
        while room > LEAST_REPLY and self.refusal(room):
            room = max(LEAST_REPLY, room // 2)
        return room

    def reserve(self, turn: int, step: int, request: ModelRequest) -> None:
        """Put aside the window total plus the maximum reply, at full price."""
        tokens, usd = self._estimate(request.model, request.max_tokens)
        for session, turn_there, step_there, child in self._books(turn, step):
            session.emit(e.BudgetReserved(turn_there, step_there, tokens, usd, child))

    def settle(self, turn: int, step: int, request: ModelRequest, usage: Usage) -> None:
        """Count what a request really used, and tell where that reaches another tier."""
        usd = self._prices.cost(request.model, usage)
        before = self._root.spend.reading().tier
        used = (request.model, usage, usd, self._as_if, request.purpose)
        for session, turn_there, step_there, child in self._books(turn, step):
            session.emit(e.BudgetSettled(turn_there, step_there, *used, child))
        after = self._root.spend.reading()
        if after.tier != before:
            self._root.emit(e.TierChanged(after.tier, f"{after.share:.0%} of the budget is spent"))
        if self._root is not self._session:
            self._root.emit(e.SpendMeasured(after))
        if not self._as_if and usage.total:
            self._count_day(usd or 0.0, usage.total)

    def raise_limits(self) -> bool:
        """The session's limits rise by the same again; True when the next request does not fit even then."""
        spend = self._root.spend.reading()
        usd, tokens = spend.limit_usd + self._policy.session_usd, spend.limit_tokens + self._policy.session_tokens
        self._root.emit(e.BudgetRaised(usd, tokens))
        return bool(self.refusal(LEAST_REPLY))

    def begin_day(self) -> None:
        """Count the day anew: it may be another one, or another session may have spent in it."""
        # A rehearsal has no part in anybody's day.
        self._root.spend.begin_day((0.0, 0) if self._as_if else self._days.total(self._today(), self._user))

    def _books(self, turn: int, step: int) -> list[tuple[Session, int, int, str]]:
        """Where a request is written down, with its turn and step there and the child's name; the root comes first."""
        own = (self._session, turn, step, "")
        if self._root is self._session:
            return [own]
        conversation = self._root.conversation
        return [(self._root, conversation.turn, conversation.step, self._session.id), own]

    def _estimate(self, model: str, reply: int) -> tuple[int, float | None]:
        usage = Usage(input_tokens=self._session.window().total, output_tokens=reply)
        return usage.total, self._prices.cost(model, usage)

    def _count_day(self, usd: float, tokens: int) -> None:
        """The day's ledger is beside the journal: where it cannot be written, the reply is not lost for it."""
        try:
            self._days.add(self._today(), self._user, self._session.id, usd, tokens)
        except StoreFault as fault:
            self._session.emit(e.Noticed(f"the day's budget misses this request: {fault.message}", "warning"))

    def _today(self) -> str:
        """The local date, ISO."""
        return datetime.fromtimestamp(self._clock.now()).date().isoformat()
