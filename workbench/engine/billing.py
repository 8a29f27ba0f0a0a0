"""The bill: each request is reserved before it goes and settled when it ends, at the budget of the root (seed §9).

request of a root  ─▶ its journal
request of a child ─▶ the root's journal, as its child's, and then the child's own
either             ─▶ the day's ledger, which all processes of the user share

Each paid attempt is reserved anew. Checking and reserving is one step: in the day's ledger, and then, without a pause,
in the session's, so two children never both take the last dollar.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from workbench.core import events as e
from workbench.core import figures
from workbench.core.errors import ProviderFault, SettingsFault, StoreFault
from workbench.core.ports import Clock, DaySpend, Prices
from workbench.core.requests import ModelRequest
from workbench.core.spend import Amount, BudgetName, Reservation, Usage
from workbench.cost import BudgetPolicy
from workbench.engine.session import Session
from workbench.engine.task_queue import see_through

LEAST_REPLY = 1_024
"""Tokens below which an answer is not worth a request."""
QUIET_S = 2.0
"""Seconds after which it is said that the day's ledger is waited for."""
WAITING = "waiting for another process of yours, which holds the spend ledger of the day"
Given = TypeVar("Given")


class BudgetExceeded(ProviderFault):
    """The budget has no room for a request; it was not sent."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__("spend", message, hint=hint)


class Booking(NamedTuple):
    """A request that was reserved, to be settled when it ends."""

    request: ModelRequest
    day: Reservation | None
    """None where it has no part in the day's ledger."""


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
    answers: Callable[[], str]
    """Names the model that answers the next turn."""
    policy: BudgetPolicy

    @property
    def model(self) -> str:
        """What answers the next turn."""
        return self.answers()

    def refusal(self, reply: int) -> str:
        """Why the budget has no room for a request with a reply of so many tokens, or nothing."""
        return self.session.root.spend.refusal(*self._estimate(self.session.summary.model, reply))

    def refusing(self, reply: int) -> BudgetName:
        """The budget that has no room for such a request; none of ours: others hold the rest of the day."""
        spend = self.session.root.spend
        return spend.refusing(*self._estimate(self.session.summary.model, reply)) or spend.reading().day

    def room(self) -> int:
        """Tokens the next reply may take: what is reserved, or less in a full window or budget; 1,024 at least."""
        window = self.session.window()
        room = max(LEAST_REPLY, min(window.reserved, window.size - window.total))
        while room > LEAST_REPLY and self.refusal(room):
            room = max(LEAST_REPLY, room // 2)
        return room

    async def reserve(self, request: ModelRequest, *, over_budget: bool = False) -> Booking:
        """Put aside the window total plus the maximum reply, at full price; at each attempt anew.

        Raises BudgetExceeded where there is no room for it, unless a person went `over_budget`.
        """
        tokens, usd = self._estimate(request.model, request.max_tokens)
        day, refused = await self._reserve_day(Amount(usd or 0.0, tokens), over_budget)
        refused = refused or ("" if over_budget else self.session.root.spend.refusal(tokens, usd))
        if refused:
            await self._settle_day(day, Amount())
            raise BudgetExceeded(refused)
        for session, child in self._books():
            at = session.conversation
            session.emit(e.BudgetReserved(at.turn, at.step, tokens, usd, child))
        return Booking(request, day)

    async def settle(self, booking: Booking, usage: Usage) -> None:
        """Count what a request really used, and tell where that reaches another tier."""
        request, root = booking.request, self.session.root
        usd, uncached = self.prices.cost(request.model, usage), Usage(usage.prompt, usage.output_tokens)
        whole = usd if usage.prompt == usage.input_tokens else self.prices.cost(request.model, uncached)
        saved = None if usd is None or whole is None else whole - usd
        before = root.spend.reading().tier
        try:
            for session, child in self._books():
                used, at = (request.model, usage, usd, self.as_if, request.purpose), session.conversation
                session.emit(e.BudgetSettled(at.turn, at.step, *used, child, saved))
            after = root.spend.reading()
            if after.tier != before:
                root.emit(e.TierChanged(after.tier, f"{after.share:.0%} of the budget is spent"))
            if root is not self.session:
                root.emit(e.SpendMeasured(after))
        finally:
            await self._settle_day(booking.day, Amount(usd or 0.0, usage.total))

    def raise_limits(self, budget: BudgetName | None) -> bool:
        """Do what a yes to the question about `budget` said; True where the turn goes on past that budget.

        The session's limits rise by the same again, and are gone past where even that is too little. The day's stay.
        """
        if budget in ("day_usd", "day_tokens"):
            return True
        spend = self.session.root.spend.reading()
        self.session.root.emit(e.BudgetRaised(spend.limit_usd + spend.more_usd, spend.limit_tokens + spend.more_tokens))
        return self.refusing(LEAST_REPLY) in ("session_usd", "session_tokens")

    async def look(self) -> None:
        """See what the day holds by now, and tell once where dollars cannot be counted; nothing is written."""
        root = self.session.root
        said = self.describe_price()
        if said and root.spend.priced:
            root.emit(e.Noticed(said, "warning"))
        root.spend.priced = not said
        if self.as_if:
            return
        try:
            async with self._tell_wait():
                root.spend.begin_day(await asyncio.to_thread(self.days.total, self._today(), self.user))
        except StoreFault as fault:
            self._miss_day(fault)

    def describe_price(self) -> str:
        """Which budget rules where the price of what answers next is not known; else empty."""
        if self.as_if or self.prices.cost(self.model, Usage(1_000, 1_000)) is not None:
            return ""
        # What rules comes first: a line of the screen may have no room for the rest.
        rules = f"the token budget of {figures.tokens(self.session.root.spend.reading().limit_tokens)} rules"
        return f"{rules}: the price of {self.model} is not known"

    def check_caps(self, model: str = "") -> None:
        """Raises SettingsFault where a person named a cap in dollars that cannot be kept, and none in tokens.

        `model`: by default what answers next.
        """
        named, model = self.policy.named, model or self.model
        capped = {name.endswith("usd") for name in named}
        if self.as_if or capped != {True} or self.prices.cost(model, Usage(1_000, 1_000)) is not None:
            return
        limit = self.policy.session_usd if "session_usd" in named else self.policy.day_usd
        raise SettingsFault(
            f"the price of {model} is not known, so a cap of {figures.limit(limit)} cannot be kept.",
            hint="Name a cap in tokens too (budget.session_tokens), or leave the one in dollars out.",
        )

    def _books(self) -> list[tuple[Session, str]]:
        """Where a request is written down, and the child's name there; the root comes first."""
        own, root = self.session, self.session.root
        return [(own, "")] if root is own else [(root, own.id), (own, "")]

    def _estimate(self, model: str, reply: int) -> tuple[int, float | None]:
        usage = Usage(input_tokens=self.session.window().total, output_tokens=reply)
        return usage.total, self.prices.cost(model, usage)

    async def _reserve_day(self, amount: Amount, over_budget: bool) -> tuple[Reservation | None, str]:
        """A part of the day for `amount`, and why there is none where it does not fit."""
        if self.as_if:
            return None, ""
        today, limits = self._today(), None if over_budget else self.policy.day_limits
        spend = self.session.root.spend
        try:
            async with self._tell_wait():
                number, day = await _see_through(
                    lambda: self.days.reserve(today, self.user, amount, limits),
                    undo=lambda made: (
                        made[0] is not None and self.days.settle(Reservation(today, self.user, made[0]), Amount())
                    ),
                )
        except StoreFault as fault:
            self._miss_day(fault)
            kept = any(name.startswith("day") for name in self.policy.named)
            return None, f"The day's budget cannot be kept. {fault.message}" if kept else ""
        spend.begin_day(day)
        spend.day_kept = True
        if number is not None:
            return Reservation(today, self.user, number), ""
        return None, spend.refusal(amount.tokens, amount.usd) or "The day's budget is reserved by others."

    async def _settle_day(self, day: Reservation | None, amount: Amount) -> None:
        """The day's ledger is beside the journal: where it cannot be written, the reply is not lost for it."""
        if day is None:
            return
        try:
            async with self._tell_wait():
                total = await _see_through(lambda: self.days.settle(day, amount))
        except StoreFault as fault:
            self._miss_day(fault)
            return
        if day.day == self._today():
            self.session.root.spend.begin_day(total)

    @asynccontextmanager
    async def _tell_wait(self) -> AsyncIterator[None]:
        """Say what is waited for where the day's ledger takes long: it is another process that writes it."""
        teller = asyncio.create_task(self._tell_late())
        try:
            yield
        finally:
            teller.cancel()

    async def _tell_late(self) -> None:
        await self.clock.sleep(QUIET_S)
        hint = "It goes on when that one lets go, or without the day's budget after a while."
        self.session.root.emit(e.Noticed(WAITING, "warning", hint))

    def _miss_day(self, fault: StoreFault) -> None:
        """Tell once that the day's budget cannot be kept."""
        root = self.session.root
        if root.spend.day_kept:
            root.emit(e.Noticed(f"the day's budget cannot be kept: {fault.message}", "warning", fault.hint))
        root.spend.day_kept = False

    def _today(self) -> str:
        """The local date, ISO."""
        return datetime.fromtimestamp(self.clock.now()).date().isoformat()


async def _see_through(work: Callable[[], Given], undo: Callable[[Given], object] | None = None) -> Given:
    """Do `work` in a thread, to its end whatever cancels the caller meanwhile; then it is undone."""
    given: list[Given] = []

    async def do() -> None:
        given.append(await asyncio.to_thread(work))

    try:
        await see_through(do())
    except asyncio.CancelledError:
        if undo is not None and given:
            await asyncio.to_thread(undo, given[0])
        raise
    return given[0]
