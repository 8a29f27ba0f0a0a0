"""Commands that screens leave to the application: who carries each out, and which screens can be opened."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import iscoroutine
from pathlib import Path
from typing import Any

from textual.screen import Screen

from workbench.core.commands import Command
from workbench.ui.available import list_available
from workbench.ui.commands import EVERYWHERE, ScreenCommand, list_offers
from workbench.ui.controllers.front import FrontController, describe_failure
from workbench.ui.controllers.shell import Controller, Shell
from workbench.ui.keymap.chosen import Keymap, load_keymap
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
        keymap: Keymap,
    ) -> None:
        """`done` takes what a screen gives back when it closes."""
        super().__init__(shell)
        self._front, self._done = front, done
        self._help: Screen[Any] | None = None
        self._screens = {screen.name: screen for screen in screens}
        self.keymap = keymap
        self.everywhere = keymap.rebind_all(offer_everywhere(screens))
        self.handlers: dict[str, Callable[[], object]] = {"help": self.open_help, "keys": self.open_names}

    def run(self, name: str) -> None:
        """Carry out a command by its name. Raises KeyError where nobody does."""
        if name in self._screens:
            self.open_screen(name)
        elif iscoroutine(work := self.handlers[name]()):
            self._shell.spawn(work)

    def list_for_palette(self, screen: object) -> Iterable[ScreenCommand]:
        """What `screen` offers and what works everywhere, less what only its key makes sense for."""
        offered = {
            command.name: command for command in (*self.everywhere, *self.keymap.rebind_all(list_offers(screen)))
        }
        for command in list_available(offered.values(), self._state):
            if command.help and command.run and command.name not in ("commands", "back"):
                yield command

    def open_help(self) -> None:
        """Show the keys and commands of what is in front; where they are shown already, go back."""
        front = self._shell.screen_stack[-1]
        if front is self._help:
            front.dismiss(None)
        else:
            self._help = build_help(front, self.everywhere, self.keymap)
            self._shell.open(self._help)

    def open_names(self) -> None:
        """Show what each command of any screen is called in the file of keys, where that is, and what is wrong."""
        from workbench.ui.keymap.places import list_places
        from workbench.ui.modals.dialog import HelpModal

        front = self._shell.screen_stack[-1]
        if front.is_modal:
            return
        places = list_places(tuple(self._screens.values()), self.everywhere)
        others = [
            ("in dialogs" if place.modal else place.title, self.keymap.rebind_all(place.commands)) for place in places
        ]
        groups = [*list_groups(front, self.everywhere, self.keymap), *others]
        self._shell.open(HelpModal(groups, names_for=self.keymap))

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


def load_keys(file: Path, screens: Sequence[RegisteredScreen]) -> Keymap:
    """The person's own keys; screens and dialogs are looked at only where there are some."""

    def choose(tree: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        from workbench.ui.keymap.places import list_places
        from workbench.ui.keymap.wishes import choose_keys

        return choose_keys(tree, list_places(screens, offer_everywhere(screens)))

    return load_keymap(file, choose)


def build_help(screen: Screen[Any], everywhere: tuple[ScreenCommand, ...], keymap: Keymap) -> Screen[None]:
    """The keys and commands of `screen`, and those that work everywhere."""
    from workbench.ui.modals.dialog import HelpModal

    return HelpModal(list_groups(screen, everywhere, keymap))


def list_groups(
    screen: Screen[Any], everywhere: tuple[ScreenCommand, ...], keymap: Keymap
) -> list[tuple[str, tuple[ScreenCommand, ...]]]:
    """What `screen` and its parts offer, and what works `everywhere`; above a dialog nothing but its own does."""
    parts = [command for part in screen.query("*") for command in list_offers(part)]
    groups = [(screen.title or "in this dialog", keymap.rebind_all((*list_offers(screen), *parts)))]
    if not screen.is_modal:
        groups.append(("everywhere", everywhere))
    return groups
