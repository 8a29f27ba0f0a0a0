"""Textual's driver for Unix with our reading of input, and a terminal that can be given away and taken back.

While it is away (the process is stopped, or an editor has the terminal) nothing is written and nothing is read; the
application goes on all the same.
"""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual import constants
from textual.driver import Driver

from workbench.ui.terminal.restoring import RestoringDriver

if TYPE_CHECKING:
    from workbench.ui.terminal.parser import TerminalParser

POLL_S = 0.1
"""Seconds after which the reading thread looks whether it is to end."""
SLOW_ESCAPE_S = 0.5
"""Over a link whose speed is not known."""
SLOWEST_ESCAPE_S = 1.0
READ_BYTES = 65_536
STOPS_WITHIN_S = 0.2
"""Seconds after which a stop that was asked for and did not come will not come."""


def choose_driver() -> type[Driver] | None:
    """The driver for a terminal; None where the environment names another, as it does for a browser."""
    return None if constants.DRIVER else TerminalDriver


def choose_escape_s(environment: "os._Environ[str]") -> float:
    """Seconds after which an esc alone is the key: more where the rest of a sequence may come in a later packet."""
    remote = any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "MOSH_CONNECTION"))
    return max(constants.ESCAPE_DELAY, SLOW_ESCAPE_S) if remote else constants.ESCAPE_DELAY


class TerminalDriver(RestoringDriver):
    """Reads bytes, not characters. Upstream dies of half a character at an end, and of one that is none."""

    _asked: float | None = None
    """When the terminal was asked what it can do, until it has answered."""
    _escape_s = 0.0
    _away = False
    _lent = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._continued = 0
        """How often the process went on after a stop."""
        # Upstream starts a second reader when a stop came from outside, and stops itself, not its job, at ctrl+z.
        signal.signal(signal.SIGTSTP, self._on_signal)
        signal.signal(signal.SIGCONT, self._on_signal)

    @property
    def is_lent(self) -> bool:
        """True while another program has the terminal."""
        return self._lent

    @property
    def has_job_control(self) -> bool:
        """True where something above, a shell most likely, could have a stopped process go on."""
        try:
            session = os.getsid(0)
            return session != os.getpid() and os.getsid(os.getppid()) == session
        except OSError:
            return False

    def stop_process(self, refused: Callable[[], None]) -> None:
        """Give the terminal back and stop, until `fg`. `refused` is called where that has no effect."""
        if not self.has_job_control:
            refused()
            return
        if not self._lent:
            self.suspend_application_mode()
        before = self._continued
        self._stop()
        self._loop.call_later(STOPS_WITHIN_S, lambda: None if self._continued != before else self._stay(refused))

    @contextmanager
    def lend(self) -> Iterator[None]:
        """Give the terminal to another program for a while; for good where the application ends meanwhile."""
        self.suspend_application_mode()
        self._lent = True
        try:
            yield
        finally:
            self._lent = False
            if self._app.is_running:
                self._come_back()

    def suspend_application_mode(self) -> None:
        super().suspend_application_mode()
        self._away = True

    def resume_application_mode(self) -> None:
        self._away = False
        super().resume_application_mode()
        self._app.screen.refresh(layout=True)

    def stop_application_mode(self) -> None:
        if not self._away:
            super().stop_application_mode()

    def close(self) -> None:
        if not self._away:
            super().close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Note a stop that somebody asks for, or that one is over; acted on by the loop, not between two statements."""
        if number == signal.SIGTSTP:
            self._loop.call_soon_threadsafe(self.stop_process, lambda: None)
        else:
            self._continued += 1
            self._loop.call_soon_threadsafe(self._come_back)

    def _stop(self) -> None:
        """Stop the whole job, as a terminal does; whoever borrowed the terminal has stopped itself."""
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid() if self._lent else 0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, before)

    def _stay(self, refused: Callable[[], None]) -> None:
        self._come_back()
        refused()

    def _come_back(self) -> None:
        """Take the terminal again, also after a stop that could not be noticed; not in the background."""
        if self._lent:
            return
        try:
            in_front = os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:  # it is gone, which `cli.terminal` notices
            return
        if not in_front:
            self._stop()
            return
        if not self._away:
            self.suspend_application_mode()
        self.resume_application_mode()

    def run_input_thread(self) -> None:
        """Read until the driver stops or the terminal is gone, which `cli.terminal` notices and ends."""
        while not select.select([self.fileno], [], [], POLL_S)[0]:
            if self.exit_event.is_set():
                return
        # Imported when there is something to read: the first frame does not wait for it.
        from workbench.ui.terminal.parser import TerminalParser

        parser = TerminalParser(self._escape_s or choose_escape_s(os.environ))
        while not self.exit_event.is_set():
            deadline = parser.pieces.deadline
            wait = POLL_S if deadline is None else min(POLL_S, max(0.0, deadline - time.monotonic()))
            if select.select([self.fileno], [], [], wait)[0]:
                try:
                    data = os.read(self.fileno, READ_BYTES)
                except OSError:
                    break
                if not data:
                    break
                self._measure(data, parser)
                for message in parser.feed(data, time.monotonic()):
                    self.process_message(message)
            for message in parser.tick(time.monotonic()):
                self.process_message(message)

    def write(self, data: str) -> None:
        if self._away:
            return
        if "$p" in data:
            self._asked = time.monotonic()
        super().write(data)

    def _measure(self, data: bytes, parser: "TerminalParser") -> None:
        """Learn from the first answer how slow the link is."""
        if self._asked is None or b"$y" not in data:
            return
        took, self._asked = time.monotonic() - self._asked, None
        self._escape_s = max(parser.pieces.escape_s, min(SLOWEST_ESCAPE_S, 2 * took))
        parser.pieces.escape_s = self._escape_s
