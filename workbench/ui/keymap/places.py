"""What could be given a key, screen by screen, and what works beside it there."""

import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from textual.screen import Screen

from workbench.ui import modals
from workbench.ui.commands import SUSPEND, UNDO, ScreenCommand, list_offers_of
from workbench.ui.inspector.table import BlockTable
from workbench.ui.modals.compaction import CompactionReview, StrategyPicker
from workbench.ui.modals.dialog import Dialog
from workbench.ui.screens.inspector import InspectorScreen
from workbench.ui.screens.main import MainScreen
from workbench.ui.screens.registry import RegisteredScreen
from workbench.ui.screens.session_list import SessionList
from workbench.ui.screens.sessions import SessionsScreen
from workbench.ui.transcript.view import Transcript

PARTS: Mapping[type, type] = {
    MainScreen: Transcript,
    SessionsScreen: SessionList,
    InspectorScreen: BlockTable,
    CompactionReview: StrategyPicker,
}
PALETTE_LESS = ("commands", "back")
"""What the command palette does not list."""


@dataclass(frozen=True)
class Place:
    """A screen with its parts, and what works there."""

    title: str
    commands: tuple[ScreenCommand, ...]
    typed: frozenset[str] = frozenset()
    """Names of the commands that work while text is typed there."""
    listed: tuple[str, ...] = ()
    """Names of the commands that the palette reaches there."""
    modal: bool = False
    """True for a dialog."""


def list_places(screens: Sequence[RegisteredScreen], everywhere: Sequence[ScreenCommand]) -> list[Place]:
    """All of them; this imports what a session may never open."""
    for module in pkgutil.iter_modules(modals.__path__):
        import_module(f"{modals.__name__}.{module.name}")
    sources = [screen.source.partition(":") for screen in screens]
    opened = [getattr(import_module(module), name) for module, _, name in sources]
    classes = [MainScreen, *opened, *_list_dialogs(Dialog)]
    return [_describe(each, everywhere) for each in dict.fromkeys(classes)]


def _list_dialogs(base: type[Screen[Any]]) -> Iterator[type[Screen[Any]]]:
    for each in base.__subclasses__():
        yield each
        yield from _list_dialogs(each)


def _describe(screen: type[Screen[Any]], everywhere: Sequence[ScreenCommand]) -> Place:
    own = list_offers_of(screen)
    parts = list_offers_of(PARTS[screen]) if screen in PARTS else ()
    if issubclass(screen, Dialog):
        return Place(f"the dialog {screen.__name__}", (*own, *parts, SUSPEND, UNDO), modal=True)
    listed = (c.name for c in (*own, *everywhere) if c.help and c.run and c.name not in PALETTE_LESS)
    typed = frozenset(c.name for c in (*own, *everywhere)) if screen is MainScreen else frozenset()
    return Place(screen.TITLE or screen.__name__, (*own, *everywhere, *parts), typed, tuple(listed))
