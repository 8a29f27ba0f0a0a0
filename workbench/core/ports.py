"""The seams: Protocols of one to three methods, time among them, chosen in bootstrap and nowhere else."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Protocol

import msgspec

from workbench.core.commands import Command
from workbench.core.events import Stamped
from workbench.core.inspection import BlockReading, Inspection
from workbench.core.models import ModelFacts, ModelOffer, TokenRatio
from workbench.core.requests import Delta, ModelRequest
from workbench.core.spend import Amount, DayLimits, DayTotal, Reservation, Usage
from workbench.core.summary import SessionSummary


class Clock(Protocol):
    """Three ways to ask for time."""

    def now(self) -> float:
        """Wall clock, seconds since the epoch."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Model(Protocol):
    """What answers a request."""

    def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
        """Yield deltas as they come and, last, the `Reply`. Raises ProviderFault. Cancelling it ends the request."""


class Models(Protocol):
    """Limits, line and capabilities of models at the endpoint that is used, kept between sessions."""

    def facts(self, model: str) -> ModelFacts:
        """What is known now; asks nobody."""

    async def load(self, model: str) -> ModelFacts:
        """What is known once the endpoint was asked, where it has a list of models; asked once. Never raises."""

    async def list(self) -> tuple[str, ...]:
        """The endpoint's models in its own order, asked anew; empty where it has no list or is slow. Never raises."""

    def learn(self, model: str, facts: ModelFacts) -> ModelFacts:
        """Remember what a refusal told; fields that are None stay as they were. What is known then."""

    def ratios(self, model: str) -> Mapping[str, TokenRatio]:
        """What sessions learnt of its tokens, by content class; empty where nothing is known."""

    def keep_ratios(self, model: str, ratios: Mapping[str, TokenRatio]) -> None:
        """Remember it for other sessions. May wait for other processes: call it in a thread. Never raises."""


class RequestCounter(Protocol):
    """Counts a request where it would be answered: asked before one is refused here for want of room."""

    async def count_request(self, request: ModelRequest) -> int | None:
        """Prompt tokens by the endpoint's own count; None where it does not count, or not in time. Never raises."""


class TextModel(Protocol):
    """A model that answers one question in words; budget, trace and retries are seen to."""

    async def ask(self, system: str, prompt: str, max_tokens: int, purpose: str) -> str:
        """The answer, stripped. `purpose` names it on the bill. Raises ProviderFault, also for want of budget."""


class TokenCounter(Protocol):
    """Measures text in tokens of a model, by estimate."""

    def count(self, text: str) -> int:
        """Tokens of `text`; content is classed by its looks (facts: prose, code, JSON, …)."""


class Prices(Protocol):
    """What tokens cost."""

    def cost(self, model: str, usage: Usage) -> float | None:
        """Dollars; None where the price is not known."""


class DaySpend(Protocol):
    """What a user spends in a day (`2026-11-22`), over all sessions and processes. Each raises StoreFault, and may
    wait for other processes: call it in a thread."""

    def total(self, day: str, user: str) -> DayTotal:
        """What the day holds."""

    def reserve(self, day: str, user: str, amount: Amount, limits: DayLimits | None) -> tuple[int | None, DayTotal]:
        """Hold `amount` if it fits `limits` (None: always), in one step with the check; it lapses with this process.

        The reservation's number, None where it does not fit, and the day as it was before.
        """

    def settle(self, reservation: Reservation, amount: Amount) -> DayTotal:
        """Count what the request really took; the day after it."""

    def close(self) -> None:
        """Let what this process still has reserved lapse. Never raises."""


class Journal(Protocol):
    """One session's events on disk."""

    def append(self, stamped: Stamped) -> None:
        """Add one event; it survives a kill of this process at once, and a power cut after `sync`.

        Raises ReadOnlySession.
        """

    def sync(self) -> None:
        """Block until everything appended is on the disk. Called in a thread, before effects and at turn ends."""

    def close(self) -> None:
        """Release the file and its lock."""


