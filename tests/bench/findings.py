"""What it costs to find what wastes a window of 500 and of 5,000 blocks: at first, and again at the end of a turn.

Every second block is a result of some 600 tokens that nothing names: the most that there is to read.
CPU seconds of this process.
"""

import time
from random import Random

import msgspec

from tests.bench import long_talk
from workbench.context import Ledger, WindowPolicy
from workbench.context.findings import WasteFinder
from workbench.core import events as e
from workbench.core.conversation import Conversation

LENGTHS = (500, 5_000)
LINES = 40


def time_finding(messages: int) -> tuple[float, float]:
    """Seconds of the first search, and of one after a turn more."""
    conversation, ledger, numbers = Conversation(), Ledger(WindowPolicy(size=1_000_000)), Random(7)
    finder, events = WasteFinder(), list(long_talk.stamp(long_talk.talk(messages + 4)))
    turns = [place for place, stamped in enumerate(events) if isinstance(stamped.event, e.TurnStarted)]
    seconds = []
    for part in (events[: turns[-1]], events[turns[-1] :]):
        for stamped in part:
            told = _lengthen(stamped, numbers)
            conversation.apply(told)
            ledger.apply(told, conversation)
        window = ledger.measure(conversation)
        began = time.process_time()
        assert finder.find(window, conversation)
        seconds.append(time.process_time() - began)
    return seconds[0], seconds[1]


def _lengthen(stamped: e.Stamped, numbers: Random) -> e.Stamped:
    if not isinstance(stamped.event, e.ToolFinished):
        return stamped
    lines = (f"{n}: def function_{numbers.randrange(10**6)}(value): return {numbers.random()}" for n in range(LINES))
    result = msgspec.structs.replace(stamped.event, text="\n".join(lines), tokens=600)
    return msgspec.structs.replace(stamped, event=result)


def measure() -> dict[str, float]:
    """The figures, and what a long session's are of a short one's."""
    short, long = map(time_finding, LENGTHS)
    return {
        "first at 500": short[0],
        "first at 5,000": long[0],
        "again at 5,000": long[1],
        "first ratio": long[0] / short[0],
        "again share": long[1] / long[0],
    }
