"""Compaction and handoff reviews: what they show, what they give back, at both widths."""

from typing import Any

import pytest
from dialog_stage import DOCUMENT, SIZES, STRATEGIES, UNSET, Stage, draft, plan, text_of

from workbench.core.commands import Compact, HandOff, PlanCompaction
from workbench.core.plans import PlanLine
from workbench.ui.modals.compaction import CompactionReview, StrategyPicker
from workbench.ui.modals.handoff import HandoffReview
from workbench.ui.modals.parts import DocumentArea


async def result_of(screen: Any, *keys: str, size: tuple[int, int] = (120, 40)) -> Any:
    app = Stage(screen)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return app.result


@pytest.mark.parametrize("size", SIZES)
async def test_f8_compacts_and_esc_leaves_the_window(size: tuple[int, int]) -> None:
    assert await result_of(CompactionReview(plan(), STRATEGIES), "f8", size=size) == Compact("plan_1", None)
    assert await result_of(CompactionReview(plan(), STRATEGIES), "escape", size=size) is None


async def test_the_summary_as_edited_is_what_is_sent() -> None:
    # the summary has the focus where there are two columns
    result = await result_of(CompactionReview(plan(), STRATEGIES), *"New ", "f8")
    assert result == Compact("plan_1", "New " + plan().summary)


async def test_behind_tab_the_summary_can_be_edited_at_80_columns() -> None:
    # strategies, then around to the summary
    result = await result_of(CompactionReview(plan(), STRATEGIES), "shift+tab", "X", "f8", size=(80, 24))
    assert result == Compact("plan_1", "X" + plan().summary)


async def test_the_fates_sum_to_what_is_shown() -> None:
    app = Stage(CompactionReview(plan(), STRATEGIES))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        shown = (
            "WHAT HAPPENS TO 11 BLOCKS",
            "kept as it is",
            "18.7k",
            "25.9k → 1.9k",
            "16.8k",
            "14 of 16",
            "! 2 only in the journal",
        )
        shown += ("61.4k", "24.1k", "−37.3k", "$0.12", "−$0.03", "after 4 turns", "WHY THIS PLAN", "can be undone")
        for words in shown:
            assert words in text


async def test_at_80_columns_each_part_comes_to_the_front() -> None:
    app = Stage(CompactionReview(plan(), STRATEGIES))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "WHAT HAPPENS" in text_of(app.screen) and "SUMMARY" not in text_of(app.screen)
        await pilot.press("shift+tab")
        await pilot.pause()
        assert "SUMMARY" in text_of(app.screen) and "WHAT IT COSTS" in text_of(app.screen)
        await pilot.press("tab", "tab")
        assert isinstance(app.focused, StrategyPicker)
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert "WHAT HAPPENS" in text_of(app.screen) and "SUMMARY" in text_of(app.screen)


async def test_another_strategy_plans_anew() -> None:
    # two parts on are the strategies
    result = await result_of(CompactionReview(plan(), STRATEGIES), "tab", "tab", "right", "enter")
    assert result == PlanCompaction("summarise")
    assert await result_of(CompactionReview(plan(), STRATEGIES), "tab", "tab", "enter") is UNSET
    # F8 does not carry out a plan of another strategy than the one that is lit
    assert await result_of(CompactionReview(plan(), STRATEGIES), "tab", "tab", "right", "f8") == PlanCompaction(
        "summarise"
    )


async def test_a_click_on_a_strategy_plans_anew() -> None:
    app = Stage(CompactionReview(plan(), STRATEGIES))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.click(StrategyPicker, offset=(8, 0))
        await pilot.pause()
        assert app.result is UNSET
        await pilot.click(StrategyPicker, offset=(8, 0))
        await pilot.pause()
        assert app.result == PlanCompaction("summarise")


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_plan_is_shown_for_what_it_is(size: tuple[int, int]) -> None:
    empty = plan(
        before=0,
        after=0,
        sections_before=(),
        sections_after=(),
        lines=(),
        summary="",
        checked=(),
        why="",
        cost=None,
        saves=None,
        payback=None,
    )
    app = Stage(CompactionReview(empty, STRATEGIES))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "Nothing is in the window yet" in text_of(app.screen)
        await pilot.press("f8")
        await pilot.pause()
        assert app.result == Compact("plan_1", None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cost": None}, "n/a: the price is unknown"),
        ({"payback": None}, "never"),
        ({"payback": 0.0}, "at once"),
        ({"payback": 0.6}, "after 1 turn"),
        ({"saves": -0.01}, "+$0.01"),
    ],
)
async def test_costs_in_words(changes: dict[str, Any], words: str) -> None:
    app = Stage(CompactionReview(plan(**changes), STRATEGIES))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert words in text_of(app.screen)


@pytest.mark.parametrize("size", SIZES)
async def test_f9_hands_off_and_esc_is_not_now(size: tuple[int, int]) -> None:
    assert await result_of(HandoffReview(draft()), "f9", size=size) == HandOff("plan_2", None, True)
    assert await result_of(HandoffReview(draft()), "escape", size=size) is None
    # o: save it for later
    assert await result_of(HandoffReview(draft()), "o", "f9", size=size) == HandOff("plan_2", None, False)


