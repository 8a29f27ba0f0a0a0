"""What goes wrong ends in a message, loses nothing and stays on the bill."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FULL, Hand, ManualClock, bench, calls, says, stops
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import Verdict
from workbench.core.errors import ProviderFault
from workbench.core.messages import Part, RedactedThinking, Text, Thinking, ToolUse
from workbench.core.requests import CallDelta, Delta, ModelRequest, ReplyBegan, TextDelta, ThinkingDelta
from workbench.core.spend import DayTotal, Usage
from workbench.cost import BudgetPolicy
from workbench.engine import Policies, TurnPolicy
from workbench.engine.billing import WAITING
from workbench.reliability import RetryPolicy
from workbench.strategies import CompactionPolicy

CUT = ProviderFault("cut", "the connection broke", retryable=True)
GONE = ProviderFault("server", "it failed", retryable=False)


@pytest.mark.parametrize("room", range(14))
async def test_a_full_disk_ends_the_turn_in_a_message_and_the_session_goes_on(tmp_path: Path, room: int) -> None:
    touch = Hand("touch", "write")
    steps = [says("before"), calls(("touch", {"what": "x"})), says("after"), says("at last"), says("at last")]
    made = bench(tmp_path, steps, hands=[touch], unattended=lambda _: Verdict("once"))
    await made.ask("one")
    session = made.engine.session
    made.disk.room = room
    await made.ask("two")
    told = [*made.of(e.TurnFailed), *(n for n in made.of(e.Noticed) if n.level == "error")]
    assert any("No space left" in each.message for each in told)
    assert not touch.seen or made.of(e.ToolStarted)
    made.disk.room = 1_000
    await made.ask("three")
    assert made.of(e.TurnFinished)[-1].text in ("after", "at last")
    stored = [stamped.event for stamped in session.events]
    started = sum(isinstance(event, e.TurnStarted) for event in stored)
    assert started == sum(isinstance(event, e.TurnFinished | e.TurnFailed) for event in stored)
    assert not session.conversation.pending
    assert [s.seq for s in session.events] == list(range(1, len(session.events) + 1))
    await made.engine.close()


async def test_no_effect_happens_before_its_start_is_on_the_disk(tmp_path: Path) -> None:
    touch = Hand("touch", "write")
    made = bench(
        tmp_path,
        [says("x"), calls(("touch", {"what": "x"})), says("y")],
        hands=[touch],
        unattended=lambda _: Verdict("once"),
    )
    await made.ask("one")
    made.disk.syncs = False
    await made.ask("two")
    assert touch.seen == []
    assert "No space left" in made.of(e.TurnFailed)[-1].message
    made.disk.syncs = True
    await made.engine.close()


class BrokenDays:
    """A day's ledger on a full disk."""

    def total(self, *_: Any) -> DayTotal:
        return DayTotal()

    def reserve(self, *_: Any) -> tuple[int | None, DayTotal]:
        raise FULL

    def settle(self, *_: Any) -> DayTotal:
        raise FULL

    def close(self) -> None:
        """Nothing was reserved."""


async def test_a_day_ledger_that_cannot_be_written_loses_no_answer(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one"), says("two")], days=BrokenDays())
    await made.ask("a question", "another")
    assert [event.text for event in made.of(e.TurnFinished)] == ["one", "two"]
    assert [notice.message for notice in made.of(e.Noticed)] == [f"the day's budget cannot be kept: {FULL.message}"]
    assert not made.engine.session.spend.reading().day_kept
    await made.engine.close()


class HeldDays(BrokenDays):
    """A day's ledger that another process holds until it is let go."""

    def __init__(self) -> None:
        self.free = threading.Event()

    def reserve(self, *_: Any) -> tuple[int | None, DayTotal]:
        self.free.wait(30)
        return 1, DayTotal()

    def settle(self, *_: Any) -> DayTotal:
        return DayTotal()


async def test_a_day_ledger_that_another_process_holds_is_named_after_two_seconds(tmp_path: Path) -> None:
    clock, days = ManualClock(), HeldDays()
    made = bench(tmp_path, [says("one"), says("two")], days=days, clock=clock)
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TurnStarted)
    await asyncio.sleep(0.05)
    await clock.run_for(1.5)
    assert not made.of(e.Noticed)
    await clock.run_for(1)
    assert [notice.message for notice in made.of(e.Noticed)] == [WAITING]
    days.free.set()
    await made.until(e.TurnFinished)
    await made.ask("again")
    await clock.run_for(5)
    assert len(made.of(e.Noticed)) == 1, "what is not waited for is not told"
    await made.engine.close()


