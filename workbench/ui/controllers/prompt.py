"""The prompt and the turn: what is written, sent, queued behind a running turn, and how that is stopped."""

import os
from pathlib import Path

from textual.app import SuspendNotSupported

from workbench.core import commands as c
from workbench.ui.controllers.approvals import ApprovalController
from workbench.ui.controllers.shell import Controller, Shell

TWICE = 2.0
"""Seconds within which a second ctrl+c quits."""


class PromptController(Controller):
    """Acts on the prompt's text, and knows what esc and ctrl+c mean in the conversation."""

    def __init__(self, shell: Shell, approvals: ApprovalController) -> None:
        super().__init__(shell)
        self._approvals = approvals
        self._quit_before = float("-inf")

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
            self._main.prompt.history.add(raw)
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
            self._main.prompt.editor.focus()  # not seen yet: what is typed still goes to the prompt
        elif self._state.running:
            self._shell.spawn(self._stop())
        elif self._client.busy:
            self._shell.start(c.DiscardPlan())
            self._shell.say("stopped; nothing changed")
        else:
            self._main.prompt.editor.focus()

    async def _stop(self) -> None:
        """Stop the running turn; queued prompts come back to be edited."""
        queued = "\n".join(self._state.queued)
        if await self._shell.dispatch(c.CancelTurn()) and queued:
            self._state.queued.clear()
            self._main.prompt.give_back(queued)
            self._main.notice.refresh()

    def clear_or_quit(self) -> None:
        """Ctrl+c without a selection: clear the prompt if it is in front; twice within two seconds: quit."""
        now = self._state.clock.monotonic()
        if now - self._quit_before < TWICE:
            self._shell.exit()
            return
        self._quit_before = now
        if self._main.is_active and (draft := self._main.prompt.text):
            self._main.prompt.history.keep(draft)
            self._main.prompt.put("")
            self._shell.say("cleared, ↑ brings it back", "info", "ctrl+c again quits")
        else:
            self._shell.say("ctrl+c again quits")

    def search_earlier(self) -> None:
        """Search the prompts sent before."""
        if self._main.prompt.history.prompts:
            self._main.prompt.editor.focus()
            self._main.prompt.search_earlier()
        else:
            self._shell.say("no prompt was sent before")

    def edit(self) -> None:
        """Write the prompt in the person's own editor."""
        import shlex
        import subprocess
        import tempfile

        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
            path = Path(folder) / "prompt.md"
            path.write_text(self._main.prompt.text, encoding="utf-8")
            try:
                with self._shell.suspend():
                    subprocess.run([*shlex.split(editor), str(path)], check=True)
                self._main.prompt.put(path.read_text(encoding="utf-8", errors="replace").rstrip("\n"))
            except SuspendNotSupported:
                self._shell.say("this terminal cannot give way to an editor", "warning")
            except (OSError, ValueError, subprocess.CalledProcessError) as error:
                self._shell.say(f"{editor} did not work: {error}", "error", "set EDITOR to another one")
        self._main.refresh(layout=True)
