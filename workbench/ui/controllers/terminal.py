"""The terminal given away: to the shell at ctrl+z, to the person's editor at ctrl+g. The engine goes on meanwhile."""

import asyncio
import os
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

from workbench.ui.controllers.shell import Controller, Shell

AT_ONCE_S = 2.0
"""An editor that comes back sooner, with nothing changed, has most likely left its window open."""
KEYS_OF_EDITOR = frozenset({128 + signal.SIGINT, 128 + signal.SIGQUIT})
"""What ctrl+c and ctrl+\\ send to all who share the terminal with an editor, as exit codes."""
LEAVES_WITHIN_S = 2.0
WAITING = "one with a window of its own must wait: EDITOR='code --wait'"


class TerminalController(Controller):
    """Acts on the terminal as a whole."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._editing = False

    def suspend(self) -> None:
        """Stop, until the shell has the workbench go on."""
        terminal = self._shell.terminal
        if terminal is None:
            self._refuse()
        else:
            terminal.stop_process(self._refuse)

    def _refuse(self) -> None:
        self._shell.say("there is no shell to go back to", "warning", "ctrl+c twice quits; the session is kept")

    def leave(self, code: int) -> bool:
        """Leave the workbench with `code`; false where a key in the editor sent the signal."""
        if code in KEYS_OF_EDITOR and self._editing:
            return False
        self._shell.exit(return_code=code)
        return True

    async def edit(self) -> None:
        """Write the prompt in the person's own editor."""
        if self._editing:
            return
        if self._shell.terminal is None:
            self._shell.say("this terminal cannot give way to an editor", "warning")
            return
        self._editing = True
        try:
            await self._edit(self._main.prompt.text)
        finally:
            self._editing = False

    async def _edit(self, draft: str) -> None:
        import shlex

        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        path = await asyncio.to_thread(_write, draft)
        began = self._state.clock.monotonic()
        try:
            words = shlex.split(editor)
            code = await self._run([*words, str(path)])
            written = (await asyncio.to_thread(path.read_text, "utf-8", "replace")).rstrip("\n")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            self._shell.say(f"{editor} did not work: {reason}", "error", "set EDITOR to another one")
            return
        name = Path(words[0]).name
        took = self._state.clock.monotonic() - began
        if code:
            self._refuse_text(f"{name} ended with code {code}", written, draft)
        elif written != draft.rstrip("\n"):
            self._main.prompt.put(written)
        elif took < AT_ONCE_S:
            self._shell.say(f"{name} came back at once, nothing was written", "info", WAITING)
            return  # its window may still be open: the file stays
        _remove(path)

    async def _run(self, words: list[str]) -> int:
        """Run the editor in the terminal and return its exit code. Raises OSError where it cannot be started."""
        terminal = self._shell.terminal
        if terminal is None:
            raise OSError("the terminal is gone")
        with terminal.lend():
            process = await asyncio.create_subprocess_exec(*words)
            try:
                return await process.wait()
            finally:
                if process.returncode is None:
                    await _end(process)

    def _refuse_text(self, reason: str, written: str, draft: str) -> None:
        """An editor that fails takes its text back; it is kept where arrow up finds it."""
        changed = written != draft.rstrip("\n")
        if changed:
            self._main.prompt.history.keep(written)
        hint = "the prompt is as it was; ↑ brings back what was written there" if changed else "the prompt is as it was"
        self._shell.say(reason, "error", hint)


def _write(draft: str) -> Path:
    """A new file that only its owner can read, with `draft`."""
    path = Path(tempfile.mkdtemp(prefix="workbench-")) / "prompt.md"
    path.write_text(draft, encoding="utf-8")
    return path


def _remove(path: Path) -> None:
    shutil.rmtree(path.parent, ignore_errors=True)


async def _end(process: asyncio.subprocess.Process) -> None:
    """The workbench leaves while its editor is open: the editor goes too, saving what it saves then."""
    with suppress(ProcessLookupError, TimeoutError):
        process.terminate()
        await asyncio.wait_for(process.wait(), LEAVES_WITHIN_S)
