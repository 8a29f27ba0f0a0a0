"""A dialog is whole from its first frame on: what is asked and what can be answered stand in it, where they stay."""

from collections.abc import Callable
from typing import Any

import pytest
from dialog_stage import SIZES, STRATEGIES, Stage, change, draft, plan, shell, terms, text_of
from fake_client import state_of
from textual.screen import Screen
from textual.widgets import TextArea

from workbench.core.decisions import Confidence, EscalationRequest, Preview, Progress, Proposal
from workbench.ui.modals.approval import ApprovalModal
from workbench.ui.modals.compaction import CompactionReview
from workbench.ui.modals.cost import CostModal
from workbench.ui.modals.dialog import ConfirmModal, HelpModal
from workbench.ui.modals.elsewhere import ElsewhereModal
from workbench.ui.modals.handoff import HandoffReview
from workbench.ui.modals.stops import LimitModal, UnsureModal
from workbench.ui.modals.themes import ThemeModal
from workbench.ui.screens.main import MainScreen

LONG = "\n".join(f"echo line {number}" for number in range(40))
COMMAND = Proposal("t", "run", {"command": LONG}, (), Preview("command", LONG))
LIMIT = EscalationRequest("l", "complexity", "medium", "Go on?", progress=Progress(15, 15))
RATED = Confidence(0.4, "It may mean either. " * 20, ("this " * 60, "that"))
UNSURE = EscalationRequest("u", "confidence", "medium", "Which?", question="tidy", confidence=RATED)

DIALOGS: dict[str, tuple[Callable[[], Screen[Any]], tuple[str, ...]]] = {
    "command": (lambda: ApprovalModal(shell(), terms()), ("git push --force-with-lease", "Run once", "esc")),
    "long command": (
        lambda: ApprovalModal(shell(proposal=COMMAND), terms()),
        ("echo line 0", "more lines", "once"),
    ),
    "change": (lambda: ApprovalModal(change(), terms()), ("Write these changes", "88", "Write once", "esc")),
    "limit": (lambda: LimitModal(LIMIT, terms()), ("15 of 15 steps", "Go on", "Stop here")),
    "unsure": (lambda: UnsureModal(UNSURE, terms()), ("Which of these", "Leave it", "esc")),
    "compaction": (lambda: CompactionReview(plan(), STRATEGIES), ("before", "after", "F8")),
    "handoff": (lambda: HandoffReview(draft()), ("SECTIONS", "F9")),
    "confirm": (lambda: ConfirmModal("Delete it?", "It is gone."), ("Delete it?", "It is gone.", "Yes")),
    "elsewhere": (lambda: ElsewhereModal("a session", "/", "/tmp"), ("Where is it to go on?", "Leave it closed")),
    "theme": (lambda: ThemeModal(["lamplight", "chalk"], "chalk", [], lambda name: None), ("lamplight", "keep it")),
    "cost": (lambda: CostModal(state_of()), ("What it costs", "esc")),
    "help": (lambda: HelpModal([("Conversation", MainScreen.OFFERS)]), ("Keys and commands", "F8", "esc")),
}


class Watched(Stage):
    """Keeps every frame in which its dialog is in front."""

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__(screen)
        self.frames: list[str] = []

    def post_display_hook(self) -> None:
        if self.screen is self.shown:
            self.frames.append(text_of(self.shown))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dialog", DIALOGS)
async def test_the_first_frame_of_a_dialog_is_whole(dialog: str, size: tuple[int, int]) -> None:
    build, words = DIALOGS[dialog]
    app = Watched(build())
    async with app.run_test(size=size) as pilot:
        for _ in range(3):
            await pilot.pause()
        wraps = bool(app.shown.query(TextArea))  # upstream one wraps its lines once it has its size
    first = next(frame for frame in app.frames if frame.strip())
    assert not [word for word in words if word not in first], first
    assert wraps or first == app.frames[-1]
