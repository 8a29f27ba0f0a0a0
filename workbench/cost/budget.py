"""The spend ledger: a fold of reservations and settlements, and who may still spend (seed §9).

    BudgetReserved ─▶ reserved      BudgetSettled ─▶ spent, of session and day      BudgetRaised ─▶ limits
    TurnFinished, TurnFailed ─▶ nothing of its own reserved      SubtaskFinished ─▶ nothing of the child's

Four budgets: dollars and tokens, of the session and of the day. The fullest sets the tier. What a rehearsal takes is a
sum of its own: it fills a rehearsal's session as if, never a real budget and never the day's. Where a price is unknown
the token budgets rule; dollars that are known to be spent still count. A root's ledger holds what its children reserve
and settle beside its own.
"""

import math
import statistics
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

import msgspec

from workbench.core import events as e
from workbench.core import figures
from workbench.core.spend import Amount, BudgetName, DayLimits, DayTotal, Spend, Usage

NOTHING = DayTotal()
MOST_TURNS = 20
"""The last turns that say what a typical one takes."""


class BudgetPolicy(msgspec.Struct, frozen=True):
    """How much a session and a person's day may cost. A limit of 0 allows nothing."""

    session_usd: float = 5.0
    """Dollars of one session."""
    session_tokens: int = 25_000_000
    """Prompt and reply tokens of all requests of one session."""
    day_usd: float = 20.0
    """Dollars of one user in one day, over all sessions."""
    day_tokens: int = 100_000_000
    """Tokens of one user in one day, over all sessions."""
    tiers: tuple[float, float, float] = (0.75, 0.90, 1.0)
    """Shares of the fullest budget from which tiers 2, 3 and 4 begin."""
    cap_usd: float | None = None
    """Dollars over which no yes lifts the session's limit; the command line sets it."""
    named: tuple[BudgetName, ...] = ()
    """Budgets that a person named: one that cannot be kept refuses the request, where a default is only told."""

    @property
    def day_limits(self) -> DayLimits:
        """The day's, together."""
        return DayLimits(self.day_usd, self.day_tokens)


def choose_tier(share: float, policy: BudgetPolicy) -> int:
    """1 to 4 for `share` of the fullest budget; a threshold belongs to the tier that it begins."""
    # Sums of cents miss a threshold by a rounding error; a billionth of a budget is below any price.
    return 1 + sum(round(share, 9) >= threshold for threshold in policy.tiers)


class _Budget(NamedTuple):
    """One of the four, as it stands."""

    name: BudgetName
    spent: float
    limit: float

    @property
    def share(self) -> float:
        return self.spent / self.limit if self.limit > 0 else 1.0


class _Sum:
    """What was settled, of real money or as if."""

    def __init__(self) -> None:
        self.usd, self.saved, self.priced, self.estimated = 0.0, 0.0, True, False
        self.tokens = self.prompt = self.cached = 0
        """Prompt and reply; the prompt alone; of it, what was read from the cache."""

    def add(self, took: Amount, priced: bool, usage: Usage, saved: float | None) -> None:
        self.usd += took.usd
        self.saved += saved or 0.0
        self.priced = self.priced and priced
        self.tokens += took.tokens
        self.prompt += usage.prompt
        self.cached += usage.cache_read_input_tokens
        self.estimated = self.estimated or usage.estimated

    @property
    def cached_share(self) -> float:
        return self.cached / self.prompt if self.prompt else 0.0

    @property
    def known_usd(self) -> float | None:
        return self.usd if self.priced else None


