"""What the engine is made of: ports and policies, chosen in bootstrap, handed to each part as far as it needs them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from workbench.confidence import RoutePolicy
from workbench.context import Estimator, WindowPolicy
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.ports import (
    Catalog,
    Clock,
    DaySpend,
    Model,
    Models,
    Prices,
    RequestCounter,
    RuntimeInfo,
    SessionStore,
)
from workbench.core.tools import ToolSpec
from workbench.cost import BudgetPolicy
from workbench.escalation import EscalationPolicy
from workbench.reliability import RetryPolicy
from workbench.strategies import CompactionPolicy
from workbench.workspace import Instructions


class TurnPolicy(msgspec.Struct, frozen=True):
    """Limits of a turn that no other system owns (seed §9)."""

    max_steps: int = 25
    """The hard limit: the last step has no tools and must answer."""
    deadline_s: float = 120.0
    """How long a fault may be retried before the turn ends in a message."""


@dataclass(frozen=True)
class Policies:
    """One policy for each system that has one, as the settings filled them."""

    window: WindowPolicy = field(default_factory=WindowPolicy)
    budget: BudgetPolicy = field(default_factory=BudgetPolicy)
    escalation: EscalationPolicy = field(default_factory=EscalationPolicy)
    route: RoutePolicy = field(default_factory=RoutePolicy)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    compaction: CompactionPolicy = field(default_factory=CompactionPolicy)
    turn: TurnPolicy = field(default_factory=TurnPolicy)


Unattended = Callable[[EscalationRequest], Verdict | None]
"""Answers for a person who is not there; None leaves the question unanswered."""


@dataclass(frozen=True)
class EngineDependencies:
    """Everything that can be another thing in a test. For composing only: no part keeps it."""

    facts: RuntimeInfo
    model: Model
    models: Models
    counter: RequestCounter
    """Counts a request where it would be answered."""
    store: SessionStore
    catalog: Catalog
    days: DaySpend
    estimator: Estimator
    prices: Prices
    clock: Clock
    load_tools: Callable[[], tuple[ToolSpec, ...]]
    """Slow the first time (it imports the SDK): called once, in a thread."""
    instructions: Callable[[], Instructions]
    """Instruction files of the workspace."""
    exports: Path
    """Where handoff documents are written as Markdown."""
    user: str
    policies: Policies
    jitter: Callable[[], float]
    """A number in 0..1 for the retry ladder."""
    unattended: Unattended | None = None
    """None where a person answers."""
    split_tokens: Callable[[str], tuple[str, ...]] = tuple
    """Cuts a text where its tokens end; by characters where there is no tokenizer. Called in a thread."""
