"""The strategies of compaction, side by side."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from workbench.ui.modals.styled import plain


class Strategies(Widget, can_focus=True):
    """Names in a row; arrows or a click choose one, enter plans with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "previous", show=False),
        Binding("right,l", "move(1)", "next", show=False),
        Binding("enter,space", "plan", "plan", show=False),
    ]

    chosen: reactive[int] = reactive(0)
    """Index of the one under the cursor."""

    @dataclass
    class Picked(Message):
        """A plan with another strategy is wanted."""

        strategy: str

    def __init__(self, names: tuple[str, ...], current: str, **options: str) -> None:
        super().__init__(id=options.get("id"))
        self.names = names if current in names else (*names, current)
        self.current = current
        self.set_reactive(Strategies.chosen, self.names.index(current))

    def render(self) -> Content:
        return Content.assemble(*(self._written(index) for index in range(len(self.names))))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return sum(len(name) + 2 for name in self.names)

    def on_click(self, event: events.Click) -> None:
        """Choose the name under the click and plan with it."""
        at = 0
        for index, name in enumerate(self.names):
            at += len(name) + 2
            if event.x < at:
                self.chosen = index
                self.action_plan()
                return

    def action_move(self, step: int) -> None:
        """Go to a neighbour."""
        self.chosen = max(0, min(len(self.names) - 1, self.chosen + step))

    def action_plan(self) -> None:
        """Ask for a plan with the chosen strategy, if it is another one."""
        if self.names[self.chosen] != self.current:
            self.post_message(self.Picked(self.names[self.chosen]))

    def _written(self, index: int) -> Content:
        text = f" {self.names[index]} "
        if index == self.chosen:
            return plain(text, "bold $on-accent on $accent")
        return plain(text, "$foreground on $select" if self.names[index] == self.current else "$muted")
