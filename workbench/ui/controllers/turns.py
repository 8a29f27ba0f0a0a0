"""The turn that runs: what is sent, what is queued behind it, and how it is stopped."""

from workbench.core import commands as c
from workbench.core.ports import EngineClient
from workbench.ui.controllers.approvals import ApprovalController
from workbench.ui.controllers.shell import Shell
from workbench.ui.screens.main import MainScreen
from workbench.ui.state import UiState
from workbench.ui.widgets.history import PromptHistory


class TurnController:
    """Sends prompts, and knows what esc means in the conversation."""

    def __init__(
        self,
        shell: Shell,
        client: EngineClient,
        state: UiState,
        main: MainScreen,
        history: PromptHistory,
        approvals: ApprovalController,
    ) -> None:
        self._shell, self._client, self._state, self._main = shell, client, state, main
        self._history, self._approvals = history, approvals

    def submit(self, text: str, raw: str) -> None:
        """Take what was written in the prompt; `raw` is what was typed."""
        if self._state.read_only:
            self._shell.say(self._state.read_only, "warning", "ctrl+n begins a new session")
        elif not text:
            choose = "" if self._state.entries else "tab goes to the things to start with"
            self._shell.say("there is nothing to send yet", "info", choose)
        else:
            self._main.prompt.put("")
            self.send(text, raw)

    def send(self, text: str, raw: str) -> None:
        """Send, or queue while a turn runs."""
        self._shell.spawn(self._send(text, raw))

    async def _send(self, text: str, raw: str) -> None:
        """What could not be sent goes back to the prompt."""
        queued = self._state.running
        if queued:
            self._state.queued.append(text)
        elif self._main.transcript:
            self._main.transcript.follow()
        if await self._shell.dispatch(c.SendPrompt(text)):
            self._history.add(raw)
        else:
            if queued and text in self._state.queued:
                self._state.queued.remove(text)
            self._main.prompt.give_back(raw)
        self._main.notice.refresh()

    def back(self) -> None:
        """Esc: the menu, then what waits, then the running turn, then the prompt."""
        if self._main.prompt.close_menu() or self._approvals.reject_aside():
            return
        if self._approvals.next:
            self._main.prompt.focus_editor()  # not seen yet: what is typed still goes to the prompt
        elif self._state.running:
            self._shell.spawn(self._stop())
        elif self._client.busy:
            self._shell.start(c.DiscardPlan())
            self._shell.say("stopped; nothing changed")
        else:
            self._main.prompt.focus_editor()

    async def _stop(self) -> None:
        """Stop the running turn; queued prompts come back to be edited."""
        queued = "\n".join(self._state.queued)
        if await self._shell.dispatch(c.CancelTurn()) and queued:
            self._state.queued.clear()
            self._main.prompt.give_back(queued)
            self._main.notice.refresh()
