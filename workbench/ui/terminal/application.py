"""An application whose input comes in order, from a terminal that it can give away."""

from typing import Any

from textual import events
from textual.app import App

from workbench.ui.commands import SUSPEND_KEYS
from workbench.ui.terminal.driver import TerminalDriver, choose_driver
from workbench.ui.terminal.order import InputOrder, is_input


class TerminalApp(App[None], inherit_bindings=False):
    """What lies between a driver and the screens."""

    BINDINGS = SUSPEND_KEYS

    def __init__(self, **options: Any) -> None:
        super().__init__(driver_class=choose_driver(), **options)
        self._order = InputOrder(self, self.take_input)

    @property
    def terminal(self) -> TerminalDriver | None:
        """The terminal below; None where there is none that could be given away."""
        return self._driver if isinstance(self._driver, TerminalDriver) else None

    async def on_event(self, event: events.Event) -> None:
        if is_input(event) and not event.is_forwarded:
            await self._order.take(event)
        else:
            await super().on_event(event)

    async def take_input(self, event: events.Event) -> None:
        """Do what `event` asks for; it is its turn. A paste gives the window back the focus, as upstream a key does."""
        if isinstance(event, events.Paste):
            self.app_focus = True
        await super().on_event(event)
