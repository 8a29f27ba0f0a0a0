"""What controllers ask of the application, so that none of them imports it, and what each of them knows."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from textual.screen import Screen

from workbench.core.commands import Command
from workbench.core.ports import EngineClient
from workbench.ui.screens.main import MainScreen
from workbench.ui.state import Level, UiState
from workbench.ui.terminal.driver import TerminalDriver

Result = TypeVar("Result")


class Shell(Protocol):
    """The application as its controllers see it."""

    client: EngineClient
    state: UiState
    main: MainScreen

    @property
    def screen_stack(self) -> list[Screen[Any]]:
        """The open screens, the one in front last."""
        ...

    def say(self, message: str, level: Level = "info", hint: str = "") -> None:
        """Show a notice, whichever screen is in front; it goes at the next key."""
        ...

    async def dispatch(self, command: Command) -> bool:
        """Have the client carry out `command`; false when it could not, which a notice then says."""
        ...

    def start(self, command: Command) -> None:
        """The same, without waiting for it."""
        ...

    def spawn(self, work: Coroutine[Any, Any, Any], group: str = "commands", *, exclusive: bool = False) -> None:
        """Do `work` beside everything else; `exclusive` ends what the group still does."""
        ...

    def open(self, screen: Screen[Result], done: Callable[[Result | None], None] | None = None) -> None:
        """Open a screen above the one in front; when it closes, `done` gets its result and questions may open."""
        ...

    @property
    def terminal(self) -> TerminalDriver | None:
        """The terminal below; None where there is none that could be given away."""
        ...

    def exit(self, *, return_code: int = 0) -> None:
        """Leave the workbench."""
        ...


class Controller:
    """Acts on the client, the state and the conversation for one concern."""

    def __init__(self, shell: Shell) -> None:
        self._shell, self._client, self._state, self._main = shell, shell.client, shell.state, shell.main
