"""What is in front: changes and notices reach whichever screen that is, and a screen that fails is gone back from.

batch ─▶ show(changes) of every screen that can be seen: the one in front, and those below a dialog
         a screen that is covered gets all it missed, as one, when it can be seen again
"""

import logging
from typing import Any

from rich.text import Text
from textual.screen import Screen
from textual.widget import Widget

from workbench.core.events import Noticed
from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.reducer import ViewChanges
from workbench.ui.screens.main import MainScreen
from workbench.ui.screens.registry import WorkScreen
from workbench.ui.widgets.footer import NoticeLine

log = logging.getLogger(__name__)


Drawing = MainScreen | WorkScreen
"""What draws changes of the state; a dialog does not."""


class FrontController(Controller):
    """Delivers to the screens of a stack."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._owed: dict[Screen[Any], ViewChanges] = {}
        """What a screen has not drawn yet: it is covered, or not composed yet."""
        self._unfinished: set[Screen[Any]] = set()
        self._failed: list[Screen[Any]] = []
        self._bar: Widget | None = None

    def show(self, changes: ViewChanges) -> bool:
        """Have what can be seen draw `changes`; true while something is still to be drawn."""
        for screen in self._shell.screen_stack:
            if isinstance(screen, Drawing):
                self._owed.setdefault(screen, ViewChanges()).merge(changes)
        return self._pay()

    def turn_to_front(self) -> None:
        """Another screen is in front: it draws what it missed, unless it failed meanwhile."""
        front = self._shell.screen_stack[-1]
        if front in self._failed:
            self._failed.remove(front)
            front.dismiss(None)
            self._place_notice()
            return
        self._owed = {screen: owed for screen, owed in self._owed.items() if screen in self._shell.screen_stack}
        self._pay()
        if not front.is_modal:
            self._place_notice()

    def _pay(self) -> bool:
        """Have each screen that can be seen and is composed draw what it owes; true while one of them still does."""
        unfinished = False
        for screen in self._seen():
            if isinstance(screen, Drawing) and (screen in self._owed or screen in self._unfinished):
                unfinished |= not screen.is_mounted or self._draw(screen)
        return unfinished

    def _seen(self) -> list[Screen[Any]]:
        """The screen in front and those below it that a dialog does not hide."""
        seen: list[Screen[Any]] = []
        for screen in reversed(self._shell.screen_stack):
            seen.append(screen)
            if not screen.is_modal:
                break
        return seen

    def _draw(self, screen: Screen[Any]) -> bool:
        changes = self._owed.pop(screen, ViewChanges())
        if not isinstance(screen, Drawing) or not (changes or screen in self._unfinished):
            return False
        self._unfinished.discard(screen)
        try:
            unfinished = screen.show(changes)
        except Exception as error:
            if not self.recover(screen, error):
                raise
            return False
        if unfinished:
            self._unfinished.add(screen)
        return unfinished

    def note(self, notice: Noticed) -> None:
        """Show a notice: above the prompt, or at the bottom edge of whatever else is in front."""
        self._state.notice = notice
        self._place_notice()

    def clear_notice(self) -> None:
        """A key was pressed: the notice goes."""
        if self._state.notice is not None:
            self._state.notice = None
            self._place_notice()

    def _place_notice(self) -> None:
        front = self._shell.screen_stack[-1]
        self._main.notice.refresh()
        if self._bar is not None:
            self._bar.remove()
            self._bar = None
        if self._state.notice is not None and front is not self._main and front.is_running:
            self._bar = NoticeLine(self._state, id="notice-bar")
            front.mount(self._bar)

    def recover(self, screen: Screen[Any] | None, error: Exception) -> bool:
        """Go back from a screen that failed and say so; false where there is nothing to go back to."""
        stack = self._shell.screen_stack
        if screen is None or screen is self._main or screen not in stack:
            return False
        log.error("the screen %s failed", type(screen).__name__, exc_info=error)
        self._owed.pop(screen, None)
        if screen not in self._failed:
            self._failed.append(screen)
            self._state.notice = describe_failure(screen.title or "this dialog", error)
        if stack[-1] is screen:
            screen.app.call_later(self.turn_to_front)
        return True


def describe_failure(what: str, error: Exception) -> Noticed:
    """What to say of a screen that could not be shown."""
    hint = f"the session goes on. {_log_place()}".strip()
    return Noticed(f"{what} could not be shown: {_name(error)}", "error", hint)


class Crash(Exception):
    """An error nobody foresaw, as a person reads it when the application has closed."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = self.__cause__ = cause

    def __rich__(self) -> Text:
        place = _log_place() or "Start again with workbench --continue."
        return Text(f"workbench stopped: {_name(self.cause)}. Everything up to here is saved. {place}")


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _log_place() -> str:
    """Where more is said, as a sentence; empty where nothing is logged to a file."""
    handlers = (*logging.getLogger("workbench").handlers, *logging.getLogger().handlers)
    files = [handler.baseFilename for handler in handlers if isinstance(handler, logging.FileHandler)]
    return f"What happened is in {files[0]}." if files else ""
