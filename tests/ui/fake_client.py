"""A client that keeps what it is told and says what a test lets it say, with a clock that a test moves."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes import ManualClock
from workbench.core import events as e
from workbench.core.commands import CancelTurn, Command, SendPrompt
from workbench.core.decisions import Confidence, EscalationRequest, Preview, Proposal
from workbench.core.inspection import BlockReading, Inspection
from workbench.core.messages import Text
from workbench.core.models import ModelOffer
from workbench.core.notes import Note
from workbench.core.ports import RuntimeInfo
from workbench.core.spend import Spend, Usage
from workbench.core.summary import SessionSummary
from workbench.core.window import SECTIONS, Block, Section, SectionName, Window, Zone
from workbench.ui.app import WorkbenchApp
from workbench.ui.state import UiState

START = 1_790_000_000.0
FACTS = RuntimeInfo("anthropic", "claude-opus-5-5", False, "/home/you/acme-api", "main", "/tmp/sessions")


KEYS = {"compact": "F8", "hand_off": "F9", "retry": "r", "undo_chosen": "u"}
"""Those that are named in the transcript and in the panel."""


@dataclass
class FakeOptions:
    """The defaults of the settings."""

    confidence_send: float = 0.85
    confidence_review: float = 0.6
    approval_quiet_s: float = 0.4
    steps_budget: int = 20
    notify: str = "auto"
    title: bool = True
    progress: str = "auto"
    mouse: bool = True
    motion: str = "full"
    linear: bool = False
    settings_faults: tuple[str, ...] = ()


@dataclass
class FakeClient:
    """Implements `core.ports.EngineClient`."""

    facts: RuntimeInfo = FACTS
    session_id: str = ""
    read_only: str = ""
    busy: bool = False
    stored: list[e.Stamped] = field(default_factory=list)
    emitted: list[Command] = field(default_factory=list)
    failing: Exception | None = None
    on_handle: Callable[[Command], None] | None = None
    summaries: list[SessionSummary] = field(default_factory=list)
    warmed: bool = False
    offers: tuple[ModelOffer, ...] = ()
    inspection: Inspection | None = None
    texts: dict[str, BlockReading] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))

    def __post_init__(self) -> None:
        self._listeners: list[Callable[[e.Stamped], None]] = []
        self._seq = 0

    async def handle(self, command: Command) -> None:
        if self.failing:
            raise self.failing
        self.emitted.append(command)
        if isinstance(command, SendPrompt | CancelTurn):
            self.busy = isinstance(command, SendPrompt)
        if self.on_handle:
            self.on_handle(command)

    def subscribe(self, listener: Callable[[e.Stamped], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def history(self) -> Iterable[e.Stamped]:
        return tuple(self.stored)

    def sessions(self) -> list[SessionSummary]:
        return self.summaries

    async def inspect_window(self) -> Inspection:
        return self.inspection or Inspection(window() if self.stored else Window(200_000, 0, 0, 0, 200_000, True, ()))

    def read_block(self, id: str) -> BlockReading | None:
        return self.texts.get(id)

    async def split_tokens(self, text: str) -> tuple[str, ...]:
        return tuple(re.findall(r"\s*\S+|\s+$", text))

    async def list_models(self) -> tuple[ModelOffer, ...]:
        return self.offers

    async def warm_up(self) -> None:
        self.warmed = True

    async def close(self) -> None:
        self._listeners.clear()

    # --- what a test does ----------------------------------------------------------

    def change_over(self, session: str, stored: Iterable[e.Stamped] = ()) -> None:
        """Open another session."""
        self.session_id, self.stored = session, list(stored)
        self._seq = max((stamped.seq or 0 for stamped in self.stored), default=0)

    def say(self, *events: e.AnyEvent) -> None:
        """Let everybody hear `events`, storing those that are stored."""
        self.tell(*self.store(*events))

    def store(self, *events: e.AnyEvent) -> list[e.Stamped]:
        """What `say` does but for the telling, which `tell` then does."""
        self.session_id = self.session_id or "s1"
        made = []
        for event in events:
            if isinstance(event, e.TurnStarted | e.TurnFinished | e.TurnFailed):
                self.busy = isinstance(event, e.TurnStarted)
            transient = isinstance(event, e.TRANSIENT)
            self._seq += not transient
            made.append(e.Stamped(None if transient else self._seq, self.clock.now(), self.session_id, "t", event))
            self.stored += [] if transient else made[-1:]
        return made

    def tell(self, *told: e.Stamped) -> None:
        """Let everybody hear it."""
        for stamped in told:
            for listener in list(self._listeners):
                listener(stamped)


def app_for(
    client: FakeClient,
    *,
    theme: str = "lamplight",
    history: Path | None = None,
    palettes: Path | None = None,
    linear: bool = False,
) -> WorkbenchApp:
    """The application over `client`, with no palettes of a person unless asked."""
    folder = palettes or Path("/nonexistent")
    return WorkbenchApp(client, FakeOptions(linear=linear), client.clock, theme, history, folder)


def state_of(client: FakeClient | None = None, **known: Any) -> UiState:
    """The state over `client`, before anything happened."""
    client = client or FakeClient()
    return UiState(client.facts, FakeOptions(), client.clock, **{"way_to": KEYS.get, "steps_budget": 20, **known})


RUNS: tuple[tuple[SectionName, int, Zone], ...] = (
    ("tools", 3_900, "primacy"),
    ("system", 4_100, "primacy"),
    ("memory", 3_100, "early"),
    ("summary", 8_600, "early"),
    ("history", 1_500, "middle"),
    ("results", 9_000, "middle"),
    ("history", 18_000, "middle"),
    ("results", 9_500, "recent"),
    ("history", 2_500, "recent"),
    ("current", 1_200, "recent"),
)


def window(runs: tuple[tuple[SectionName, int, Zone], ...] = RUNS, size: int = 200_000, cached: int = 54_200) -> Window:
    """A window of 61.4k, as in the pictures."""
    blocks = tuple(
        Block(f"e{place}", name, "user", tokens, False, 1, place, zone=zone)
        for place, (name, tokens, zone) in enumerate(runs)
    )
    total = sum(block.tokens for block in blocks)
    sections = tuple(Section(name, sum(t for n, t, _ in runs if n == name)) for name in SECTIONS)
    return Window(
        size=size,
        reserved=32_000,
        trigger=int(size * 0.7),
        total=total,
        free=size - 32_000 - total,
        exact=False,
        sections=sections,
        blocks=blocks,
        cached=cached,
        cold_at=START + 252,
    )


def opened(as_if: bool = False) -> e.SessionOpened:
    """The first event of a session."""
    provider, model = ("rehearsal", "rehearsal") if as_if else ("anthropic", "claude-opus-5-5")
    return e.SessionOpened("retry-ladder", "/home/you/acme-api", provider, model, as_if)


def turn(number: int, prompt: str, answer: str, value: float = 0.82) -> tuple[e.AnyEvent, ...]:
    """A finished turn of one step."""
    score = Confidence(value, "The tests pass, but PATCH was not checked.")
    return (
        e.TurnStarted(number, prompt, 12),
        e.RequestSent(number, 1, "claude-opus-5-5", 32_000),
        e.MessageAdded(number, 1, (Text(answer),), (20,), "end_turn", Usage(1_200, 90, 54_200)),
        e.ConfidenceScored(number, score),
        e.AnswerRouted(number, "review"),
        e.TurnFinished(number, "done", answer, 1, 8.0, Usage(1_200, 90, 54_200), 0.11, "end_turn", score, "review"),
    )


def notes() -> tuple[e.AnyEvent, ...]:
    """A scratchpad as in the pictures."""
    return tuple(
        e.ScratchpadChanged(note)
        for note in (
            Note("task", "Retry ladder for the webhook client"),
            Note("finding", "httpx retries only the connect"),
            Note("finding", "two call sites build headers alone"),
            Note("finding", "sandbox 429 has no Retry-After"),
            Note("decision", "key per logical call, not per try"),
            Note("decision", "full jitter, capped at 30 s"),
            Note("question", "may PATCH be retried too?"),
            Note("file", "src/acme/retry.py"),
        )
    )


def measured(**spend: object) -> tuple[e.AnyEvent, ...]:
    """Readings of both ledgers."""
    known: dict[str, object] = {"usd": 0.42, "tokens": 310_000, "day_usd": 3.1, "share": 0.155}
    known |= {"limit_usd": 5.0, "limit_tokens": 25_000_000, "day_limit_usd": 20.0, "day_limit_tokens": 100_000_000}
    return e.WindowMeasured(window()), e.SpendMeasured(Spend(**{**known, **spend}))


def request(id: str = "esc_1") -> EscalationRequest:
    """A shell line that waits for a yes."""
    proposal = Proposal(f"call_{id}", "run", {"command": "git push"}, (), Preview("command", "git push"))
    return EscalationRequest(id, "policy", "medium", "May it push?", "it sends to the network", proposal=proposal)
