"""A conversation as its journal made it, and plans of it."""

import asyncio
from itertools import pairwise
from typing import Any

from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import CallKind, Effect, Proposal
from workbench.core.entries import Entry
from workbench.core.errors import ProviderFault
from workbench.core.messages import AnyPart, Part, Text, ToolResult, ToolUse
from workbench.core.notes import Note, Scratchpad
from workbench.core.plans import CompactionPlan
from workbench.core.spend import Usage
from workbench.core.window import SECTIONS, Block, Epoch, Section, Window
from workbench.strategies import CompactionPolicy, Draft, Strategy, WindowView, find_strategy
from workbench.strategies.plan import Pricing, build_plan, carry_memory, carry_over

PAD = Scratchpad(decisions=(Note("decision", "full jitter", "the sandbox bursts"), Note("decision", "no 409 retries")))
KINDS: dict[str, CallKind] = {"read": "read", "grep": "read", "edit": "edit", "shell": "run"}


def count(text: str) -> int:
    return -(-len(text) // 4)


def estimate(part: AnyPart) -> int:
    return count(part.text) if isinstance(part, Text | ToolResult) else 20


def economics(before: int, after: int, summary: int, front: int) -> tuple[float | None, float | None, float | None]:
    return (before / 1e6, (before - after) / 1e7, 4.0)


PRICING = Pricing(estimate, 1.0)


class Answering:
    """A `TextModel` that gives one answer and remembers what it was asked."""

    def __init__(self, answer: str = "") -> None:
        self.answer, self.asked = answer, list[tuple[str, int, str]]()

    async def ask(self, system: str, prompt: str, max_tokens: int, purpose: str) -> str:
        self.asked.append((prompt, max_tokens, purpose))
        return self.answer


class Silent:
    """A `TextModel` that cannot be reached."""

    async def ask(self, system: str, prompt: str, max_tokens: int, purpose: str) -> str:
        raise ProviderFault("connection", "nobody answers")


class Fixed:
    """A strategy that always drafts the same; nothing at all unless told otherwise."""

    name = title = "fixed"
    help = "Drafts what it was made with."

    def __init__(self, draft: Draft | None = None) -> None:
        self.answer = draft or Draft({})

    async def plan(self, *_: object) -> Draft:
        return self.answer


def propose(id: str, name: str, **arguments: Any) -> Proposal:
    """What the tool of that name says of a call."""
    subject = str(arguments.get("file_path") or arguments.get("command") or arguments.get("pattern") or "")
    effects = {"read": "read", "grep": "read", "edit": "write", "shell": "run"}
    target = arguments.get("file_path", "").removeprefix("./") or "."
    effect = Effect(effects[name], (target,))  # type: ignore[arg-type]
    return Proposal(id, name, arguments, (effect,), None, KINDS[name], name, subject)


class Talk:
    """Writes a journal event by event and keeps the conversation that it folds to."""

    def __init__(self, summary: str = "") -> None:
        self.conversation = Conversation()
        self.seq = 0
        self.add(e.EpochOpened(Epoch(1, "opus", "You are Workbench.", 500, (), (), summary, count(summary))))

    def add(self, event: e.AnyEvent) -> "Talk":
        self.seq += 1
        self.conversation.apply(e.Stamped(self.seq, 0.0, "s", "t", event))
        return self

    def ask(self, prompt: str, tokens: int = 20) -> "Talk":
        return self.add(e.TurnStarted(self.conversation.turn + 1, prompt, tokens))

    def say(self, *parts: Part, tokens: int = 50) -> "Talk":
        return self.add(e.MessageAdded(self.conversation.turn, 1, parts, (tokens,) * len(parts), "end_turn", Usage()))

    def call(
        self, name: str, result: str = "text", tokens: int = 200, error: bool = False, media: Any = (), **arguments: Any
    ) -> "Talk":
        id = f"c{self.seq}"
        self.say(ToolUse(id, name, arguments))
        self.add(e.ToolProposed(self.conversation.turn, 1, propose(id, name, **arguments)))
        turn = self.conversation.turn
        return self.add(e.ToolFinished(turn, id, name, result, tokens, 0.1, error=error, media=media))

    def end(self) -> "Talk":
        return self.add(e.TurnFinished(self.conversation.turn, "done", "", 1, 0.1, Usage(), None))

    def exchanges(self, number: int) -> "Talk":
        """So many turns of a prompt and an answer."""
        for place in range(number):
            self.ask(f"prompt {place}").say(Text(f"answer {place}")).end()
        return self

    def window(self, size: int = 200_000) -> Window:
        conversation = self.conversation
        blocks = [Block("system", "system", "system", 500, True, 0, 1)]
        if conversation.epoch and conversation.epoch.summary:
            blocks.append(Block("summary", "summary", "user", conversation.epoch.summary_tokens, True, 0, 1))
        for document in conversation.epoch.memory if conversation.epoch else ():
            blocks.append(Block(document.id, "memory", "system", document.tokens, True, 0, 1, document.name))
        for entry in (*conversation.entries, *conversation.results.values(), *conversation.waiting):
            section, name = conversation.section(entry), type(entry.part).__name__
            blocks.append(Block(entry.id, section, entry.role, entry.tokens, True, entry.turn, entry.seq, name))
        total = sum(block.tokens for block in blocks)
        sections = tuple(Section(n, sum(b.tokens for b in blocks if b.section == n)) for n in SECTIONS)
        return Window(size, 0, int(size * 0.7), total, size - total, True, sections, tuple(blocks))

    def view(self, size: int = 200_000, window: Window | None = None, instructions: str = "") -> WindowView:
        return WindowView.of(self.conversation, window or self.window(size), PAD, instructions, economics)

    def draft(self, strategy: str | Strategy = "summarise", view: WindowView | None = None, **options: Any) -> Draft:
        chosen = find_strategy(strategy) if isinstance(strategy, str) else strategy
        model, policy = options.get("model", Answering()), options.get("policy", CompactionPolicy())
        return asyncio.run(chosen.plan(view or self.view(), model, policy))  # type: ignore[arg-type]

    def possible_plan(
        self,
        strategy: str | Strategy = "summarise",
        *,
        size: int = 200_000,
        view: WindowView | None = None,
        **options: Any,
    ) -> CompactionPlan | None:
        seen, policy = view or self.view(size), options.get("policy", CompactionPolicy())
        name = strategy if isinstance(strategy, str) else strategy.name
        return build_plan(seen, self.draft(strategy, seen, **options), name, policy, PRICING)

    def plan(self, strategy: str | Strategy = "summarise", **options: Any) -> CompactionPlan:
        plan = self.possible_plan(strategy, **options)
        assert plan is not None
        return plan

    def compact(self, plan: CompactionPlan) -> "Talk":
        """Open the epoch of `plan`, as the engine does."""
        old = self.conversation.epoch
        assert old is not None
        text = f"{plan.summary}\n\n{plan.evidence}".strip()
        memory = carry_memory(plan, old.memory)
        epoch = Epoch(old.number + 1, "opus", "You are Workbench.", 500, (), memory, text, count(text))
        kept, replaced = carry_over(plan, self.conversation)
        return self.add(e.EpochOpened(epoch, "compacted", kept, plan.before, plan.after, "", replaced))


def valid(conversation: Conversation) -> None:
    """`messages` would be accepted: user first, roles alternate, calls answered at once, no thinking."""
    messages = conversation.messages()
    roles = [message["role"] for message in messages]
    assert roles[:1] in ([], ["user"])
    assert all(a != b for a, b in pairwise(roles))
    calls: list[str] = []
    for message in messages:
        kinds = [block["type"] for block in message["content"]]
        assert "thinking" not in kinds
        answered = [block["tool_use_id"] for block in message["content"] if block["type"] == "tool_result"]
        assert sorted(answered) == sorted(calls)
        calls = [block["id"] for block in message["content"] if block["type"] == "tool_use"]
    assert not calls


def leaving(talk: Talk, plan: CompactionPlan) -> list[Entry]:
    """The entries that leave with `plan`."""
    return [entry for entry in talk.conversation.entries if entry.id not in plan.kept]


def ids(plan: CompactionPlan, fate: str) -> list[str]:
    return [id for line in plan.lines if line.fate == fate for id in line.ids]


def labels(plan: CompactionPlan, fate: str) -> list[str]:
    return [line.label for line in plan.lines if line.fate == fate]
