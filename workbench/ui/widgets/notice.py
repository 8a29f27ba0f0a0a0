"""The line of what happened just now."""

from workbench.ui.draw.status import draw_notice
from workbench.ui.state import UiState
from workbench.ui.widgets.drawn import Drawn


class NoticeLine(Drawn):
    """One row; `new_below` counts the lines of the transcript that arrived below what is seen."""

    def __init__(self, state: UiState, *, id: str | None = None) -> None:
        super().__init__(lambda width, _: [draw_notice(state, self.new_below, width)], id=id)
        self.new_below = 0

    def count_below(self, count: int) -> None:
        """Show another count."""
        self.new_below = count
        self.refresh()
