"""Clipboards beside the terminal's own, and browsers: what is tried, and whether it was seen to work.

All of it waits for other programs; meant for a thread.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module

log = logging.getLogger(__name__)

PATIENCE_S = 3.0
"""Seconds that tmux may take."""


def load_tmux(text: str) -> bool:
    """Put `text` into tmux's newest buffer, and on to the terminal outside where tmux may; False where it did not."""
    for flags in (("-w",), ()):  # before 3.2 it does not know how to hand on
        command = ["tmux", "load-buffer", *flags, "-"]
        try:
            done = subprocess.run(
                command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.info("tmux took no text: %s", error)
            return False
        if done.returncode == 0:
            return True
        log.info("tmux took no text: %s", done.stderr.decode("utf-8", "replace").strip())
    return False


def copy_to_system(text: str) -> bool:
    """Hand `text` to the system's clipboard and read it back; False where that is not there, or says another thing."""
    pyperclip = import_module("pyperclip")  # nothing needs it before the first copy
    try:
        pyperclip.copy(text)
        kept = str(pyperclip.paste())
    except (pyperclip.PyperclipException, OSError) as error:
        log.info("no system clipboard: %s", error)
        return False
    return kept.replace("\r\n", "\n") == text.replace("\r\n", "\n")


def has_browser(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """False where a browser could only open in this terminal, or on another machine than the one in front of you."""
    if any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "MOSH_CONNECTION")):
        return False
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    return platform != "linux" or any(environment.get(name) for name in shown)


def open_address(address: str) -> bool:
    """Hand a web address to the browser; False where there is none that takes it."""
    if not has_browser(os.environ):
        return False
    import webbrowser

    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError) as error:
        log.info("no browser: %s", error)
        return False
