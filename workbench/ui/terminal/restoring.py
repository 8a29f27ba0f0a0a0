"""Textual's driver for Unix, writing to a terminal that is put back however it ends."""

import logging
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from workbench.ui.terminal.held import HELD

log = logging.getLogger(__name__)


class RestoringDriver(LinuxDriver):
    """Upstream leaves some modes on (mouse in pixels), and all of them where it does not come to its end."""

    _title = ""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._file: Any = HELD
        HELD.take()

    def resume_application_mode(self) -> None:
        HELD.take()
        self.exit_event.clear()
        super().resume_application_mode()
        if self._title:
            self._write_title("\x1b[22;0t")

    def set_title(self, title: str) -> None:
        """Give the window a title; the one it had is put back with everything else."""
        push = "" if self._title else "\x1b[22;0t"
        self._title = title
        self._write_title(push)

    @property
    def has_mouse(self) -> bool:
        """False while clicks and the wheel are the terminal's own."""
        return bool(self._mouse)

    def hold_mouse(self, hold: bool) -> None:
        """Take clicks and the wheel, or leave them to the terminal, whose own selection works then."""
        if hold:
            self._mouse = True
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()
            self.write("\x1b[?1016l")
            self._mouse = False

    def ask_background(self) -> None:
        """Ask for the colour of the ground (OSC 11); nobody waits for the answer."""
        self.write("\x1b]11;?\x07")

    def _write_title(self, push: str) -> None:
        self.write(f"{push}\x1b]2;{self._title}\x07")

    def stop_application_mode(self) -> None:
        try:
            super().stop_application_mode()
        except Exception:
            log.exception("the terminal could not be put back in the usual way")

    def close(self) -> None:
        """Upstream may still have written after it put back what it knows of."""
        try:
            super().close()
        finally:
            self.exit_event.set()  # the reading thread outlives a stop that failed
            HELD.restore()

    def _run_input_thread(self) -> None:
        """Upstream ends with a traceback where the reading fails."""
        try:
            self.run_input_thread()
        except Exception as error:
            self._app.call_later(self._app._handle_exception, error)


def find_window(driver: object) -> RestoringDriver | None:
    """The driver as a window with a title; None for one without a terminal."""
    return driver if isinstance(driver, RestoringDriver) else None
