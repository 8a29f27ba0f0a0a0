"""What the transcript is made of: one small value for each thing that was said or done."""

from dataclasses import dataclass
from typing import Literal

from workbench.core.decisions import Confidence, Route
from workbench.core.tools import FileChange
from workbench.core.window import SectionName

ToolState = Literal["proposed", "waiting", "running", "done", "failed", "rejected", "unanswered", "stopped"]
Level = Literal["info", "success", "warning", "error"]


@dataclass
class Entry:
    """Base of all entries. `section` colours the gutter; `in_window` False draws it dashed and faint."""

    seq: int = 0
    section: SectionName = "history"
    in_window: bool = True


@dataclass
class Prompt(Entry):
    """What you asked."""

    turn: int = 0
    text: str = ""
    at: float = 0.0


@dataclass
class Answer(Entry):
    """A piece of what it said: Markdown."""

    turn: int = 0
    text: str = ""
    streaming: bool = False
    draft: bool = False
    """Interrupted: kept, but not finished."""
    broken: bool = False
    """It broke off by itself; nobody stopped it."""


@dataclass
class Tool(Entry):
    """One call, one foldable line."""

    turn: int = 0
    call_id: str = ""
    name: str = ""
    summary: str = ""
    state: ToolState = "proposed"
    started_at: float = 0.0
    seconds: float = 0.0
    tokens: int = 0
    headline: str = ""
    output: str = ""
    changes: tuple[FileChange, ...] = ()
    reads_only: bool = False
    """Runs of finished read-only calls fold into one line."""


@dataclass
class Asked(Entry):
    """An escalation and what became of it."""

    id: str = ""
    reason: str = ""
    message: str = ""
    state: Literal["waiting", "answered", "unanswered"] = "waiting"
    answer: str = ""
    """`you: once`, `you: rejected`, with the note."""
    allowed: bool = False
    waited: float = 0.0


@dataclass
class Marker(Entry):
    """A line across: compacted, handed off, tier, step limit, retry, fault."""

    kind: str = ""
    title: str = ""
    """`compacted 118.4k → 31.0k`"""
    detail: str = ""
    key: str = ""
    action: str = ""
    """`u` and `undo`, shown at the right."""
    level: Level = "info"


@dataclass
class TurnEnd(Entry):
    """The line under a turn: `6 steps · 38 s · $0.11 · cache 94 % · ● 0.91 sent`."""

    turn: int = 0
    steps: int = 0
    seconds: float = 0.0
    cost: float | None = None
    as_if: bool = False
    cached: float = 0.0
    stop_reason: str = "done"
    confidence: Confidence | None = None
    route: Route = "unrated"


AnyEntry = Prompt | Answer | Tool | Asked | Marker | TurnEnd
