"""Which dialog belongs to what: each is imported, and its style sheet read, when it is first opened."""

from collections.abc import Callable
from typing import Any, TypeVar

from textual.screen import ModalScreen, Screen

from workbench import resources
from workbench.core.commands import Command, Compact, HandOff, PlanCompaction
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.ports import EngineClient
from workbench.ui.actions import ACTIONS
from workbench.ui.board import Board

Shown = TypeVar("Shown", bound=Screen[Any])


def dressed(screen: Shown, *sheets: str) -> Shown:
    """`screen` with the style sheets that it alone needs."""
    screen.css_path = [resources.themes() / f"{sheet}.tcss" for sheet in sheets]
    return screen


def escalation(board: Board, request: EscalationRequest) -> ModalScreen[Verdict]:
    """A call that waits for a yes, a limit that is reached, or an answer that is unsure."""
    from workbench.ui.modals.approval import ApprovalModal
    from workbench.ui.modals.limit import LimitModal
    from workbench.ui.modals.question import Terms
    from workbench.ui.modals.unsure import UnsureModal

    options, model = board.options, board.model
    waiting = max(1, len(model.escalations))
    terms = Terms(
        board.clock, options.confidence_review, options.confidence_send, model.expires.get(request.id), waiting
    )
    if request.reason in ("cost", "complexity"):
        return dressed(LimitModal(request, terms, model.spend), "modals")
    if request.proposal is not None:
        return dressed(ApprovalModal(request, terms), "modals")
    return dressed(UnsureModal(request, terms), "modals")


def compaction(plan: CompactionPlan, client: EngineClient) -> ModalScreen[Compact | PlanCompaction]:
    """What a compaction would do to each block, and the strategies that there are."""
    from workbench.ui.modals.compaction import CompactionReview

    return dressed(CompactionReview(plan, client.facts.strategies()), "modals")


def handoff(plan: HandoffPlan, copy: Callable[[str], None]) -> ModalScreen[HandOff]:
    """A handoff document to read and accept; `copy` takes it to the clipboard."""
    from workbench.ui.modals.handoff import HandoffReview

    return dressed(HandoffReview(plan, copy=copy), "modals")


def keys() -> ModalScreen[None]:
    """Every key and command."""
    from workbench.ui.modals.help import HelpModal

    return dressed(HelpModal(ACTIONS), "modals")


def sessions(board: Board, client: EngineClient) -> Screen[Command | None]:
    """All sessions."""
    from workbench.ui.screens.sessions import SessionsScreen

    size = board.model.window.size if board.model.window else 200_000
    review, send = board.options.confidence_review, board.options.confidence_send
    screen = SessionsScreen(client, board.clock, window=size, review=review, send=send)
    return dressed(screen, "sessions", "modals")
