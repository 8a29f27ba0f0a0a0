"""The full screens: each is one file in this folder and one line here.

Key, slash command, and the places in palette and help follow from the line. The file is imported, and the style sheets
of its class are read, when the screen is first opened.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import ClassVar

import msgspec
from textual.screen import Screen

from workbench.core.commands import Command
from workbench.core.errors import WorkbenchError
from workbench.core.ports import EngineClient
from workbench.ui.commands import OffersCommands, ScreenCommand, leave_to_app
from workbench.ui.open_screens import is_open
from workbench.ui.reducer import ViewChanges
from workbench.ui.state import UiState

BACK = ScreenCommand("back", "escape", "back", "Go back to the screen before")


class WorkScreen(OffersCommands, Screen[Command | None]):
    """A full screen. What it gives back is carried out; None is only gone back from."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = (BACK,)

    registered_as = ""
    """Its name in the registry."""

    def __init__(self, client: EngineClient, state: UiState) -> None:
        super().__init__()
        self.client = client
        self.state = state

    def show(self, changes: ViewChanges) -> bool:
        """Draw what `changes` touched; true while something is still to be drawn, to be called again soon.

        Called for each batch while the screen can be seen and, with all that it missed, when it can be seen again.
        """
        return False

    def carry_out(self, commands: Sequence[Command], then: Callable[[WorkbenchError | None], None]) -> None:
        """Handle them up to one that cannot be, to the end also where this is closed meanwhile.

        `then` is called, with what went wrong, only where this is still open.
        """
        self.app.run_worker(self._handle(commands, then), group="screen")

    async def _handle(self, commands: Sequence[Command], then: Callable[[WorkbenchError | None], None]) -> None:
        failed = None
        try:
            for command in commands:
                await self.client.handle(command)
        except WorkbenchError as fault:
            failed = fault
        if is_open(self):
            then(failed)

    def action_back(self) -> None:
        self.dismiss(None)


class RegisteredScreen(msgspec.Struct, frozen=True):
    """How a screen is reached and found."""

    name: str
    """Also its word in the footer and what is typed after `/`."""
    key: str
    title: str
    help: str
    """One sentence."""
    source: str
    """`module:Class`; the class is a WorkScreen."""

    @property
    def command(self) -> ScreenCommand:
        """What opens it, from every screen."""
        return leave_to_app(self.name, self.key, self.name, self.help, self.name)

    def load(self, client: EngineClient, state: UiState) -> WorkScreen:
        """Import and build it. Raises whatever its module raises."""
        module, _, name = self.source.partition(":")
        screen: WorkScreen = getattr(import_module(module), name)(client, state)
        screen.title, screen.registered_as = self.title, self.name
        return screen


SCREENS: Sequence[RegisteredScreen] = (
    RegisteredScreen(
        "window",
        "f2",
        "Window",
        "See each block of the context window, with what it costs, and pin, drop or lift it",
        "workbench.ui.screens.inspector:InspectorScreen",
    ),
    RegisteredScreen(
        "sessions",
        "ctrl+o",
        "Sessions",
        "List, search and open sessions",
        "workbench.ui.screens.sessions:SessionsScreen",
    ),
    RegisteredScreen(
        "read",
        "",
        "Reading",
        "Read the newest long thing whole: an output, a diff, a table",
        "workbench.ui.screens.pager:PagerScreen",
    ),
)
