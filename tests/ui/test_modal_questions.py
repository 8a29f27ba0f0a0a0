"""Unsure, limit and yes-or-no: every choice, every key, and what is asked."""

from typing import Literal

import pytest
from dialog_stage import SIZES, UNSET, Stage, terms, text_of
from msgspec import structs

from workbench.core.decisions import Confidence, EscalationRequest, Progress, Verdict
from workbench.core.spend import BudgetName, Spend
from workbench.escalation import ask_for_budget, ask_for_room, ask_to_leave_out, ask_to_wait
from workbench.ui.commands import EVERYWHERE
from workbench.ui.modals.choices import Choices
from workbench.ui.modals.dialog import ConfirmModal, HelpModal
from workbench.ui.modals.stops import LimitModal, UnsureModal
from workbench.ui.screens.main import MainScreen

READINGS = ("Archive what was not opened for 30 days", "Delete it", "Delete only the empty ones")
PROGRESS = Progress(15, 15, 84_000, 0.42, notes=("listed 41 sessions", "changed nothing"))


def unsure(readings: tuple[str, ...] = READINGS) -> UnsureModal:
    score = Confidence(0.46, "‘Clean up’ may mean archive or delete.", readings)
    request = EscalationRequest(
        "e", "confidence", "medium", "What is meant?", confidence=score, question="clean up", progress=PROGRESS
    )
    return UnsureModal(request, terms())


def limit(reason: Literal["cost", "complexity"], spend: Spend | None = None) -> LimitModal:
    request = EscalationRequest("e", reason, "medium", "It stops here.", because="a limit", progress=PROGRESS)
    return LimitModal(request, terms(), spend)


async def result_of(screen: object, *keys: str, size: tuple[int, int] = (80, 24)) -> object:
    app = Stage(screen)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return app.result


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "verdict"),
    [
        (("1",), Verdict("reply", note=READINGS[0])),
        (("3",), Verdict("reply", note=READINGS[2])),
        (("enter",), Verdict("reply", note=READINGS[0])),
        (("down", "enter"), Verdict("reply", note=READINGS[1])),
        (("4", *"both", "enter"), Verdict("reply", note="both")),
        (("5",), Verdict("leave")),
        (("escape",), Verdict("leave")),
        (("4", "escape", "escape"), Verdict("leave")),
    ],
)
async def test_a_reading_is_the_answer(size: tuple[int, int], keys: tuple[str, ...], verdict: Verdict) -> None:
    assert await result_of(unsure(), *keys, size=size) == verdict


async def test_an_empty_reply_says_what_to_do() -> None:
    app = Stage(unsure())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4", "enter")
        await pilot.pause()
        assert "Nothing is written" in text_of(app.screen)
        assert app.result is UNSET


@pytest.mark.parametrize("size", SIZES)
async def test_unsure_shows_what_you_asked_and_its_doubt(size: tuple[int, int]) -> None:
    app = Stage(unsure())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        for words in ("Which of these do you mean?", "“clean up”", "0.46", "below .60", "Something else…", "Leave it"):
            assert words in text


async def test_without_readings_it_asks_in_the_open() -> None:
    assert await result_of(unsure(()), "1", *"that", "enter") == Verdict("reply", note="that")
    assert await result_of(unsure(()), "2") == Verdict("leave")


async def test_long_and_many_readings_stay_reachable() -> None:
    readings = tuple(f"{n} " + "a long reading " * 20 for n in range(12))
    # the end is leave it, one up is something else
    app = Stage(unsure(readings))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert "Leave it" in text_of(app.screen)
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == Verdict("leave")


async def test_a_click_on_a_reading_replies() -> None:
    app = Stage(unsure())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(Choices, offset=(10, 1))
        await pilot.pause()
        assert app.result is UNSET
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == Verdict("reply", note=READINGS[1])


@pytest.mark.parametrize("reason", ["complexity", "cost"])
@pytest.mark.parametrize(
    ("keys", "answer"), [(("1",), "once"), (("2",), "stop"), (("escape",), "stop"), (("enter",), "stop")]
)
async def test_a_limit_is_raised_once_or_ends_in_an_answer(reason: str, keys: tuple[str, ...], answer: str) -> None:
    verdict = await result_of(limit(reason), *keys)
    assert isinstance(verdict, Verdict)
    assert verdict.answer == answer


