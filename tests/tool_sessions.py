"""Ten tool sessions of 20 to 60 calls on a project of their own, replayed through engine, SDK and the real tools.

    SESSIONS ─▶ replay ─▶ the bytes of each request, its time, the journal's events

What the model says is scripted; what the tools do is real: files are read, changed and searched, commands run.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from anthropic import AsyncAnthropic

from tests.fakes import Bench, ManualClock, bench
from workbench.context import WindowPolicy
from workbench.core.ports import Prices
from workbench.cost import BudgetPolicy, GenaiPrices
from workbench.engine import Policies
from workbench.engine.dependencies import TurnPolicy
from workbench.escalation import EscalationPolicy, Roots, analyse, answer
from workbench.providers.anthropic import MessagesModel
from workbench.providers.models import EndpointModels, SessionMemory
from workbench.providers.rehearsal.prefix import PrefixCache
from workbench.providers.rehearsal.script import Script, ScriptCall, ScriptStep
from workbench.providers.rehearsal.transport import ADDRESS, RehearsalTransport
from workbench.tools.toolset import load_tools

MODEL = "claude-opus-5-5"
MODULES = ("invoice", "ledger", "refund", "tax", "customer", "webhook", "report", "currency", "dunning", "import_csv")
PAUSE_S = 70.0
"""Between an answer and the next prompt."""
STEP_S = 8.0
"""That a step takes."""

Calls = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Turn:
    """A prompt, what the model calls at each step, and what it says at last."""

    prompt: str
    steps: list[Calls]
    said: str


@dataclass(frozen=True)
class ToolSession:
    """What happens in one session."""

    name: str
    turns: list[Turn]

    @property
    def tool_steps(self) -> int:
        """Steps that call tools."""
        return sum(len(turn.steps) for turn in self.turns)


@dataclass
class Replayed:
    """What a session came to."""

    bodies: list[tuple[float, bytes]]
    """When each request of a turn went out, and its bytes."""
    made: Bench


def write_project(root: Path) -> None:
    """A billing service: ten modules with tests, a log, two configurations, a document."""
    chance = random.Random(11)
    for name in MODULES:
        place = root / "billing" / f"{name}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("".join(_write_module(name, chance)))
        test = root / "tests" / f"test_{name}.py"
        test.parent.mkdir(exist_ok=True)
        cases = "".join(f"    def test_{n}(self) -> None:\n        self.assertEqual({n}, {n})\n\n" for n in range(6))
        test.write_text(f"import unittest\n\n\nclass CaseOf{name.title()}(unittest.TestCase):\n{cases}")
    levels = ("INFO", "INFO", "INFO", "WARN", "ERROR")
    lines = (
        f"2026-11-{1 + n // 24:02d}T{n % 24:02d}:{chance.randrange(60):02d}:07Z {chance.choice(levels)} "
        f"{chance.choice(MODULES)} request={chance.randrange(16**8):08x} took {chance.randrange(4, 900)} ms"
        for n in range(400)
    )
    (root / "logs").mkdir()
    (root / "logs" / "service.log").write_text("\n".join(lines) + "\n")
    (root / "settings.json").write_text(
        '{\n  "port": 8042,\n  "retries": 5,\n  "timeout_ms": 750,\n  "region": "eu-2"\n}\n'
    )
    (root / "README.md").write_text(
        "# Billing\n\nInvoices, refunds and what is owed.\n" + "It keeps its promises.\n" * 40
    )


def _write_module(name: str, chance: random.Random) -> Iterator[str]:
    yield f'"""The {name} part of billing."""\n\nfrom decimal import Decimal\n\nLIMIT = {chance.randrange(100, 999)}\n'
    for n in range(chance.randrange(8, 16)):
        yield f"\n\ndef {name}_{n}(amount: Decimal, days: int = {chance.randrange(1, 90)}) -> Decimal:\n"
        yield f'    """Step {n} of {name}, capped at {chance.randrange(1_000, 9_999)}."""\n'
        for row in range(chance.randrange(4, 9)):
            yield f"    part_{row} = amount * Decimal('{chance.random():.4f}') + days * {chance.randrange(2, 99)}\n"
        yield "    return min(part_0, Decimal(LIMIT))\n"


def read(name: str, **more: int) -> tuple[str, dict[str, Any]]:
    """A call that reads a module, or another file by its path."""
    return "read", {"file_path": f"billing/{name}.py" if name in MODULES else name} | more


def run(line: str) -> tuple[str, dict[str, Any]]:
    """A call that runs a shell line."""
    return "shell", {"command": line}


def grep(pattern: str, path: str = "billing") -> tuple[str, dict[str, Any]]:
    """A call that searches."""
    return "grep", {"pattern": pattern, "path": path}


def edit(name: str, old: str, new: str, **more: bool) -> tuple[str, dict[str, Any]]:
    """A call that changes a module."""
    return "edit", {"file_path": f"billing/{name}.py", "old_string": old, "new_string": new} | more


def finding(text: str) -> tuple[str, dict[str, Any]]:
    """A call that keeps a finding."""
    return "add_finding", {"text": text}


def _look_through() -> list[Turn]:
    turns = [
        Turn(f"what does {name} do?", [[read(name)], [grep(f"def {name}_")]], f"{name} caps amounts at its limit.")
        for name in MODULES
    ]
    return [*turns, Turn("and as a whole?", [[run("wc -l billing/*.py")]], "Ten modules of one shape.")]


def _hunt_a_fault() -> list[Turn]:
    steps: list[Calls] = [[grep("ERROR", "logs")], [run("grep -c WARN logs/service.log")]]
    steps += [[read(name)] for name in MODULES[:6]]
    steps += [[finding(f"{name} is not the cause")] for name in MODULES[:5]]
    mend: list[Calls] = [
        [edit("refund", "def refund_0(", "def refund_first(")],
        [grep("refund_0")],
        [run("python3 -m unittest -q tests.test_refund")],
        [read("refund")],
    ]
    return [
        Turn("refunds fail at night; find out why", steps, "refund_0 is called by a name that changed."),
        Turn("mend it", mend, "It is mended, and its tests pass."),
        Turn("are there others like it?", [[grep(f"{name}_0")] for name in MODULES[:6]], "No."),
    ]


def _rename() -> list[Turn]:
    steps: list[Calls] = [[grep("LIMIT")]]
    for name in MODULES:
        steps += [
            [read(name)],
            [edit(name, "\nLIMIT = ", "\nMOST = ")],
            [edit(name, "(LIMIT)", "(MOST)", replace_all=True)],
        ]
    return [
        Turn("rename LIMIT to MOST wherever it stands first", steps, "Renamed in ten modules."),
        Turn("check it", [[grep("LIMIT")], [run("python3 -m unittest -q")]], "The first use of each is renamed."),
    ]


def _read_at_once() -> list[Turn]:
    all_of_them = [read(name) for name in MODULES]
    tests = [read(f"tests/test_{name}.py") for name in MODULES]
    return [
        Turn("read everything", [all_of_them, tests, [*all_of_them, *tests]], "Read, thirty files at once at last."),
        Turn("which of them have the highest limit?", [[grep("^LIMIT")], [read("tax", offset=1, limit=20)]], "tax."),
        *(
            Turn(f"and after that, number {n}?", [[run(f"ls billing | head -{n}")]], f"number {n}")
            for n in range(1, 18)
        ),
    ]


def _read_logs() -> list[Turn]:
    hours = [[run(f"grep 'T{hour:02d}:' logs/service.log | head -40")] for hour in range(24)]
    return [
        Turn("what happens in the night?", hours[:8], "Errors cluster at three."),
        Turn("and by day?", hours[8:20], "Fewer."),
        Turn("and in the evening?", [*hours[20:], [finding("errors cluster at 03:00")]], "Like the day."),
    ]


def _write_tests() -> list[Turn]:
    def write(name: str) -> list[Calls]:
        text = f"import unittest\n\nfrom billing import {name}\n" + f"\n\n# {name}\n" * 6
        return [[read(name)], [("write", {"file_path": f"tests/test_more_{name}.py", "content": text})],
                [run(f"python3 -m unittest -q tests.test_{name}")]]  # fmt: skip

    return [Turn(f"write tests for {name}", write(name), f"{name} has tests now.") for name in MODULES[:8]]


def _settle_settings() -> list[Turn]:
    return [
        Turn(
            f"set {key}",
            [[read("settings.json")], [run(f"grep -n {key} settings.json")], [read("README.md")]],
            f"{key} stays as it is.",
        )
        for key in ("port", "retries", "timeout_ms", "region", "user", "pool", "port", "region")
    ]


def _audit() -> list[Turn]:
    return [
        Turn(f"audit {name}", [[grep("Decimal", f"billing/{name}.py")], [read(name)], [run(f"wc billing/{name}.py")]],
             f"{name}: nothing to report.")
        for name in MODULES
    ]  # fmt: skip


def _explain_long() -> list[Turn]:
    prose = "It is computed step by step, each capped, and what is left is carried over to the next month. " * 12
    return [
        Turn(f"explain {name} in full", [[read(name)], [read(name, offset=10, limit=30)]], prose) for name in MODULES
    ]


def _back_and_forth() -> list[Turn]:
    pairs = itertools.pairwise((*MODULES, *MODULES[:5]))
    return [
        Turn(f"compare {one} with {other}", [[read(one), read(other)], [grep("LIMIT =")]], "They differ.")
        for one, other in pairs
    ]


def _thirty_turns() -> list[Turn]:
    names = itertools.cycle(MODULES)
    return [
        Turn(f"question {n}", [[read(name)], [grep(f"{name}_{n % 7}")]][: 1 + n % 2], f"answer {n} about {name}")
        for n, name in zip(range(30), names, strict=False)
    ]


SESSIONS = (
    ToolSession("look through", _look_through()),
    ToolSession("hunt a fault", _hunt_a_fault()),
    ToolSession("rename", _rename()),
    ToolSession("read at once", _read_at_once()),
    ToolSession("read logs", _read_logs()),
    ToolSession("write tests", _write_tests()),
    ToolSession("settle settings", _settle_settings()),
    ToolSession("audit", _audit()),
    ToolSession("explain at length", _explain_long()),
    ToolSession("back and forth", _back_and_forth()),
)
THIRTY = ToolSession("thirty turns", _thirty_turns())


class Recorder(RehearsalTransport):
    """The rehearsal, which keeps the bytes of each request of a turn."""

    def __init__(self, clock: ManualClock, script: Script) -> None:
        self.clock, self.bodies = clock, list[tuple[float, bytes]]()
        cache = PrefixCache(count, clock.now)
        super().__init__(cache, count, script, 0.0)
        self._unscripted = RehearsalTransport(cache, count, Script(), 0.0)
        """Answers the workbench's own requests, which play nothing of the script."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if "X-Workbench-Purpose" in request.headers:
            return await self._unscripted.handle_async_request(request)
        if request.url.path.endswith("/messages"):
            self.clock.advance(STEP_S)
            self.bodies.append((self.clock.now(), await request.aread()))
        return await super().handle_async_request(request)


