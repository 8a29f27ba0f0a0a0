"""Compactions as request and window ledger see them: valid, in sums that agree, and undone to the byte."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.strategies.talk import Answering, estimate, propose
from workbench.context import Ledger, WindowPolicy
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.entries import Entry
from workbench.core.journal import from_document, to_document
from workbench.core.messages import RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.core.notes import Scratchpad
from workbench.core.plans import CompactionPlan
from workbench.core.sent import SUMMARY_HEAD
from workbench.core.spend import Usage
from workbench.core.window import Document, Epoch, Window
from workbench.providers.rehearsal.validity import faults
from workbench.strategies import BlockFate, CompactionPolicy, Draft, WindowView, find_strategy
from workbench.strategies.plan import Pricing, build_plan, carry_over

MEMORY = (Document("AGENTS.md", "instructions", "Small commits.", 60),)
TOOL = {"name": "read", "description": "Reads.", "input_schema": {"type": "object", "properties": {}}}


class Session:
    """Conversation and ledger of one journal."""

    def __init__(self) -> None:
        self.conversation, self.ledger, self.turns = Conversation(), Ledger(WindowPolicy(20_000, 0.7, 2_000)), 0
        self.journal: list[e.Stamped] = []
        self.add(e.EpochOpened(Epoch(1, "opus", "You are Workbench.", 400, (), MEMORY)))

    def add(self, event: e.AnyEvent) -> None:
        self.replay(e.Stamped(len(self.journal) + 1, 0.0, "s", "t", event))

    def replay(self, stamped: e.Stamped) -> None:
        self.journal.append(stamped)
        self.conversation.apply(stamped)
        self.ledger.apply(stamped, self.conversation)

    def turn(self, calls: int, size: int, reported: bool) -> None:
        self.turns += 1
        number = self.turns
        self.add(e.TurnStarted(number, f"prompt {number}", 20))
        for call in range(calls):
            id = f"c{number}_{call}"
            parts: Any = (Thinking("hm", "s"), ToolUse(id, "read", {"file_path": f"f{call}.py"}))
            self.add(e.MessageAdded(number, call, parts, (30, 30), "tool_use", self.usage(reported)))
            self.add(e.ToolProposed(number, call, propose(id, "read", file_path=f"f{call}.py")))
            self.add(e.ToolFinished(number, id, "read", "text " * (size // 2), size, 0.1))
        self.add(e.MessageAdded(number, calls, (Text("done"),), (9,), "end_turn", self.usage(reported)))
        self.add(e.TurnFinished(number, "done", "done", calls, 0.1, Usage(), None))

    def usage(self, reported: bool) -> Usage:
        """What a server reports whose tokens are a tenth more than the estimated ones."""
        sent = self.window().blocks if reported else ()
        tenth_more = 1.1 / self.ledger.ratio
        return Usage(round(sum(b.tokens if b.exact else b.tokens * tenth_more for b in sent)), 70 if sent else 0)

    def window(self) -> Window:
        window = self.ledger.measure(self.conversation)
        assert sum(block.tokens for block in window.blocks) == window.total
        assert sum(section.tokens for section in window.sections) == window.total
        assert window.total + window.reserved + window.free == window.size
        return window

    def view(self) -> WindowView:
        return WindowView.of(self.conversation, self.window(), Scratchpad())

    def pricing(self) -> Pricing:
        return Pricing(estimate, self.ledger.ratio)

    def plan(self, strategy: str, keep: int) -> CompactionPlan | None:
        policy = CompactionPolicy(keep_last=keep)
        draft = asyncio.run(find_strategy(strategy).plan(self.view(), Answering(), policy))
        return build_plan(self.view(), draft, strategy, policy, self.pricing())

    def compact(self, plan: CompactionPlan) -> None:
        epoch = self.conversation.epoch
        assert epoch is not None
        opened = msgspec.structs.replace(epoch, number=epoch.number + 1)
        if plan.summarises:
            text = f"{plan.summary}\n\n{plan.evidence}".strip()
            tokens = estimate(Text(SUMMARY_HEAD + text))
            opened = msgspec.structs.replace(opened, summary=text, summary_tokens=tokens)
        kept, replaced = carry_over(plan, self.conversation)
        self.add(e.EpochOpened(opened, "compacted", kept, plan.before, plan.after, "", replaced))

    def undo(self) -> None:
        assert self.conversation.epoch is not None
        self.add(e.CompactionUndone(self.conversation.epoch.number + 1))

    def model(self) -> str:
        assert self.conversation.epoch is not None
        return self.conversation.epoch.model

    def faults(self) -> list[str]:
        """Why the API would refuse the request that a new prompt makes of the journal."""
        conversation = Conversation()
        for stamped in self.journal:
            conversation.apply(stamped)
        conversation.apply(e.Stamped(10_000, 0.0, "s", "t", e.TurnStarted(99, "go on", 2)))
        body = {"model": "opus", "max_tokens": 100, "messages": conversation.messages(), "tools": [TOOL]}
        return faults(body)


def without_thinking(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if not isinstance(entry.part, Thinking | RedactedThinking)]


STRATEGIES = st.sampled_from(["summarise", "mask", "auto"])
TURNS = st.tuples(st.integers(0, 3), st.sampled_from([10, 500, 4_000]))


@given(st.lists(TURNS, min_size=1, max_size=9), st.booleans(), STRATEGIES)
def test_the_window_after_a_compaction_is_the_one_that_was_planned(
    shape: list[tuple[int, int]], told: bool, strategy: str
) -> None:
    session = Session()
    for calls, size in shape:
        session.turn(calls, size, told)
    window = session.window()
    plan = session.plan(strategy, 10)
    if plan is None:
        return
    assert plan.before == window.total
    session.compact(plan)
    after = session.window()
    assert after.total == plan.after
    assert [s.tokens for s in after.sections] == [s.tokens for s in plan.sections_after]
    assert strategy == "mask" or after.total < after.trigger
    session.undo()
    assert session.window().total == window.total, "thinking included"


@given(st.data())
def test_turns_compactions_and_undos_in_any_order_stay_valid_and_undo_to_the_byte(data: st.DataObject) -> None:
    session, before = Session(), list[tuple[list[Entry], int, str]]()
    for _ in range(data.draw(st.integers(1, 8))):
        match data.draw(st.sampled_from(["turn", "turn", "compact", "wild", "undo", "model"])):
            case "turn":
                session.turn(*data.draw(TURNS), data.draw(st.booleans()))
            case "model":
                conversation, epoch = session.conversation, session.conversation.epoch
                assert epoch is not None
                ids = tuple(entry.id for entry in conversation.entries)
                other = msgspec.structs.replace(epoch, number=epoch.number + 1, model="haiku")
                session.add(e.EpochOpened(other, "model", ids, replaced=conversation.replaced))
            case "undo" if before:
                (old, at, model), since = before.pop(), session.conversation.entries
                came = [entry for entry in since if entry.seq > at]
                alike = session.model() == model
                session.undo()
                back = old if alike else without_thinking(old)
                assert session.conversation.entries == back + without_thinking(came)
            case "compact" | "wild" as how:
                plan = session.plan(data.draw(STRATEGIES), data.draw(st.integers(0, 8)))
                if how == "wild":
                    plan = wild_plan(session, data.draw)
                if plan is not None:
                    before.append((list(session.conversation.entries), len(session.journal), session.model()))
                    session.compact(plan)
        session.window()
        assert session.faults() == []
    again = Session()
    again.journal, again.conversation, again.ledger = [], Conversation(), Ledger(session.ledger.policy)
    for stamped in session.journal:
        again.replay(from_document(to_document(stamped)))
    assert again.window() == session.window()
    assert again.conversation.messages() == session.conversation.messages()


def wild_plan(session: Session, draw: Callable[..., Any]) -> CompactionPlan | None:
    """What any strategy could do: whole exchanges dropped or summarised, results masked, what had left brought back."""
    view, fates, asked = session.view(), dict[str, BlockFate](), session.view().request
    last = asked.turn if asked else 0
    back = {entry.turn for entry in view.left.values() if draw(st.booleans())}
    gone = {turn for turn in range(1, last) if turn not in back and draw(st.booleans())}
    for entry in view.entries:
        if entry.turn in gone:
            fates[entry.id] = BlockFate("dropped" if entry.turn % 2 else "summarised")
        elif isinstance(entry.part, ToolResult) and entry.turn not in back and draw(st.booleans()):
            fates[entry.id] = BlockFate("masked", part=ToolResult(entry.part.tool_use_id, f"[{entry.id}]"))
    for entry in view.left.values():
        if entry.turn in back:
            fates[entry.id] = BlockFate("brought back")
    return build_plan(view, Draft(fates, "short"), "wild", CompactionPolicy(), session.pricing())


def test_a_masked_result_does_not_cost_what_its_original_did_and_undo_finds_the_exact_cost_again() -> None:
    session = Session()
    for _ in range(7):
        session.turn(1, 900, True)
    results = (block for block in session.window().blocks if (block.section, block.role) == ("results", "user"))
    masked = next(results)
    assert masked.exact
    plan = session.plan("mask", 4)
    assert plan is not None
    session.compact(plan)
    line = next(block for block in session.window().blocks if block.id == masked.id)
    assert (line.exact, line.label) == (False, masked.label)
    assert line.tokens < masked.tokens / 10
    session.turn(0, 0, True)
    assert next(block for block in session.window().blocks if block.id == masked.id).exact
    session.undo()
    back = next(block for block in session.window().blocks if block.id == masked.id)
    assert (back.tokens, back.exact) == (masked.tokens, True)
