"""The prompt and the turn: what is written, sent, queued behind a running turn, and how that is stopped."""

from workbench.core import commands as c
from workbench.core import events as e
from workbench.ui.controllers.approvals import ApprovalController
from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.reducer import ViewChanges
from workbench.ui.state import Change, Prompt

TWICE = 2.0
"""Seconds within which a second ctrl+c quits."""


class PromptController(Controller):
    """Acts on the prompt's text, and knows what esc and ctrl+c mean in the conversation."""

    def __init__(self, shell: Shell, approvals: ApprovalController) -> None:
        super().__init__(shell)
        self._approvals = approvals
        self._quit_before = float("-inf")
        self._sent = ""
        """What was typed of the last prompt that was sent while nothing ran."""
        self._before = "", 0
        """The session and its last turn when it was sent."""
        self._sending = 0
        """Prompts that the engine has not taken yet."""

    def submit(self, text: str, raw: str) -> None:
        """Take what was written in the prompt; `raw` is what was typed."""
        if self._state.read_only:
            self._shell.say(
                self._state.read_only, "warning", f"{self._main.way_to('new_session')} begins a new session"
            )
        elif not text:
            choose = "" if self._state.entries else "tab goes to the things to start with"
            self._shell.say("there is nothing to send yet", "info", choose)
        else:
            self._main.prompt.put("")
            self.send(text, raw)

    async def take_back(self) -> None:
        """Put the last prompt of the queue into the editor, to be changed and sent again, or removed with esc."""
        if not self._state.queued or self._main.prompt.text:
            return  # a second key came before the first had its effect
        text = self._state.queued[-1]
        if await self._shell.dispatch(c.WithdrawPrompt(text)):
            if text in self._state.queued:
                self._state.queued.remove(text)
            self._state.taken_back = True
            self._main.prompt.give_back(text)
            self._main.show(ViewChanges(change=Change.STATUS))
            self._shell.say("out of the queue", "info", "enter sends it again, esc removes it")

    def _remove_taken_back(self) -> bool:
        """True where esc removed what was taken out of the queue."""
        draft = self._main.prompt.text if self._state.taken_back else ""
        self._state.taken_back = False
        if draft:
            self._clear(draft, "removed", "↑ brings it back")
        return bool(draft)

    def _clear(self, draft: str, done: str, hint: str) -> None:
        self._main.prompt.history.keep(draft)
        self._main.prompt.put("")
        self._shell.say(done, "info", hint)

    def send(self, text: str, raw: str) -> None:
        """Send, or queue while a turn runs."""
        self._state.taken_back = False
        self._shell.spawn(self._send(text, raw))

    async def _send(self, text: str, raw: str) -> None:
        """What could not be sent goes back to the prompt."""
        queued = self._state.running or self._is_starting
        if queued:
            self._state.queued.append(text)
        else:
            self._show_starting(text)
        before = self._client.session_id, self._find_last_turn()
        self._sending += 1
        try:
            sent = await self._shell.dispatch(c.SendPrompt(text))
        finally:
            self._sending -= 1
        if sent:
            self._main.prompt.history.add(raw)
            if not queued:
                self._sent, self._before = raw, before
        else:
            if not queued:
                self._hide_starting()
            elif text in self._state.queued:
                self._state.queued.remove(text)
            self._main.prompt.give_back(raw)
        self._main.notice.refresh()

    def _show_starting(self, text: str) -> None:
        """Show the prompt at once: the engine may take seconds to load."""
        now = self._state.clock.now()
        prompt = Prompt(section="current", text=text, at=now, starting=True)
        self._main.show(ViewChanges(self._state.show_starting(prompt)))
        if self._main.transcript:
            self._main.transcript.follow()

    def _hide_starting(self) -> None:
        if self._state.starting_at is not None:
            self._state.drop_starting()
            self._main.show(ViewChanges(reset=True))

    def look_after_start(self) -> None:
        """Give a prompt back whose turn can begin no more; what stopped it was said.

        A short turn may be over before the first of its events is heard here.
        """
        if self._state.starting_at is None or self._client.busy or self._sending:
            return
        if self._find_last_turn() == self._before[1]:
            self._hide_starting()
            self._main.prompt.give_back(self._sent)
            self._sent = ""

    def _find_last_turn(self) -> int:
        """The number of the last turn that the engine began; 0 before the first."""
        events = (stamped.event for stamped in reversed(tuple(self._client.history())))
        return next((event.turn for event in events if isinstance(event, e.TurnStarted)), 0)

    @property
    def _is_starting(self) -> bool:
        """True while a prompt was sent and its turn has not begun."""
        return self._client.busy and (self._sending > 0 or self._is_unbegun)

    @property
    def _is_unbegun(self) -> bool:
        """True where the engine took the last prompt and began no turn since."""
        session, turn = self._before
        same = session in ("", self._client.session_id)  # a new one gets its id on the way
        return bool(self._sent) and same and self._find_last_turn() == turn

    def back(self) -> None:
        """Esc: the menu, then what waits, then the running turn, then the prompt."""
        if self._main.prompt.close_menu() or self._approvals.reject_aside() or self._remove_taken_back():
            return
        if self._approvals.next:
            self._main.prompt.editor.focus()  # not seen yet: what is typed still goes to the prompt
        elif self._state.running or self._is_starting:
            self._shell.spawn(self._stop())
        elif self._client.busy:
            self._shell.start(c.DiscardPlan())
            self._shell.say("stopped; nothing changed")
        else:
            self._main.prompt.editor.focus()

    async def _stop(self) -> None:
        """Stop the running turn, or one that is about to begin; what did not begin comes back to be edited."""
        queued = list(self._state.queued)
        if not await self._shell.dispatch(c.CancelTurn()):
            return
        if back := [*([self._sent] if self._is_unbegun else []), *queued]:
            self._sent = ""
            self._hide_starting()
            self._state.queued.clear()
            self._main.prompt.give_back("\n".join(back))
            self._main.notice.refresh()

    def clear_or_quit(self) -> None:
        """Ctrl+c without a selection: clear the prompt if it is in front; twice within two seconds: quit.

        A prompt with words in it is cleared first, also right after another ctrl+c: they may be new ones.
        """
        now = self._state.clock.monotonic()
        if self._main.is_active and (draft := self._main.prompt.text):
            self._clear(draft, "cleared, ↑ brings it back", "ctrl+c again quits")
        elif now - self._quit_before < TWICE:
            self._shell.exit()
        else:
            self._shell.say("ctrl+c again quits")
        self._quit_before = now

    def search_earlier(self) -> None:
        """Search the prompts sent before."""
        if self._main.prompt.history.prompts:
            self._main.prompt.editor.focus()
            self._main.prompt.search_earlier()
        else:
            self._shell.say("no prompt was sent before")