def count(text: str) -> int:
    """Tokens of a text, about."""
    return len(text.encode("utf-8", "surrogatepass")) // 4


async def replay(
    session: ToolSession, root: Path, *, size: int = 200_000, prices: Prices | None = None, pause_s: float = PAUSE_S
) -> Replayed:
    """Live through `session` in a project in `root`, with a window of `size` tokens."""
    project = root / "project"
    write_project(project)
    clock, script = ManualClock(), Script(tuple(_write_script(session)))
    transport = Recorder(clock, script)
    http = httpx2.AsyncClient(transport=transport, base_url=ADDRESS, timeout=None)
    client = AsyncAnthropic(api_key="rehearsal", base_url=ADDRESS, http_client=http, max_retries=0)
    models = EndpointModels(lambda: client, SessionMemory())
    model, roots = MessagesModel(lambda: client, models), Roots(project)
    policies = Policies(
        window=WindowPolicy(size=size),
        budget=BudgetPolicy(1e6, 10**12, 1e6, 10**12),
        escalation=EscalationPolicy(steps_budget=1_000),
        turn=TurnPolicy(max_steps=1_000),
    )
    made = bench(
        root,
        policies=policies,
        clock=clock,
        unattended=lambda request: answer(request, "all"),
        model=MODEL,
        provider=model,
        models=models,
        counter=model,
        tools=lambda: load_tools(project, classify=roots.effect, analyse=lambda line: analyse(line, roots)),
        prices=prices or GenaiPrices(),
        workspace=project,
    )
    for turn in session.turns:
        await made.ask(turn.prompt)
        clock.advance(pause_s)
    await made.engine.close()
    return Replayed(transport.bodies, made)


def _write_script(session: ToolSession) -> list[ScriptStep]:
    steps: list[ScriptStep] = []
    for turn in session.turns:
        for calls in turn.steps:
            made = tuple(
                ScriptCall(tool, arguments, f"toolu_{len(steps)}_{n}") for n, (tool, arguments) in enumerate(calls)
            )
            steps.append(ScriptStep("Looking.", calls=made))
        steps.append(ScriptStep(turn.said, confidence=0.95))
    return steps