async def test_a_days_budget_that_a_person_named_is_not_overlooked_where_it_cannot_be_kept(tmp_path: Path) -> None:
    policies = Policies(budget=BudgetPolicy(day_usd=3.0, named=("day_usd",)))
    made = bench(tmp_path, [says("one")], days=BrokenDays(), policies=policies, unattended=lambda _: None)
    await made.ask("a question")
    assert (made.of(e.TurnFinished)[-1].stop_reason, made.model.asked) == ("budget", [])
    assert "The day's budget cannot be kept. Could not write" in made.of(e.TurnFinished)[-1].text
    await made.engine.close()


async def test_a_cut_in_mid_stream_keeps_the_draft_when_nothing_helps(tmp_path: Path) -> None:
    policies = Policies(retry=RetryPolicy(attempts=1))
    made = bench(tmp_path, [(Text("half"), CUT), says("whole")], policies=policies)
    await made.ask("go", "again")
    draft = made.of(e.MessageAdded)[0]
    assert (draft.parts, draft.draft, draft.stop_reason) == ((Text("half"),), True, "cut")
    assert made.of(e.TurnFailed)[0].kind == "cut"
    assert made.of(e.BudgetSettled)[0].usage.estimated
    assert [message["role"] for message in made.model.asked[-1].messages] == ["user", "assistant", "user"]
    await made.engine.close()


async def test_a_retry_in_mid_stream_begins_anew_and_both_tries_are_on_the_bill(tmp_path: Path) -> None:
    clock = ManualClock()
    made = bench(tmp_path, [(Text("half an"), CUT), says("a whole answer")], clock=clock)
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.RetryScheduled)
    await asyncio.sleep(0.01)
    await clock.run_for(31)
    await made.until(e.TurnFinished)
    assert [event.draft for event in made.of(e.MessageAdded)] == [False]
    settled = made.of(e.BudgetSettled)
    assert [event.usage.prompt for event in settled] == [100, 100]
    assert made.of(e.TurnFinished)[0].usage.prompt == 200
    await made.engine.close()


async def test_thinking_and_a_half_sent_call_are_on_the_bill(tmp_path: Path) -> None:
    async def breaks(request: ModelRequest) -> AsyncIterator[Delta]:
        yield ReplyBegan("msg", request.model, Usage(input_tokens=100))
        yield ThinkingDelta("one two three")
        for size in (0, 1_500, 3_000):
            yield CallDelta("write", size)
        raise GONE

    made = bench(tmp_path, [breaks])
    await made.ask("go")
    assert made.of(e.BudgetSettled)[0].usage.output_tokens >= 1_000
    await made.engine.close()


async def test_the_ladder_ends_within_its_deadline(tmp_path: Path) -> None:
    async def silent(_: ModelRequest) -> AsyncIterator[Delta]:
        await asyncio.sleep(60)
        yield TextDelta("never")

    policies = Policies(turn=TurnPolicy(deadline_s=0.2), retry=RetryPolicy(base_s=0.0))
    made = bench(tmp_path, [CUT, silent], policies=policies)
    made.clock.sleep = asyncio.sleep
    await made.ask("go")
    assert (len(made.model.asked), made.of(e.TurnFailed)[0].kind) == (2, "stalled")
    await made.engine.close()


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        ("max_tokens", "reached its limit"),
        ("refusal", "declined"),
        ("model_context_window_exceeded", "window was full"),
        ("end_turn", "without an answer"),
    ],
)
@pytest.mark.parametrize("parts", [(), (Thinking("hm", "signed"),), (RedactedThinking("x"),)])
async def test_a_reply_without_words_says_why(tmp_path: Path, stop: str, words: str, parts: tuple[Part, ...]) -> None:
    made = bench(tmp_path, [stops(stop, *parts)])
    await made.ask("go", "again")
    first = made.of(e.TurnFinished)[0]
    assert words in first.text
    ended = {"refusal": "error", "max_tokens": "cut", "model_context_window_exceeded": "cut"}
    assert (first.stop_reason, first.model_stop_reason) == (ended.get(stop, "done"), stop)
    kinds = [block["type"] for message in made.model.asked[-1].messages for block in message["content"]]
    assert set(kinds) == {"text"}
    await made.engine.close()


