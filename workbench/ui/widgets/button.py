"""A button of the side panel: a word and its key, one row."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import spread


class CommandButton(Widget, can_focus=True):
    """Runs one command of its screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", show=False)]

    @dataclass
    class Pressed(Message):
        """It was clicked, or enter was pressed on it."""

        command: ScreenCommand

    def __init__(self, command: ScreenCommand, label: str) -> None:
        super().__init__(id=f"button-{command.name.replace('_', '-')}")
        self.command = command
        self._label = label

    def render(self) -> Content:
        style = "bold $on-accent" if self.has_focus else "bold $accent"
        edges = ("[ ", " ]") if self.has_class("-framed") else ("  ", "  ")
        label, key = Content.styled(self._label, "bold"), Content.styled(self.command.shown, style)
        inner = spread(label, key, max(0, self.size.width - 4))
        return Content.assemble(edges[0], inner, edges[1])

    def action_press(self) -> None:
        self.post_message(self.Pressed(self.command))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_press()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
