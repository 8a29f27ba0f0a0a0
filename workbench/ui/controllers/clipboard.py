"""The clipboard: through the terminal (OSC 52), through tmux, and through the system's own where there is one.

Whether a terminal took what was sent it does not say; "copied" stands only where somebody else said so.
"""

import asyncio
from collections.abc import Callable

from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.draw.text import count
from workbench.ui.state import Answer, Level
from workbench.ui.terminal.capabilities import Capabilities

MOST_TERMINAL_BYTES = 74_994
"""Of text in one OSC 52 sequence; terminals drop longer ones."""

IF_NOT = "if it does not arrive: hold shift and select it with the mouse"


class ClipboardController(Controller):
    """Copies, and says how much of what."""

    def __init__(self, shell: Shell, to_terminal: Callable[[str], None], terminal: Capabilities) -> None:
        super().__init__(shell)
        self._to_terminal, self._terminal = to_terminal, terminal

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
        """Web addresses open in the browser, where there is one; anything else is only copied."""
        if href.startswith(("https://", "http://")):
            self._shell.spawn(self._open(href), "clipboard")
        else:
            self.copy(href, "the link")

    async def _open(self, href: str) -> None:
        from workbench.ui.terminal.clipboards import open_address

        if await asyncio.to_thread(open_address, href):
            self._shell.say(f"the browser was asked to open {href}")
        else:
            said, level, hint = await self._hand_over(href, "the address")
            self._shell.say(f"no browser can be opened from here; {said}: {href}", level, hint)

    def _answers(self) -> list[Answer]:
        return [entry for entry in reversed(self._state.entries) if isinstance(entry, Answer)]

    async def _copy(self, text: str, what: str) -> None:
        self._shell.say(*await self._hand_over(text, what))

    async def _hand_over(self, text: str, what: str) -> tuple[str, Level, str]:
        """Give `text` to whoever takes it; what to say of it, how loud, and what else can be done."""
        from workbench.ui.terminal.clipboards import copy_to_system, load_tmux

        small = fits_terminal(text)
        if small:
            self._to_terminal(text)
        if self._terminal.multiplexer == "tmux" and await asyncio.to_thread(load_tmux, text):
            return f"{describe_copy(text, what)}, to tmux", "success", "its prefix and ] paste it"
        if not self._terminal.remote and await asyncio.to_thread(copy_to_system, text):
            return describe_copy(text, what), "success", ""
        if small:
            return f"{describe_copy(text, what, 'sent')} to the terminal", "info", IF_NOT
        return "too long for the terminal's clipboard", "warning", "select less of it"


def describe_copy(text: str, what: str = "", done: str = "copied") -> str:
    """`copied 14 lines`, with what it was."""
    size = count(text.count("\n") + 1 if text else 0, "line")
    return f"{done} {what}, {size}" if what else f"{done} {size}"


def fits_terminal(text: str) -> bool:
    """True when terminals can be expected to take it."""
    return len(text.encode("utf-8", "replace")) <= MOST_TERMINAL_BYTES
