"""The prompt cache and the budget."""

from workbench.core.events.base import Event
from workbench.core.spend import Spend
from workbench.core.usage import Usage


class CacheReported(Event, frozen=True):
    """What the last request read from and wrote to the prompt cache."""

    read: int
    written: int
    uncached: int
    cold_at: float


class BudgetReserved(Event, frozen=True):
    """Before a request: the window total plus the maximum reply."""

    turn: int
    step: int
    tokens: int
    usd: float | None
    child: str = ""
    """In a root's journal: the child session whose request it is; empty for the session's own."""


class BudgetSettled(Event, frozen=True):
    """After a request: what it really used. Settles the reservation before it."""

    turn: int
    step: int
    model: str
    usage: Usage
    usd: float | None
    as_if: bool = False
    purpose: str = "turn"
    """`turn`, `summary`, `handoff`, `title`."""
    child: str = ""
    """In a root's journal: the child session whose request it was; the root's ledger counts it like its own."""


class SpendMeasured(Event, frozen=True):
    """A reading of the spend ledger; not stored."""

    spend: Spend


class BudgetRaised(Event, frozen=True):
    """The person allowed more."""

    usd: float | None = None
    tokens: int | None = None
    steps: int | None = None


class TierChanged(Event, frozen=True):
    """Another tier of graceful degradation: 1 full, 2 thrifty, 3 direct, 4 spent."""

    tier: int
    reason: str
