"""The policies of all systems in one value, as the settings filled them."""

from dataclasses import dataclass, field

import msgspec

from workbench.confidence import RoutePolicy
from workbench.context import WindowPolicy
from workbench.cost import BudgetPolicy
from workbench.escalation import EscalationPolicy
from workbench.reliability import RetryPolicy
from workbench.strategies import CompactionPolicy


class TurnPolicy(msgspec.Struct, frozen=True):
    """Limits of a turn that no other system owns (seed §9)."""

    max_steps: int = 25
    """The hard limit: the last step has no tools and must answer."""
    deadline_s: float = 120.0
    """How long a fault may be retried before the turn ends in a message."""


@dataclass(frozen=True)
class Policies:
    """One policy for each system that has one."""

    window: WindowPolicy = field(default_factory=WindowPolicy)
    budget: BudgetPolicy = field(default_factory=BudgetPolicy)
    escalation: EscalationPolicy = field(default_factory=EscalationPolicy)
    route: RoutePolicy = field(default_factory=RoutePolicy)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    compaction: CompactionPolicy = field(default_factory=CompactionPolicy)
    turn: TurnPolicy = field(default_factory=TurnPolicy)
