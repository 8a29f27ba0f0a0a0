"""What a person who looks elsewhere is told: the window's title, progress, a sign when a long turn is over."""

from collections.abc import Callable
from typing import Protocol

from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.reducer import ViewChanges
from workbench.ui.terminal.capabilities import Capabilities
from workbench.ui.terminal.signs import Standing, write_progress, write_sign, write_title

LONG_S = 10.0
"""Seconds after which one does not sit and watch."""


class Window(Protocol):
    """The window that the application has."""

    def write(self, data: str) -> None:
        """Write a sequence."""
        ...

    def set_title(self, title: str) -> None:
        """Give the window a title; the one it had is put back at the end."""
        ...


class SignController(Controller):
    """Acts on the window around the screen."""

    def __init__(
        self, shell: Shell, terminal: Capabilities, window: Callable[[], Window | None], is_away: Callable[[], bool]
    ) -> None:
        """`window`: None while there is none. `is_away`: whether it is known to have no focus."""
        super().__init__(shell)
        self._terminal, self._window, self._is_away = terminal, window, is_away
        self._title = ""
        self._standing: Standing = "idle"
        self._began = 0.0

    def take(self, changes: ViewChanges) -> None:
        """Tell what a batch brought."""
        window = self._window()
        if window is None:
            return
        before, self._standing = self._standing, self._stand()
        now = self._state.clock.monotonic()
        if before == "idle" and self._standing != "idle":
            self._began = now
        self._retitle(window)
        if self._standing != before and self._shows_progress:
            window.write(write_progress(self._standing))
        over = before != "idle" and self._standing == "idle" and not changes.reset
        if (over or changes.raised) and (self._is_away() or now - self._began > LONG_S):
            said = "is done" if over else "waits for you"
            window.write(write_sign(f"{self._state.title} {said}", self._state.options.notify, self._terminal))

    @property
    def _shows_progress(self) -> bool:
        wanted = self._state.options.progress
        return wanted == "always" or (wanted == "auto" and self._terminal.progress)

    def _stand(self) -> Standing:
        if self._state.escalations:
            return "waiting"
        return "running" if self._state.running else "idle"

    def _retitle(self, window: Window) -> None:
        title = write_title(self._state.title, self._standing, self._terminal, self._state.options.linear)
        if title != self._title and self._state.options.title and self._terminal.titled:
            self._title = title
            window.set_title(title)
