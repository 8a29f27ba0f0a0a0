"""What is left of planted facts after 1, 3 and 5 compactions, beside the seed's plain summariser (seed §2A).

The summariser drops every fact, on both sides. A fact is left where it stands in the request's messages whole, a
command with its exit code after it; recalled is also what an id that stands there gives back. What is lost is told in
percent. CPU is that of a plan of 5,000 messages against one of 500.
"""

import asyncio
import gc
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from tests.bench import long_talk
from tests.bench.planted import KINDS, Planted, Planter
from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.messages import ToolResult
from workbench.core.notes import Scratchpad
from workbench.core.window import SECTIONS, Block, Epoch, Section, Window
from workbench.engine.steering import recall_block
from workbench.providers.tokenizer import TiktokenCounter
from workbench.strategies import CompactionPolicy, WindowView, find_strategy
from workbench.strategies.earlier import split_index
from workbench.strategies.plan import Pricing, build_plan, carry_memory, carry_over

TALKS = (3, 4, 5, 6, 7, 8)
"""Seeds; each of the three projects twice."""
SIZE, TRIGGER = 60_000, 42_000
ROUNDS = (1, 3, 5)
MUST = ("paths", "commands", "numbers", "decisions")
SEED_KEEPS = 10
"""Messages that the seed's summariser keeps."""
LIMITS = {
    **{f"{kind} lost after {number}": 5.0 for kind in MUST for number in ROUNDS},
    **{f"not recalled after {number}": 1.0 for number in ROUNDS},
    "index percent": 5.0,
    "cpu ratio": 12.0,
}
LONGEST_OUTPUT = 4_000
"""Characters of what a command that stays in the window printed before its exit code."""
LENGTHS = (500, 5_000)
ESTIMATOR = Estimator(TiktokenCounter())
DROPPED = "## Goal\nThe work goes on.\n\n## Decided\nNothing.\n\n## Done\nNothing.\n\n## Open\nNothing."


class Forgetful:
    """Summarises without one fact."""

    async def ask(self, system: str, prompt: str, max_tokens: int, purpose: str) -> str:
        return DROPPED


