"""The spend ledger: a fold of reservations and settlements, and who may still spend (seed §9).

    BudgetReserved ─▶ reserved      BudgetSettled ─▶ spent, of session and day      BudgetRaised ─▶ limits
    TurnFinished, TurnFailed ─▶ nothing of its own reserved      SubtaskFinished ─▶ nothing of the child's

Four budgets: dollars and tokens, of the session and of the day. The fullest sets the tier. Money of a rehearsal fills
the session's budget as if, and never the day's. Where a price is unknown the token budgets rule; dollars that are
known to be spent still count. A root's ledger holds what its children reserve and settle beside its own.
"""

from typing import NamedTuple

import msgspec

from workbench.core import events as e
from workbench.core import figures
from workbench.core.spend import BudgetName, Spend, Usage


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


class SpendLedger:
    """What a session has spent. Mutated only by `apply` and `begin_day`."""

    def __init__(self, policy: BudgetPolicy, as_if: bool, day: tuple[float, int] = (0.0, 0)) -> None:
        """`day`: dollars and tokens that the user's day already holds, without the events still to be applied."""
        self._policy = policy
        self._as_if = as_if
        self._day_usd, self._day_tokens = day
        self._limit_usd, self._limit_tokens = policy.session_usd, policy.session_tokens
        self._usd = 0.0
        self._priced = True
        self._usage = Usage()
        self._reserved: dict[str, tuple[int, float]] = {}
        """Tokens and dollars by child session; the session's own are under the empty name."""

    def apply(self, stamped: e.Stamped) -> None:
        """Fold one event in; those that do not concern money change nothing."""
        match stamped.event:
            case e.BudgetReserved() as event:
                self._reserved[event.child] = (event.tokens, event.usd or 0.0)
            case e.BudgetSettled() as event:
                self._settle(event)
            case e.TurnFinished() | e.TurnFailed():
                self._reserved.pop("", None)
            case e.SubtaskFinished(session=child):
                self._reserved.pop(child, None)
            case e.BudgetRaised() as event:
                self._limit_usd = self._cap(self._limit_usd if event.usd is None else event.usd)
                self._limit_tokens = self._limit_tokens if event.tokens is None else event.tokens

    def begin_day(self, day: tuple[float, int]) -> None:
        """Count the day anew from `day`, at midnight or when replayed events are in it already."""
        self._day_usd, self._day_tokens = day

    def reading(self) -> Spend:
        """The ledger as it stands."""
        fullest = max(self._budgets(), key=lambda budget: budget.share)
        tokens, usd = self._held()
        return Spend(
            usd=self._usd if self._priced else None,
            tokens=self._usage.total,
            reserved_usd=usd,
            reserved_tokens=tokens,
            limit_usd=self._limit_usd,
            limit_tokens=self._limit_tokens,
            day_usd=self._day_usd,
            day_tokens=self._day_tokens,
            day_limit_usd=self._policy.day_usd,
            day_limit_tokens=self._policy.day_tokens,
            tier=choose_tier(fullest.share, self._policy),
            share=fullest.share,
            fullest=fullest.name,
            as_if=self._as_if,
            cached_share=self._usage.cached_share,
            more_usd=self._policy.session_usd,
            more_tokens=self._policy.session_tokens,
            warnings=self._policy.tiers[:2],
        )

    def refusal(self, tokens: int, usd: float | None) -> str:
        """Why a request that may take `tokens` and cost `usd` cannot go, in one sentence; empty when it can."""
        held_tokens, held_usd = self._held()
        for budget in self._budgets():
            money = budget.name.endswith("usd")
            wanted, held = (usd or 0.0, held_usd) if money else (tokens, held_tokens)
            if round(budget.spent + held + wanted, 9) > budget.limit or budget.limit <= 0:
                return _explain_refusal(budget, wanted, held, self._as_if)
        return ""

    def _held(self) -> tuple[int, float]:
        """Tokens and dollars of all requests that are under way."""
        reserved = self._reserved.values()
        return sum(tokens for tokens, _ in reserved), sum((usd for _, usd in reserved), 0.0)

    def _cap(self, usd: float) -> float:
        """`usd`, or what the command line allows where that is less: an older yes does not outlast it."""
        return usd if self._policy.cap_usd is None else min(usd, self._policy.cap_usd)

    def _settle(self, event: e.BudgetSettled) -> None:
        self._reserved.pop(event.child, None)
        self._usage += event.usage
        self._usd += event.usd or 0.0
        self._priced = self._priced and event.usd is not None
        if not (self._as_if or event.as_if):
            self._day_usd += event.usd or 0.0
            self._day_tokens += event.usage.total

    def _budgets(self) -> list[_Budget]:
        session = [
            _Budget("session_usd", self._usd, self._limit_usd),
            _Budget("session_tokens", self._usage.total, self._limit_tokens),
        ]
        if self._as_if:
            return session
        return [
            *session,
            _Budget("day_usd", self._day_usd, self._policy.day_usd),
            _Budget("day_tokens", self._day_tokens, self._policy.day_tokens),
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
