"""Strategies that raise, talk nonsense or hang: a clear message, the window as it was, and the conversation goes on."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import Bench, Hand, ManualClock, bench, calls, says
from tests.unit.strategies.talk import Talk
from workbench.context import WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import ProviderFault, StrategyFault, WorkbenchError
from workbench.core.messages import Text, ToolResult, ToolUse
from workbench.engine import Policies
from workbench.strategies import BlockFate, CompactionPolicy, Draft, WindowView, register
from workbench.strategies.validity import check_draft


class Rogue:
    """Does what it is told to instead of planning."""

    name = title = "rogue"
    help = "Does harm."

    def __init__(self, does: Callable[[], Any]) -> None:
        self.does = does

    async def plan(self, view: WindowView, model: Any, policy: CompactionPolicy) -> Any:
        answer = self.does()
        return await answer if asyncio.iscoroutine(answer) else answer


def divide() -> None:
    raise ZeroDivisionError("oh")


def ask_in_vain() -> None:
    raise ProviderFault("connection", "nobody answers")


ROGUES: dict[str, Callable[[], Any]] = {
    "raises": divide,
    "lets the model's failure through": ask_in_vain,
    "answers nonsense": lambda: {"kept": "everything"},
    "names no entry": lambda: Draft({"e999": BlockFate("dropped")}),
    "hangs": lambda: asyncio.Event().wait(),
}


def _use(undo: ExitStack, how: str) -> None:
    undo.callback(register(Rogue(ROGUES[how])))


@pytest.fixture
def use() -> Iterator[Callable[[str], None]]:
    with ExitStack() as undo:
        yield lambda how: _use(undo, how)


async def ask(made: Bench, *prompts: str) -> None:
    for prompt in prompts:
        await made.engine.handle(c.SendPrompt(prompt))
        await made.engine.idle()


@pytest.mark.parametrize("how", ROGUES)
async def test_a_review_with_a_rogue_says_so_and_the_conversation_goes_on(
    tmp_path: Path, use: Callable[[str], None], how: str
) -> None:
    use(how)
    clock = ManualClock()
    made = bench(tmp_path, [*(says(f"answer {n}") for n in range(4)), says("on")], clock=clock)
    await ask(made, "one", "two", "three", "four")
    before = made.engine.session.conversation.messages()
    await made.engine.handle(c.PlanCompaction("rogue"))
    if how == "hangs":
        await clock.pass_deadline(CompactionPolicy().deadline_s)
    await made.engine.idle()
    [notice] = [notice for notice in made.of(e.Noticed) if notice.level == "error"]
    assert "the strategy rogue" in notice.message
    assert notice.hint == "The window is as it was."
    assert made.of(e.CompactionPlanned) == []
    assert made.engine.session.conversation.messages() == before
    await ask(made, "go on")
    assert made.of(e.TurnFinished)[-1].text == "on"
    await made.engine.close()


@pytest.mark.parametrize("how", ROGUES)
async def test_automatic_compaction_with_a_rogue_falls_back_to_a_mechanical_summary(
    tmp_path: Path, use: Callable[[str], None], how: str
) -> None:
    use(how)
    clock, long = ManualClock(), " ".join(["word"] * 1_500)
    policies = Policies(
        window=WindowPolicy(20_000, 0.15, 2_000), compaction=CompactionPolicy(keep_last=2, strategy="rogue")
    )
    made = bench(tmp_path, [says(long), says(long), says("fits")], policies=policies, clock=clock)
    await ask(made, "one", "two")
    await made.engine.handle(c.SendPrompt("three"))
    if how == "hangs":
        await clock.pass_deadline(CompactionPolicy().deadline_s)
    await made.engine.idle()
    assert any("the strategy rogue" in notice.message for notice in made.of(e.Noticed))
    [opened] = [event for event in made.of(e.EpochOpened) if event.reason == "compacted"]
    assert "## Goal" in opened.epoch.summary
    assert made.of(e.TurnFinished)[-1].text == "fits"
    assert len(made.model.asked) == 3
    await made.engine.close()


async def test_an_unknown_strategy_is_refused_with_the_names(tmp_path: Path) -> None:
    made = bench(tmp_path, [says("one")])
    await ask(made, "one")
    with pytest.raises(WorkbenchError, match=r"no strategy 'nonsense'.*auto, summarise, mask"):
        await made.engine.handle(c.PlanCompaction("nonsense"))
    await made.engine.close()


@pytest.mark.parametrize("something", [True, False])
async def test_a_setting_that_masks_in_vain_is_helped_by_a_summary(tmp_path: Path, something: bool) -> None:
    long = " ".join(["word"] * 1_500)
    policies = Policies(
        window=WindowPolicy(20_000, 0.15, 2_000), compaction=CompactionPolicy(keep_last=2, strategy="mask")
    )
    first = [calls(("look", {"what": "x"}))] if something else []
    steps = [*first, says(long), says(long), says("## Goal\nshort"), says("fits")]
    look = Hand(result=" ".join(["seen"] * 300))
    made = bench(tmp_path, steps, policies=policies, hands=[look])
    await ask(made, "one", "two", "three")
    assert made.of(e.CompactionPlanned)[-1].plan.strategy == "summarise"
    assert made.of(e.TurnFinished)[-1].text == "fits"
    await made.engine.close()


async def test_what_is_masked_stays_so_when_the_session_goes_on_with_another_model(tmp_path: Path) -> None:
    look = Hand(result=" ".join(["seen"] * 900))
    steps = [calls(("look", {"what": "it"})), *(says(f"answer {n}") for n in range(7))]
    first = bench(tmp_path, steps, hands=[look], policies=Policies(compaction=CompactionPolicy(keep_last=4)))
    await ask(first, "look", *(f"question {n}" for n in range(4)))
    await first.engine.handle(c.PlanCompaction("mask"))
    await first.engine.idle()
    await first.engine.handle(c.Compact(first.of(e.CompactionPlanned)[-1].plan.id))
    await first.engine.close()
    again = bench(tmp_path, [says("on")], hands=[look], model="other")
    await again.engine.handle(c.OpenSession(first.engine.session_id))
    await ask(again, "go on")
    assert again.of(e.EpochOpened)[-1].reason == "model"
    assert "[look it: " in str(again.model.asked[-1].messages)
    assert "seen seen" not in str(again.model.asked[-1].messages)
    await again.engine.close()


async def test_masking_goes_to_the_model_as_lines_and_undo_sends_every_byte_again(tmp_path: Path) -> None:
    look = Hand(result=" ".join(["seen"] * 900))
    steps = [calls(("look", {"what": "it"})), *(says(f"answer {n}") for n in range(7))]
    made = bench(tmp_path, steps, hands=[look], policies=Policies(compaction=CompactionPolicy(keep_last=4)))
    await ask(made, "look", *(f"question {n}" for n in range(4)))
    before = made.engine.session.conversation.messages()
    await made.engine.handle(c.PlanCompaction("mask"))
    await made.engine.idle()
    plan = made.of(e.CompactionPlanned)[-1].plan
    assert len(made.model.asked) == 6
    await made.engine.handle(c.Compact(plan.id))
    assert made.of(e.EpochOpened)[-1].remark == "1 masked"
    await ask(made, "after")
    sent = str(made.model.asked[-1].messages)
    assert "[look it: " in sent
    assert "seen seen" not in sent
    await made.engine.handle(c.UndoCompaction())
    assert made.engine.session.conversation.messages()[: len(before) - 1] == before[:-1]
    await ask(made, "again")
    assert "seen seen" in str(made.model.asked[-1].messages)
    await made.engine.close()


async def test_a_strategy_gets_no_more_than_the_budget_has(tmp_path: Path) -> None:
    policies = Policies(compaction=CompactionPolicy(keep_last=2))
    made = bench(tmp_path, [says(f"answer {n}") for n in range(4)], policies=policies)
    await ask(made, *(f"question {n}" for n in range(4)))
    made.engine.session.emit(e.BudgetRaised(0.0001, 1, None))
    await made.engine.handle(c.PlanCompaction("summarise"))
    await made.engine.idle()
    assert "## Goal" in made.of(e.CompactionPlanned)[-1].plan.summary
    assert any("mechanical" in notice.message for notice in made.of(e.Noticed))
    assert len(made.model.asked) == 4
    await made.engine.close()


# --- drafts that cannot be carried out ------------------------------------------------


def talk() -> Talk:
    """Two turns with a call each, one of them still running."""
    made = Talk().ask("first").call("read", file_path="a.py").say(Text("read")).end()
    made.ask("second").call("read", file_path="b.py")
    return made.say(ToolUse("open", "shell", {"command": "make"}))


def entry_id(made: Talk, wanted: type, turn: int) -> str:
    return next(x.id for x in made.conversation.entries if isinstance(x.part, wanted) and x.turn == turn)


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (lambda made: None, "it answered with NoneType"),
        (lambda made: Draft({"nowhere": BlockFate("kept")}), "there is no entry nowhere"),
        (lambda made: Draft({"e2": BlockFate("brought back")}), "there is no entry e2"),
        (lambda made: Draft({"e2": BlockFate("eaten")}), "is no fate of a block"),  # type: ignore[arg-type]
        (lambda made: Draft({entry_id(made, ToolUse, 1): BlockFate("dropped")}), "without its call"),
        (lambda made: Draft({entry_id(made, ToolResult, 1): BlockFate("summarised")}), "without its result"),
        (lambda made: Draft({made.conversation.entries[-1].id: BlockFate("dropped")}), "the call open still runs"),
        (lambda made: Draft({entry_id(made, Text, 2): BlockFate("dropped")}), "the last request would not stay"),
        (lambda made: Draft({entry_id(made, Text, 1): BlockFate("masked")}), "cannot stand there"),
        (
            lambda made: Draft({entry_id(made, ToolResult, 1): BlockFate("masked", part=ToolResult("other", "x"))}),
            "cannot stand there",
        ),
        (lambda made: Draft({entry_id(made, Text, 1): BlockFate("kept", part=Text("x"))}), "which is kept"),
    ],
)
def test_a_draft_is_refused_with_what_is_wrong_with_it(draft: Callable[[Talk], Any], why: str) -> None:
    made = talk()
    with pytest.raises(StrategyFault, match=why):
        check_draft(made.view(), draft(made), "rogue")