async def test_a_cut_reply_runs_none_of_its_calls(tmp_path: Path) -> None:
    look = Hand()
    cut = stops("max_tokens", Text("I will look"), ToolUse("toolu_1", "look", {}))
    made = bench(tmp_path, [cut, cut], hands=[look])
    await made.ask("go", "again")
    assert look.seen == []
    assert "in the middle of a call" in str(made.model.asked[1].messages[-1])
    first, second = made.of(e.TurnFinished)
    assert (first.text, first.stop_reason) == ("I will look", "cut")
    assert second.stop_reason == "done"
    assert "tool_use" not in str(made.model.asked[-1].messages)
    await made.engine.close()


async def test_a_paused_turn_goes_on(tmp_path: Path) -> None:
    made = bench(tmp_path, [stops("pause_turn", Text("so far")), stops("end_turn", Text("and so on"))])
    await made.ask("go")
    assert made.of(e.TurnFinished)[0].text == "and so on"
    assert made.model.asked[1].messages[-1]["role"] == "user"
    await made.engine.close()


async def test_thinking_goes_back_untouched_and_leaves_with_its_epoch(tmp_path: Path) -> None:
    thought = Thinking("hm", "signed")
    call = stops("tool_use", thought, ToolUse("toolu_1", "look", {"what": "x"}))
    steps = [call, *(stops("end_turn", thought, Text(f"answer {n}")) for n in range(4))]
    made = bench(tmp_path, steps, hands=[Hand()], policies=Policies(compaction=CompactionPolicy(keep_last=2)))
    await made.ask(*(f"question {n}" for n in range(4)))
    sent = [block for message in made.model.asked[-1].messages for block in message["content"]]
    assert sent.count({"type": "thinking", "thinking": "hm", "signature": "signed"}) == 4
    await made.engine.handle(c.PlanCompaction())
    await made.engine.idle()
    await made.engine.handle(c.Compact(made.of(e.CompactionPlanned)[-1].plan.id))
    await made.ask("after")
    assert "signed" not in str(made.model.asked[-1].messages)
    await made.engine.close()


async def test_a_summary_that_fails_is_made_without_the_model_and_settled(tmp_path: Path) -> None:
    policies = Policies(compaction=CompactionPolicy(keep_last=2))
    made = bench(tmp_path, [*(says(f"answer {n}") for n in range(4)), GONE], policies=policies)
    await made.ask(*(f"question {n}" for n in range(4)))
    await made.engine.handle(c.PlanCompaction())
    plan = (await made.until(e.CompactionPlanned)).plan
    assert "## Goal" in plan.summary
    assert any("mechanical" in notice.message for notice in made.of(e.Noticed))
    assert made.of(e.BudgetSettled)[-1].purpose == "summary"
    assert made.engine.session.spend.reading().reserved_tokens == 0
    await made.engine.close()


