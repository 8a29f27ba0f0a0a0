"""What the prompt cache saves (seed §8): ten tool sessions and one of thirty turns, by the bytes of their requests.

The engine, the SDK and the tools are the real ones; what is read and written is computed by a prefix cache of the
tests' own (`tests/prefix_model.py`), and priced by the published prices. The naive loop sends the same prompts without
a mark.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.prefix_model import Charge, PrefixModel
from tests.tool_sessions import MODEL, SESSIONS, THIRTY, Replayed, ToolSession, replay
from workbench.core import events as e
from workbench.core.spend import Usage
from workbench.cost import GenaiPrices


@dataclass(frozen=True)
class Bill:
    """What a session cost."""

    charges: list[Charge]
    turns: list[int]
    """The turn of each request."""
    usd: float
    naive_usd: float
    unexplained: int
    """Requests that read less than was left, while it was warm and in one epoch."""

    def hit_ratio(self, after: int) -> float:
        """Share of the prompts that was read, from the turn behind `after` on."""
        late = [charge for charge, turn in zip(self.charges, self.turns, strict=True) if turn > after]
        return sum(charge.read for charge in late) / sum(charge.prompt for charge in late)


def replay_whole(session: ToolSession) -> Replayed:
    """Live through it in a folder that goes away."""
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(replay(session, Path(name)))


def bill(replayed: Replayed) -> Bill:
    """The bill of what was sent."""
    model, prices = PrefixModel(), GenaiPrices()
    charges = [model.send(raw, at) for at, raw in replayed.bodies]
    replies = [each.usage.output_tokens for each in replayed.made.of(e.BudgetSettled) if each.purpose == "turn"]
    turns = [each.turn for each in replayed.made.of(e.RequestSent)]
    usd = naive = 0.0
    for charge, reply in zip(charges, replies, strict=True):
        used = Usage(charge.plain, reply, charge.read, charge.written, charge.hourly)
        usd += prices.cost(MODEL, used) or 0.0
        naive += prices.cost(MODEL, Usage(charge.prompt, reply)) or 0.0
    return Bill(charges, turns, usd, naive, count_unexplained(charges, replayed))


def count_unexplained(charges: list[Charge], replayed: Replayed) -> int:
    """Requests that found less than the one before them left, though it was warm and nothing was compacted."""
    broken = {(each.turn, each.step) for each in replayed.made.of(e.PrefixBroken)}
    sent = [(each.turn, each.step) for each in replayed.made.of(e.RequestSent)]
    found = 0
    for at in range(1, len(charges)):
        before, now = charges[at - 1], charges[at]
        cold = replayed.bodies[at][0] - replayed.bodies[at - 1][0] >= 300
        found += now.read < before.read + before.written and not cold and sent[at] not in broken
    return found


def measure() -> dict[str, float]:
    """The figures: hit ratio after turn 3, misses without a reason, and dollars of the naive loop's."""
    thirty = bill(replay_whole(THIRTY))
    bills = {session.name: bill(replay_whole(session)) for session in SESSIONS}
    shares = {name: each.usd / each.naive_usd for name, each in bills.items()}
    return {
        "miss ratio": 1 - thirty.hit_ratio(3),
        "unexplained misses": float(thirty.unexplained + sum(each.unexplained for each in bills.values())),
        "dollars of naive, worst": max(shares.values()),
        **{f"  {name}": share for name, share in shares.items()},
    }
