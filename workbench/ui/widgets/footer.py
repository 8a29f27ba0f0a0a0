"""The lower edge: what happened just now, and the keys of the moment, whole or not at all; they can also be clicked."""

from collections.abc import Callable, Sequence

from textual import events
from textual.content import Content

from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.status import draw_notice
from workbench.ui.draw.text import fit, name_key
from workbench.ui.state import UiState
from workbench.ui.widgets.drawn import Drawn
from workbench.ui.widgets.panel import CommandButton

GAP = 3
"""Cells between two keys."""


class NoticeLine(Drawn):
    """One row; `new_below` counts the lines of the transcript that arrived below what is seen."""

    def __init__(self, state: UiState, *, id: str | None = None) -> None:
        super().__init__(lambda width, _: [draw_notice(state, self.new_below, width)], id=id)
        self.new_below = 0

    def count_below(self, count: int) -> None:
        """Show another count."""
        self.new_below = count
        self.refresh()


class Footer(Drawn):
    """One row; a click on a key tells the same as a button."""

    def __init__(self, moment: Callable[[], Sequence[ScreenCommand]]) -> None:
        """`moment` gives the commands that matter now, the most needed first."""
        super().__init__(lambda width, _: [draw_footer(moment(), width)], id="footer")
        self._moment = moment

    def on_click(self, event: events.Click) -> None:
        if command := find_command(self._moment(), self.size.width, event.x):
            self.post_message(CommandButton.Pressed(command))


def draw_footer(commands: Sequence[ScreenCommand], width: int) -> Content:
    """One row of exactly `width` cells."""
    gap = Content(" " * GAP)
    return fit(Content("  ") + gap.join(piece for _, _, piece in _pieces(commands, width)), width)


def find_command(commands: Sequence[ScreenCommand], width: int, column: int) -> ScreenCommand | None:
    """The command whose key or word stands at `column`; None between them."""
    spots = _pieces(commands, width)
    return next((command for command, at, piece in spots if at <= column < at + piece.cell_length), None)


def _pieces(commands: Sequence[ScreenCommand], width: int) -> list[tuple[ScreenCommand, int, Content]]:
    """Command, column, and key and word, for the keys that fit whole into `width` cells."""
    found: list[tuple[ScreenCommand, int, Content]] = []
    column = 2
    for command in commands:
        piece = name_key(command.shown, command.word)
        if column + piece.cell_length > width - 1:
            break
        found.append((command, column, piece))
        column += piece.cell_length + GAP
    return found
