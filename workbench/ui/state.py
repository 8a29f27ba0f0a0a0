"""The state behind the screens, and what an event may touch of it. No Textual, no engine, no I/O."""

from dataclasses import dataclass, field
from enum import Flag, auto

from workbench.core import events as e
from workbench.core.decisions import Confidence, EscalationRequest, Route
from workbench.core.notes import Scratchpad
from workbench.core.plans import CompactionPlan
from workbench.core.ports import Clock, Options, RuntimeInfo
from workbench.core.spend import Spend
from workbench.core.window import Window
from workbench.ui.entries import AnyEntry


class Change(Flag):
    """What an event touched, so that only that is drawn again."""

    NOTHING = 0
    ADDED = auto()
    """Entries were appended to the transcript."""
    TAIL = auto()
    """The streaming answer at the end grew."""
    ENTRIES = auto()
    """Entries other than the tail changed: see `UiState.touched`."""
    STATUS = auto()
    WINDOW = auto()
    SCRATCHPAD = auto()
    SPEND = auto()
    CONFIDENCE = auto()
    CACHE = auto()
    ESCALATION = auto()
    PLAN = auto()
    HANDOFF = auto()
    NOTICE = auto()


@dataclass
class Departure:
    """What a compaction took out of the window: an undo gives it back."""

    marker: int
    """Index of the line across that offers the undo."""
    entries: list[int]
    """Indexes of the entries that left."""


@dataclass
class UiState:
    """What every screen draws from, as long as the application runs: one object, changed by `reduce` and the shell.

    The first four stay; all else is of the open session.
    """

    facts: RuntimeInfo
    options: Options
    clock: Clock
    patterns: bool = False
    """True where there is no colour."""

    title: str = "new session"
    provider: str = ""
    model: str = ""
    as_if: bool = False
    read_only: str = ""
    """Why the session cannot be written; empty when it can."""
    entries: list[AnyEntry] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    """Indexes of entries that changed since they were last drawn; the view clears it."""
    window: Window | None = None
    spend: Spend = field(default_factory=Spend)
    scratchpad: Scratchpad = field(default_factory=Scratchpad)
    confidence: Confidence | None = None
    route: Route | None = None
    """None before the first answer."""
    turn: int = 0
    step: int = 0
    steps_budget: int = 0
    """Steps that a turn may take before it asks; a person can raise it."""
    running: bool = False
    started_at: float = 0.0
    activity: str = ""
    """`answering`, `thinking`, `running pytest -q`, `waiting for you`, or empty."""
    queued: list[str] = field(default_factory=list)
    """Prompts that start when the running turn ends."""
    escalations: list[EscalationRequest] = field(default_factory=list)
    """Those that wait, oldest first."""
    expires: dict[str, float] = field(default_factory=dict)
    """When each of them goes unanswered, by id; absent where it waits for as long as it takes."""
    plan: CompactionPlan | None = None
    notice: e.Noticed | None = None
    calls: dict[str, int] = field(default_factory=dict)
    """Index of the entry of each call, by call id."""
    asked: dict[str, int] = field(default_factory=dict)
    """Index of the entry of each escalation, by its id."""
    prompt_at: int | None = None
    """Index of the newest prompt."""
    retry_at: int | None = None
    """Index of the line that says that a try waits; None when none does."""
    departures: list[Departure] = field(default_factory=list)
    """Newest last."""

    def elapsed(self) -> float:
        """Seconds since the running turn began."""
        return max(0.0, self.clock.now() - self.started_at)

    def begin_session(self) -> None:
        """Forget the session before; the object that views hold stays, and so does the notice."""
        fresh = UiState(self.facts, self.options, self.clock, self.patterns, notice=self.notice)
        fresh.provider, fresh.model, fresh.as_if = self.facts.provider, self.facts.model, self.facts.as_if
        fresh.steps_budget = self.options.steps_budget
        vars(self).update(vars(fresh))

    def add(self, entry: AnyEntry) -> Change:
        """Append one entry to the transcript."""
        self.entries.append(entry)
        return Change.ADDED
