"""The side panel: window, scratchpad, budget, confidence, and two buttons."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.panel_blocks import (
    PanelPlan,
    draw_brings,
    draw_budget,
    draw_confidence_block,
    draw_scratchpad,
    plan_panel,
)
from workbench.ui.draw.text import spread
from workbench.ui.draw.window_block import draw_window
from workbench.ui.state import UiState
from workbench.ui.widgets.drawn import Drawn


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


class Panel(Vertical):
    """Blocks whose heights depend on the terminal alone, so that nothing moves while a turn runs."""

    def __init__(self, state: UiState, compact: ScreenCommand, hand_off: ScreenCommand) -> None:
        super().__init__(id="panel")
        self._buttons = (CommandButton(compact, "Compact"), CommandButton(hand_off, "Hand off"))
        self._plan = PanelPlan()
        self.window = Drawn(lambda width, _: draw_window(state, width, self._plan), id="window-block")
        self.scratchpad = Drawn(lambda width, _: draw_scratchpad(state, width, self._plan), id="scratchpad-block")
        self.budget = Drawn(lambda width, _: draw_budget(state, width, self._plan), id="budget-block")
        self.confidence = Drawn(lambda width, _: draw_confidence_block(state, width, self._plan), id="confidence-block")
        self.brings = Drawn(lambda width, _: [draw_brings(state, width)], id="brings")
        self._blocks = (self.window, self.scratchpad, self.budget, self.confidence)
        self._row = Horizontal(*self._buttons, id="buttons")

    def frame(self, framed: bool) -> None:
        """Draw its edges and those of its buttons as lines, or not."""
        for part in (self, *self._buttons):
            part.set_class(framed, "-framed")

    def fit(self, width: int, height: int) -> None:
        """Take `width` columns of a place that is `height` rows high. Its blocks are there from the first time on."""
        if not self.children:
            self.mount(*self._blocks, self._row, self.brings)
        self.styles.width = width
        self._plan = plan = plan_panel(height)
        heights = (plan.window, plan.scratchpad, plan.budget, plan.confidence)
        for block, rows in zip(self._blocks, heights, strict=True):
            block.styles.height = rows
            block.styles.margin = (int(plan.gaps), 0, 0, 0)
        self._row.styles.margin = (int(plan.gaps), 0, 0, 0)
        self.brings.display = plan.brings
        self.refresh_all()

    def refresh_all(self) -> None:
        """Draw every block again."""
        for block in (*self._blocks, self.brings):
            block.refresh()
