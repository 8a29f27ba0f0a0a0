"""What goes wrong ends in a message, loses nothing and stays on the bill."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import Bench, Hand, ManualClock, bench, calls, says
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import Verdict
from workbench.core.errors import ProviderFault, StoreFault
from workbench.core.messages import Part, RedactedThinking, Text, Thinking, ToolUse
from workbench.core.requests import CallDelta, Delta, ModelRequest, Reply, ReplyBegan, ThinkingDelta
from workbench.core.usage import Usage
from workbench.cost import BudgetPolicy
from workbench.engine import Policies, TurnPolicy
from workbench.reliability import RetryPolicy
from workbench.strategies import CompactionPolicy

CUT = ProviderFault("cut", "the connection broke", retryable=True)
GONE = ProviderFault("server", "it failed", retryable=False)
FULL = StoreFault("Could not write: No space left on device.", "Free some space.")


async def asked(made: Bench, *prompts: str) -> None:
    """Ask one prompt after another."""
    for prompt in prompts:
        await made.engine.handle(c.SendPrompt(prompt))
        await asyncio.wait_for(made.engine.idle(), 10)


class Replying:
    """A model that gives replies just as they are, with their stop reasons."""

    def __init__(self, *replies: tuple[tuple[Part, ...], str]) -> None:
        self.replies = list(replies)
        self.asked: list[ModelRequest] = []

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
        self.asked.append(request)
        parts, stop = self.replies.pop(0) if self.replies else ((Text("the end"),), "end_turn")
        yield ReplyBegan("msg", request.model, Usage(input_tokens=100))
        yield Reply("msg", request.model, parts, stop, Usage(input_tokens=100, output_tokens=10))


def replying(made: Bench, model: Any) -> Any:
    """Put `model` in the place of the scripted one."""
    object.__setattr__(made.engine._parts, "model", model)
    return model


class FullDisk:
    """A journal that takes so many events and then refuses, until there is room again."""

    def __init__(self, journal: Any, room: int) -> None:
        self._journal, self.room = journal, room

    def append(self, stamped: e.Stamped) -> None:
        if self.room <= 0:
            raise FULL
        self.room -= 1
        self._journal.append(stamped)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


@pytest.mark.parametrize("room", range(14))
async def test_a_full_disk_ends_the_turn_in_a_message_and_the_session_goes_on(tmp_path: Path, room: int) -> None:
    touch = Hand("touch", "write")
    steps = [says("before"), calls(("touch", {"what": "x"})), says("after"), says("at last"), says("at last")]
    made = bench(tmp_path, steps, hands=[touch], unattended=lambda _: Verdict("once"))
    await asked(made, "one")
    session = made.engine.session
    disk = FullDisk(session._journal, room)
    session._journal = disk
    await asked(made, "two")
    told = [*made.of(e.TurnFailed), *(n for n in made.of(e.Noticed) if n.level == "error")]
    assert any("No space left" in each.message for each in told)
    assert not touch.seen or made.of(e.ToolStarted)
    disk.room = 1_000
    await asked(made, "three")
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
    await asked(made, "one")
    journal = made.engine.session._journal

    class NoSync(FullDisk):
        def sync(self) -> None:
            raise FULL

    made.engine.session._journal = NoSync(journal, 1_000)
    await asked(made, "two")
    assert touch.seen == []
    assert "No space left" in made.of(e.TurnFailed)[-1].message
    made.engine.session._journal = journal
    await made.engine.close()


async def test_a_day_ledger_that_cannot_be_written_loses_no_answer(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one")])

    class Broken:
        def add(self, *_: Any) -> None:
            raise FULL

        def total(self, *_: Any) -> tuple[float, int]:
            return 0.0, 0

    object.__setattr__(made.engine._parts, "days", Broken())
    await asked(made, "a question")
    assert made.of(e.TurnFinished)[-1].text == "one"
    assert any("day's budget" in notice.message for notice in made.of(e.Noticed))
    await made.engine.close()


async def test_a_cut_in_mid_stream_keeps_the_draft_when_nothing_helps(tmp_path: Path) -> None:
    policies = Policies(retry=RetryPolicy(attempts=1))
    made = bench(tmp_path, [(Text("half"), CUT), says("whole")], policies=policies)
    await asked(made, "go", "again")
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
    await clock.advance(31)
    await made.until(e.TurnFinished)
    assert [event.draft for event in made.of(e.MessageAdded)] == [False]
    settled = made.of(e.BudgetSettled)
    assert [event.usage.prompt for event in settled] == [100, 100]
    assert made.of(e.TurnFinished)[0].usage.prompt == 200
    await made.engine.close()


async def test_thinking_and_a_half_sent_call_are_on_the_bill(tmp_path: Path) -> None:
    class Breaking(Replying):
        async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
            yield ReplyBegan("msg", request.model, Usage(input_tokens=100))
            yield ThinkingDelta("one two three")
            for size in (0, 1_500, 3_000):
                yield CallDelta("write", size)
            raise GONE

    made = bench(tmp_path)
    replying(made, Breaking())
    await asked(made, "go")
    assert made.of(e.BudgetSettled)[0].usage.output_tokens >= 1_000
    await made.engine.close()


async def test_the_ladder_ends_within_its_deadline(tmp_path: Path) -> None:
    class Silent(Replying):
        async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
            self.asked.append(request)
            if len(self.asked) > 1:
                await asyncio.sleep(60)
            raise CUT
            yield

    policies = Policies(turn=TurnPolicy(deadline_s=0.2), retry=RetryPolicy(base_s=0.0))
    made = bench(tmp_path, policies=policies)
    model = replying(made, Silent())
    made.clock.sleep = asyncio.sleep
    await asked(made, "go")
    assert (len(model.asked), made.of(e.TurnFailed)[0].kind) == (2, "stalled")
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
    made = bench(tmp_path)
    model = replying(made, Replying((parts, stop)))
    await asked(made, "go", "again")
    first = made.of(e.TurnFinished)[0]
    assert words in first.text
    assert (first.stop_reason, first.model_stop_reason) == ("done", stop)
    kinds = [block["type"] for message in model.asked[-1].messages for block in message["content"]]
    assert set(kinds) == {"text"}
    await made.engine.close()


async def test_a_cut_reply_runs_none_of_its_calls(tmp_path: Path) -> None:
    look = Hand()
    made = bench(tmp_path, hands=[look])
    model = replying(made, Replying(((Text("I will look"), ToolUse("toolu_1", "look", {})), "max_tokens")))
    await asked(made, "go", "again")
    assert look.seen == []
    assert made.of(e.TurnFinished)[0].text == "I will look"
    assert "tool_use" not in str(model.asked[-1].messages)
    await made.engine.close()


async def test_a_paused_turn_goes_on(tmp_path: Path) -> None:
    made = bench(tmp_path)
    model = replying(made, Replying(((Text("so far"),), "pause_turn"), ((Text("and so on"),), "end_turn")))
    await asked(made, "go")
    assert made.of(e.TurnFinished)[0].text == "and so on"
    assert model.asked[1].messages[-1]["role"] == "user"
    await made.engine.close()


async def test_thinking_goes_back_untouched_and_leaves_with_its_epoch(tmp_path: Path) -> None:
    thought = Thinking("hm", "signed")
    made = bench(tmp_path, hands=[Hand()], policies=Policies(compaction=CompactionPolicy(keep_last=2)))
    call = ((thought, ToolUse("toolu_1", "look", {"what": "x"})), "tool_use")
    model = replying(made, Replying(call, *(((thought, Text(f"answer {n}")), "end_turn") for n in range(4))))
    await asked(made, *(f"question {n}" for n in range(4)))
    sent = [block for message in model.asked[-1].messages for block in message["content"]]
    assert sent.count({"type": "thinking", "thinking": "hm", "signature": "signed"}) == 4
    await made.engine.handle(c.PlanCompaction())
    await made.engine.idle()
    await made.engine.handle(c.Compact(made.of(e.CompactionPlanned)[-1].plan.id))
    await asked(made, "after")
    assert "signed" not in str(model.asked[-1].messages)
    await made.engine.close()


async def test_a_summary_that_fails_is_made_without_the_model_and_settled(tmp_path: Path) -> None:
    policies = Policies(compaction=CompactionPolicy(keep_last=2))
    made = bench(tmp_path, [*(says(f"answer {n}") for n in range(4)), GONE], policies=policies)
    await asked(made, *(f"question {n}" for n in range(4)))
    await made.engine.handle(c.PlanCompaction())
    plan = (await made.until(e.CompactionPlanned)).plan
    assert "## Goal" in plan.summary
    assert any("mechanical" in notice.message for notice in made.of(e.Noticed))
    assert made.of(e.BudgetSettled)[-1].purpose == "summary"
    assert made.engine.session.spend.reading().reserved_tokens == 0
    await made.engine.close()


async def test_a_handoff_that_fails_is_written_without_the_model(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one"), GONE])
    await asked(made, "a question")
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
    await asked(made, "one", "two")
    sent = [(event.turn, event.step, bool(event.notice)) for event in made.of(e.RequestSent)]
    assert sent[-1] == (2, 2, True)
    assert any(event.reason == "compacted" for event in made.of(e.EpochOpened))
    await made.engine.close()


async def test_a_budget_smaller_than_one_reply_ends_politely_with_nothing_sent(tmp_path: Path) -> None:
    policies = Policies(budget=BudgetPolicy(session_usd=0.0005, cap_usd=0.0005))
    made = bench(tmp_path, [says("never")], policies=policies, unattended=lambda _: None)
    await asked(made, "go")
    assert made.of(e.TurnFinished)[0].stop_reason == "budget"
    assert made.model.asked == []
    await made.engine.close()


async def test_an_older_yes_does_not_outlast_the_command_lines_limit(tmp_path: Path) -> None:
    first = bench(tmp_path, [says("one")])
    await asked(first, "a question")
    await first.engine.handle(c.SetBudget(usd=50.0))
    id = first.engine.session_id
    await first.engine.close()
    policies = Policies(budget=BudgetPolicy(session_usd=0.000_1, cap_usd=0.000_1))
    again = bench(tmp_path, [says("two")], policies=policies, unattended=lambda _: None)
    await again.engine.handle(c.OpenSession(id))
    assert again.engine.session.spend.reading().limit_usd == 0.000_1
    await asked(again, "another")
    assert again.of(e.TurnFinished)[-1].stop_reason == "budget"
    await again.engine.close()


async def test_where_the_price_is_unknown_the_token_budget_rules(tmp_path: Path) -> None:
    policies = Policies(budget=BudgetPolicy(session_tokens=1_650))
    made = bench(tmp_path, [says("one"), says("two")], policies=policies, model="unknown", unattended=lambda _: None)
    await asked(made, *(f"question {n}" for n in range(6)))
    assert made.of(e.TurnFinished)[0].cost is None
    assert made.of(e.TurnFinished)[-1].stop_reason == "budget"
    assert made.engine.session.spend.reading().usd is None
    await made.engine.close()


async def test_at_midnight_the_day_begins_anew(tmp_path: Path) -> None:
    clock = ManualClock()
    made = bench(tmp_path, [says("one"), says("two")], clock=clock)
    await asked(made, "a question")
    assert made.engine.session.spend.reading().day_tokens == 120
    await clock.advance(86_400)
    await asked(made, "another")
    reading = made.engine.session.spend.reading()
    assert (reading.day_tokens, reading.tokens) == (120, 240)
    await made.engine.close()


async def test_a_question_nobody_answered_is_told_also_where_a_limit_ends_the_turn(tmp_path: Path) -> None:
    touch = Hand("touch", "write")
    steps = [calls(("touch", {"what": "x"})), calls(("touch", {"what": "y"})), says("so far")]
    policies = Policies(turn=TurnPolicy(max_steps=3))
    made = bench(tmp_path, steps, hands=[touch], policies=policies, unattended=lambda _: None)
    await asked(made, "go")
    assert made.of(e.TurnLimitReached)
    assert made.of(e.TurnFinished)[0].stop_reason == "escalation"
    await made.engine.close()


async def test_a_budget_is_not_raised_for_a_session_that_has_no_file(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one")])
    with pytest.raises(Exception, match="no file yet"):
        await made.engine.handle(c.SetBudget(usd=9.0))
    await asked(made, "a question")
    assert isinstance(made.engine.session.events[0].event, e.SessionOpened)
    await made.engine.close()


async def test_a_bug_in_the_workbench_ends_the_turn_in_a_message(tmp_path: Path) -> None:
    class Buggy(Replying):
        async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
            raise ZeroDivisionError("oops")
            yield

    made = bench(tmp_path)
    replying(made, Buggy())
    await asked(made, "go")
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
    await asked(made, "go")
    assert len(made.of(e.EscalationRaised)) == 1
    assert made.of(e.TurnFinished)[-1].text == "done"
    await asked(made, "again")
    assert len(made.of(e.EscalationRaised)) == 2
    await made.engine.close()
