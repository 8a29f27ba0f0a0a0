"""A plan under review is changed block by block: no model is asked again, and what was edited stays."""

from pathlib import Path

import pytest

from tests.fakes import Bench, Hand, bench, calls, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import WorkbenchError
from workbench.core.messages import Text
from workbench.core.plans import CompactionPlan


async def planned(root: Path) -> tuple[Bench, CompactionPlan]:
    look = calls(("look", {"what": "the settings"}))
    answers = [look, says("seen it"), *(says(f"answer {n}") for n in range(8)), (Text("## Goal\nto look"),)]
    made = bench(root, answers, hands=[Hand(result="the port is 8042 " * 40)])
    await made.ask("look at the settings", *(f"question {n}" for n in range(8)))
    await made.engine.handle(c.PlanCompaction("summarise"))
    await made.engine.idle()
    return made, made.of(e.CompactionPlanned)[-1].plan


def find(plan: CompactionPlan, fate: str) -> list[str]:
    return [id for line in plan.lines if line.fate == fate for id in line.ids]


async def test_a_block_that_would_be_summarised_stays_and_the_summary_as_it_was_edited(tmp_path: Path) -> None:
    made, plan = await planned(tmp_path)
    asked, [first, *_] = len(made.model.asked), find(plan, "summarised")
    await made.engine.handle(c.ChangePlan(plan.id, {first: "kept"}, "## Goal\nmy own words"))
    changed = made.of(e.CompactionPlanned)[-1].plan
    assert changed.id != plan.id
    assert first in find(changed, "kept")
    assert changed.summary == "## Goal\nmy own words"
    assert len(made.model.asked) == asked
    await made.engine.handle(c.Compact(changed.id))
    assert first in [entry.id for entry in made.engine.session.conversation.entries]
    assert made.of(e.EpochOpened)[-1].after == changed.after
    await made.engine.close()


async def test_what_cannot_be_done_leaves_the_plan_under_review(tmp_path: Path) -> None:
    made, plan = await planned(tmp_path)
    everything = dict.fromkeys(find(plan, "summarised"), "kept") | dict.fromkeys(find(plan, "dropped"), "kept")
    with pytest.raises(WorkbenchError, match="nothing would be compacted"):
        await made.engine.handle(c.ChangePlan(plan.id, everything))  # type: ignore[arg-type]
    with pytest.raises(WorkbenchError, match="not under review any more"):
        await made.engine.handle(c.ChangePlan("another", {}))
    await made.engine.handle(c.Compact(plan.id))
    await made.engine.close()