async def test_a_handoff_that_fails_is_written_without_the_model(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one"), GONE])
    await made.ask("a question")
    await made.engine.handle(c.DraftHandoff())
    draft = (await made.until(e.HandoffDrafted)).plan
    assert "a question" in draft.document
    await made.engine.close()


async def test_working_memory_is_said_again_after_a_compaction_in_mid_turn(tmp_path: Path) -> None:
    long = " ".join(["word"] * 1_500)
    policies = Policies(window=WindowPolicy(20_000, 0.15, 2_000), compaction=CompactionPolicy(keep_last=2))
    look = Hand(result=long)
    steps = [says(long), calls(("look", {"what": "x"})), says("## Goal\nshort"), says("done")]
    made = bench(tmp_path, steps, policies=policies, hands=[look])
    await made.ask("one", "two")
    sent = [(event.turn, event.step, bool(event.notice)) for event in made.of(e.RequestSent)]
    assert sent[-1] == (2, 2, True)
    assert any(event.reason == "compacted" for event in made.of(e.EpochOpened))
    await made.engine.close()


async def test_an_older_yes_does_not_outlast_the_command_lines_limit(tmp_path: Path) -> None:
    first = bench(tmp_path, [says("one")])
    await first.ask("a question")
    await first.engine.handle(c.SetBudget(usd=50.0))
    id = first.engine.session_id
    await first.engine.close()
    policies = Policies(budget=BudgetPolicy(session_usd=0.000_1, cap_usd=0.000_1))
    again = bench(tmp_path, [says("two")], policies=policies, unattended=lambda _: None)
    await again.engine.handle(c.OpenSession(id))
    assert again.engine.session.spend.reading().limit_usd == 0.000_1
    await again.ask("another")
    assert again.of(e.TurnFinished)[-1].stop_reason == "budget"
    await again.engine.close()


async def test_where_the_price_is_unknown_the_token_budget_rules(tmp_path: Path) -> None:
    policies = Policies(budget=BudgetPolicy(session_tokens=1_650))
    made = bench(tmp_path, [says("one"), says("two")], policies=policies, model="unknown", unattended=lambda _: None)
    await made.ask(*(f"question {n}" for n in range(6)))
    assert made.of(e.TurnFinished)[0].cost is None
    assert made.of(e.TurnFinished)[-1].stop_reason == "budget"
    assert made.engine.session.spend.reading().usd is None
    await made.engine.close()


async def test_at_midnight_the_day_begins_anew(tmp_path: Path) -> None:
    clock = ManualClock()
    made = bench(tmp_path, [says("one"), says("two")], clock=clock)
    await made.ask("a question")
    assert made.engine.session.spend.reading().day_tokens == 120
    await clock.run_for(86_400)
    await made.ask("another")
    reading = made.engine.session.spend.reading()
    assert (reading.day_tokens, reading.tokens) == (120, 240)
    await made.engine.close()


async def test_a_question_nobody_answered_is_told_also_where_a_limit_ends_the_turn(tmp_path: Path) -> None:
    touch = Hand("touch", "write")
    steps = [calls(("touch", {"what": "x"})), calls(("touch", {"what": "y"})), says("so far")]
    policies = Policies(turn=TurnPolicy(max_steps=3))
    made = bench(tmp_path, steps, hands=[touch], policies=policies, unattended=lambda _: None)
    await made.ask("go")
    assert made.of(e.TurnLimitReached)
    assert made.of(e.TurnFinished)[0].stop_reason == "escalation"
    await made.engine.close()


async def test_a_budget_is_not_raised_for_a_session_that_has_no_file(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one")])
    with pytest.raises(Exception, match="no file yet"):
        await made.engine.handle(c.SetBudget(usd=9.0))
    await made.ask("a question")
    assert isinstance(made.engine.session.events[0].event, e.SessionOpened)
    await made.engine.close()


async def test_a_bug_in_the_workbench_ends_the_turn_in_a_message(tmp_path: Path) -> None:
    async def buggy(_: ModelRequest) -> AsyncIterator[Delta]:
        raise ZeroDivisionError("oops")
        yield

    made = bench(tmp_path, [buggy])
    await made.ask("go")
    failed = made.of(e.TurnFailed)[0]
    assert failed.kind == "internal"
    assert "ZeroDivisionError" in failed.message
    await made.engine.close()


async def test_a_yes_past_the_days_budget_lasts_for_its_turn_and_no_longer(tmp_path: Path) -> None:
    policies = Policies(budget=BudgetPolicy(day_usd=0.000_5))
    steps = [calls(("look", {"what": "1"}), ("look", {"what": "2"})), calls(("look", {"what": "3"})), says("done")]
    made = bench(
        tmp_path, [*steps, says("more")], hands=[Hand()], policies=policies, unattended=lambda _: Verdict("once")
    )
    await made.ask("go")
    assert len(made.of(e.EscalationRaised)) == 1
    assert made.of(e.TurnFinished)[-1].text == "done"
    await made.ask("again")
    assert len(made.of(e.EscalationRaised)) == 2
    assert made.of(e.BudgetRaised) == []  # it is the day that was full, not the session
    await made.engine.close()


async def test_a_wait_before_the_next_try_ends_at_once_when_a_person_says_so(tmp_path: Path) -> None:
    clock = ManualClock()
    busy = ProviderFault("overloaded", "it is busy", retryable=True, retry_after=30.0)
    made = bench(tmp_path, [busy, says("here it is")], clock=clock)
    await made.engine.handle(c.RetryNow())  # nothing waits yet
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.RetryScheduled)
    await made.engine.handle(c.RetryNow())
    await made.engine.idle()
    assert made.of(e.TurnFinished)[0].text == "here it is"
    assert len(made.of(e.RetryScheduled)) == 1
    await made.engine.close()


async def test_a_stop_ends_the_wait_and_the_turn(tmp_path: Path) -> None:
    busy = ProviderFault("overloaded", "it is busy", retryable=True, retry_after=30.0)
    made = bench(tmp_path, [busy, says("here it is")], clock=ManualClock())
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.RetryScheduled)
    await made.engine.handle(c.CancelTurn())
    await made.engine.idle()
    assert made.of(e.TurnFinished)[0].stop_reason == "interrupted"
    await made.engine.close()
