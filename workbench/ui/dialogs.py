"""Which dialog belongs to what: each is imported, and its style sheet read, when it is first opened."""

from collections.abc import Callable
from typing import Any

from textual.screen import ModalScreen, Screen

from workbench.core.commands import Compact, HandOff, PlanCompaction
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.ui.commands import ScreenCommand, commands_of
from workbench.ui.screens.registry import dress
from workbench.ui.state import UiState


def escalation(state: UiState, request: EscalationRequest) -> ModalScreen[Verdict]:
    """A call that waits for a yes, a limit that is reached, or an answer that is unsure."""
    from workbench.ui.modals.approval import ApprovalModal
    from workbench.ui.modals.limit import LimitModal
    from workbench.ui.modals.unsure import UnsureModal

    asked: dict[str, Any] = {
        "expires_at": state.expires.get(request.id),
        "waiting": max(1, len(state.escalations)),
        "clock": state.clock,
        "review": state.options.confidence_review,
        "send": state.options.confidence_send,
    }
    if request.reason in ("cost", "complexity"):
        return dress(LimitModal(request, spend=state.spend, **asked), "modals")
    if request.proposal is not None:
        return dress(ApprovalModal(request, **asked), "modals")
    return dress(UnsureModal(request, **asked), "modals")


def compaction(plan: CompactionPlan) -> ModalScreen[Compact | PlanCompaction]:
    """What a compaction would keep, summarise and drop."""
    from workbench.ui.modals.compaction import CompactionReview

    return dress(CompactionReview(plan), "modals")


def handoff(plan: HandoffPlan, copy: Callable[[str], None]) -> ModalScreen[HandOff]:
    """A handoff document to read and accept; `copy` takes it to the clipboard."""
    from workbench.ui.modals.handoff import HandoffReview

    return dress(HandoffReview(plan, copy=copy), "modals")


def keys(screen: Screen[Any], everywhere: tuple[ScreenCommand, ...]) -> ModalScreen[None]:
    """The keys and commands of `screen`, and those that work `everywhere`; above a dialog nothing but its own does."""
    from workbench.ui.modals.help import HelpModal

    offered = commands_of(screen)
    groups = [(screen.title or "here", offered), ("everywhere", () if screen.is_modal else everywhere)]
    return dress(HelpModal(groups), "modals")
