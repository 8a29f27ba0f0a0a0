"""Makes the sample session: `python -m tests.make_tour` writes sessions/samples/tour.json.

The real engine with the real tools works on a small project with the rehearsal provider, and a person is played:

    prompts ─▶ engine ─▶ events ─▶ archive     paths shown as /home/you/acme, time and ids by count

The same run gives the same bytes: the clock moves with events, tools run one after another.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from tests.acme import make_project
from tests.fakes import ManualClock
from workbench import resources
from workbench.context import Estimator
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core import ids
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.journal import pack
from workbench.core.ports import RuntimeInfo
from workbench.core.tools import ToolContext, ToolOutput, ToolSpec
from workbench.cost import GenaiPrices
from workbench.engine import Engine, EngineDependencies, Policies
from workbench.escalation import Roots, analyse
from workbench.providers.anthropic import MessagesModel
from workbench.providers.models import EndpointModels, SessionMemory
from workbench.providers.rehearsal.transport import rehearsal_client
from workbench.providers.tokenizer import TiktokenCounter
from workbench.store.catalog import FileCatalog
from workbench.store.day_ledger import DayLedger
from workbench.store.sessions import FileSessions
from workbench.strategies import choices
from workbench.tools.toolset import load_tools
from workbench.workspace import instructions

TOUR = resources.samples() / "tour.json"
SHOWN = "/home/you/acme"
BEGAN = 1_790_000_000.0
TITLE = "a tour of acme"
ASKS = (
    "Explain this project.",
    "Where is MAX_TRIES defined?",
    "We decided to keep full jitter, capped at 30 s, because customers come back all at once after an outage.",
    "Open question: may a webhook that timed out be sent again, or must the receiver see each event id once?",
    "Read docs/delivery.md.",
    "Search for urlopen.",
    "Delete the folder legacy.",
    "Which files mention RETRIED?",
    "What did we decide?",
    "Set MAX_TRIES to 5 in src/acme/retry.py.",
)
COMPACTED_AFTER = 8
"""Prompts before the compaction."""
NOT_YET = "Not yet: one customer is still on version 1."
TAKES = {e.RequestSent: 1.8, e.ToolStarted: 0.1, e.EscalationRaised: 6.0, e.TurnFinished: 41.0, e.EpochOpened: 3.0}
"""Seconds that pass after an event of a kind."""


class Beat(ManualClock):
    """A clock that the events of the session move; nothing in the tour stalls or expires."""

    def hear(self, stamped: e.Stamped) -> None:
        """Let pass what the event takes."""
        self.at = round(self.at + TAKES.get(type(stamped.event), 0.0), 3)


class Digits:
    """Hexadecimal digits that look random and never differ."""

    def __init__(self) -> None:
        self._drawn = 0

    def token_hex(self, count: int) -> str:
        """`count` bytes of them."""
        self._drawn += 1
        return hashlib.sha256(f"tour {self._drawn}".encode()).hexdigest()[: 2 * count]


class ShownPath:
    """Counts a text as it reads in the tour, where the project has another address."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._counter = str(folder), TiktokenCounter()

    def count(self, text: str) -> int:
        return self._counter.count(text.replace(self._folder, SHOWN))


def answer(request: EscalationRequest) -> Verdict:
    """What the person says: yes to a change, no to a loss."""
    if request.proposal is not None and request.proposal.tool == "edit":
        return Verdict("once")
    return Verdict("reject", note=NOT_YET) if request.proposal is not None else Verdict("leave")


def in_turn(tools: tuple[ToolSpec, ...]) -> tuple[ToolSpec, ...]:
    """The same tools, one call after another, so that their results come in one order."""
    lock = asyncio.Lock()

    def queued(tool: ToolSpec) -> ToolSpec:
        async def run(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
            async with lock:
                return await tool.run(arguments, context)

        return replace(tool, run=run)

    return tuple(queued(tool) for tool in tools)


def tour_parts(workspace: Path, sessions: Path, clock: Beat) -> EngineDependencies:
    """What the tour's engine is made of: the rehearsal, flat out, and everything else as it ships."""
    counter = ShownPath(workspace)

    def client() -> Any:
        return rehearsal_client(workspace, pace=0.0, count=counter.count, now=clock.now)

    models = EndpointModels(client, SessionMemory())
    model = MessagesModel(client, models)

    def tools() -> tuple[ToolSpec, ...]:
        roots = Roots(workspace)
        return in_turn(load_tools(workspace, classify=roots.effect, analyse=lambda line: analyse(line, roots)))

    return EngineDependencies(
        facts=RuntimeInfo("rehearsal", "rehearsal", True, str(workspace), "main", str(sessions), choices),
        model=model,
        models=models,
        counter=model,
        store=FileSessions(sessions, fsync=False),
        catalog=FileCatalog(sessions),
        days=DayLedger(sessions / "data"),
        estimator=Estimator(counter),
        prices=GenaiPrices(as_if={"rehearsal": "claude-opus-5-5"}),
        clock=clock,
        load_tools=tools,
        instructions=lambda: instructions(workspace),
        exports=sessions / "handoffs",
        user="you",
        policies=Policies(),
        jitter=lambda: 0.5,
    )


async def told(workspace: Path, sessions: Path, asks: tuple[str, ...] = ASKS, clock: Beat | None = None) -> Engine:
    """An engine in which the tour has happened, as far as `asks` go."""
    make_project(workspace)
    clock = clock or Beat(BEGAN)
    engine = Engine(tour_parts(workspace, sessions, clock))
    plans: list[str] = []
    asked: asyncio.Queue[EscalationRequest] = asyncio.Queue()

    def heard(stamped: e.Stamped) -> None:
        clock.hear(stamped)
        match stamped.event:
            case e.EscalationRaised(request=request):
                asked.put_nowait(request)
            case e.CompactionPlanned(plan=plan):
                plans.append(plan.id)

    engine.subscribe(heard)
    person = asyncio.create_task(_answering(engine, asked))
    try:
        for number, prompt in enumerate(asks, 1):
            await engine.handle(c.SendPrompt(prompt))
            await engine.idle()
            if number == 1:
                await engine.handle(c.RenameSession(TITLE))
            if number == COMPACTED_AFTER < len(asks):
                await engine.handle(c.PlanCompaction())
                await engine.idle()
                await engine.handle(c.Compact(plans[-1]))
    finally:
        person.cancel()
    return engine


async def _answering(engine: Engine, asked: "asyncio.Queue[EscalationRequest]") -> None:
    while True:
        request = await asked.get()
        await engine.handle(c.ResolveEscalation(request.id, answer(request)))


def document(engine: Engine, workspace: Path) -> bytes:
    """The open session of `engine` as an exported one, with no address of this machine in it."""
    text = msgspec.json.format(msgspec.json.encode(pack(engine.session_id, engine.session.events)), indent=1)
    return text.replace(str(workspace).encode(), SHOWN.encode()) + b"\n"


def made(after: Callable[[Engine], None] = lambda engine: None) -> bytes:
    """The tour, told anew. `after` may look at the engine before it closes."""
    before, ids.secrets = ids.secrets, Digits()
    try:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            (root / "acme").mkdir()
            return asyncio.run(_exported(root, after))
    finally:
        ids.secrets = before


async def _exported(root: Path, after: Callable[[Engine], None]) -> bytes:
    engine = await told(root / "acme", root / "sessions")
    after(engine)
    text = document(engine, root / "acme")
    await engine.close()
    return text


if __name__ == "__main__":
    TOUR.parent.mkdir(parents=True, exist_ok=True)
    TOUR.write_bytes(made())
    print(f"wrote {TOUR.name}")
