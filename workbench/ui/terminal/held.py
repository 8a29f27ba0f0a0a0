"""The terminal while the interface has it: written to so that nobody waits for ever, and put back however it ends.

Upstream's writing thread dies of a write that fails and waits for one that is never read, and everything else with it.
"""

import os
import select
import signal
import sys
import termios
import threading
import time
from contextlib import suppress
from typing import Any

from workbench.ui.terminal.modes import Modes

LOOK_S = 0.1
"""Seconds after which a write that waits looks whether it still should."""
RESTORE_S = 0.5
"""Seconds that the terminal may take to read what puts it back."""
MOST_BYTES = 4096
"""At a time."""
CANCEL = "\x18"
"""Breaks off a sequence of which only the beginning was read."""


class HeldTerminal:
    """What is written to the terminal of this process, as the file that Textual's writing thread expects."""

    def __init__(self) -> None:
        self.modes = Modes()
        self._fd = -1
        self._attributes: list[Any] | None = None
        self._encoding = "utf-8"
        self._give_up_at = float("inf")
        self._cut = False
        """True once something was not written to its end."""
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """True between `take` and `restore`."""
        return self._fd >= 0

    def take(self, encoding: str = "utf-8") -> None:
        """Begin: remember how the terminal is set, and open it for us alone, so that nobody else's modes count."""
        if self._fd >= 0:
            return
        stream = sys.__stdout__ or sys.__stderr__
        if stream is None:
            return
        number, self._encoding = stream.fileno(), encoding
        self._give_up_at, self._cut = float("inf"), False
        with suppress(termios.error):
            self._attributes = termios.tcgetattr(number)
        try:
            self._fd = os.open(os.ttyname(number), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:  # no name for it here, as in a container: what was inherited must do
            self._fd = os.dup(number)

    def write(self, text: str) -> None:
        """Write all of `text`, waiting for the terminal to read; dropped once it is gone or was given up."""
        data = text.encode(self._encoding, "replace")
        sent = self._send(data, self._give_up_at)
        self.modes.note(text if sent == len(data) else data[:sent].decode(self._encoding, "replace"))

    def flush(self) -> None:
        """Nothing is held back."""

    def fileno(self) -> int:
        """The number of the file; -1 while there is none."""
        return self._fd

    def give_up_within(self, seconds: float) -> None:
        """A terminal that still does not read after `seconds` is not waited for any longer."""
        self._give_up_at = min(self._give_up_at, time.monotonic() + seconds)

    def restore(self) -> None:
        """Put back what was changed and is not yet, and let go; harmless at any moment, and twice."""
        with self._lock:
            fd, undo = self._fd, self.modes.undo()
            if fd < 0:
                return
            if self._cut:
                with suppress(termios.error):
                    termios.tcflush(fd, termios.TCOFLUSH)  # what nobody read: there must be room
                undo = CANCEL + undo
            self._give_up_at = float("inf")
            self._send(undo.encode(), time.monotonic() + RESTORE_S)
            self._reset_attributes()
            self.modes, self._fd = Modes(), -1
            os.close(fd)

    def _reset_attributes(self) -> None:
        if self._attributes is None or sys.__stdin__ is None:
            return
        # A process in the background would be stopped by this.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        with suppress(termios.error):
            termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, self._attributes)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _send(self, data: bytes, until: float) -> int:
        """How many bytes of `data` were written."""
        sent = 0
        while sent < len(data) and self._fd >= 0:
            left = min(until, self._give_up_at) - time.monotonic()
            try:
                if select.select([], [self._fd], [], max(0.0, min(LOOK_S, left)))[1]:
                    sent += os.write(self._fd, data[sent : sent + MOST_BYTES])
            except BlockingIOError:
                time.sleep(LOOK_S / 10)
            except (OSError, ValueError):  # it is gone, or let go meanwhile
                self._give_up_at = float("-inf")
            if left <= 0:
                break
        self._cut = self._cut or sent < len(data)
        return sent


HELD = HeldTerminal()
"""That of this process."""
