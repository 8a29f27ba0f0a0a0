"""Stopping, switching and queueing at every awkward moment, on real session files."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import Bench, Hand, ManualClock, bench, calls, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import Verdict
from workbench.core.errors import UnknownSession, WorkbenchError
from workbench.core.messages import Text
from workbench.engine import Policies
from workbench.providers.rehearsal.validity import faults
from workbench.strategies import CompactionPolicy

FEW = Policies(compaction=CompactionPolicy(keep_last=2))


def refused(made: Bench) -> list[str]:
    """Why the Messages API would refuse what was sent; empty when it would not."""
    found: list[str] = []
    for request in made.model.asked:
        body = {"model": request.model, "max_tokens": request.max_tokens, "messages": request.messages}
        found += faults(body | {"tools": request.tools} if request.tools else body)
    return found


@pytest.mark.parametrize("moments", range(0, 60, 3))
async def test_a_stop_at_any_moment_leaves_a_session_that_goes_on(tmp_path: Path, moments: int) -> None:
    look, touch = Hand(), Hand("touch", "write")
    steps = [calls(("look", {"what": "x"}), ("touch", {"what": "y"}), text="let me see"), says("done")]
    made = bench(tmp_path, steps, hands=[look, touch], unattended=lambda _: Verdict("once"))
    await made.engine.handle(c.SendPrompt("go"))
    for _ in range(moments):
        await asyncio.sleep(0.0005)
    await made.engine.handle(c.CancelTurn())
    assert not made.engine.busy
    session = made.engine.session
    assert not session.conversation.pending
    assert session.spend.reading().reserved_tokens == 0
    made.model.steps = [says("went on")]
    await made.ask("go on")
    assert made.of(e.TurnFinished)[-1].text == "went on"
    assert refused(made) == []
    assert len(made.of(e.BudgetReserved)) == len(made.of(e.BudgetSettled))
    await made.engine.close()


async def test_a_stop_before_anything_began_leaves_nothing_behind(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("never")])
    await made.engine.handle(c.SendPrompt("go"))
    await made.engine.handle(c.CancelTurn())
    await made.engine.idle()
    assert made.model.asked == []
    await made.ask("now")
    assert [event.prompt for event in made.of(e.TurnStarted)] == ["now"]
    await made.engine.close()


async def test_stopping_drops_the_prompts_that_wait(tmp_path: Path) -> None:
    made = bench(tmp_path, [(Text("slow"),)])
    made.model.hold = asyncio.Event()
    for prompt in ("one", "two", "three"):
        await made.engine.handle(c.SendPrompt(prompt))
    await made.until(e.TextArrived)
    await made.engine.handle(c.CancelTurn())
    await made.engine.idle()
    assert [event.prompt for event in made.of(e.TurnStarted)] == ["one"]
    await made.engine.close()


@pytest.mark.parametrize("command", [c.NewSession(), None])
async def test_leaving_or_closing_waits_for_no_prompt_of_the_queue(tmp_path: Path, command: c.Command | None) -> None:
    made = bench(tmp_path, [(Text("slow"),)])
    made.model.hold = asyncio.Event()
    for prompt in ("one", "two"):
        await made.engine.handle(c.SendPrompt(prompt))
    await made.until(e.TextArrived)
    await asyncio.wait_for(made.engine.handle(command) if command else made.engine.close(), 5)
    assert [event.prompt for event in made.of(e.TurnStarted)] == ["one"]
    assert made.of(e.TurnFinished)[-1].stop_reason == "interrupted"
    await made.engine.close()


async def test_a_prompt_sent_while_a_plan_is_made_is_answered_after_it(tmp_path: Path) -> None:
    made = bench(
        tmp_path, [*(says(f"answer {n}") for n in range(4)), says("## Goal\nshort"), says("last")], policies=FEW
    )
    await made.ask(*(f"question {n}" for n in range(4)))
    made.model.hold = asyncio.Event()
    await made.engine.handle(c.PlanCompaction())
    await asyncio.sleep(0.01)
    await made.engine.handle(c.SendPrompt("meanwhile"))
    made.model.hold.set()
    await asyncio.wait_for(made.engine.idle(), 5)
    assert made.of(e.CompactionPlanned)
    assert made.of(e.TurnFinished)[-1].text == "last"
    await made.engine.close()


async def test_stopping_a_plan_settles_its_request_and_the_prompt_after_it_runs(tmp_path: Path) -> None:
    made = bench(
        tmp_path, [*(says(f"answer {n}") for n in range(4)), says("## Goal\nlong"), says("last")], policies=FEW
    )
    await made.ask(*(f"question {n}" for n in range(4)))
    made.model.hold = asyncio.Event()
    await made.engine.handle(c.PlanCompaction())
    await made.until(e.BudgetReserved, 5)
    await asyncio.sleep(0.01)
    await made.engine.handle(c.DiscardPlan())
    assert not made.of(e.CompactionPlanned)
    assert made.of(e.BudgetSettled)[-1].purpose == "summary"
    assert made.engine.session.spend.reading().reserved_tokens == 0
    made.model.hold = None
    await made.ask("after")
    assert made.of(e.TurnFinished)[-1].text == "last"
    await made.engine.close()


async def test_stopping_while_a_question_waits_is_neither_a_yes_nor_a_no(tmp_path: Path) -> None:
    touch = Hand("touch", "write")
    made = bench(tmp_path, [calls(("touch", {"what": "x"})), says("ok")], hands=[touch])
    await made.engine.handle(c.SendPrompt("go"))
    raised = await made.until(e.EscalationRaised)
    await made.engine.handle(c.CancelTurn())
    assert made.of(e.EscalationExpired)
    assert made.of(e.ToolFailed)[0].cause == "interrupted"
    assert touch.seen == []
    with pytest.raises(WorkbenchError, match="nothing waits"):
        await made.engine.handle(c.ResolveEscalation(raised.request.id, Verdict("once")))
    await made.ask("again")
    assert refused(made) == []
    await made.engine.close()


async def test_an_answer_that_was_taken_is_journalled_although_a_stop_came_with_it(tmp_path: Path) -> None:
    touch = Hand("touch", "write")
    made = bench(tmp_path, [calls(("touch", {"what": "x"}))], hands=[touch])
    await made.engine.handle(c.SendPrompt("go"))
    raised = await made.until(e.EscalationRaised)
    await asyncio.sleep(0.01)
    await made.engine.handle(c.ResolveEscalation(raised.request.id, Verdict("reject", note="no")))
    await made.engine.handle(c.CancelTurn())
    assert made.of(e.EscalationResolved)[0].verdict.note == "no"
    assert not made.of(e.EscalationExpired)
    await made.engine.close()


async def test_stopping_the_question_about_an_answer_keeps_the_answer(tmp_path: Path) -> None:
    low = '<assessment>{"confidence": 0.3}</assessment>'
    made = bench(tmp_path, [says("perhaps", low)])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.EscalationRaised)
    await made.engine.handle(c.CancelTurn())
    finished = made.of(e.TurnFinished)[-1]
    assert (finished.stop_reason, finished.text) == ("interrupted", "perhaps")
    await made.engine.close()


async def test_an_unknown_session_does_not_stop_what_runs(tmp_path: Path) -> None:
    made = bench(tmp_path, [(Text("slow"),)])
    made.model.hold = asyncio.Event()
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.TextArrived)
    with pytest.raises(UnknownSession):
        await made.engine.handle(c.OpenSession("nowhere"))
    await made.engine.handle(c.OpenSession(made.engine.session_id))
    assert made.engine.busy
    made.model.hold.set()
    await made.engine.idle()
    assert made.of(e.TurnFinished)[-1].stop_reason == "done"
    await made.engine.close()


async def test_switching_sessions_while_a_turn_runs_ends_it_where_it_belongs(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("first"), (Text("slow"),)])
    await made.ask("one")
    first = made.engine.session_id
    await made.engine.handle(c.NewSession())
    made.model.hold = asyncio.Event()
    await made.engine.handle(c.SendPrompt("two"))
    await made.until(e.TextArrived, 2)
    second = made.engine.session_id
    await asyncio.gather(made.engine.handle(c.OpenSession(first)), made.engine.handle(c.SendPrompt("three")))
    made.model.hold.set()
    await made.engine.idle()
    by_session = [(s.session, type(s.event).__name__) for s in made.emitted if isinstance(s.event, e.TurnStarted)]
    assert by_session == [(first, "TurnStarted"), (second, "TurnStarted"), (first, "TurnStarted")]
    ended = [s for s in made.emitted if isinstance(s.event, e.TurnFinished)]
    assert [(s.session, s.event.stop_reason) for s in ended] == [  # type: ignore[union-attr]
        (first, "done"),
        (second, "interrupted"),
        (first, "done"),
    ]
    await made.engine.close()


async def test_a_plan_that_was_overtaken_is_not_carried_out(tmp_path: Path) -> None:
    made = bench(
        tmp_path, [*(says(f"answer {n}") for n in range(4)), *(says("## Goal\nshort") for _ in range(2))], policies=FEW
    )
    await made.ask(*(f"question {n}" for n in range(4)))
    plans = []
    for _ in range(2):
        await made.engine.handle(c.PlanCompaction())
        await made.engine.idle()
        plans.append(made.of(e.CompactionPlanned)[-1].plan)
    await made.engine.handle(c.Compact(plans[1].id))
    for plan in plans:
        with pytest.raises(WorkbenchError, match="not under review"):
            await made.engine.handle(c.Compact(plan.id))
    await made.engine.close()


async def test_two_handoffs_at_once_make_one_session(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one"), (Text("no headings"),)])
    await made.ask("a question")
    await made.engine.handle(c.DraftHandoff())
    draft = (await made.until(e.HandoffDrafted)).plan
    await made.engine.idle()
    both = [made.engine.handle(c.HandOff(draft.id)) for _ in range(2)]
    outcomes: list[Any] = await asyncio.gather(*both, return_exceptions=True)
    assert [isinstance(each, WorkbenchError) for each in outcomes] == [False, True]
    assert len(made.engine.sessions()) == 2
    await made.engine.close()


async def test_another_model_opens_an_epoch_in_which_the_conversation_goes_on(tmp_path: Path) -> None:
    first = bench(tmp_path, [calls(("look", {"what": "x"})), says("one")], hands=[Hand()])
    await first.ask("a question")
    id = first.engine.session_id
    await first.engine.close()
    again = bench(tmp_path, [says("two")], hands=[Hand()], model="another")
    await again.engine.handle(c.OpenSession(id))
    await again.ask("go on")
    assert [event.reason for event in again.of(e.EpochOpened)] == ["model"]
    assert again.model.asked[0].model == "another"
    assert "a question" in str(again.model.asked[0].messages)
    assert refused(again) == []
    await again.engine.close()


async def test_the_same_head_opens_no_epoch(tmp_path: Path) -> None:
    first = bench(tmp_path, [says("one")], hands=[Hand()])
    await first.ask("a question")
    id = first.engine.session_id
    await first.engine.close()
    again = bench(tmp_path, [says("two")], hands=[Hand()])
    await again.engine.handle(c.OpenSession(id))
    await again.ask("go on")
    assert again.of(e.EpochOpened) == []
    await again.engine.close()


async def test_volatile_facts_are_said_once_and_again_in_a_new_epoch(tmp_path: Path) -> None:
    steps = [*(says(f"answer {n}") for n in range(4)), says("## Goal\nshort"), says("last")]
    made = bench(tmp_path, steps, policies=FEW, clock=ManualClock())
    await made.ask(*(f"question {n}" for n in range(4)))
    await made.engine.handle(c.PlanCompaction())
    await made.engine.idle()
    await made.engine.handle(c.Compact(made.of(e.CompactionPlanned)[-1].plan.id))
    await made.ask("after")
    said = [bool(event.notice) for event in made.of(e.RequestSent)]
    assert said == [True, False, False, False, True]
    await made.engine.close()


async def test_dropping_a_plan_keeps_the_prompt_that_waits_behind_it(tmp_path: Path) -> None:
    steps = [*(says(f"answer {n}") for n in range(4)), says("## Goal\nshort"), says("last")]
    made = bench(tmp_path, steps, policies=FEW)
    await made.ask(*(f"question {n}" for n in range(4)))
    made.model.hold = asyncio.Event()
    await made.engine.handle(c.PlanCompaction())
    await made.until(e.BudgetReserved, 5)
    await asyncio.sleep(0.01)
    await made.engine.handle(c.SendPrompt("meanwhile"))
    await made.engine.handle(c.DiscardPlan())
    made.model.hold.set()
    await asyncio.wait_for(made.engine.idle(), 5)
    assert not made.of(e.CompactionPlanned)
    assert made.of(e.TurnFinished)[-1].text == "last"
    await made.engine.close()


async def test_dropping_a_plan_does_not_stop_a_turn(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one")])
    await made.engine.handle(c.SendPrompt("go"))
    await made.engine.handle(c.DiscardPlan())
    await made.engine.idle()
    assert made.of(e.TurnFinished)[-1].text == "one"
    await made.engine.close()


async def test_a_prompt_that_waits_can_be_withdrawn_and_only_then(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("first"), says("third")])
    for prompt in ("one", "two", "three"):
        await made.engine.handle(c.SendPrompt(prompt))
    await made.engine.handle(c.WithdrawPrompt("two"))
    with pytest.raises(WorkbenchError, match="waits no longer"):
        await made.engine.handle(c.WithdrawPrompt("two"))
    await made.engine.idle()
    assert [event.prompt for event in made.of(e.TurnStarted)] == ["one", "three"]
    with pytest.raises(WorkbenchError, match="waits no longer"):
        await made.engine.handle(c.WithdrawPrompt("three"))
    await made.engine.close()