class Talk:
    """One conversation, compacted whenever it reaches the trigger."""

    def __init__(self) -> None:
        self.conversation, self._seq = Conversation(), 0
        self.apply(e.EpochOpened(Epoch(1, "claude-opus-5-5", "You are Workbench.", 500, ())))

    def apply(self, event: e.AnyEvent) -> None:
        """Fold one in, with the tokens that the engine would have estimated."""
        match event:
            case e.TurnStarted():
                event = msgspec.structs.replace(event, tokens=ESTIMATOR.count(event.prompt))
            case e.MessageAdded():
                event = msgspec.structs.replace(event, tokens=tuple(map(ESTIMATOR.count_part, event.parts)))
            case e.ToolFinished():
                tokens = ESTIMATOR.count_part(ToolResult(event.call_id, event.text))
                event = msgspec.structs.replace(event, tokens=tokens)
        self._seq += 1
        self.conversation.apply(e.Stamped(self._seq, 0.0, "bench", "t", event))

    @property
    def removed(self) -> int:
        """Tokens of all that left the window so far."""
        inside = {entry.id for entry in self.conversation.entries}
        return sum(entry.tokens for entry in self.conversation.archive.values() if entry.id not in inside)

    @property
    def index(self) -> int:
        """Tokens of the evidence index."""
        epoch = self.conversation.epoch
        return ESTIMATOR.count(split_index(epoch.summary)[1]) if epoch else 0

    def measure(self, size: int = SIZE) -> Window:
        conversation, epoch = self.conversation, self.conversation.epoch
        blocks = [Block("system", "system", "system", 500, True, 0, 1, cached=True)]
        if epoch and epoch.summary:
            blocks.append(Block("summary", "summary", "user", epoch.summary_tokens, True, 0, 1, cached=True))
        for entry in conversation.entries:
            section = conversation.section(entry)
            blocks.append(Block(entry.id, section, entry.role, entry.tokens, False, entry.turn, entry.seq, cached=True))
        total = sum(block.tokens for block in blocks)
        sections = tuple(Section(n, sum(b.tokens for b in blocks if b.section == n)) for n in SECTIONS)
        return Window(size, 0, int(size * 0.7), total, size - total, False, sections, tuple(blocks))

    def view(self, size: int = SIZE) -> WindowView:
        return WindowView.of(self.conversation, self.measure(size), Scratchpad())

    def compact(self) -> None:
        """As the engine does, with a summariser that forgets all."""
        view, policy, old = self.view(), CompactionPolicy(), self.conversation.epoch
        draft = asyncio.run(find_strategy("summarise").plan(view, Forgetful(), policy))
        plan = build_plan(view, draft, "summarise", policy, Pricing(ESTIMATOR.count_part, 1.0))
        assert plan is not None
        assert old is not None
        text = f"{plan.summary}\n\n{plan.evidence}".strip()
        memory = carry_memory(plan, old.memory)
        epoch = Epoch(old.number + 1, old.model, old.system, 500, (), memory, text, ESTIMATOR.count(text))
        kept, replaced = carry_over(plan, self.conversation)
        self.apply(e.EpochOpened(epoch, "compacted", kept, plan.before, plan.after, "", replaced))

    def compact_like_the_seed(self) -> None:
        """Seed §2A: the last ten messages as they are, a summary of at most 500 tokens of the rest."""
        entries, old = self.conversation.entries, self.conversation.epoch
        assert old is not None
        starts = [n for n, entry in enumerate(entries) if n == 0 or entry.role != entries[n - 1].role]
        kept = tuple(entry.id for entry in entries[starts[-SEED_KEEPS] :])
        epoch = Epoch(old.number + 1, old.model, old.system, 500, (), (), DROPPED, ESTIMATOR.count(DROPPED))
        self.apply(e.EpochOpened(epoch, "compacted", kept))


def read_window(conversation: Conversation) -> str:
    """All that the next request's messages say, as text."""
    texts: list[str] = []
    for message in conversation.messages():
        for block in message["content"]:
            said: Any = block.get("text") or block.get("content") or " ".join(map(str, block.get("input", {}).values()))
            texts += [said] if isinstance(said, str) else [part.get("text", "") for part in said]
    return "\n".join(texts)


def is_left(fact: Planted, text: str) -> bool:
    """Whole, and not as a piece of one that only looks like it; a command with its code within the next words."""
    edge = r"(?<![\w./\\-])" if fact.text[0].isalnum() else ""
    close = r"(?![\w\\-]|[./]\w)" if fact.text[-1].isalnum() else ""
    for found in re.finditer(edge + re.escape(fact.text) + close, text):
        after = text[found.end() : found.end() + LONGEST_OUTPUT]
        if not fact.exit or re.match(rf"`? → {fact.exit}(?!\d)|(?s:.*?)(?:code|status):? {fact.exit}(?!\d)", after):
            return True
    return False


def recall(conversation: Conversation, text: str) -> Iterator[str]:
    """What the ids that stand in the window give back."""
    for id in dict.fromkeys(re.findall(r"\be\d+(?:\.\d+)?\b", text)):
        if found := recall_block(conversation, id):
            yield found


def is_recalled(fact: Planted, pieces: Iterable[str]) -> bool:
    """In one of the pieces; a command's code is told after it."""
    for piece in pieces:
        _, found, after = piece.partition(fact.text)
        if found and (not fact.exit or re.search(rf"(?:code|status):? {fact.exit}(?!\d)", after)):
            return True
    return False