async def test_missing_facts_are_added_to_their_sections() -> None:
    app = Stage(HandoffReview(draft()))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "missing docs/adr/0007.md" in text_of(app.screen)
        await pilot.press("a")
        await pilot.pause()
        assert "the missing ones are added" in text_of(app.screen)
        await pilot.press("a", "f9")
        await pilot.pause()
    document = app.result.document
    assert document.count("docs/adr/0007.md") == 1
    assert document.index("# 3.") < document.index("docs/adr/0007.md") < document.index("# 4.")
    assert document.index("# 5.") < document.index("small commits")


async def test_the_document_is_read_only_until_e_and_esc_ends_writing() -> None:
    app = Stage(HandoffReview(draft()))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("x")
        area = app.screen.query_one(DocumentArea)
        assert area.text == DOCUMENT
        await pilot.press("e", *"a1", "escape")
        await pilot.pause()
        assert app.result is UNSET and area.text == "a1" + DOCUMENT
        await pilot.press("f9")
        await pilot.pause()
        assert app.result == HandOff("plan_2", "a1" + DOCUMENT, True)


async def test_a_digit_jumps_to_its_section() -> None:
    document = DOCUMENT.replace("# 5.", "filler\n" * 60 + "\n# 5.")
    app = Stage(HandoffReview(draft(document=document)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("5")
        await pilot.pause()
        assert "CONTEXT FOR NEXT SESSION" in text_of(app.screen)
        await pilot.press("1")
        await pilot.pause()
        assert "TASK STATUS" in text_of(app.screen)


async def test_y_copies_the_document() -> None:
    copied: list[str] = []
    app = Stage(HandoffReview(draft(), copy=copied.append))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("y")
        await pilot.pause()
        assert copied == [DOCUMENT]
        assert "✓ copied" in text_of(app.screen)


async def test_clicks_choose_a_section_and_the_way_on() -> None:
    app = Stage(HandoffReview(draft()))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        rows = text_of(app.screen).splitlines()
        for words in ("save it for later", "missing docs", "3 Files changed"):
            y = next(i for i, row in enumerate(rows) if words in row)
            await pilot.click(offset=(rows[y].index(words) + 2, y))
            await pilot.pause()
        await pilot.press("f9")
        await pilot.pause()
        assert app.result.open is False
        assert "docs/adr/0007.md" in app.result.document


async def test_an_empty_draft_can_be_accepted() -> None:
    empty = draft(document="", sections=(), checked=(), left_behind=())
    assert await result_of(HandoffReview(empty), "1", "a", "f9", size=(80, 24)) == HandOff("plan_2", None, True)


@pytest.mark.parametrize("theme", ["lamplight", "daylight", "chalk"])
async def test_every_palette_draws_the_reviews(theme: str) -> None:
    for screen in (CompactionReview(plan(), STRATEGIES), HandoffReview(draft())):
        app = Stage(screen, theme)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            assert ("╭" in text_of(app.screen)) is (theme == "chalk")


async def test_masked_blocks_are_told_apart_and_every_strategy_is_offered() -> None:
    lines = (
        PlanLine("kept", "turns 1–9", 9_000, ("e1",), after=9_000),
        PlanLine("masked", "12 old results", 26_000, ("e2", "e3"), after=600),
    )
    masked = plan(lines=lines, strategy="mask", asked="auto")
    app = Stage(CompactionReview(masked, tuple((name, name, "") for name in ("auto", "summarise", "mask"))))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        assert "masked, a line each" in text
        assert "26k → 600" in text
        assert "no model is asked" in text
        await pilot.press("tab", "tab", "left", "enter")
        await pilot.pause()
    assert app.result == PlanCompaction("summarise")


async def test_writing_begins_at_the_section_that_was_chosen() -> None:
    review = HandoffReview(draft())
    app = Stage(review)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("4", "e")
        await pilot.pause()
        line = review.document.cursor_location[0]
        assert review.document.text.split("\n")[line].startswith("# 4.")
        await pilot.press("escape", "2", "escape")
        assert app.result is None


@pytest.mark.parametrize("size", SIZES)
async def test_esc_does_not_drop_an_edited_handoff_at_once(size: tuple[int, int]) -> None:
    review = HandoffReview(draft())
    app = Stage(review)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("e", "x", "escape", "escape")
        await pilot.pause()
        assert app.result is UNSET
        assert "esc again drops it" in text_of(app.screen)
        await pilot.press("escape")
        await pilot.pause()
        assert app.result is None


async def test_esc_does_not_drop_an_edited_summary_at_once_nor_does_another_plan() -> None:
    review = CompactionReview(plan(), STRATEGIES)
    app = Stage(review)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("x", "escape")
        await pilot.pause()
        assert app.result is UNSET
        assert "esc again drops it" in text_of(app.screen)
        await pilot.press("y", "tab", "tab", "right", "enter")
        await pilot.pause()
        assert app.result is UNSET
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == PlanCompaction("summarise")
