"""A place that shows what a pure function draws for its size."""

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget

Drawing = Callable[[int, int], list[Content]]
"""Rows for a width and a height in cells."""


class Drawn(Widget):
    """Calls its drawing at each refresh and keeps no state of its own."""

    def __init__(self, drawing: Drawing, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawing = drawing

    def render(self) -> Content:
        width, height = self.size
        return Content("\n").join(self._drawing(width, height)[: max(1, height)])
