"""Tools come and go while a session runs; what the model was told of them changes with the next prompt."""

import asyncio
from pathlib import Path

import pytest

from tests.fakes import Bench, Hand, bench, calls, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import WorkbenchError


async def ask(made: Bench, prompt: str) -> None:
    """A prompt, up to its answer."""
    turns = len(made.of(e.TurnFinished))
    await made.engine.handle(c.SendPrompt(prompt))
    await made.until(e.TurnFinished, turns + 1)
    await made.engine.idle()


def offered(made: Bench) -> list[list[str]]:
    """The names of the tools in each request."""
    return [[tool["name"] for tool in request.tools] for request in made.model.asked]


async def test_a_tool_that_came_between_two_turns_is_in_the_next_request(tmp_path: Path) -> None:
    late = Hand("late")
    steps = [says("one"), calls(("late", {"what": "x"})), says("two"), says("three")]
    made = bench(tmp_path, steps, hands=[Hand()])
    await ask(made, "one")
    await made.engine.toolbox.add(late.spec())
    await ask(made, "two")
    await ask(made, "three")
    assert offered(made) == [["look"], ["look", "late"], ["look", "late"], ["look", "late"]]
    assert [event.reason for event in made.of(e.EpochOpened)] == ["opened", "tools"]
    assert late.seen == [{"what": "x"}]
    await made.engine.close()


async def test_within_a_turn_the_definitions_stay_and_a_call_of_the_late_tool_is_answered(tmp_path: Path) -> None:
    look, late = Hand(hold=asyncio.Event()), Hand("late")
    steps = [calls(("look", {"what": "x"})), calls(("late", {"what": "y"})), says("done")]
    made = bench(tmp_path, steps, hands=[look])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.ToolStarted)
    await made.engine.toolbox.add(late.spec())
    assert look.hold is not None
    look.hold.set()
    await made.until(e.TurnFinished)
    assert offered(made) == [["look"]] * 3
    assert [event.text for event in made.of(e.ToolFinished)] == ["seen", "seen"]
    await made.engine.close()


async def test_a_tool_under_a_taken_name_is_refused_and_the_conversation_goes_on(tmp_path: Path) -> None:
    first, second = Hand(), Hand(result="another's")
    made = bench(tmp_path, [says("one"), calls(("look", {"what": "x"})), says("two")], hands=[first])
    await ask(made, "one")
    with pytest.raises(WorkbenchError, match="a tool named look already"):
        await made.engine.toolbox.add(second.spec())
    await ask(made, "two")
    assert (len(first.seen), second.seen) == (1, [])
    assert len(made.of(e.EpochOpened)) == 1
    await made.engine.close()


async def test_the_call_of_a_tool_that_was_taken_away_is_answered_with_those_that_are_left(tmp_path: Path) -> None:
    look, other = Hand(hold=asyncio.Event()), Hand("other")
    steps = [calls(("look", {"what": "x"})), calls(("other", {"what": "y"})), says("done"), says("again")]
    made = bench(tmp_path, steps, hands=[look, other])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.ToolStarted)
    await made.engine.toolbox.remove("other")
    assert look.hold is not None
    look.hold.set()
    await made.until(e.TurnFinished)
    failed = made.of(e.ToolFailed)[0]
    assert (failed.cause, failed.text) == ("unknown", "There is no tool `other`. There are: look.")
    await ask(made, "again")
    assert offered(made)[-1] == ["look"]
    await made.engine.close()


@pytest.mark.parametrize(("idempotent", "said"), [(True, "safe to call it again"), (False, "stays done")])
async def test_a_stopped_call_says_whether_it_may_simply_be_made_again(
    idempotent: bool, said: str, tmp_path: Path
) -> None:
    look = Hand(hold=asyncio.Event(), idempotent=idempotent)
    made = bench(tmp_path, [calls(("look", {"what": "x"}))], hands=[look])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.ToolStarted)
    await made.engine.handle(c.CancelTurn())
    assert said in (await made.until(e.ToolFailed)).text
    await made.engine.close()


@pytest.mark.parametrize(("idempotent", "said"), [(True, "safe to call it again"), (False, "nothing is known")])
async def test_so_does_one_that_a_crash_left_open(idempotent: bool, said: str, tmp_path: Path) -> None:
    look = Hand(hold=asyncio.Event(), idempotent=idempotent)
    made = bench(tmp_path, [calls(("look", {"what": "x"}))], hands=[look])
    await made.engine.handle(c.SendPrompt("go"))
    await made.until(e.ToolStarted)
    last = made.engine.session.conversation.messages()[-1]["content"][-1]
    assert said in last["content"][0]["text"] if isinstance(last["content"], list) else said in last["content"]
    await made.engine.close()
