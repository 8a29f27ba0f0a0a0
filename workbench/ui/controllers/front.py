"""What is in front: changes and notices reach whichever screen that is, and a screen that fails is gone back from.

batch ─▶ show(changes) of every screen that can be seen: the one in front, and those below a dialog
         a screen that is covered gets all it missed, as one, when it can be seen again
"""

import logging
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from textual.screen import Screen
from textual.widget import Widget

from workbench.core.events import Noticed
from workbench.ui.failing import describe_failure
from workbench.ui.reducer import ViewChanges
from workbench.ui.screens.main import MainScreen
from workbench.ui.state import UiState
from workbench.ui.widgets.notice import NoticeLine

log = logging.getLogger(__name__)


@runtime_checkable
class Shows(Protocol):
    """A screen that draws changes of the state."""

    def show(self, changes: ViewChanges) -> bool:
        """Draw what `changes` touched; true while something is still to be drawn."""
        ...


class FrontController:
    """Delivers to the screens of a stack."""

    def __init__(self, state: UiState, main: MainScreen, stack: Callable[[], list[Screen[Any]]]) -> None:
        """`stack` gives the open screens, the one in front last; `main` is the first of them."""
        self._state, self._main, self._stack = state, main, stack
        self._missed: dict[Screen[Any], ViewChanges] = {}
        self._unfinished: set[Screen[Any]] = set()
        self._failed: list[Screen[Any]] = []
        self._bar: Widget | None = None

    # --- changes -------------------------------------------------------------------------

    def show(self, changes: ViewChanges) -> bool:
        """Have what can be seen draw `changes`; true while something is still to be drawn."""
        seen = self._seen()
        for screen in self._stack():
            if screen in seen:
                self._draw(screen, changes)
            elif changes and isinstance(screen, Shows):
                self._missed.setdefault(screen, ViewChanges()).merge(changes)
        return bool(self._unfinished)

    def turn_to_front(self) -> None:
        """Another screen is in front: it draws what it missed, unless it failed meanwhile."""
        stack = self._stack()
        if stack[-1] in self._failed:
            self._failed.remove(stack[-1])
            stack[-1].dismiss(None)
            self._place_notice()
            return
        self._missed = {screen: missed for screen, missed in self._missed.items() if screen in stack}
        self._unfinished &= set(stack)
        for screen in self._seen():
            if missed := self._missed.pop(screen, None):
                self._draw(screen, missed)
        if not stack[-1].is_modal:
            self._place_notice()

    def _seen(self) -> list[Screen[Any]]:
        """The screen in front and those below it that a dialog does not hide."""
        seen: list[Screen[Any]] = []
        for screen in reversed(self._stack()):
            seen.append(screen)
            if not screen.is_modal:
                break
        return seen

    def _draw(self, screen: Screen[Any], changes: ViewChanges) -> None:
        if not isinstance(screen, Shows) or not (changes or screen in self._unfinished):
            return
        try:
            unfinished = screen.show(changes)
        except Exception as error:
            if not self.recover(screen, error):
                raise
            return
        (self._unfinished.add if unfinished else self._unfinished.discard)(screen)

    # --- notices -------------------------------------------------------------------------

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
        front = self._stack()[-1]
        self._main.notice.refresh()
        if self._bar is not None:
            self._bar.remove()
            self._bar = None
        if self._state.notice is not None and front is not self._main and front.is_running:
            self._bar = NoticeLine(self._state, id="notice-bar")
            front.mount(self._bar)

    # --- failing -------------------------------------------------------------------------

    def recover(self, screen: Screen[Any] | None, error: Exception) -> bool:
        """Go back from a screen that failed and say so; false where there is nothing to go back to."""
        stack = self._stack()
        if screen is None or screen is self._main or screen not in stack:
            return False
        log.error("the screen %s failed", type(screen).__name__, exc_info=error)
        self._missed.pop(screen, None)
        if screen not in self._failed:
            self._failed.append(screen)
            self._state.notice = describe_failure(screen.title or "this dialog", error)
        if stack[-1] is screen:
            screen.app.call_later(self.turn_to_front)
        return True
