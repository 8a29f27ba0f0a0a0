"""What is being written: cleared, looked up among earlier prompts, or taken to the person's own editor."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from textual.app import SuspendNotSupported

from workbench.ui.controllers.shell import Shell
from workbench.ui.screens.main import MainScreen
from workbench.ui.state import UiState
from workbench.ui.widgets.history import PromptHistory

TWICE = 2.0
"""Seconds within which a second ctrl+c quits."""


class EditorController:
    """Acts on the prompt's text."""

    def __init__(
        self,
        shell: Shell,
        state: UiState,
        main: MainScreen,
        history: PromptHistory,
        suspend: Callable[[], AbstractContextManager[None]],
        leave: Callable[[], None],
    ) -> None:
        """`suspend` gives the terminal away for a while; `leave` quits the workbench."""
        self._shell, self._state, self._main, self._history = shell, state, main, history
        self._suspend, self._leave = suspend, leave
        self._quit_before = float("-inf")

    def clear_or_quit(self) -> None:
        """Ctrl+c without a selection: clear the prompt if it is in front; twice within two seconds: quit."""
        now = self._state.clock.monotonic()
        if now - self._quit_before < TWICE:
            self._leave()
            return
        self._quit_before = now
        if self._main.is_active and (draft := self._main.prompt.text):
            self._history.keep(draft)
            self._main.prompt.put("")
            self._shell.say("cleared, ↑ brings it back", "info", "ctrl+c again quits")
        else:
            self._shell.say("ctrl+c again quits")

    def search_earlier(self) -> None:
        """Search the prompts sent before."""
        if self._history.prompts:
            self._main.prompt.focus_editor()
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
                with self._suspend():
                    subprocess.run([*shlex.split(editor), str(path)], check=True)
                self._main.prompt.put(path.read_text(encoding="utf-8", errors="replace").rstrip("\n"))
            except SuspendNotSupported:
                self._shell.say("this terminal cannot give way to an editor", "warning")
            except (OSError, ValueError, subprocess.CalledProcessError) as error:
                self._shell.say(f"{editor} did not work: {error}", "error", "set EDITOR to another one")
        self._main.refresh(layout=True)
