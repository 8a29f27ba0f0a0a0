"""A turn from prompt to answer, on real session files and a scripted model."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import Hand, ManualClock, bench, calls, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import Verdict
from workbench.core.errors import ProviderFault, WorkbenchError
from workbench.core.messages import Text, ToolUse
from workbench.core.tools import ToolContext, ToolOutput
from workbench.cost import BudgetPolicy
from workbench.engine import Policies, TurnPolicy
from workbench.escalation import EscalationPolicy

OVERLOADED = ProviderFault("overloaded", "overloaded", retryable=True)


async def test_a_prompt_is_answered_rated_and_settled(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("It is a library.")])
    await made.engine.handle(c.SendPrompt("what is this?"))
    finished = await made.until(e.TurnFinished)
    assert (finished.text, finished.stop_reason, finished.route) == ("It is a library.", "done", "sent")
    assert finished.confidence.value == 0.95
    assert finished.cost == pytest.approx(120 / 1_000_000)
    assert "".join(event.text for event in made.of(e.TextArrived)) == "It is a library.\n"
    await made.engine.close()


async def test_reads_of_one_step_run_together_and_effects_one_by_one(tmp_path: Path) -> None:
    look, touch = Hand("look"), Hand("touch", "write")
    steps = [calls(*[("look", {"what": str(n)}) for n in range(3)], ("touch", {"what": "x"})), says("done")]
    made = bench(tmp_path, steps, hands=[look, touch], unattended=lambda request: Verdict("once"))
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TurnFinished)
    assert look.most == 3
    assert touch.most == 1
    results = made.model.asked[1].messages[-1]["content"]
    assert [block["type"] for block in results[:4]] == ["tool_result"] * 4
    await made.engine.close()


async def test_nothing_with_an_effect_runs_without_a_yes(tmp_path: Path) -> None:
    touch = Hand("touch", "delete", reversible=False)
    made = bench(tmp_path, [calls(("touch", {"what": "x"})), says("not done")], hands=[touch])
    await made.engine.handle(c.SendPrompt("delete it"))
    raised = await made.until(e.EscalationRaised)
    assert touch.seen == []
    await made.engine.handle(c.ResolveEscalation(raised.request.id, Verdict("reject", note="keep it")))
    await made.until(e.TurnFinished)
    assert touch.seen == []
    failed = made.of(e.ToolFailed)[0]
    assert failed.cause == "rejected"
    assert "keep it" in failed.text
    await made.engine.close()


async def test_edited_arguments_run_as_edited_and_the_model_is_told(tmp_path: Path) -> None:
    touch = Hand("touch", "write")
    made = bench(tmp_path, [calls(("touch", {"what": "old"})), says("ok")], hands=[touch])
    await made.engine.handle(c.SendPrompt("go"))
    raised = await made.until(e.EscalationRaised)
    await made.engine.handle(c.ResolveEscalation(raised.request.id, Verdict("edit", arguments={"what": "new"})))
    await made.until(e.TurnFinished)
    assert touch.seen == [{"what": "new"}]
    assert '{"what":"new"}' in made.of(e.ToolFinished)[0].text
    assert str(made.model.asked[1].messages).count("'old'") == 1
    await made.engine.close()


async def test_an_unanswered_approval_expires_and_is_not_a_no(tmp_path: Path) -> None:
    touch, clock = Hand("touch", "write"), ManualClock()
    made = bench(tmp_path, [calls(("touch", {"what": "x"})), says("later")], hands=[touch], clock=clock)
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.EscalationRaised)
    await clock.run_for(601)
    finished = await made.until(e.TurnFinished)
    assert finished.stop_reason == "escalation"
    assert made.of(e.ToolFailed)[0].cause == "unanswered"
    assert made.of(e.EscalationExpired)
    await made.engine.close()


async def test_an_unknown_tool_and_wrong_arguments_are_answered_without_asking(tmp_path: Path) -> None:
    steps = [calls(("fly", {}), ("look", {"what": 3}), ("look", {})), says("I see")]
    made = bench(tmp_path, steps, hands=[Hand()])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TurnFinished)
    assert [event.cause for event in made.of(e.ToolFailed)] == ["unknown", "invalid", "invalid"]
    assert not made.of(e.EscalationRaised)
    await made.engine.close()


async def test_a_call_whose_arguments_could_not_be_read_is_answered_and_the_turn_goes_on(tmp_path: Path) -> None:
    look = Hand()
    unread = ToolUse("t1", "look", {}, "they are no JSON, Expecting value at character 1 of 2, in 'ls'")
    steps = [(unread, ToolUse("t2", "look", {"what": "x"})), says("I see")]
    made = bench(tmp_path, steps, hands=[look])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TurnFinished)
    assert look.seen == [{"what": "x"}]
    failed = made.of(e.ToolFailed)[0]
    assert (failed.call_id, failed.cause) == ("t1", "invalid")
    assert failed.text == (
        "The arguments of `look` could not be read: they are no JSON, Expecting value at character 1 of 2, in 'ls'. "
        "Nothing was run. Call it again with one JSON object."
    )
    call, _ = made.model.asked[1].messages[1]["content"]
    assert call == {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
    result, _ = made.model.asked[1].messages[2]["content"]
    assert (result["tool_use_id"], result["is_error"]) == ("t1", True)
    await made.engine.close()


async def test_a_model_that_never_stops_calling_answers_at_the_hard_limit(tmp_path: Path) -> None:
    steps = [calls(("look", {"what": str(n)})) for n in range(4)] + [says("what I know")]
    policies = Policies(turn=TurnPolicy(max_steps=5))
    made = bench(tmp_path, steps, hands=[Hand()], policies=policies)
    await made.engine.handle(c.SendPrompt("go"))
    finished = await made.until(e.TurnFinished)
    assert (finished.stop_reason, finished.text, finished.steps) == ("turn_limit", "what I know", 5)
    assert [request.tools_off for request in made.model.asked] == [False] * 4 + [True]
    assert all(request.tools == made.model.asked[0].tools for request in made.model.asked)
    await made.engine.close()


async def test_calls_that_come_with_tools_off_are_dropped_not_run(tmp_path: Path) -> None:
    look = Hand()
    made = bench(tmp_path, [calls(("look", {"what": "x"}))], hands=[look], policies=Policies(turn=TurnPolicy(1)))
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TurnFinished)
    assert look.seen == []
    await made.engine.close()


async def test_the_step_budget_asks_and_a_no_ends_in_an_answer(tmp_path: Path) -> None:
    steps = [calls(("look", {"what": "1"})), calls(("look", {"what": "2"})), says("so far")]
    policies = Policies(escalation=EscalationPolicy(steps_budget=1))
    look = Hand()
    made = bench(tmp_path, steps, hands=[look], policies=policies)
    await made.engine.handle(c.SendPrompt("go"))
    raised = await made.until(e.EscalationRaised)
    assert raised.request.reason == "complexity"
    await made.engine.handle(c.ResolveEscalation(raised.request.id, Verdict("reject")))
    finished = await made.until(e.TurnFinished)
    assert finished.text == "so far"
    assert len(look.seen) == 1
    assert made.model.asked[-1].tools_off
    await made.engine.close()


async def test_a_yes_to_more_steps_goes_on_where_it_stood(tmp_path: Path) -> None:
    steps = [calls(("look", {"what": "1"})), calls(("look", {"what": "2"})), says("done")]
    policies = Policies(escalation=EscalationPolicy(steps_budget=1))
    look = Hand()
    made = bench(tmp_path, steps, hands=[look], policies=policies, unattended=lambda request: Verdict("once"))
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TurnFinished)
    assert len(look.seen) == 2
    assert made.of(e.BudgetRaised)[0].steps == 2
    await made.engine.close()


async def test_a_spent_budget_ends_with_a_summary_and_sends_nothing(tmp_path: Path) -> None:
    policies = Policies(budget=BudgetPolicy(session_usd=0.000_001))
    made = bench(tmp_path, [says("never")], policies=policies, unattended=lambda request: None)
    await made.engine.handle(c.SendPrompt("go"))
    finished = await made.until(e.TurnFinished)
    assert finished.stop_reason == "budget"
    assert "budget is spent" in finished.text
    assert made.model.asked == []
    assert made.of(e.TierChanged)[-1].tier == 4
    await made.engine.close()


async def test_retries_are_visible_and_end_in_an_answer(tmp_path: Path) -> None:
    clock = ManualClock()
    made = bench(tmp_path, [OVERLOADED, OVERLOADED, says("at last")], clock=clock)
    await made.engine.handle(c.SendPrompt("go"))
    for attempt in (1, 2):
        await made.until(e.RetryScheduled, attempt)
        await asyncio.sleep(0.01)
        await clock.run_for(31)
    finished = await made.until(e.TurnFinished)
    assert finished.text == "at last"
    assert [event.attempt for event in made.of(e.RetryScheduled)] == [2, 3]
    await made.engine.close()


async def test_stopping_while_it_waits_to_try_again_ends_the_turn(tmp_path: Path) -> None:
    made = bench(tmp_path, [OVERLOADED])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.RetryScheduled)
    await made.engine.handle(c.CancelTurn())
    assert (await made.until(e.TurnFinished)).stop_reason == "interrupted"
    await made.engine.close()


async def test_a_fault_that_cannot_be_retried_fails_the_turn_with_its_hint(tmp_path: Path) -> None:
    made = bench(tmp_path, [ProviderFault("auth", "the key is not valid", hint="Check ANTHROPIC_API_KEY.")])
    await made.engine.handle(c.SendPrompt("go"))
    failed = await made.until(e.TurnFailed)
    assert (failed.kind, failed.hint) == ("auth", "Check ANTHROPIC_API_KEY.")
    await made.engine.close()


async def test_stopping_keeps_what_had_arrived_as_a_draft(tmp_path: Path) -> None:
    made = bench(tmp_path, [(Text("half an answer"),), says("whole")])
    made.model.hold = asyncio.Event()
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TextArrived)
    await made.engine.handle(c.CancelTurn())
    draft = made.of(e.MessageAdded)[-1]
    assert (draft.draft, draft.parts) == (True, (Text("half an answer"),))
    assert (draft.usage.prompt, draft.usage.output_tokens) == (100, 0)
    assert made.of(e.TurnFinished)[-1].text == "half an answer"
    settled = made.of(e.BudgetSettled)[-1]
    assert settled.usage.estimated
    made.model.hold = None
    await made.engine.handle(c.SendPrompt("again"))
    await made.until(e.TurnFinished, 2)
    roles = [message["role"] for message in made.model.asked[-1].messages]
    assert roles == ["user", "assistant", "user"]
    await made.engine.close()


async def test_stopping_a_running_tool_answers_its_call(tmp_path: Path) -> None:
    slow = Hand(hold=asyncio.Event())
    made = bench(tmp_path, [calls(("look", {"what": "x"})), says("ok")], hands=[slow])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.ToolStarted)
    await asyncio.sleep(0.01)
    await made.engine.handle(c.CancelTurn())
    assert slow.stopped
    assert made.of(e.ToolFailed)[0].cause == "interrupted"
    assert not made.engine.session.conversation.pending
    await made.engine.close()


async def test_a_tool_that_breaks_is_reported_to_the_model_and_the_turn_goes_on(tmp_path: Path) -> None:
    class Broken(Hand):
        async def run(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
            raise RuntimeError("oops")

    made = bench(tmp_path, [calls(("look", {"what": "x"})), says("I see it failed")], hands=[Broken()])
    await made.engine.handle(c.SendPrompt("go"))
    assert (await made.until(e.TurnFinished)).stop_reason == "done"
    assert (made.of(e.ToolFailed)[0].cause, made.of(e.ToolFailed)[0].text) == ("fault", "look failed: oops")
    await made.engine.close()


async def test_an_unsure_answer_asks_and_the_reply_is_the_next_prompt(tmp_path: Path) -> None:
    low = '<assessment>{"confidence": 0.4, "alternative_interpretations": ["a", "b"]}</assessment>'
    made = bench(tmp_path, [says("maybe", low), says("now I know")])
    await made.engine.handle(c.SendPrompt("clean up"))
    raised = await made.until(e.EscalationRaised)
    assert raised.request.reason == "confidence"
    await made.engine.handle(c.ResolveEscalation(raised.request.id, Verdict("reply", note="archive them")))
    assert (await made.until(e.TurnFinished, 2)).text == "now I know"
    assert [event.prompt for event in made.of(e.TurnStarted)] == ["clean up", "archive them"]
    await made.engine.close()


async def test_prompts_sent_while_a_turn_runs_wait_their_turn(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one"), says("two")])
    await made.engine.handle(c.SendPrompt("first"))
    await made.engine.handle(c.SendPrompt("second"))
    await made.until(e.TurnFinished, 2)
    assert [event.prompt for event in made.of(e.TurnStarted)] == ["first", "second"]
    await made.engine.close()


async def test_an_empty_prompt_is_refused_with_a_hint(tmp_path: Path) -> None:
    made = bench(tmp_path)
    with pytest.raises(WorkbenchError, match="nothing to send"):
        await made.engine.handle(c.SendPrompt(" \n"))
    assert made.engine.session_id == ""