class SpendLedger:
    """What a session has spent. Mutated by `apply`, `begin_day` and what billing knows of price and day."""

    def __init__(self, policy: BudgetPolicy, as_if: bool, day: DayTotal = NOTHING) -> None:
        """`day`: what the user's day already holds, without the events still to be applied."""
        self._policy = policy
        self._as_if = as_if
        self.day_kept = True
        """False where the day's ledger cannot be used."""
        self.priced = True
        """False where the model has no known price."""
        self.begin_day(day)
        self._limit_usd, self._limit_tokens = policy.session_usd, policy.session_tokens
        self._real, self._rehearsed = _Sum(), _Sum()
        self._turn = Amount()
        self._turns: list[Amount] = []
        """What each turn took, in this session's kind of money."""
        self._reserved: dict[str, tuple[int, float]] = {}
        """Tokens and dollars by child session; the session's own are under the empty name."""

    def apply(self, stamped: e.Stamped) -> None:
        """Fold one event in; those that do not concern money change nothing."""
        if handler := self.HANDLERS.get(type(stamped.event)):
            handler(self, stamped.event)

    def begin_day(self, day: DayTotal) -> None:
        """Take over the day as the ledger of all processes has it; what this session has under way is known here."""
        self._day, self._others = day.settled, day.others

    def take_over(self, other: "SpendLedger") -> None:
        """What is known of the day and of the price, from the ledger of the session that was in front before."""
        self._day, self._others = other._day, other._others
        self.day_kept, self.priced = other.day_kept, other.priced

    def reading(self) -> Spend:
        """The ledger as it stands."""
        fullest = max(self._budgets(), key=lambda budget: budget.share)
        tokens, usd = self._held()
        typical = [statistics.median(each) for each in zip(*self._turns[-MOST_TURNS:], strict=True)] or [0.0, 0.0]
        return Spend(
            usd=self._real.known_usd,
            as_if_usd=self._rehearsed.known_usd,
            tokens=self._own.tokens,
            estimated=self._own.estimated,
            reserved_usd=usd,
            reserved_tokens=tokens,
            limit_usd=self._limit_usd,
            limit_tokens=self._limit_tokens,
            day_usd=self._day.usd,
            day_tokens=self._day.tokens,
            day_limit_usd=self._policy.day_usd,
            day_limit_tokens=self._policy.day_tokens,
            day_kept=self.day_kept,
            priced=self.priced,
            tier=choose_tier(fullest.share, self._policy),
            share=fullest.share,
            fullest=fullest.name,
            as_if=self._as_if,
            cached_share=self._own.cached_share,
            saved_usd=self._own.saved,
            more_usd=self._policy.session_usd,
            more_tokens=self._policy.session_tokens,
            turn_usd=typical[0],
            turn_tokens=int(typical[1]),
            warnings=self._policy.tiers[:2],
        )

    def refusal(self, tokens: int, usd: float | None) -> str:
        """Why a request that may take `tokens` and cost `usd` cannot go, in one sentence; empty when it can."""
        found = next(self._list_refusing(tokens, usd), None)
        return _explain_refusal(*found, self._as_if) if found else ""

    def refusing(self, tokens: int, usd: float | None) -> BudgetName | None:
        """The first of the budgets that has no room for such a request; the session's come first."""
        found = next(self._list_refusing(tokens, usd), None)
        return found[0].name if found else None

    def _list_refusing(self, tokens: int, usd: float | None) -> Iterator[tuple[_Budget, float, float]]:
        """Each budget without room, what is wanted of it and what is held."""
        own = self._held()
        for budget in self._budgets():
            money = budget.name.endswith("usd")
            wanted, held = (usd or 0.0, own[1]) if money else (tokens, own[0])
            if budget.name.startswith("day"):
                held += self._others.usd if money else self._others.tokens
            if round(budget.spent + held + wanted, 9) > budget.limit or budget.limit <= 0:
                yield budget, wanted, held

    def _held(self) -> tuple[int, float]:
        """Tokens and dollars of all requests of this session that are under way."""
        reserved = self._reserved.values()
        return sum(tokens for tokens, _ in reserved), sum((usd for _, usd in reserved), 0.0)

    def _cap(self, usd: float) -> float:
        """`usd`, or what the command line allows where that is less: an older yes does not outlast it."""
        return usd if self._policy.cap_usd is None else min(usd, self._policy.cap_usd)

    @property
    def _own(self) -> _Sum:
        """The sum that counts against the session's limits."""
        return self._rehearsed if self._as_if else self._real

    def _reserve(self, event: e.BudgetReserved) -> None:
        self._reserved[event.child] = (event.tokens, event.usd or 0.0)

    def _settle(self, event: e.BudgetSettled) -> None:
        self._reserved.pop(event.child, None)
        kind = self._rehearsed if event.as_if else self._real
        priced = event.usd is not None and math.isfinite(event.usd)
        took = Amount(event.usd if event.usd is not None and priced else 0.0, event.usage.total)
        kind.add(took, priced, event.usage, event.saved_usd)
        if kind is self._own:
            self._turn = self._turn.plus(took)
        if not (self._as_if or event.as_if):
            self._day = self._day.plus(took)

    def _end_turn(self, _: e.TurnFinished | e.TurnFailed) -> None:
        self._reserved.pop("", None)
        if self._turn.tokens:
            self._turns.append(self._turn)
        self._turn = Amount()

    def _finish_child(self, event: e.SubtaskFinished) -> None:
        self._reserved.pop(event.session, None)

    def _raise_limits(self, event: e.BudgetRaised) -> None:
        self._limit_usd = self._cap(self._limit_usd if event.usd is None else event.usd)
        self._limit_tokens = self._limit_tokens if event.tokens is None else event.tokens

    HANDLERS: ClassVar[dict[type, Callable[["SpendLedger", Any], None]]] = {
        e.BudgetReserved: _reserve,
        e.BudgetSettled: _settle,
        e.TurnFinished: _end_turn,
        e.TurnFailed: _end_turn,
        e.SubtaskFinished: _finish_child,
        e.BudgetRaised: _raise_limits,
    }
    """What it does with each kind of event; no other kind concerns it."""

    def _budgets(self) -> list[_Budget]:
        session = [
            _Budget("session_usd", self._own.usd, self._limit_usd),
            _Budget("session_tokens", self._own.tokens, self._limit_tokens),
        ]
        if self._as_if:
            return session
        return [
            *session,
            _Budget("day_usd", self._day.usd, self._policy.day_usd),
            _Budget("day_tokens", self._day.tokens, self._policy.day_tokens),
        ]


def _explain_refusal(budget: _Budget, wanted: float, held: float, as_if: bool) -> str:
    whose = "session" if budget.name.startswith("session") else "day"
    money = budget.name.endswith("usd")
    figured = [figures.dollars(n) if money else figures.tokens(int(n)) for n in (*budget[1:], wanted, held)]
    spent, limit, more, kept = figured
    unit = (" as if" if as_if else "") if money else " tokens"
    if budget.spent >= budget.limit:
        return f"The {whose}'s budget is spent: {spent} of {limit}{unit}."
    verb = "is" if money else "are"
    others = f", with {kept} reserved by others" if held else ""
    return f"The request may take {more}{unit}, and {spent} of the {whose}'s {limit}{unit} {verb} spent{others}."
