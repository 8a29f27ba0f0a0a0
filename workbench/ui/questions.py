"""When a question opens: the oldest first, and only after a moment without a key.

What is typed until then still goes to the prompt, so that no key meant for a word answers a question.
"""

from collections.abc import Callable
from typing import Any

from textual.screen import ModalScreen

from workbench.core.decisions import EscalationRequest, Verdict
from workbench.ui.board import Board

Opener = Callable[[EscalationRequest], ModalScreen[Any]]
"""Pushes the dialog for a request and returns it."""


class Questions:
    """Holds which question is open, and which were put aside."""

    def __init__(self, board: Board, free: Callable[[], bool], opener: Opener) -> None:
        """`free` is true while no other dialog or screen is in front."""
        self._board = board
        self._free = free
        self._opener = opener
        self._last_key = float("-inf")
        self._aside: set[str] = set()
        self._open: tuple[str, ModalScreen[Any]] | None = None

    def key_pressed(self) -> None:
        """Somebody is typing."""
        self._last_key = self._board.clock.monotonic()

    @property
    def next(self) -> EscalationRequest | None:
        """The oldest that waits and was not put aside."""
        waiting = self._board.model.escalations
        return next((request for request in waiting if request.id not in self._aside), None)

    @property
    def aside(self) -> EscalationRequest | None:
        """The oldest that was seen, was closed without an answer, and still waits."""
        waiting = self._board.model.escalations
        return next((request for request in waiting if request.id in self._aside), None)

    def bring_back(self) -> None:
        """Open again what was put aside."""
        self._aside.clear()

    def closed(self, request: EscalationRequest, verdict: Verdict | None) -> None:
        """The dialog is gone; without a verdict the question is put aside."""
        self._open = None
        if verdict is None:
            self._aside.add(request.id)

    def withdraw_stale(self) -> None:
        """Close the open dialog when its question was answered elsewhere or expired."""
        if self._open is None:
            return
        waiting = {request.id for request in self._board.model.escalations}
        if self._open[0] not in waiting and self._open[1].is_attached:
            self._open[1].dismiss(None)

    async def wait_and_open(self) -> None:
        """Open the next question once it has been quiet; returns when there is nothing to open."""
        clock, quiet = self._board.clock, self._board.options.approval_quiet_s
        while self._open is None and self._free() and (request := self.next):
            rest = quiet - (clock.monotonic() - self._last_key)
            if rest < 0.001:
                self._open = (request.id, self._opener(request))
                return
            await clock.sleep(rest)
