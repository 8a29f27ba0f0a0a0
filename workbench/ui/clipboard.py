"""The clipboard: through the terminal (OSC 52), and through the system's own where there is one."""

import asyncio
import logging
from importlib import import_module

log = logging.getLogger(__name__)

MOST_TERMINAL_BYTES = 74_994
"""Of text in one OSC 52 sequence; terminals drop longer ones."""


def said(text: str, what: str = "") -> str:
    """`copied 14 lines`, with what it was."""
    lines = text.count("\n") + 1 if text else 0
    size = "1 line" if lines == 1 else f"{lines} lines"
    return f"copied {what}, {size}" if what else f"copied {size}"


def fits_terminal(text: str) -> bool:
    """True when terminals can be expected to take it."""
    return len(text.encode("utf-8", "replace")) <= MOST_TERMINAL_BYTES


async def to_system(text: str) -> bool:
    """Hand `text` to the system's clipboard, in a thread; False where there is none."""
    return await asyncio.to_thread(_pyperclip, text)


def _pyperclip(text: str) -> bool:
    pyperclip = import_module("pyperclip")  # nothing needs it before the first copy
    try:
        pyperclip.copy(text)
    except (pyperclip.PyperclipException, OSError) as error:
        log.info("no system clipboard: %s", error)
        return False
    return True
