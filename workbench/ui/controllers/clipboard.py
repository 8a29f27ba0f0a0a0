"""The clipboard: through the terminal (OSC 52), and through the system's own where there is one."""

import asyncio
import logging
from collections.abc import Callable
from importlib import import_module

from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.draw.text import count
from workbench.ui.state import Answer

log = logging.getLogger(__name__)

MOST_TERMINAL_BYTES = 74_994
"""Of text in one OSC 52 sequence; terminals drop longer ones."""


class ClipboardController(Controller):
    """Copies, and says how much of what."""

    def __init__(self, shell: Shell, to_terminal: Callable[[str], None]) -> None:
        super().__init__(shell)
        self._to_terminal = to_terminal

    def copy(self, text: str, what: str = "") -> None:
        """Copy `text`, to the terminal's clipboard and to the system's."""
        if text:
            self._shell.spawn(self._copy(text, what), "clipboard")
        else:
            self._shell.say("there is nothing to copy")

    def copy_answer(self) -> None:
        """Copy the last answer."""
        self.copy(next((answer.text for answer in self._answers()), ""), "the answer")

    def copy_code(self) -> None:
        """Copy the last code block of the last answer that has one."""
        from workbench.ui.transcript.blocks import find_code

        self.copy(next((code for answer in self._answers() if (code := find_code(answer))), ""), "the code")

    def follow_link(self, href: str) -> None:
        """Web addresses open in the browser; anything else that an answer calls a link is only copied."""
        if href.startswith(("https://", "http://")):
            import webbrowser

            webbrowser.open(href)
            self._shell.say(f"opened {href}")
        else:
            self.copy(href, "the link")

    def _answers(self) -> list[Answer]:
        return [entry for entry in reversed(self._state.entries) if isinstance(entry, Answer)]

    async def _copy(self, text: str, what: str) -> None:
        small = fits_terminal(text)
        if small:
            self._to_terminal(text)
        if await asyncio.to_thread(_to_system, text) or small:
            self._shell.say(describe_copy(text, what), "success")
        else:
            self._shell.say("too long for the terminal's clipboard", "warning", "select less of it")


def describe_copy(text: str, what: str = "") -> str:
    """`copied 14 lines`, with what it was."""
    size = count(text.count("\n") + 1 if text else 0, "line")
    return f"copied {what}, {size}" if what else f"copied {size}"


def fits_terminal(text: str) -> bool:
    """True when terminals can be expected to take it."""
    return len(text.encode("utf-8", "replace")) <= MOST_TERMINAL_BYTES


def _to_system(text: str) -> bool:
    """Hand `text` to the system's clipboard; False where there is none. Meant for a thread."""
    pyperclip = import_module("pyperclip")  # nothing needs it before the first copy
    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError) as error:
        log.info("no system clipboard: %s", error)
        return False
    return True
