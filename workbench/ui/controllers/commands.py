"""Commands that screens leave to the application: who carries each out, and which screens can be opened."""

import logging
from collections.abc import Callable, Iterable, Sequence
from inspect import iscoroutine
from typing import Any

from textual.screen import Screen

from workbench.core.commands import Command
from workbench.ui.commands import EVERYWHERE, ScreenCommand, list_offers
from workbench.ui.controllers.front import FrontController, describe_failure
from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.screens.registry import RegisteredScreen, WorkScreen

log = logging.getLogger(__name__)


class CommandController(Controller):
    """Knows the registered screens; the other commands are added by whoever composes the application."""

    def __init__(
        self,
        shell: Shell,
        front: FrontController,
        screens: Sequence[RegisteredScreen],
        done: Callable[[Command | None], None],
    ) -> None:
        """`done` takes what a screen gives back when it closes."""
        super().__init__(shell)
        self._front, self._done = front, done
        self._help: Screen[Any] | None = None
        self._screens = {screen.name: screen for screen in screens}
        self.everywhere = offer_everywhere(screens)
        self.handlers: dict[str, Callable[[], object]] = {"help": self.open_help}

    def run(self, name: str) -> None:
        """Carry out a command by its name. Raises KeyError where nobody does."""
        if name in self._screens:
            self.open_screen(name)
        elif iscoroutine(work := self.handlers[name]()):
            self._shell.spawn(work)

    def list_for_palette(self, screen: object) -> Iterable[ScreenCommand]:
        """What `screen` offers and what works everywhere, less what only its key makes sense for."""
        offered = {command.name: command for command in (*self.everywhere, *list_offers(screen))}
        for command in offered.values():
            if command.help and command.run and command.name not in ("commands", "back"):
                yield command

    def open_help(self) -> None:
        """Show the keys and commands of what is in front; where they are shown already, go back."""
        front = self._shell.screen_stack[-1]
        if front is self._help:
            front.dismiss(None)
        else:
            self._help = build_help(front, self.everywhere)
            self._shell.open(self._help)

    def open_screen(self, name: str) -> None:
        """Open a registered screen; where it is in front already, go back."""
        registered, front = self._screens[name], self._shell.screen_stack[-1]
        if isinstance(front, WorkScreen) and front.registered_as == name:
            front.dismiss(None)
            return
        try:
            self._shell.open(registered.load(self._client, self._state), self._done)
        except Exception as error:
            log.error("the screen %s cannot be opened", name, exc_info=error)
            self._front.note(describe_failure(registered.title, error))


def offer_everywhere(screens: Sequence[RegisteredScreen]) -> tuple[ScreenCommand, ...]:
    """What works on every screen that is not a dialog: opening the registered ones, and what the application offers."""
    return (*(screen.command for screen in screens), *EVERYWHERE)


def build_help(screen: Screen[Any], everywhere: tuple[ScreenCommand, ...]) -> Screen[None]:
    """The keys and commands of `screen`, and those that work `everywhere`; above a dialog nothing but its own does."""
    from workbench.ui.modals.dialog import HelpModal

    parts = [command for part in screen.query("*") for command in list_offers(part)]
    groups = [(screen.title or "in this dialog", (*list_offers(screen), *parts))]
    if not screen.is_modal:
        groups.append(("everywhere", everywhere))
    return HelpModal(groups)
