"""The limits of a budget, as settings fill them (seed §9)."""

import msgspec


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
