"""Errors of the window's total against what an endpoint reports whose tokenizer is none of ours, by kind of text.

The whole engine on real files; the endpoint counts each request's texts with its own vocabulary and its own frames.
`after`: the median of the requests after the first reply that bring a result, by what the meter said before each was
sent. `new`: the tokens by which the parts of these were wrong that no report had covered, of all such tokens.
`first`: a session's first request, without `count_tokens` and with nothing known of the model. `known`: the same where
an earlier session had learnt.
"""

import asyncio
import json
import random
import statistics
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.corpora import gather
from tests.bench.tokenizers import SHIPPED, Count, find_tokenizers
from tests.bench.turns import NO_LIMIT
from tests.fakes import Bench, FakeModels, Hand, ManualClock, bench
from workbench.context import Estimator, WindowPolicy
from workbench.core.messages import Part, Text, ToolUse
from workbench.core.requests import Delta, ModelRequest, Reply, ReplyBegan
from workbench.core.spend import Usage
from workbench.engine import Policies
from workbench.providers.tokenizer import TiktokenCounter

TURNS = 20
FRAME, CALL_FRAME = 5, 9
"""Tokens of the endpoint's own around a message, and around a call or its result."""


@dataclass
class Foreign:
    """Asks for a call, then answers in words; reports by its own count, and notes what the meter said before."""

    count: Count
    prose: str
    made: Bench | None = None
    asked: int = 0
    known: int = 0
    """Tokens of the last prompt and its reply."""
    totals: list[tuple[int, int]] = field(default_factory=list)
    """Of each request, what was estimated and what it held."""
    news: list[tuple[int, int]] = field(default_factory=list)

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
        assert self.made is not None
        prompt, said = self._count_prompt(request), self.made.engine.session.window().total
        self.totals.append((said, prompt))
        self.news.append((said - self.known, prompt - self.known))
        self.asked += 1
        parts: tuple[Part, ...] = (ToolUse(f"c{self.asked}", "look", {"what": f"part {self.asked}"}),)
        if not self.asked % 2:
            at = self.asked * 311 % (len(self.prose) - 400)
            parts = (Text(self.prose[at : at + 400]),)
        reply = sum(self._count_block(_wire(part)) for part in parts)
        usage = Usage(prompt, reply)
        self.known = prompt + reply
        yield ReplyBegan("msg", request.model, usage)
        yield Reply("msg", request.model, parts, "tool_use" if self.asked % 2 else "end_turn", usage)

    def _count_prompt(self, request: ModelRequest) -> int:
        head = sum(self.count(block["text"]) for block in request.system)
        head += sum(self.count(json.dumps(tool)) for tool in request.tools)
        said = (self._count_block(block) for message in request.messages for block in message["content"])
        return head + sum(said) + FRAME * len(request.messages)

    def _count_block(self, block: dict[str, Any]) -> int:
        match block:
            case {"type": "text", "text": str(text)}:
                return self.count(text)
            case {"type": "tool_use", "name": name, "input": arguments}:
                return self.count(f"{name} {json.dumps(arguments)}") + CALL_FRAME
            case {"type": "tool_result", "content": content}:
                texts = [content] if isinstance(content, str) else [each.get("text", "") for each in content]
                return sum(map(self.count, texts)) + CALL_FRAME
        raise ValueError(block)


def _wire(part: Part) -> dict[str, Any]:
    if isinstance(part, ToolUse):
        return {"type": "tool_use", "name": part.name, "input": part.input}
    assert isinstance(part, Text)
    return {"type": "text", "text": part.text}


async def talk(count: Count, kinds: list[str], corpora: dict[str, str], models: FakeModels, turns: int) -> Foreign:
    """A session whose prompts and results are of `kinds` by turns; one without a turn only asks once."""
    chance, hand = random.Random(f"{kinds}{turns}"), Hand()
    foreign = Foreign(count, corpora["prose"])
    with tempfile.TemporaryDirectory() as name:
        made = bench(
            Path(name),
            hands=[hand],
            policies=Policies(window=WindowPolicy(size=10**7), budget=NO_LIMIT),
            clock=ManualClock(),
            provider=foreign,
            models=models,
            estimator=Estimator(TiktokenCounter()),
        )
        foreign.made = made
        for turn in range(max(turns, 1)):
            texts = _cut(corpora[kinds[turn % len(kinds)]], chance)
            hand.result = next(texts)
            await made.ask("Look at the next part, and say what it holds." if turns else next(texts))
        await made.engine.close()
    return foreign


def _cut(text: str, chance: random.Random) -> Iterator[str]:
    while True:
        at, length = chance.randrange(len(text) - 12_000), chance.randrange(600, 12_000)
        yield text[at : at + length]


def measure() -> dict[str, float]:
    """For each tokenizer and kind of text the median error after the first reply, of new parts, and at first."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, float]:
    corpora, figures = gather(), dict[str, float]()
    found = find_tokenizers()
    if len(found) == 1:
        print(f"  {SHIPPED} is not installed (pip install --group bench): a vocabulary of this run stands in for it")
    for name, count in found.items():
        models = FakeModels()
        for kind in (*corpora, "mixed"):
            kinds = list(corpora) if kind == "mixed" else [kind]
            long = await talk(count, kinds, corpora, FakeModels(), TURNS if len(kinds) == 1 else 3 * TURNS)
            first = await talk(count, kinds, corpora, FakeModels(), 0)
            await talk(count, list(corpora), corpora, models, TURNS)
            known = await talk(count, kinds, corpora, models, 0)
            figures |= {
                f"{name}: {kind} after": _median(long.totals[1::2]),
                f"{name}: {kind} new": _share(long.news[1::2]),
                f"{name}: {kind} first": _median(first.totals[:1]),
                f"{name}: {kind} known": _median(known.totals[:1]),
            }
    return figures | {"after, worst": max(value for name, value in figures.items() if name.endswith("after"))}


def _median(told: list[tuple[int, int]]) -> float:
    return statistics.median(abs(said - actual) / actual for said, actual in told)


def _share(told: list[tuple[int, int]]) -> float:
    return sum(abs(said - actual) for said, actual in told) / sum(actual for _, actual in told)
