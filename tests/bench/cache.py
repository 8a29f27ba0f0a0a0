"""What the prompt cache saves (seed §8): ten tool sessions and one of thirty turns, by the bytes of their requests.

The engine, the SDK and the tools are the real ones; what is read and written is computed by a prefix cache of the
tests' own (`tests/prefix_model.py`), and priced by the published prices. The naive loop sends the same prompts without
a mark; the seed's sample marks the system prompt alone.
"""

import asyncio
import json
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
    seed_usd: float
    """With the one mark of the seed's sample."""
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
    model = PrefixModel()
    charges = [model.send(raw, at) for at, raw in replayed.bodies]
    seed = PrefixModel()
    seeds = [seed.send(keep_system_mark(raw), at) for at, raw in replayed.bodies]
    replies = [each.usage.output_tokens for each in replayed.made.of(e.BudgetSettled) if each.purpose == "turn"]
    turns = [each.turn for each in replayed.made.of(e.RequestSent)]
    plain = [Charge(0, 0, 0, charge.prompt) for charge in charges]
    usd, naive, seed_usd = (add_up(each, replies) for each in (charges, plain, seeds))
    return Bill(charges, turns, usd, naive, seed_usd, count_unexplained(charges, replayed))


def add_up(charges: list[Charge], replies: list[int]) -> float:
    """Dollars of these prompts, each with the tokens of its reply."""
    prices = GenaiPrices()
    used = (Usage(c.plain, reply, c.read, c.written, c.hourly) for c, reply in zip(charges, replies, strict=True))
    return sum(prices.cost(MODEL, each) or 0.0 for each in used)


def keep_system_mark(raw: bytes) -> bytes:
    """The same request with the mark of its system prompt alone."""
    body = json.loads(raw)
    for block in (*body.get("tools", ()), *(part for message in body["messages"] for part in message["content"])):
        block.pop("cache_control", None)
    return json.dumps(body).encode()


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
        "seed's sample, best": min(each.seed_usd / each.naive_usd for each in bills.values()),
        **{f"  {name}": share for name, share in shares.items()},
    }
