"""Fakes for every port, and an engine built of them on real files."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.commands import SendPrompt
from workbench.core.decisions import CallKind, EscalationRequest, Preview, Verdict
from workbench.core.effects import Effect
from workbench.core.errors import ProviderFault, StoreFault
from workbench.core.messages import Part, Text, ToolUse
from workbench.core.models import ModelFacts, TokenRatio
from workbench.core.ports import DaySpend, Journal, Model, Models, OpenedSession, Prices, RequestCounter, RuntimeInfo
from workbench.core.requests import Delta, ModelRequest, Reply, ReplyBegan, TextDelta
from workbench.core.spend import Usage
from workbench.core.tools import ToolContext, ToolOutput, ToolSpec
from workbench.engine import Engine, EngineDependencies, Policies
from workbench.providers.models import overlay
from workbench.store.catalog import FileCatalog
from workbench.store.day_ledger import DayLedger
from workbench.store.sessions import FileSessions
from workbench.workspace import Instructions

SURE = (
    '<assessment>{"confidence": 0.95, "confidence_reasoning": "seen", "alternative_interpretations": []}</assessment>'
)


class ManualClock:
    """Time that moves only when told; sleepers wake as it passes them."""

    def __init__(self, began: float = 1_000_000.0) -> None:
        self.began = began
        self.at = 0.0
        """Seconds since it began."""
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.began + self.at

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.at + seconds, future))
        await future

    def advance(self, seconds: float) -> None:
        """Let so much time pass; who waited for it runs when the loop comes to it."""
        self.at += seconds
        for due, future in self._sleepers:
            if due <= self.at + 1e-9 and not future.done():
                future.set_result(None)
        self._sleepers = [each for each in self._sleepers if not each[1].done()]

    async def pass_deadline(self, seconds: float) -> None:
        """Wait until somebody sleeps for so long, whatever threads are under way before, and let that time pass."""
        for _ in range(5_000):
            if any(abs(due - self.at - seconds) < 1e-9 for due, _ in self._sleepers):
                return await self.run_for(seconds)
            await asyncio.sleep(0.002)
        raise TimeoutError(f"nobody waits for {seconds} s")

    async def run_for(self, seconds: float) -> None:
        """Let so much time pass, and everybody who waited for it run."""
        for _ in range(5):  # whoever is about to wait begins to
            await asyncio.sleep(0)
        self.advance(seconds)
        for _ in range(5):
            await asyncio.sleep(0)


class WordCounter:
    """Counts words; encodes them as their positions."""

    def count(self, text: str) -> int:
        return len(text.split())


class FakeModels:
    """What is known of models: what it was given, and what it was taught."""

    def __init__(self, **known: ModelFacts) -> None:
        self.known = known
        self.taught: list[tuple[str, ModelFacts]] = []
        self.listed: tuple[str, ...] = ()
        self.learnt: dict[str, dict[str, TokenRatio]] = {}

    def facts(self, model: str) -> ModelFacts:
        return self.known.get(model, ModelFacts())

    async def load(self, model: str) -> ModelFacts:
        return self.facts(model)

    async def list(self) -> tuple[str, ...]:
        return self.listed

    def learn(self, model: str, facts: ModelFacts) -> ModelFacts:
        self.taught.append((model, facts))
        self.known[model] = overlay(self.facts(model), facts)
        return self.known[model]

    def ratios(self, model: str) -> Mapping[str, TokenRatio]:
        return self.learnt.get(model, {})

    def keep_ratios(self, model: str, ratios: Mapping[str, TokenRatio]) -> None:
        self.learnt[model] = dict(ratios)


@dataclass
class FakeCounter:
    """An endpoint that counts every request as `tokens`; None does not count."""

    tokens: int | None = None
    asked: int = 0
    hold: asyncio.Event | None = None
    """When set, it counts once the event comes."""
    last: ModelRequest | None = None

    async def count_request(self, request: ModelRequest) -> int | None:
        self.asked, self.last = self.asked + 1, request
        if self.hold is not None:
            await self.hold.wait()
        return self.tokens


class FlatPrices:
    """A dollar for each million tokens of any kind; `unknown` has no price."""

    def cost(self, model: str, usage: Usage) -> float | None:
        return None if model == "unknown" else usage.total / 1_000_000


Stream = Callable[[ModelRequest], AsyncIterator[Delta]]
"""Plays a whole reply by itself, with whatever goes wrong in it."""
Step = tuple[Part | ProviderFault, ...] | ProviderFault | Stream


@dataclass
class ScriptedModel:
    """Answers with what it was given, and remembers what it was asked."""

    steps: list[Step] = field(default_factory=list)
    asked: list[ModelRequest] = field(default_factory=list)
    hold: asyncio.Event | None = None
    """When set, a reply stops after its first delta until the event comes."""
    choose: Callable[[ModelRequest], Step] | None = None
    """When set, it says the answer to a request, where several runs ask in no certain order."""

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
        self.asked.append(request)
        if self.choose is not None:
            step = self.choose(request)
        else:
            step = self.steps.pop(0) if self.steps else says("nothing more to say")
        if isinstance(step, ProviderFault):
            raise step
        if callable(step):
            async for delta in step(request):
                yield delta
            return
        prompt = max(100, len(str(request.messages).split()))
        usage = Usage(input_tokens=prompt)
        yield ReplyBegan("msg", request.model, usage)
        for part in step:
            if isinstance(part, Text):
                yield TextDelta(part.text)
                if self.hold is not None:
                    await self.hold.wait()
            elif isinstance(part, ProviderFault):
                raise part
        parts = tuple(part for part in step if not isinstance(part, ProviderFault))
        stop = "tool_use" if any(isinstance(part, ToolUse) for part in parts) else "end_turn"
        words = sum(len(part.text.split()) for part in parts if isinstance(part, Text))
        yield Reply("msg", request.model, parts, stop, Usage(input_tokens=prompt, output_tokens=max(20, words)))


def says(text: str, trailer: str = SURE) -> tuple[Part, ...]:
    """A final answer."""
    return (Text(f"{text}\n{trailer}"),)


def stops(reason: str, *parts: Part) -> Stream:
    """A reply of `parts` with the model's own stop reason, 100 tokens in and 10 out."""

    async def play(request: ModelRequest) -> AsyncIterator[Delta]:
        yield ReplyBegan("msg", request.model, Usage(input_tokens=100))
        yield Reply("msg", request.model, parts, reason, Usage(input_tokens=100, output_tokens=10))

    return play


