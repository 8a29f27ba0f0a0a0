"""The footer: the keys of the moment, which can also be clicked."""

from textual import events

from workbench.ui.board import Board
from workbench.ui.draw.footer import draw_footer, find_action
from workbench.ui.widgets.button import ActionButton
from workbench.ui.widgets.drawn import Drawn


class Footer(Drawn):
    """One row; a click on a key tells the same as a button."""

    def __init__(self, board: Board) -> None:
        super().__init__(lambda width, _: [draw_footer(board, width)], id="footer")
        self._board = board

    def on_click(self, event: events.Click) -> None:
        if name := find_action(self._board, self.size.width, event.x):
            self.post_message(ActionButton.Pressed(name))
