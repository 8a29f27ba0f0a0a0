"""The state behind the screens: what was said and done, and what an event may touch. No Textual, no engine, no I/O."""

from collections.abc import Callable
from enum import Flag, auto
from typing import Literal

import msgspec

from workbench.core import events as e
from workbench.core.decisions import Confidence, EscalationRequest, Route
from workbench.core.notes import Notepad, Scratchpad
from workbench.core.plans import CompactionPlan
from workbench.core.ports import Clock, Options, RuntimeInfo
from workbench.core.spend import Spend
from workbench.core.tools import FileChange
from workbench.core.window import SectionName, Window

ToolState = Literal["proposed", "waiting", "running", "done", "failed", "rejected", "unanswered", "stopped"]
Level = Literal["info", "success", "warning", "error"]


class TranscriptEntry(msgspec.Struct):
    """Base of all entries. `section` colours the gutter; `in_window` False draws it dashed and faint."""

    seq: int = 0
    section: SectionName = "history"
    in_window: bool = True
    masked: bool = False
    """One line stands in the window for what a call gave back."""
    turn: int = 0


class Prompt(TranscriptEntry):
    """What you asked."""

    text: str = ""
    at: float = 0.0
    starting: bool = False
    """It was sent and its turn has not begun, as while the engine is loaded."""


class Answer(TranscriptEntry):
    """A piece of what it said: Markdown."""

    text: str = ""
    streaming: bool = False
    draft: bool = False
    """Interrupted: kept, but not finished."""
    broken: bool = False
    """It broke off by itself; nobody stopped it."""


class Thought(TranscriptEntry):
    """What it thought before it spoke or acted, as far as the model tells."""

    text: str = ""
    streaming: bool = False
    began: float = 0.0
    seconds: float = 0.0
    """0 where nobody saw it think."""


class Tool(TranscriptEntry):
    """One call, one foldable line."""

    name: str = ""
    summary: str = ""
    state: ToolState = "proposed"
    started_at: float = 0.0
    seconds: float = 0.0
    headline: str = ""
    output: str = ""
    changes: tuple[FileChange, ...] = ()
    reads_only: bool = False
    """Runs of finished read-only calls fold into one line."""
    quiet: bool = False
    """True for bookkeeping: it notes something on the scratchpad, which shows it."""


class Asked(TranscriptEntry):
    """An escalation and what became of it."""

    message: str = ""
    state: Literal["waiting", "answered", "unanswered"] = "waiting"
    answer: str = ""
    """`you: once`, `you: rejected`, with the note."""
    allowed: bool = False
    waited: float = 0.0


class Marker(TranscriptEntry):
    """A line across: compacted, handed off, tier, step limit, retry, fault."""

    kind: str = ""
    title: str = ""
    """`compacted 118.4k → 31.0k`"""
    detail: str = ""
    command: str = ""
    key: str = ""
    action: str = ""
    """What it offers: the name of a command, its key and a word, as `u` and `undo`, shown at the right."""
    level: Level = "info"
    due: float = 0.0
    """When it is tried again; 0 where nothing waits."""
    tries: tuple[str, ...] = ()
    """What went wrong at each try, oldest first; the newest stands in `title` too."""


class TurnEnd(TranscriptEntry):
    """The line under a turn: `6 steps · 38 s · $0.11 · cache 94 % · ● 0.91 sent`."""

    steps: int = 0
    seconds: float = 0.0
    cost: float | None = None
    as_if: bool = False
    cached: float = 0.0
    stop_reason: str = "done"
    confidence: Confidence | None = None
    route: Route = "unrated"


AnyEntry = Prompt | Answer | Thought | Tool | Asked | Marker | TurnEnd


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


class Compaction(msgspec.Struct):
    """What a compaction changed in the window: an undo gives it back."""

    marker: int
    """Index of the line across that offers the undo."""
    before: dict[int, tuple[bool, bool]]
    """By index, whether an entry stood in the window and whether it was masked."""


