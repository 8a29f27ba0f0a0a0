"""What a turn costs beside its requests: one with a call and an answer, after 100 and after 10,000 messages.

The whole engine on real files with a model that answers at once, nothing compacted; CPU seconds of the process. What
an SDK spends on encoding the request is not in it and is told beside it.
"""

import asyncio
import gc
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from tests.bench import long_talk
from tests.fakes import Bench, Hand, ManualClock, bench
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.messages import Text, ToolUse
from workbench.core.requests import Delta, ModelRequest, Reply, ReplyBegan, TextDelta
from workbench.core.spend import Usage
from workbench.cost import BudgetPolicy
from workbench.engine import Policies

LENGTHS = (100, 10_000)
TURNS = 15
NO_LIMIT = BudgetPolicy(1e9, 10**15, 1e9, 10**15)


class Instant:
    """Asks for a call, then answers; reports as much as the window holds."""

    def __init__(self) -> None:
        self.made: Bench | None = None
        self.asked = 0
        self.last: ModelRequest | None = None

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
        assert self.made is not None
        self.asked, self.last = self.asked + 1, request
        usage = Usage(self.made.engine.session.window().total, 20)
        yield ReplyBegan("msg", request.model, usage)
        if self.asked % 2:
            yield Reply("msg", request.model, (ToolUse(f"c{self.asked}", "look", {"what": "x"}),), "tool_use", usage)
        else:
            yield TextDelta("Seen.")
            yield Reply("msg", request.model, (Text("Seen."),), "end_turn", usage)


async def take_turns(length: int) -> tuple[float, float, int]:
    """Seconds of CPU of one turn after `length` messages, of encoding its request, and bytes of its largest event."""
    model = Instant()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        long_talk.write(root / "sessions", length)
        policies = Policies(window=WindowPolicy(size=10**9), budget=NO_LIMIT)
        made = bench(
            root, hands=[Hand()], policies=policies, clock=ManualClock(), model=long_talk.MODEL, provider=model
        )
        model.made = made
        await made.engine.handle(c.OpenSession(long_talk.SESSION))
        await made.ask("Look.")  # opens an epoch with the tools of now
        seconds = []
        for _ in range(TURNS):
            made.emitted.clear()
            gc.collect()
            began = time.process_time()
            await made.ask("Look again.")
            seconds.append(time.process_time() - began)
        assert isinstance(made.of(e.TurnFinished)[-1], e.TurnFinished)
        largest = max(len(msgspec.json.encode(stamped)) for stamped in made.emitted)
        assert model.last is not None
        began = time.process_time()
        json.dumps(model.last.messages)
        encoding = time.process_time() - began
        await made.engine.close()
    return statistics.median(seconds), encoding, largest


def measure() -> dict[str, float]:
    """The figures: a turn short and long, and what the long one is of the short one."""
    short, long = (asyncio.run(take_turns(length)) for length in LENGTHS)
    return {
        "turn after 100": short[0],
        "turn after 10,000": long[0],
        "ratio": long[0] / short[0],
        "its request as JSON": long[1],
        "largest event, bytes": float(long[2]),
    }
