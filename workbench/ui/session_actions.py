"""Actions on the session: send, stop, make room, hand off, change over."""

import asyncio

from textual import on, work

from workbench.core import commands as c
from workbench.core.decisions import Verdict
from workbench.core.summary import SessionSummary
from workbench.ui import dialogs
from workbench.ui.desk_app import ClientApp
from workbench.ui.draw.welcome import Start
from workbench.ui.starts import starts
from workbench.ui.widgets.button import ActionButton
from workbench.ui.widgets.prompt import PromptBox
from workbench.ui.widgets.welcome import Welcome


class SessionActions(ClientApp, inherit_bindings=False):
    """What the keys and buttons ask of the client."""

    # --- the prompt -------------------------------------------------------------------

    @on(PromptBox.Submitted)
    async def _submitted(self, event: PromptBox.Submitted) -> None:
        if self.board.read_only:
            self.say(self.board.read_only, "warning", "ctrl+n begins a new session")
        elif not event.text:
            choose = "" if self.board.model.entries else "tab goes to the things to start with"
            self.say("there is nothing to send yet", "info", choose)
        else:
            self.main.prompt.put("")
            self._send(event.text, event.raw)

    @work(group="commands")
    async def _send(self, text: str, raw: str) -> None:
        """Send, or queue while a turn runs. What could not be sent goes back to the prompt."""
        queued = self.board.model.running
        if queued:
            self.board.queued.append(text)
        elif self.main.transcript:
            self.main.transcript.follow()
        if await self.dispatch(c.SendPrompt(text)):
            self.history.add(raw)
        else:
            if queued and text in self.board.queued:
                self.board.queued.remove(text)
            self.main.prompt.give_back(raw)
        self.main.notice.refresh()

    @on(PromptBox.Commanded)
    async def _commanded(self, event: PromptBox.Commanded) -> None:
        if event.action.name == "rename" and event.argument:
            await self.dispatch(c.RenameSession(event.argument))
            return
        await self.run_action(f"app.{event.action.name}")

    @on(ActionButton.Pressed)
    async def _pressed(self, event: ActionButton.Pressed) -> None:
        await self.run_action(f"app.{event.action}")

    # --- stopping ---------------------------------------------------------------------

    async def action_back(self) -> None:
        """Esc on the main screen: the menu, then what waits, then the running turn, then the prompt."""
        if not self.main.is_active:
            return
        if self.main.prompt.close_menu():
            return
        if waiting := self.questions.aside:
            self.start(c.ResolveEscalation(waiting.id, Verdict("reject")))
        elif self.questions.next:
            self.main.prompt.focus_editor()  # not seen yet: what is typed still goes to the prompt
        elif self.board.model.running:
            self._stop()
        elif self.client.busy:
            self.start(c.DiscardPlan())
            self.say("stopped; nothing changed")
        else:
            self.main.prompt.focus_editor()

    @work(group="commands")
    async def _stop(self) -> None:
        """Stop the running turn; queued prompts come back to be edited."""
        queued = "\n".join(self.board.queued)
        if await self.dispatch(c.CancelTurn()) and queued:
            self.board.queued.clear()
            self.main.prompt.give_back(queued)
            self.main.notice.refresh()

    def action_answer(self) -> None:
        """Open the question that was put aside."""
        if not self.board.model.escalations:
            self.say("nothing waits for you")
        self.questions.bring_back()
        self.ask()

    # --- room ---------------------------------------------------------------------------

    @work(group="commands")
    async def action_compact(self) -> None:
        """Ask for a plan; its review opens when it comes."""
        if await self._plannable() and await self.dispatch(c.PlanCompaction()):
            self._working("looking for what can go…")

    @work(group="commands")
    async def action_hand_off(self) -> None:
        """Ask for a draft; its review opens when it comes."""
        if await self._plannable() and await self.dispatch(c.DraftHandoff()):
            self._working("writing down what a fresh session needs…")

    async def _plannable(self) -> bool:
        if not self.main.is_active:
            return False
        if not self.board.model.entries:
            self.say("there is nothing in this session yet", "info", "ask for something first")
        return bool(self.board.model.entries)

    def _working(self, message: str) -> None:
        if self.client.busy and self.main.is_active:
            self.say(message, "info", "esc stops")

    def action_undo_compaction(self) -> None:
        """Bring back the window before the last compaction."""
        self.start(c.UndoCompaction())

    # --- sessions -----------------------------------------------------------------------

    def action_new_session(self) -> None:
        """Leave this session and begin another; a running turn is not stopped by accident."""
        if self.board.model.running:
            self.say("a turn is running", "warning", "esc stops it, then ctrl+n")
        elif self.main.is_active:
            self._change_over(c.NewSession())

    def action_sessions(self) -> None:
        """Open the list of sessions."""
        if self.main.is_active:
            self.push_and_then(dialogs.sessions(self.board, self.client), self._session_chosen)

    def _session_chosen(self, command: c.Command | None) -> None:
        if command is None:
            return
        if isinstance(command, c.OpenSession | c.NewSession):
            self._change_over(command)
        else:
            self.start(command)

    @work(group="commands")
    async def _change_over(self, command: c.Command) -> None:
        draft = self.prompt_text
        if await self.dispatch(command):
            self.feed.reload()
            self.main.redraw()
            self.main.prompt.put(draft)
            self.main.prompt.focus_editor()
            self._find_starts()

    def action_rename(self) -> None:
        """Begin a `/rename` with the title as it is."""
        self.main.prompt.put(f"/rename {self.board.model.title}")
        self.main.prompt.focus_editor()

    # --- the welcome -----------------------------------------------------------------------

    @on(Welcome.Chosen)
    def _chosen(self, event: Welcome.Chosen) -> None:
        self.main.prompt.focus_editor()
        if isinstance(event.command, c.SendPrompt):
            self._send(event.command.text, event.command.text)
        else:
            self._change_over(event.command)

    @work(exclusive=True, group="starts")
    async def _find_starts(self) -> None:
        """The list of sessions is read from disk, so it comes after the first frame."""
        if self.board.model.entries:
            return
        now = self.board.clock.now()
        found: list[SessionSummary] = await asyncio.to_thread(self.client.sessions)
        begun: tuple[Start, ...] = starts(self.client.facts, found, now)
        self.main.welcome.starts = begun
