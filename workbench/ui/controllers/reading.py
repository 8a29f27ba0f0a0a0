"""Reading one thing whole in a screen of its own, the bill and the figures too; and trying again what failed."""

from typing import TYPE_CHECKING

from workbench.core.commands import RetryNow, SendPrompt
from workbench.ui.controllers.shell import Controller
from workbench.ui.state import Prompt

if TYPE_CHECKING:
    from workbench.ui.reading.document import Document


class ReadingController(Controller):
    """Opens the pager."""

    def read(self, document: "Document") -> None:
        """Show `document` from its beginning; back is where one was."""
        from workbench.ui.screens.pager import PagerScreen

        screen = PagerScreen(self._client, self._state, document)
        screen.title = "Reading"
        self._shell.open(screen)

    def jump(self, index: int) -> None:
        """Have the transcript show an entry, and choose it."""
        if self._main.transcript:
            self._main.set_focus(self._main.transcript)
            self._main.transcript.show_entry(index)

    def show_cost(self) -> None:
        """Show the bill."""
        from workbench.ui.modals.cost import CostModal

        self._shell.open(CostModal(self._state))

    def show_status(self) -> None:
        """Show all figures in words."""
        from workbench.ui.modals.status import StatusModal

        self._shell.open(StatusModal(self._state))

    def retry(self) -> None:
        """Try at once what waits to be tried again; send a turn that failed again."""
        state = self._state
        if state.retry_at is not None and state.running:
            self._shell.start(RetryNow())
        elif state.failed_at is not None and not state.running and (text := self._find_prompt()):
            self._shell.start(SendPrompt(text))
        else:
            self._shell.say("nothing failed that could be tried again")

    def _find_prompt(self) -> str:
        """What was asked in the turn that failed."""
        before = self._state.entries[: self._state.failed_at]
        return next((entry.text for entry in reversed(before) if isinstance(entry, Prompt)), "")
