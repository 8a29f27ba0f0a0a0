"""A widget that shows what a function draws at its width."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

Draw = Callable[[int], list[Content]]
"""From cells to lines."""


class Picture(Widget):
    """Lines that a function gives for the width there is."""

    auto_links = False

    @dataclass
    class Pressed(Message):
        """A click on a line."""

        picture: "Picture"
        line: int

        @property
        def control(self) -> "Picture":
            """The picture it was in."""
            return self.picture

    def __init__(self, draw: Draw, **options: str) -> None:
        super().__init__(id=options.get("id"), classes=options.get("classes"))
        self.draw = draw

    def on_click(self, event: events.Click) -> None:
        """Tell which line was clicked."""
        self.post_message(self.Pressed(self, event.y))

    def show(self, draw: Draw) -> None:
        """Take another picture."""
        self.draw = draw
        self.refresh(layout=True)

    def render(self) -> Content:
        return Content("\n").join(self.draw(self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.draw(width))
