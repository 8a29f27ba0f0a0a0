"""What a request used, in the API's own terms (seed §8), and what a session has spent against what it may (seed §9)."""

from typing import Literal, NamedTuple

import msgspec


class Usage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Token counts as the Messages API reports them."""

    input_tokens: int = 0
    """Prompt tokens neither read from nor written to the cache."""
    output_tokens: int = 0
    """Reply tokens, thinking included."""
    cache_read_input_tokens: int = 0
    cache_creation_input_tokens: int = 0
    """Prompt tokens written to the cache, of either time to live."""
    cache_creation_1h_tokens: int = 0
    """The part of `cache_creation_input_tokens` that lives an hour."""
    thinking_tokens: int = 0
    """The part of `output_tokens` that is thinking."""
    estimated: bool = False
    """True where a stream broke off and the reply was counted here."""

    @property
    def prompt(self) -> int:
        """The whole prompt: uncached, written and read."""
        return self.input_tokens + self.cache_creation_input_tokens + self.cache_read_input_tokens

    @property
    def cached_share(self) -> float:
        """Of the prompt, what was read from the cache; 0 where there was none."""
        return self.cache_read_input_tokens / self.prompt if self.prompt else 0.0

    @property
    def total(self) -> int:
        """Prompt and reply."""
        return self.prompt + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_input_tokens + other.cache_read_input_tokens,
            self.cache_creation_input_tokens + other.cache_creation_input_tokens,
            self.cache_creation_1h_tokens + other.cache_creation_1h_tokens,
            self.thinking_tokens + other.thinking_tokens,
            self.estimated or other.estimated,
        )


BudgetName = Literal["session_usd", "session_tokens", "day_usd", "day_tokens"]
TIER_NAMES: dict[int, str] = {1: "full", 2: "thrifty", 3: "direct", 4: "spent"}
"""What each tier is called, everywhere."""


class Amount(NamedTuple):
    """Dollars and tokens that belong together."""

    usd: float = 0.0
    tokens: int = 0

    def plus(self, other: "Amount") -> "Amount":
        """Both together."""
        return Amount(self.usd + other.usd, self.tokens + other.tokens)


class DayLimits(NamedTuple):
    """What a user may spend in a day."""

    usd: float
    tokens: int


class DayTotal(NamedTuple):
    """A user's day, over all processes."""

    settled: Amount = Amount()
    own: Amount = Amount()
    """Reserved by this process."""
    others: Amount = Amount()
    """Reserved by other processes that live."""

    def fits(self, amount: Amount, limits: DayLimits) -> bool:
        """True where `amount` can be spent too."""
        usd, tokens = self.settled.plus(self.own).plus(self.others).plus(amount)
        # Sums of cents miss a limit by a rounding error.
        return limits.usd > 0 and limits.tokens > 0 and round(usd, 9) <= limits.usd and tokens <= limits.tokens


class Reservation(NamedTuple):
    """A part of a user's day that is held for one request."""

    day: str
    """The day in which it was reserved, ISO; the request counts there however late it ends."""
    user: str
    number: int


class Spend(msgspec.Struct, frozen=True):
    """A reading of the spend ledger, the only source of budget, tier and bill."""

    usd: float | None = 0.0
    """Settled real dollars; None where a price was unknown."""
    as_if_usd: float | None = 0.0
    """Settled dollars of rehearsals, which nobody pays; None where a price was unknown."""
    tokens: int = 0
    """Settled tokens that count against the session's limit: prompt and reply of every request, real or, in a
    rehearsal, as if."""
    estimated: bool = False
    """True where a part of it was counted here, since a stream broke off."""
    reserved_usd: float = 0.0
    reserved_tokens: int = 0
    """What the running request may still cost: window total plus maximum reply."""
    limit_usd: float = 0.0
    limit_tokens: int = 0
    day_usd: float = 0.0
    day_tokens: int = 0
    """Settled today by this user, this session included; rehearsals never count."""
    day_limit_usd: float = 0.0
    day_limit_tokens: int = 0
    day_kept: bool = True
    """False where the day's ledger cannot be used: today is not known."""
    priced: bool = True
    """False where the price of the model is not known: the token budgets rule."""
    tier: int = 1
    """1 full, 2 thrifty, 3 direct, 4 spent."""
    share: float = 0.0
    """Of the fullest budget, 0 to over 1; it sets the tier."""
    fullest: BudgetName = "session_usd"
    as_if: bool = False
    """True in a rehearsal: the session's dollars are as if."""
    cached_share: float = 0.0
    """Share of all prompt tokens that were read from the cache."""
    saved_usd: float = 0.0
    """What the session would have cost more without the cache; below 0 where it wrote more than it read."""
    more_usd: float = 0.0
    more_tokens: int = 0
    """What a yes to going on past the session's limits adds to them."""
    turn_usd: float = 0.0
    turn_tokens: int = 0
    """What a typical turn of this session took: the median; 0 before the first one."""
    warnings: tuple[float, ...] = (0.75, 0.9)
    """Shares of a budget that begin tiers 2 and 3."""

    @property
    def is_read(self) -> bool:
        """False before the first reading of the ledger: neither limits nor the day are known."""
        return bool(self.limit_usd or self.limit_tokens)

    @property
    def tier_name(self) -> str:
        """The tier in one word."""
        return TIER_NAMES[self.tier]

    @property
    def own_usd(self) -> float | None:
        """The dollars that count against the session's limit: as if in a rehearsal, else real."""
        return self.as_if_usd if self.as_if else self.usd

    @property
    def session(self) -> BudgetName:
        """Which of the session's budgets is shown everywhere: the fuller one, tokens where no price is known."""
        return self._fuller("session_usd", "session_tokens")

    @property
    def day(self) -> BudgetName:
        """Which of the day's budgets is shown everywhere."""
        return self._fuller("day_usd", "day_tokens")

    def amounts(self, budget: BudgetName) -> tuple[float | None, float]:
        """What is used and what may be used of one of the four budgets, in dollars or tokens."""
        both: dict[BudgetName, tuple[float | None, float]] = {
            "session_usd": (self.own_usd, self.limit_usd),
            "session_tokens": (self.tokens, self.limit_tokens),
            "day_usd": (self.day_usd, self.day_limit_usd),
            "day_tokens": (self.day_tokens, self.day_limit_tokens),
        }
        return both[budget]

    def _fuller(self, money: BudgetName, tokens: BudgetName) -> BudgetName:
        usd, most = self.amounts(money)
        count, limit = self.amounts(tokens)
        if usd is None or not self.priced:
            return tokens
        return tokens if (count or 0) * most > usd * limit else money

    def turns_left(self, budget: BudgetName) -> int | None:
        """Typical turns that still fit `budget`; None before the first turn."""
        used, limit = self.amounts(budget)
        typical = self.turn_usd if budget.endswith("usd") else float(self.turn_tokens)
        return max(0, int(round((limit - (used or 0.0)) / typical, 9))) if typical > 0 else None
