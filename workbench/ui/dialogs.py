"""Which dialog belongs to what: each is imported, and its style sheet read, when it is first opened."""

from collections.abc import Callable, Sequence
from typing import Any

from textual.screen import ModalScreen, Screen

from workbench.core.commands import Compact, HandOff, PlanCompaction
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.ui.commands import ScreenCommand, list_offers
from workbench.ui.screens.registry import dress
from workbench.ui.state import UiState


def build_question(state: UiState, request: EscalationRequest) -> ModalScreen[Verdict]:
    """A call that waits for a yes, a limit that is reached, or an answer that is unsure."""
    from workbench.ui.modals.approval import ApprovalModal
    from workbench.ui.modals.limit import LimitModal
    from workbench.ui.modals.question import Terms
    from workbench.ui.modals.unsure import UnsureModal

    options, waiting = state.options, max(1, len(state.escalations))
    terms = Terms(
        state.clock, options.confidence_review, options.confidence_send, state.expires.get(request.id), waiting
    )
    if request.reason in ("cost", "complexity"):
        return dress(LimitModal(request, terms, state.spend), "modals")
    if request.proposal is not None:
        return dress(ApprovalModal(request, terms), "modals")
    return dress(UnsureModal(request, terms), "modals")


def build_compaction(
    plan: CompactionPlan, strategies: Sequence[tuple[str, str, str]]
) -> ModalScreen[Compact | PlanCompaction]:
    """What a compaction would do to each block, and the strategies that there are: name, title and help of each."""
    from workbench.ui.modals.compaction import CompactionReview

    return dress(CompactionReview(plan, strategies), "modals")


def build_handoff(plan: HandoffPlan, copy: Callable[[str], None]) -> ModalScreen[HandOff]:
    """A handoff document to read and accept; `copy` takes it to the clipboard."""
    from workbench.ui.modals.handoff import HandoffReview

    return dress(HandoffReview(plan, copy=copy), "modals")


def build_help(screen: Screen[Any], everywhere: tuple[ScreenCommand, ...]) -> ModalScreen[None]:
    """The keys and commands of `screen`, and those that work `everywhere`; above a dialog nothing but its own does."""
    from workbench.ui.modals.help import HelpModal

    parts = [command for part in screen.query("*") for command in list_offers(part)]
    groups = [(screen.title or "in this dialog", (*list_offers(screen), *parts))]
    if not screen.is_modal:
        groups.append(("everywhere", everywhere))
    return dress(HelpModal(groups), "modals")
