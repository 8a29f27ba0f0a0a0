"""CPU that one event costs the window ledger, its reading included, after 500 and after 5,000 blocks."""

import gc
import statistics
import time

from tests.bench import long_talk
from workbench.context import Ledger, WindowPolicy
from workbench.core.conversation import Conversation

LENGTHS = (500, 5_000)
TURNS, ROUNDS = 100, 7


def take_turns(blocks: int) -> float:
    """Seconds of a stored event, in turns that follow so many blocks; the window is read after each."""
    events = list(long_talk.stamp(long_talk.talk(blocks + 4 * TURNS)))
    conversation, ledger = Conversation(), Ledger(WindowPolicy(size=10**9))
    at = next(place for place, stamped in enumerate(events) if stamped.trace == f"{blocks // 4 + 1:032x}")
    for stamped in events[:at]:
        conversation.apply(stamped)
        ledger.apply(stamped, conversation)
    ledger.read(conversation)
    gc.collect()
    began = time.process_time()
    for stamped in events[at:]:
        conversation.apply(stamped)
        ledger.apply(stamped, conversation)
        ledger.read(conversation)
    return (time.process_time() - began) / (len(events) - at)


def measure() -> dict[str, float]:
    """Medians, and what an update of the long window is of one of the short."""
    rounds = [[take_turns(blocks) for blocks in LENGTHS] for _ in range(ROUNDS)]
    short, long = (statistics.median(each) for each in zip(*rounds, strict=True))
    return {"after 500": short, "after 5,000": long, "ratio": statistics.median(b / a for a, b in rounds)}
