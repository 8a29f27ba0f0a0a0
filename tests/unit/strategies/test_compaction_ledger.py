"""A compaction as the window ledger sees it: the plan's figures are the ones that come true."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.context import Ledger, WindowPolicy
from workbench.core import events as e
from workbench.core.conversation import SUMMARY_HEAD, Conversation
from workbench.core.epoch import Document, Epoch
from workbench.core.messages import Text, Thinking, ToolUse
from workbench.core.notes import Scratchpad
from workbench.core.usage import Usage
from workbench.strategies import CompactionPolicy, draft, finished, gathered, still_kept

MEMORY = (Document("AGENTS.md", "instructions", "Small commits.", 60),)


class Session:
    """Conversation and ledger of one journal."""

    def __init__(self) -> None:
        self.conversation, self.ledger, self.seq = Conversation(), Ledger(WindowPolicy(20_000, 0.7, 2_000)), 0
        self.add(e.EpochOpened(Epoch(1, "opus", "You are Workbench.", 400, (), MEMORY)))

    def add(self, event: e.AnyEvent) -> None:
        self.seq += 1
        stamped = e.Stamped(self.seq, 0.0, "s", "t", event)
        self.conversation.apply(stamped)
        self.ledger.apply(stamped, self.conversation)

    def turn(self, number: int, calls: int, size: int, reported: bool) -> None:
        self.add(e.TurnStarted(number, f"prompt {number}", 20))
        for call in range(calls):
            id = f"c{number}.{call}"
            parts: Any = (Thinking("hm", "s"), ToolUse(id, "read", {"path": f"f{call}.py"}))
            self.add(e.MessageAdded(number, call, parts, (30, 30), "tool_use", self.usage(reported)))
            self.add(e.ToolFinished(number, id, "read", "text", size, 0.1))
        self.add(e.MessageAdded(number, calls, (Text("done"),), (9,), "end_turn", self.usage(reported)))
        self.add(e.TurnFinished(number, "done", "done", calls, 0.1, Usage(), None))

    def usage(self, reported: bool) -> Usage:
        return Usage(round(self.ledger.measure(self.conversation).total * 1.1), 70) if reported else Usage()


def count(text: str) -> int:
    return len(text) // 4


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([10, 500, 4_000])), min_size=1, max_size=9), st.booleans())
def test_the_window_after_a_compaction_is_the_one_that_was_planned(shape: list[tuple[int, int]], told: bool) -> None:
    session = Session()
    for number, (calls, size) in enumerate(shape, 1):
        session.turn(number, calls, size, told)
    window = session.ledger.measure(session.conversation)
    made = draft(session.conversation, window, CompactionPolicy())
    if made is None:
        return

    def priced(text: str) -> int:
        return round(count(text) * session.ledger.ratio)

    plan = finished(made, "", gathered(made.leaving, Scratchpad()), window, priced, lambda *_: (None, None, None))
    assert plan.before == window.total
    text = f"{plan.summary}\n\n{plan.evidence}".strip()
    epoch = Epoch(2, "opus", "You are Workbench.", 400, (), MEMORY, text, count(SUMMARY_HEAD + text))
    session.add(e.EpochOpened(epoch, "compacted", still_kept(plan, session.conversation.entries)))
    after = session.ledger.measure(session.conversation)
    assert after.total == plan.after
    assert [s.tokens for s in after.sections] == [s.tokens for s in plan.sections_after]
    assert after.total < after.trigger
    session.add(e.CompactionUndone(3))
    undone = session.ledger.measure(session.conversation)
    thought = sum(b.tokens for b in window.blocks if b.label == "thinking")
    assert undone.total == window.total - thought