_numbers = itertools.count(1)
"""For ids that no two calls share."""


def calls(*uses: tuple[str, dict[str, Any]], text: str = "") -> tuple[Part, ...]:
    """A reply that asks for calls."""
    spoken = (Text(text),) if text else ()
    return (*spoken, *(ToolUse(f"toolu_{name}_{next(_numbers)}", name, input) for name, input in uses))


@dataclass
class Hand:
    """A tool that records its calls. `kind` is what it says it would do."""

    name: str = "look"
    kind: str = "read"
    result: str = "seen"
    reversible: bool = True
    seen: list[dict[str, Any]] = field(default_factory=list)
    running: int = 0
    most: int = 0
    hold: asyncio.Event | None = None
    barrier: asyncio.Barrier | None = None
    """When set, a call waits until as many are running as it has parties."""
    stopped: bool = False
    idempotent: bool = False

    def spec(self) -> ToolSpec:
        schema = {"type": "object", "properties": {"what": {"type": "string"}}, "required": ["what"]}
        effect = Effect(self.kind, ("it",), self.reversible)  # type: ignore[arg-type]
        preview = Preview("command", self.name)
        kind: CallKind = "read" if self.kind == "read" else "run"
        return ToolSpec(
            *(self.name, "a hand", schema, kind, self.name, self.run),
            effects=lambda _: (effect,),
            preview=lambda *_: preview,
            subject=lambda a: a["what"],
            idempotent=self.idempotent,
        )

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        self.seen.append(arguments)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await (self.hold.wait() if self.hold else asyncio.sleep(0))
            if self.barrier:
                await self.barrier.wait()
        except asyncio.CancelledError:
            self.stopped = True
            raise
        finally:
            self.running -= 1
        return ToolOutput(self.result, headline="one line")


