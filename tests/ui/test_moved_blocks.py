"""In the review of a compaction a line is chosen and moved to another fate, and the review goes on at it."""

from typing import Any

import pytest
from dialog_stage import SIZES, STRATEGIES, Stage, plan, text_of

from workbench.core.commands import ChangePlan
from workbench.ui.modals.compaction import CompactionReview
from workbench.ui.modals.parts import DocumentArea
from workbench.ui.modals.plan_lines import PlanLines

LINES = [line.ids for line in plan().lines if line.ids and not line.pinned]


async def moved(*keys: str, size: tuple[int, int] = (120, 40), written: str = "") -> Any:
    app = Stage(CompactionReview(plan(), STRATEGIES))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if written:
            app.screen.query_one(DocumentArea).text = written
        app.screen.query_one(PlanLines).focus()
        await pilot.press(*keys)
        await pilot.pause()
        return app.result


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("key", "fate"), [("k", "kept"), ("m", "masked"), ("d", "dropped")])
async def test_a_letter_moves_the_blocks_of_the_chosen_line(size: tuple[int, int], key: str, fate: str) -> None:
    assert await moved("down", key, size=size) == ChangePlan("plan_1", dict.fromkeys(LINES[1], fate))  # type: ignore[arg-type]


async def test_what_was_written_in_the_summary_goes_along() -> None:
    assert await moved("s", written="mine") == ChangePlan("plan_1", dict.fromkeys(LINES[0], "summarised"), "mine")


async def test_the_review_goes_on_at_the_line_and_its_keys_are_on_the_screen() -> None:
    app = Stage(CompactionReview(plan(), STRATEGIES, at=LINES[2][0]))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        lines = app.screen.query_one(PlanLines)
        assert lines.current is not None
        assert lines.current.ids == LINES[2]
        shown = text_of(app.screen)
        assert all(f"{key} {word}" in shown for key, word in (("k", "keep"), ("m", "mask"), ("d", "drop")))


async def test_what_is_pinned_or_always_stays_cannot_be_chosen() -> None:
    assert all(not line.pinned and line.ids for line in PlanLines(plan()).movable)
