"""The state behind the screen, and what an event may touch of it. No Textual, no engine, no I/O."""

from dataclasses import dataclass, field
from enum import Flag, auto

from workbench.core import events as e
from workbench.core.decisions import Confidence, EscalationRequest, Route
from workbench.core.notes import Scratchpad
from workbench.core.plans import CompactionPlan, HandoffPlan
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
    """Entries other than the tail changed: see `Model.touched`."""
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
class Model:
    """The state behind the screen. Mutated only by `update`."""

    title: str = "new session"
    provider: str = ""
    model: str = ""
    as_if: bool = False
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
    running: bool = False
    started_at: float = 0.0
    activity: str = ""
    """`answering`, `thinking`, `running pytest -q`, `waiting for you`, or empty."""
    escalations: list[EscalationRequest] = field(default_factory=list)
    """Those that wait, oldest first."""
    expires: dict[str, float] = field(default_factory=dict)
    plan: CompactionPlan | None = None
    handoff: HandoffPlan | None = None
    notice: e.Noticed | None = None
    calls: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    left: list[list[int]] = field(default_factory=list)
    """Indexes of the entries that each compaction took out of the window, newest last; an undo gives them back."""


def add(model: Model, entry: AnyEntry) -> Change:
    """Append one entry."""
    model.entries.append(entry)
    return Change.ADDED