class UiState(msgspec.Struct):
    """What every screen draws from, as long as the application runs: one object, changed by `reduce` and the shell.

    The first five stay; all else is of the open session.
    """

    facts: RuntimeInfo
    options: Options
    clock: Clock
    patterns: bool = False
    """True where there is no colour."""
    way_to: Callable[[str], str] = lambda name: ""
    """The key of a command now, or what is typed for it; empty where nobody knows."""

    title: str = "new session"
    provider: str = ""
    model: str = ""
    chosen: e.ModelChosen | None = None
    as_if: bool = False
    read_only: str = ""
    """Why the session cannot be written; empty when it can."""
    entries: list[AnyEntry] = msgspec.field(default_factory=list)
    touched: set[int] = msgspec.field(default_factory=set)
    """Indexes of entries that changed since they were last drawn; the view clears it."""
    partial: bool = False
    """True while the entries before those that are shown are still being read."""
    window: Window | None = None
    spend: Spend = msgspec.field(default_factory=Spend)
    notepad: Notepad = msgspec.field(default_factory=Notepad)
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
    queued: list[str] = msgspec.field(default_factory=list)
    """Prompts that start when the running turn ends."""
    taken_back: bool = False
    """True while the draft is what waited there: esc removes it."""
    escalations: list[EscalationRequest] = msgspec.field(default_factory=list)
    """Those that wait, oldest first."""
    expires: dict[str, float] = msgspec.field(default_factory=dict)
    """When each of them goes unanswered, by id; absent where it waits for as long as it takes."""
    plan: CompactionPlan | None = None
    notice: e.Noticed | None = None
    calls: dict[str, int] = msgspec.field(default_factory=dict)
    """Index of the entry of each call, by call id."""
    asked: dict[str, int] = msgspec.field(default_factory=dict)
    """Index of the entry of each escalation, by its id."""
    prompt_at: int | None = None
    """Index of the newest prompt whose turn began."""
    starting_at: int | None = None
    """Index of the prompt whose turn has not begun; None when there is none."""
    retry_at: int | None = None
    """Index of the line that says that a try waits or is under way; None when none does."""
    failed_at: int | None = None
    """Index of the line that says that the last turn failed; None when it did not."""
    compactions: list[Compaction] = msgspec.field(default_factory=list)
    """Newest last."""
    placed: int = 0
    """Entries that the next two know: those from before the last compaction."""
    by_seq: dict[int, int] = msgspec.field(default_factory=dict)
    """Index of each of them, by the event that stands in the window."""
    standing: set[int] = msgspec.field(default_factory=set)
    """Indexes of all of them that stand in the window or are masked, and perhaps of others."""

    @property
    def scratchpad(self) -> Scratchpad:
        """What was noted."""
        return self.notepad.pad

    @property
    def streaming_at(self) -> int | None:
        """Index of the answer that is arriving; lines across and questions may have come after it began."""
        backwards = range(len(self.entries) - 1, -1, -1)
        at = next((at for at in backwards if not isinstance(self.entries[at], Marker | Asked)), None)
        return at if at is not None and isinstance(last := self.entries[at], Answer) and last.streaming else None

    @property
    def streaming(self) -> Answer | None:
        """The answer that is arriving."""
        entry = None if (at := self.streaming_at) is None else self.entries[at]
        return entry if isinstance(entry, Answer) else None

    @property
    def thinking(self) -> Thought | None:
        """What it thinks at the moment, at the end of the transcript."""
        last = self.entries[-1] if self.entries else None
        return last if isinstance(last, Thought) and last.streaming else None

    def begin_session(self) -> None:
        """Forget the session before; the object that views hold stays, and so does the notice."""
        fresh = UiState(self.facts, self.options, self.clock, self.patterns, self.way_to, notice=self.notice)
        fresh.provider, fresh.model, fresh.as_if = self.facts.provider, self.facts.model, self.facts.as_if
        fresh.steps_budget = self.options.steps_budget
        for name in self.__struct_fields__:
            setattr(self, name, getattr(fresh, name))

    def take_transcript(self, other: "UiState") -> None:
        """Show the entries of `other`, with all that tells of them."""
        for name in _TRANSCRIPT:
            setattr(self, name, getattr(other, name))
        self.touched.clear()

    def renumber(self, index: int, seq: int) -> None:
        """Event `seq` is from now on what stands in the window for entry `index`."""
        entry = self.entries[index]
        if index < self.placed:
            self.by_seq.pop(entry.seq, None)
            self.by_seq[seq] = index
        entry.seq = seq

    def show_starting(self, prompt: AnyEntry) -> Change:
        """Show a prompt before its turn begins."""
        self.starting_at = len(self.entries)
        return self.add(prompt)

    def drop_starting(self) -> None:
        """Take back what `show_starting` showed: it was not sent."""
        at, self.starting_at = self.starting_at, None
        if at is not None and at == len(self.entries) - 1:
            self.entries.pop()

    def add(self, entry: AnyEntry) -> Change:
        """Append one entry to the transcript."""
        self.entries.append(entry)
        return Change.ADDED


_TRANSCRIPT = (
    *("entries", "calls", "asked", "prompt_at", "starting_at", "retry_at"),
    *("failed_at", "compactions", "placed", "by_seq", "standing"),
)
"""Fields of a state that hold entries or indexes of them."""
