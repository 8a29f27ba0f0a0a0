"""Actions on what is seen and written: copy, scroll, theme, editor, picture, help."""

import asyncio
import os
from pathlib import Path

from textual import work
from textual.app import SuspendNotSupported

from workbench.ui import clipboard, dialogs
from workbench.ui.entries import Answer
from workbench.ui.session_actions import SessionActions

TWICE = 2.0
"""Seconds within which a second ctrl+c quits."""


class ScreenActions(SessionActions, inherit_bindings=False):
    """What the keys ask of the screen."""

    _quit_before = float("-inf")

    def action_help(self) -> None:
        """Open the keys and commands; again closes them."""
        if self.main.is_active:
            self.push_and_then(dialogs.keys(), lambda _: None)

    def action_commands(self) -> None:
        """Open the command palette."""
        self.action_command_palette()

    def action_theme(self) -> None:
        """Change to the next palette."""
        names = self.palette_names
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]
        self.say(f"theme {self.theme}")

    @property
    def palette_names(self) -> list[str]:
        """Themes that ctrl+t goes through."""
        return [self.theme]

    # --- parts and scrolling -------------------------------------------------------------

    def action_next_part(self) -> None:
        """Focus the next part."""
        self.screen.focus_next()

    def action_previous_part(self) -> None:
        """Focus the previous part."""
        self.screen.focus_previous()

    def action_page_up(self) -> None:
        """Scroll the transcript up."""
        if self.main.is_active and self.main.transcript:
            self.main.transcript.action_page_up()

    def action_page_down(self) -> None:
        """Scroll the transcript down."""
        if self.main.is_active and self.main.transcript:
            self.main.transcript.action_page_down()

    # --- copying ---------------------------------------------------------------------------

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text` and say how much of it."""
        self.copy(text)

    @work(group="clipboard")
    async def copy(self, text: str, what: str = "") -> None:
        """To the terminal's clipboard, and to the system's."""
        if not text:
            self.say("there is nothing to copy")
            return
        small = clipboard.fits_terminal(text)
        if small:
            super().copy_to_clipboard(text)
        if await clipboard.to_system(text) or small:
            self.say(clipboard.said(text, what), "success")
        else:
            self.say("too long for the terminal's clipboard", "warning", "select less of it")

    def action_copy_or_clear(self) -> None:
        """Ctrl+c without a selection: clear the prompt; twice within two seconds: quit."""
        now = self.board.clock.monotonic()
        if now - self._quit_before < TWICE:
            self.exit()
            return
        self._quit_before = now
        if self.prompt_text and self.main.is_active:
            self.history.keep(self.prompt_text)
            self.main.prompt.put("")
            self.say("cleared, ↑ brings it back", "info", "ctrl+c again quits")
        else:
            self.say("ctrl+c again quits")

    def action_copy_answer(self) -> None:
        """Copy the last answer."""
        self.copy(self._last_answer(), "the answer")

    def action_copy_code(self) -> None:
        """Copy the last code block of the last answer that has one."""
        from workbench.ui.transcript.copying import code_block

        answers = (entry for entry in reversed(self.board.model.entries) if isinstance(entry, Answer))
        self.copy(next((code for answer in answers if (code := code_block(answer))), ""), "the code")

    def _last_answer(self) -> str:
        entries = self.board.model.entries
        return next((entry.text for entry in reversed(entries) if isinstance(entry, Answer)), "")

    # --- the prompt --------------------------------------------------------------------------

    def action_earlier_prompts(self) -> None:
        """Search the prompts sent before."""
        if not self.history.prompts:
            self.say("no prompt was sent before")
        elif self.main.is_active:
            self.main.prompt.focus_editor()
            self.main.prompt.search_earlier()

    def action_edit_prompt(self) -> None:
        """Write the prompt in the person's own editor."""
        import shlex
        import subprocess
        import tempfile

        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
            path = Path(folder) / "prompt.md"
            path.write_text(self.prompt_text, encoding="utf-8")
            try:
                with self.suspend():
                    subprocess.run([*shlex.split(editor), str(path)], check=True)
                self.main.prompt.put(path.read_text(encoding="utf-8", errors="replace").rstrip("\n"))
            except SuspendNotSupported:
                self.say("this terminal cannot give way to an editor", "warning")
            except (OSError, ValueError, subprocess.CalledProcessError) as error:
                self.say(f"{editor} did not work: {error}", "error", "set EDITOR to another one")
        self.refresh(layout=True)

    # --- the screen ----------------------------------------------------------------------------

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Save the screen as it is, as SVG, in the workspace or where told."""
        name = filename or f"workbench-{int(self.board.clock.now())}.svg"
        self._save(Path(path or self.client.facts.workspace) / name, self.export_screenshot(title="Workbench"))

    @work(group="screenshot")
    async def _save(self, target: Path, picture: str) -> None:
        try:
            await asyncio.to_thread(target.write_text, picture, encoding="utf-8")
        except OSError as error:
            self.say(f"the picture could not be saved: {error}", "error")
        else:
            self.say(f"saved {target}", "success")