class OpenedSession(msgspec.Struct, frozen=True):
    """A session as it was found."""

    id: str
    journal: Journal
    events: tuple[Stamped, ...]
    read_only: str = ""
    """Why it cannot be written, as a message for the person; empty when it can."""
    lost: int = 0
    """Events behind damage, which cannot be read; 0 where the session is whole."""
    locked: bool = False
    """True where it is read-only because another process writes it, which passes."""


class SessionStore(Protocol):
    """All sessions."""

    def read(self, session: str) -> OpenedSession:
        """By id or unique beginning, as it stands: takes no lock and changes nothing. Raises UnknownSession."""

    def create(self, session: str) -> Journal:
        """A new, empty session file, locked for this process."""

    def open(self, session: str) -> OpenedSession:
        """Open by id or unique beginning. Read-only where locked, damaged or newer. Raises UnknownSession."""

    def delete(self, session: str) -> None:
        """Remove it and the blobs that only it refers to. Raises UnknownSession, SessionLocked."""


class Catalog(Protocol):
    """The rebuildable list of sessions."""

    def children(self, root: str) -> list[SessionSummary]:
        """The child sessions of `root`, newest first."""

    def list(self) -> list[SessionSummary]:
        """Those that a person opened, newest first; child sessions are `children` of theirs."""

    def put(self, summary: SessionSummary) -> None:
        """Remember one row."""


class RuntimeInfo(msgspec.Struct, frozen=True):
    """What does not change while the workbench runs."""

    provider: str
    model: str
    as_if: bool
    workspace: str
    """Absolute path."""
    branch: str = ""
    sessions: str = ""
    """Where sessions are kept."""
    strategies: Callable[[], tuple[tuple[str, str, str], ...]] = tuple
    """What may compact the window: name, title and help of each. The call imports them."""
    model_is_default: bool = False
    """True where the command line named none: a session that has one keeps it."""
    added: tuple[str, ...] = ()
    """Folders beside the workspace where the file tools may go, absolute."""


class EngineClient(Protocol):
    """The engine as a user interface sees it."""

    @property
    def facts(self) -> RuntimeInfo:
        """Provider, model, workspace."""

    @property
    def session_id(self) -> str:
        """The open session; empty before the first prompt of a new one."""

    @property
    def read_only(self) -> str:
        """Why the open session cannot be written, or empty."""

    @property
    def busy(self) -> bool:
        """True while a turn, a plan or a draft is under way."""

    async def handle(self, command: Command) -> None:
        """Carry out one command; returns when it is accepted, not when its turn ends. Raises WorkbenchError."""

    def subscribe(self, listener: Callable[[Stamped], None], *, children: bool = False) -> Callable[[], None]:
        """Hear every event of the session in front from now on, whichever that is; returns how to stop.

        With `children` also those of its child sessions, stamped with their own ids; what a child asks a person is
        heard of the root too. On the event loop's thread, in order. A listener's failure is logged, never raised.
        """

    def history(self) -> Iterable[Stamped]:
        """The stored events of the open session, oldest first, and a last WindowMeasured if there is one."""

    def sessions(self) -> list[SessionSummary]:
        """All sessions, newest first."""

    async def inspect_window(self) -> Inspection:
        """The window of the open session laid open, block by block, as it is now."""

    def read_block(self, id: str) -> BlockReading | None:
        """One block of the open session, whether the window holds it or not; None where there is none."""

    async def split_tokens(self, text: str) -> tuple[str, ...]:
        """`text` in the pieces of the local tokenizer; joined they are `text`."""

    async def list_models(self) -> tuple[ModelOffer, ...]:
        """What the open session can be switched to; asks the endpoint, for two seconds at most."""

    async def warm_up(self) -> None:
        """Import and open what is slow (SDK, tokenizer), in a thread. Call it after the first frame."""

    async def close(self) -> None:
        """Stop the running turn, flush and release the session."""


class Options(msgspec.Struct, frozen=True):
    """What the user interface needs of the settings; each field but the last is a setting's name with `_` for `.`."""

    confidence_send: float
    confidence_review: float
    approval_quiet_s: float
    steps_budget: int
    notify: str = "auto"
    title: bool = True
    progress: str = "auto"
    mouse: bool = True
    motion: str = "full"
    linear: bool = False
    settings_faults: tuple[str, ...] = ()
