"""What a session has spent against what it may (seed §9)."""

import msgspec

TIER_NAMES: dict[int, str] = {1: "full", 2: "thrifty", 3: "direct", 4: "spent"}
"""What each tier of graceful degradation is called, everywhere."""


class Spend(msgspec.Struct, frozen=True):
    """A reading of the spend ledger, the only source of budget, tier and bill."""

    usd: float | None = 0.0
    """Settled dollars; None where a price was unknown."""
    tokens: int = 0
    """Settled tokens: prompt and reply of every request."""
    reserved_usd: float = 0.0
    reserved_tokens: int = 0
    """What the running request may still cost: window total plus maximum reply."""
    limit_usd: float = 5.0
    limit_tokens: int = 2_000_000
    day_usd: float = 0.0
    day_tokens: int = 0
    """Settled today by this user, this session included; rehearsals never count."""
    day_limit_usd: float = 20.0
    day_limit_tokens: int = 10_000_000
    tier: int = 1
    """1 full, 2 thrifty, 3 direct, 4 spent."""
    share: float = 0.0
    """Of the fullest budget, 0 to over 1; it sets the tier."""
    fullest: str = "session_usd"
    """session_usd, session_tokens, day_usd or day_tokens."""
    as_if: bool = False
    cached_share: float = 0.0
    """Share of all prompt tokens that were read from the cache."""
