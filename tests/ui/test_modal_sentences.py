"""A sentence never answers a dialog: typed or pasted, nothing is taken until a choice is moved to."""

from typing import Any

import pytest
from dialog_stage import SIZES, UNSET, Stage, change, shell, terms, text_of
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from workbench.core.decisions import Confidence, EscalationRequest, Progress, Verdict
from workbench.ui.modals.approval import ApprovalModal
from workbench.ui.modals.choices import Choices
from workbench.ui.modals.dialog import ConfirmModal
from workbench.ui.modals.elsewhere import ElsewhereModal
from workbench.ui.modals.stops import LimitModal, UnsureModal

LIMIT = EscalationRequest("l", "complexity", "medium", "Go on?", progress=Progress(15, 15))
UNSURE = EscalationRequest(
    "u",
    "confidence",
    "medium",
    "Which?",
    question="tidy",
    confidence=Confidence(0.4, "Two.", ("this", "that")),
)
DIALOGS = {
    "change": lambda: ApprovalModal(change(reversible=True), terms()),
    "command": lambda: ApprovalModal(shell(), terms()),
    "limit": lambda: LimitModal(LIMIT, terms()),
    "unsure": lambda: UnsureModal(UNSURE, terms()),
    "confirm": lambda: ConfirmModal("Delete it?", "It is gone.", "Delete it"),
    "elsewhere": lambda: ElsewhereModal("a session", "/", "/tmp"),
}
SENTENCES = (
    "no wait, stop this please",
    "no wait 2 things",
    "ok",
    "kk",
    "just do 1",
    "why 1",
    "add 1",
    "now 2",
    "w y",
    " 1",
    "日本語 1",
)


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type `text` and press enter."""
    await pilot.press(*({" ": "space", ",": "comma"}.get(c, c) for c in text), "enter")
    await pilot.pause()


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_sentence_and_enter_answer_nothing(name: str) -> None:
    for sentence in SENTENCES:
        app = Stage(DIALOGS[name]())
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await typed(pilot, sentence)
            assert app.result is UNSET, sentence
            assert app.focused is app.screen.query_one(Choices), sentence
            assert "keys ignored: choose with ↑↓" in text_of(app.screen)


@pytest.mark.parametrize("size", SIZES)
async def test_after_a_sentence_an_arrow_chooses_and_enter_answers(size: tuple[int, int]) -> None:
    app = Stage(DIALOGS["change"]())
    async with app.run_test(size=size) as pilot:
        await typed(pilot, "no wait")
        await pilot.press("down")
        await pilot.pause()
        assert "keys ignored" not in text_of(app.screen)
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == Verdict("session")


async def test_after_an_arrow_a_digit_answers_again() -> None:
    app = Stage(DIALOGS["change"]())
    async with app.run_test(size=(120, 40)) as pilot:
        await typed(pilot, "no wait")
        await pilot.press("up", "1")
        await pilot.pause()
        assert app.result == Verdict("once")


async def test_esc_still_leaves_after_a_sentence() -> None:
    app = Stage(DIALOGS["change"]())
    async with app.run_test(size=(120, 40)) as pilot:
        await typed(pilot, "no wait")
        await pilot.press("escape")
        await pilot.pause()
        assert app.result == Verdict("reject")


async def test_after_a_sentence_a_click_only_moves() -> None:
    app = Stage(DIALOGS["change"]())
    async with app.run_test(size=(120, 40)) as pilot:
        await typed(pilot, "no wait")
        await pilot.click(Choices, offset=(12, 0))
        await pilot.pause()
        assert app.result is UNSET
        await pilot.click(Choices, offset=(12, 0))
        await pilot.pause()
        assert app.result == Verdict("once")


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_paste_answers_nothing(name: str) -> None:
    app = Stage(DIALOGS[name]())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.screen.query_one(Choices).post_message(events.Paste("1\n"))
        await pilot.press("enter")
        await pilot.pause()
        assert app.result is UNSET


async def clicks(screen: Screen[Any], row: int) -> object:
    """What a single click on a row of the choices gives."""
    app = Stage(screen)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.click(Choices, offset=(12, row))
        await pilot.pause()
        return app.result


async def test_one_click_runs_nothing_that_enter_is_not_preselected_for() -> None:
    for screen in (DIALOGS["command"](), DIALOGS["limit"](), DIALOGS["confirm"]()):
        assert await clicks(screen, 0) is UNSET
