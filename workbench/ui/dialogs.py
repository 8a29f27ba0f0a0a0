"""Which dialog belongs to what: each is imported when it is first opened, to keep the start short."""

from textual.screen import ModalScreen, Screen

from workbench.core.commands import Command, Compact, HandOff, PlanCompaction
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.ports import Desk
from workbench.ui.actions import ACTIONS
from workbench.ui.board import Board


def escalation(board: Board, request: EscalationRequest) -> ModalScreen[Verdict]:
    """A call that waits for a yes, an answer that is unsure, or a limit that is reached."""
    from workbench.ui.modals.approval import ApprovalModal
    from workbench.ui.modals.limit import LimitModal
    from workbench.ui.modals.unsure import UnsureModal

    model, options = board.model, board.options
    expires, waiting = model.expires.get(request.id), max(1, len(model.escalations))
    review, send = options.confidence_review, options.confidence_send
    if request.proposal is not None:
        return ApprovalModal(request, expires_at=expires, waiting=waiting, clock=board.clock, review=review, send=send)
    if request.reason in ("cost", "complexity"):
        return LimitModal(
            request,
            spend=model.spend,
            expires_at=expires,
            waiting=waiting,
            clock=board.clock,
            review=review,
            send=send,
        )
    return UnsureModal(request, expires_at=expires, waiting=waiting, clock=board.clock, review=review, send=send)


def compaction(board: Board, plan: CompactionPlan) -> ModalScreen[Compact | PlanCompaction]:
    """What a compaction would keep, summarise and drop."""
    from workbench.ui.modals.compaction import CompactionReview

    return CompactionReview(plan)


def handoff(board: Board, plan: HandoffPlan) -> ModalScreen[HandOff]:
    """A handoff document to read and accept."""
    from workbench.ui.modals.handoff import HandoffReview

    return HandoffReview(plan)


def keys() -> ModalScreen[None]:
    """Every key and command."""
    from workbench.ui.modals.help import HelpModal

    return HelpModal(ACTIONS)


def sessions(board: Board, desk: Desk) -> Screen[Command | None]:
    """All sessions."""
    from workbench.ui.screens.sessions import SessionsScreen

    return SessionsScreen(desk)
