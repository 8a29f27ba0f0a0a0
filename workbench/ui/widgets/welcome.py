"""The welcome: shown in the transcript's place until there is something to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from workbench.core.commands import Command
from workbench.core.ports import RuntimeInfo
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.welcome import Start, draw_welcome
from workbench.ui.widgets.drawn import Drawn


class Welcome(Drawn, can_focus=True):
    """Things to start with: tab or arrows and enter; digits stay text for the prompt."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home", "move(-99)", show=False),
        Binding("end", "move(99)", show=False),
        Binding("enter", "choose", show=False),
    ]

    starts: reactive[tuple[Start, ...]] = reactive(())
    chosen: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """One of the things was chosen."""

        command: Command

    def __init__(self, facts: RuntimeInfo, commands: Sequence[ScreenCommand], *, patterns: bool = False) -> None:
        """`commands`: what the screen offers, for the keys that are worth knowing."""
        super().__init__(self._draw, id="welcome")
        self._offered = commands
        self._facts = facts
        self._patterns = patterns
        self._first = 0

    def _draw(self, width: int, height: int) -> Sequence[Content]:
        chosen = self.chosen if self.has_focus else None
        page = draw_welcome(
            self._facts, self.starts, chosen, (width, height), commands=self._offered, patterns=self._patterns
        )
        self._first = page.first_choice
        return page.rows

    def action_move(self, by: int) -> None:
        self.chosen = min(max(0, self.chosen + by), max(0, len(self.starts) - 1))

    def action_choose(self) -> None:
        if self.chosen < len(self.starts):
            self.post_message(self.Chosen(self.starts[self.chosen].command))

    def on_click(self, event: events.Click) -> None:
        place = event.y - self._first
        if 0 <= place < len(self.starts):
            self.chosen = place
            self.action_choose()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