FULL = StoreFault("Could not write: No space left on device.", "Free some space.")


@dataclass
class Disk:
    """Real session files on a disk that may become full: it takes `room` more events, and syncs while it `syncs`."""

    files: FileSessions
    room: int = 1_000_000
    syncs: bool = True

    def create(self, session: str) -> Journal:
        return OnDisk(self.files.create(session), self)

    def read(self, session: str) -> OpenedSession:
        return self.files.read(session)

    def open(self, session: str) -> OpenedSession:
        opened = self.files.open(session)
        return msgspec.structs.replace(opened, journal=OnDisk(opened.journal, self))

    def delete(self, session: str) -> None:
        self.files.delete(session)


@dataclass
class OnDisk:
    """A journal on a `Disk`."""

    journal: Journal
    disk: Disk

    def append(self, stamped: e.Stamped) -> None:
        if self.disk.room <= 0:
            raise FULL
        self.disk.room -= 1
        self.journal.append(stamped)

    def sync(self) -> None:
        if not self.disk.syncs:
            raise FULL
        self.journal.sync()

    def close(self) -> None:
        self.journal.close()


@dataclass
class Bench:
    """An engine on fakes, and what was told."""

    engine: Engine
    model: ScriptedModel
    clock: Any
    root: Path
    disk: Disk
    emitted: list[e.Stamped] = field(default_factory=list)

    def of(self, kind: type) -> list[Any]:
        """The told events of one kind."""
        return [stamped.event for stamped in self.emitted if isinstance(stamped.event, kind)]

    async def ask(self, *prompts: str) -> None:
        """Ask one prompt after another, each when the one before is answered."""
        for prompt in prompts:
            await self.engine.handle(SendPrompt(prompt))
            await asyncio.wait_for(self.engine.idle(), 10)

    async def until(self, kind: type, count: int = 1) -> Any:
        """Let the engine run until so many events of a kind were told; the last of them."""
        for _ in range(2_000):
            if len(found := self.of(kind)) >= count:
                return found[count - 1]
            await asyncio.sleep(0.002)
        raise TimeoutError(f"no {kind.__name__}; told: {[type(s.event).__name__ for s in self.emitted]}")


def bench(
    root: Path,
    steps: Iterable[Any] = (),
    *,
    hands: Iterable[Hand] = (),
    policies: Policies | None = None,
    clock: Any = None,
    unattended: Callable[[EscalationRequest], Verdict | None] | None = None,
    model: str = "scripted",
    days: DaySpend | None = None,
    model_is_default: bool = False,
    provider: Model | None = None,
    models: Models | None = None,
    counter: RequestCounter | None = None,
    instructions: Callable[[], Instructions] = Instructions,
    tools: Callable[[], tuple[ToolSpec, ...]] | None = None,
    prices: Prices | None = None,
    workspace: Path | None = None,
    estimator: Estimator | None = None,
) -> Bench:
    """An engine over real session files in `root`, a scripted model (or `provider`) and hands, or real `tools`."""
    scripted, moving = ScriptedModel(list(steps)), clock or ManualClock()
    sessions = root / "sessions"
    disk = Disk(FileSessions(sessions, fsync=False))
    specs = tuple(hand.spec() for hand in hands)
    parts = EngineDependencies(
        facts=RuntimeInfo("scripted", model, False, str(workspace or root), model_is_default=model_is_default),
        model=provider or scripted,
        models=models or FakeModels(),
        counter=counter or FakeCounter(),
        store=disk,
        catalog=FileCatalog(sessions),
        days=days or DayLedger(root / "data"),
        estimator=estimator or Estimator(WordCounter()),  # type: ignore[arg-type]
        prices=prices or FlatPrices(),
        clock=moving,
        load_tools=tools or (lambda: specs),
        instructions=instructions,
        exports=sessions / "handoffs",
        user="ada",
        policies=policies or Policies(),
        jitter=lambda: 0.5,
        unattended=unattended,
    )
    made = Bench(Engine(parts), scripted, moving, root, disk)
    made.engine.subscribe(made.emitted.append, children=True)
    return made
