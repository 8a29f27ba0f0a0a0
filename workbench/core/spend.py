"""What a request used, in the API's own terms (seed §8), and what a session has spent against what it may (seed §9)."""

from typing import Literal

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


class Spend(msgspec.Struct, frozen=True):
    """A reading of the spend ledger, the only source of budget, tier and bill."""

    usd: float | None = 0.0
    """Settled dollars; None where a price was unknown."""
    tokens: int = 0
    """Settled tokens: prompt and reply of every request."""
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
    tier: int = 1
    """1 full, 2 thrifty, 3 direct, 4 spent."""
    share: float = 0.0
    """Of the fullest budget, 0 to over 1; it sets the tier."""
    fullest: BudgetName = "session_usd"
    as_if: bool = False
    cached_share: float = 0.0
    """Share of all prompt tokens that were read from the cache."""
    more_usd: float = 0.0
    more_tokens: int = 0
    """What a yes to going on past the session's limits adds to them."""
    warnings: tuple[float, ...] = (0.75, 0.9)
    """Shares of a budget that begin tiers 2 and 3."""

    @property
    def tier_name(self) -> str:
        """The tier in one word."""
        return TIER_NAMES[self.tier]

    def amounts(self, budget: BudgetName) -> tuple[float | None, float]:
        """What is used and what may be used of one of the four budgets, in dollars or tokens."""
        match budget:
            case "session_usd":
                return self.usd, self.limit_usd
            case "session_tokens":
                return self.tokens, self.limit_tokens
            case "day_usd":
                return self.day_usd, self.day_limit_usd
            case "day_tokens":
                return self.day_tokens, self.day_limit_tokens
