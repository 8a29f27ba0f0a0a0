"""Questions that wait for you: they open above any screen, the oldest first, and only after a moment without a key.

What is typed until then still goes to what is in front, so that no key meant for a word answers a question.
"""

from typing import Any

from textual.screen import ModalScreen

from workbench.core.commands import ResolveEscalation
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.refusing import find_refusal
from workbench.ui.state import UiState


class ApprovalController(Controller):
    """Holds which question is open, and which were put aside."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._last_key = float("-inf")
        self._aside: set[str] = set()
        self._open: tuple[str, ModalScreen[Any]] | None = None

    def note_key(self) -> None:
        """Somebody is typing."""
        self._last_key = self._state.clock.monotonic()

    @property
    def next(self) -> EscalationRequest | None:
        """The oldest that waits and was not put aside."""
        return next((request for request in self._state.escalations if request.id not in self._aside), None)

    @property
    def aside(self) -> EscalationRequest | None:
        """The oldest that was seen, was closed without an answer, and still waits."""
        return next((request for request in self._state.escalations if request.id in self._aside), None)

    def reject_aside(self) -> bool:
        """Reject what was put aside; false when nothing was."""
        if waiting := self.aside:
            self._shell.start(ResolveEscalation(waiting.id, Verdict(find_refusal(waiting).answer)))
        return waiting is not None

    def answer(self) -> None:
        """Open again what was put aside."""
        if not self._state.escalations:
            self._shell.say("nothing waits for you")
        self._aside.clear()
        self.ask()

    def ask(self) -> None:
        """Open the oldest question as soon as nobody types."""
        if self._state.escalations:
            self._shell.spawn(self._wait_and_open(), "questions", exclusive=True)

    def withdraw_stale(self) -> None:
        """Close the open dialog when its question was answered elsewhere or expired.

        One that stands below another screen is closed when it is in front again.
        """
        if self._open is None or self._open[1] is not self._shell.screen_stack[-1]:
            return
        if self._open[0] not in {request.id for request in self._state.escalations}:
            self._open[1].dismiss(None)

    async def _wait_and_open(self) -> None:
        """Open the next question once it has been quiet; returns when there is nothing to open."""
        clock, quiet = self._state.clock, self._state.options.approval_quiet_s
        while self._open is None and (request := self.next):
            rest = quiet - (clock.monotonic() - self._last_key)
            if rest < 0.001:
                self._show(request)
                return
            await clock.sleep(rest)

    def _show(self, request: EscalationRequest) -> None:
        dialog = build_question(self._state, request)
        self._open = (request.id, dialog)
        self._shell.open(dialog, lambda verdict: self._closed(request, verdict))

    def _closed(self, request: EscalationRequest, verdict: Verdict | None) -> None:
        self._open = None
        if verdict is not None:
            self._shell.start(ResolveEscalation(request.id, verdict))
            return
        self._aside.add(request.id)
        if self.aside is request:
            self._shell.say(
                "it still waits for you",
                "warning",
                f"/answer opens the question again, esc {find_refusal(request).does}",
            )


def build_question(state: UiState, request: EscalationRequest) -> ModalScreen[Verdict]:
    """A call that waits for a yes, a limit that is reached, or an answer that is unsure."""
    from workbench.ui.modals.approval import ApprovalModal
    from workbench.ui.modals.question import Terms
    from workbench.ui.modals.stops import LimitModal, UnsureModal

    options, waiting = state.options, max(1, len(state.escalations))
    expires_at = state.expires.get(request.id)
    terms = Terms(state.clock, options.confidence_review, options.confidence_send, expires_at, waiting)
    if request.reason in ("cost", "complexity"):
        return LimitModal(request, terms, state.spend)
    return ApprovalModal(request, terms) if request.proposal is not None else UnsureModal(request, terms)
