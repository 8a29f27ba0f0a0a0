"""What the engine is made of: ports and policies, chosen in bootstrap."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.context import Estimator
from workbench.core.clock import Clock
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.ports import Catalog, Model, Prices, RuntimeInfo, SessionStore
from workbench.core.tools import ToolSpec
from workbench.engine.policies import Policies


class DaySpend(Protocol):
    """What a user settled in a day, over all sessions."""

    def add(self, day: str, user: str, session: str, usd: float, tokens: int) -> None:
        """Record a settled request."""
        ...

    def total(self, day: str, user: str) -> tuple[float, int]:
        """Dollars and tokens of the day."""
        ...


Unattended = Callable[[EscalationRequest], Verdict | None]
"""Answers for a person who is not there; None leaves the question unanswered."""


@dataclass(frozen=True)
class EngineDependencies:
    """Everything that can be another thing in a test."""

    facts: RuntimeInfo
    model: Model
    store: SessionStore
    catalog: Catalog
    days: DaySpend
    estimator: Estimator
    prices: Prices
    clock: Clock
    load_tools: Callable[[], tuple[ToolSpec, ...]]
    """Slow the first time (it imports the SDK): called once, in a thread."""
    instructions: Callable[[], tuple[tuple[str, str], ...]]
    """Instruction files of the workspace: name and text."""
    exports: Path
    """Where handoff documents are written as Markdown."""
    user: str
    policies: Policies
    jitter: Callable[[], float]
    """A number in 0..1 for the retry ladder."""
    unattended: Unattended | None = None
    """None where a person answers."""