@pytest.mark.parametrize("size", SIZES)
async def test_a_limit_says_what_was_done_and_how_much_more(size: tuple[int, int]) -> None:
    app = Stage(limit("complexity"))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        for words in ("15 of 15 steps are used", "listed 41 sessions", "changed nothing", "for 15 more steps"):
            assert words in text
    app = Stage(limit("cost", Spend(usd=10.01, share=1.001, limit_usd=10.0, more_usd=5.0, more_tokens=2_000_000)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        for words in ("The budget is spent", "$10.01 of $10", "$5.00 and 2M tokens more", "F9 hands off"):
            assert words in text


SPENT = Spend(
    usd=4.91,
    limit_usd=5.0,
    day_usd=8.0,
    day_limit_usd=20.0,
    share=0.982,
    more_usd=5.0,
    more_tokens=25_000_000,
    turn_usd=0.03,
    turn_tokens=260_000,
)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("spend", "words"),
    [
        (
            SPENT,
            ("$4.91 of $5 in this session", "typically $0.03; 3 turns left", "166 more with a yes", "$5.00 and 25M"),
        ),
        (
            structs.replace(SPENT, tokens=24_000_000, limit_tokens=25_000_000, fullest="session_tokens"),
            ("24M of 25M tokens in this session", "typically 260k tokens; 3 turns left", "96 more with a yes"),
        ),
        (
            structs.replace(SPENT, day_usd=20.0, share=1.0, fullest="day_usd"),
            ("$20.00 of $20 today", "typically $0.03; 0 turns left", "for this turn; today's budget stays"),
        ),
    ],
    ids=["session", "tokens", "day"],
)
async def test_a_budget_says_which_it_is_what_a_turn_takes_and_what_a_yes_adds(
    size: tuple[int, int], spend: Spend, words: tuple[str, ...]
) -> None:
    app = Stage(limit("cost", spend))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        assert [each for each in words if each not in text] == []
        assert ("more with a yes" in text) is not spend.fullest.startswith("day")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "request_",
    [
        ask_for_room("the window holds 171,004 of 200,000 tokens", PROGRESS, "e"),
        ask_to_leave_out("A thinking block cannot be modified", PROGRESS, "e"),
        ask_to_wait("The model server limits requests", 600, PROGRESS, "e"),
    ],
    ids=["room", "words", "wait"],
)
async def test_a_stop_that_is_no_budget_says_what_a_yes_does_and_nothing_of_limits(
    size: tuple[int, int], request_: EscalationRequest
) -> None:
    app = Stage(LimitModal(request_, terms(), SPENT))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        assert request_.message in text
        assert request_.yes in text
        assert "the turn ends here" in text
        assert not [word for word in ("budget", "limit once", "a turn ", "F9") if word in text]


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ("session_usd", ("$4.91 of $5 in this session", "with $5.00 and 25M tokens")),
        ("day_usd", ("$12.00 of $20 today", "for this turn; today's budget stays")),
        ("day_tokens", ("7M of 100M tokens today", "for this turn; today's budget stays")),
    ],
)
async def test_all_lines_speak_of_the_budget_that_refused_and_not_of_the_fullest(
    budget: BudgetName, words: tuple[str, ...]
) -> None:
    spend = structs.replace(
        SPENT, day_usd=12.0, day_tokens=7_000_000, day_limit_tokens=100_000_000, fullest="session_tokens"
    )
    asked = ask_for_budget("It has no room.", budget, PROGRESS, "e")
    app = Stage(LimitModal(asked, terms(), spend))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        assert [each for each in words if each not in text] == []
        assert "25M tokens in this session" not in text


async def test_more_steps_than_planned_are_told_as_one_number() -> None:
    progress = Progress(steps=16, step_budget=15)
    request = EscalationRequest("e", "complexity", "medium", "More steps?", because="a limit", progress=progress)
    app = Stage(LimitModal(request, terms()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "15 of 15 steps are used. Go on?" in text_of(app.screen)
        assert "16" not in text_of(app.screen)


async def test_a_budget_that_is_not_spent_yet_is_not_called_spent() -> None:
    app = Stage(limit("cost", Spend(usd=0.02, limit_usd=0.05, share=0.4)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "The budget does not cover the next step. Go on?" in text_of(app.screen)


@pytest.mark.parametrize(
    ("fullest", "words"),
    [("session_tokens", "tokens in this session"), ("day_usd", "of $20 today"), ("day_tokens", "tokens today")],
)
async def test_the_fullest_budget_is_the_one_named(fullest: str, words: str) -> None:
    app = Stage(limit("cost", Spend(fullest=fullest, day_limit_usd=20.0)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert words in text_of(app.screen)


@pytest.mark.parametrize(
    ("keys", "yes"),
    [
        (("enter",), False),
        (("escape",), False),
        (("1",), True),
        (("y", "enter"), True),
        (("y", "n", "enter"), False),
        (("up", "enter"), True),
    ],
)
async def test_no_is_the_default(keys: list[str], yes: bool) -> None:
    assert await result_of(ConfirmModal("Delete it?", "It is gone.", "Delete it"), *keys) is yes


async def test_a_click_says_yes() -> None:
    app = Stage(ConfirmModal("Delete it?", "It cannot be undone.", "Delete it"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "It cannot be undone." in text_of(app.screen)
        await pilot.click(Choices, offset=(8, 0))
        await pilot.pause()
        assert app.result is UNSET
        await pilot.click(Choices, offset=(8, 0))
        await pilot.pause()
        assert app.result is True


async def test_help_names_every_command_and_scrolls() -> None:
    modal = HelpModal([("Conversation", MainScreen.OFFERS), ("everywhere", EVERYWHERE)])
    app = Stage(modal)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = "\n".join(row.plain for row in modal.rows(70))
        joined = " ".join(rows.split())
        assert all(command.help in joined for command in (*MainScreen.OFFERS, *EVERYWHERE))
        assert "F8" in text_of(modal) and "Save the screen" not in text_of(modal)
        await pilot.press("end")
        await pilot.pause()
        assert "/quit" in text_of(modal)
        await pilot.press("question_mark")
        await pilot.pause()
        assert app.result is None


async def test_what_a_reading_says_behind_a_dash_stands_beside_it_and_is_answered_whole() -> None:
    readings = ("Archive what is old — 27 sessions, can be undone", "Delete it —", "x—y")
    asked = EscalationRequest("u", "confidence", "medium", "Which?", confidence=Confidence(0.4, "Two.", readings))
    app = Stage(UnsureModal(asked, terms()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = text_of(app.screen)
        assert "1   Archive what is old   27 sessions, can be undone" in text
        assert "2   Delete it —" in text and "3   x—y" in text
        await pilot.press("1")
        await pilot.pause()
        assert app.result == Verdict("reply", note=readings[0])