def follow(seed: int) -> Iterator[tuple[int, Mapping[str, tuple[int, int, int, int]], float]]:
    """After each round that counts: by kind what is left, recalled, left by the seed's way, planted; index's share."""
    ours, plain, planter = Talk(), Talk(), Planter(seed)
    for number in range(1, max(ROUNDS) + 1):
        while ours.measure().total < TRIGGER:
            for event in planter.write_turn():
                ours.apply(event)
                plain.apply(event)
        ours.compact()
        plain.compact_like_the_seed()
        if number in ROUNDS:
            yield number, _count(ours, plain, planter.planted), ours.index / ours.removed


def _count(ours: Talk, plain: Talk, planted: list[Planted]) -> dict[str, tuple[int, int, int, int]]:
    text, other = read_window(ours.conversation), read_window(plain.conversation)
    pieces = list(recall(ours.conversation, text))
    counts = {}
    for kind in KINDS:
        facts = [fact for fact in planted if fact.kind == kind]
        left = [is_left(fact, text) for fact in facts]
        recalled = sum(here or is_recalled(fact, pieces) for fact, here in zip(facts, left, strict=True))
        counts[kind] = sum(left), recalled, sum(is_left(fact, other) for fact in facts), len(facts)
    return counts


def measure() -> dict[str, float]:
    """Percent of facts that are lost, per kind and round; the index in percent of what was removed; CPU's growth."""
    found: dict[tuple[int, str], list[tuple[int, int, int, int]]] = {}
    index = 0.0
    for seed in TALKS:
        for number, counts, share in follow(seed):
            index = max(index, share)
            for kind, count in counts.items():
                found.setdefault((number, kind), []).append(count)
    figures: dict[str, float] = {}
    for number in ROUNDS:
        recalled = planted = 0
        for kind in KINDS:
            left, back, seeds, every = map(sum, zip(*found[number, kind], strict=True))
            recalled, planted = recalled + back, planted + every
            figures[f"{kind} lost after {number}"] = 100 * (1 - left / every)
            figures[f"{kind} lost by the seed's after {number}"] = 100 * (1 - seeds / every)
        figures[f"not recalled after {number}"] = 100 * (1 - recalled / planted)
    figures["index percent"] = 100 * index
    return figures | {"cpu ratio": measure_cpu()}


def measure_cpu() -> float:
    """Times as long as a plan takes for ten times as many messages."""
    seconds = []
    for length in LENGTHS:
        talk = Talk()
        for event in long_talk.talk(length):
            talk.apply(event)
        view, policy = talk.view(10**7), CompactionPolicy()
        runs = []
        for _ in range(5):
            gc.collect()
            start = time.process_time()
            draft = asyncio.run(find_strategy("summarise").plan(view, Forgetful(), policy))
            build_plan(view, draft, "summarise", policy, Pricing(ESTIMATOR.count_part, 1.0))
            runs.append(time.process_time() - start)
        seconds.append(min(runs))
    return seconds[1] / seconds[0]


def write_report(figures: Mapping[str, float]) -> str:
    """The figures as Markdown."""
    head = "| kind | " + " | ".join(f"after {number} | seed's, after {number}" for number in ROUNDS) + " |"
    rows = [head, "|---" * (1 + 2 * len(ROUNDS)) + "|"]
    for kind in KINDS:
        ways = (f"{kind} lost after {{}}", f"{kind} lost by the seed's after {{}}")
        kept = [100 - figures[way.format(number)] for number in ROUNDS for way in ways]
        rows.append(f"| {kind} | " + " | ".join(f"{share:.1f} %" for share in kept) + " |")
    recalled = ", ".join(f"{100 - figures[f'not recalled after {number}']:.1f} %" for number in ROUNDS)
    facts = [
        f"The evidence index took at most {figures['index percent']:.2f} % of all tokens removed so far.",
        f"In the window or under an id that stands in it: {recalled} of all facts.",
        f"A plan of 5,000 messages takes {figures['cpu ratio']:.1f} times the CPU of one of 500.",
    ]
    return "\n".join([*rows, "", *(f"- {fact}" for fact in facts)])
