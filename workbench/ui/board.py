"""What every part of the main screen draws from: the model and what stands around it."""

from dataclasses import dataclass, field

from workbench.core.clock import Clock
from workbench.core.ports import Options, RuntimeInfo
from workbench.ui.model import Model


@dataclass
class Board:
    """Read by all parts, changed by the application alone."""

    facts: RuntimeInfo
    options: Options
    clock: Clock
    model: Model = field(default_factory=Model)
    """The same object as long as the application runs; another session empties and fills it."""
    patterns: bool = False
    """True where there is no colour."""
    steps_budget: int = 0
    """Steps that a turn may take before it asks; a person can raise it."""
    read_only: str = ""
    queued: list[str] = field(default_factory=list)
    """Prompts that start when the running turn ends."""
    narrow: bool = False
    """True where there is no side panel."""

    def elapsed(self) -> float:
        """Seconds since the running turn began."""
        return max(0.0, self.clock.now() - self.model.started_at)

    def empty_model(self) -> None:
        """Make the model as new, keeping the object that views hold."""
        notice = self.model.notice
        vars(self.model).update(vars(Model()))
        self.model.notice = notice
        self.model.provider, self.model.model = self.facts.provider, self.facts.model
        self.model.as_if = self.facts.as_if
        self.queued.clear()
        self.steps_budget = self.options.steps_budget
