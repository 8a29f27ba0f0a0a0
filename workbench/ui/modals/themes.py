"""The list of palettes: each is seen while one moves over it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, faint, plain, select, wrap
from workbench.ui.draw.told import tell_chosen
from workbench.ui.modals.dialog import Dialog
from workbench.ui.modals.parts import KeyLine, Picture

MOVE_DOWN = ScreenCommand("move_down", "down,j", "", "", action="screen.move(1)")
MOVE = ScreenCommand("move_up", "up,k", "look", "Look at another one", action="screen.move(-1)", twin=MOVE_DOWN)
KEYS = (
    MOVE,
    ScreenCommand("take", "enter", "keep it", "Keep it, also after a restart"),
    ScreenCommand("back", "escape", "as it was", "Leave it as it was"),
)


class ThemeModal(Dialog[str]):
    """Gives the name that is to be kept; None where all stays as it was."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = (*KEYS, MOVE_DOWN)

    def __init__(
        self, names: Sequence[str], current: str, faulty: Sequence[str], preview: Callable[[str], None]
    ) -> None:
        """`faulty`: what is wrong with palettes that are not in the list."""
        super().__init__()
        self._names, self._faulty, self._preview = names, faulty, preview
        self._at = self._names.index(current) if current in names else 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog confirm"):
            yield Picture(lambda width: wrap(bold("Theme"), width))
            yield Picture(self._draw, self._tell, id="choices")
            yield KeyLine(KEYS, id="keys")

    def _draw(self, width: int) -> list[Content]:
        rows = [self._draw_row(place, width) for place in range(len(self._names))]
        if self._faulty:
            rows += [Content(), faint("not in the list")]
            rows += [row for fault in self._faulty for row in wrap(plain(fault, "$warning"), width)]
        return rows

    def _tell(self) -> list[str]:
        names = [tell_chosen(name, place == self._at) for place, name in enumerate(self._names)]
        return [*names, *(f"not in the list: {fault}" for fault in self._faulty)]

    def _draw_row(self, place: int, width: int) -> Content:
        chosen = place == self._at
        row = plain("▶ " if chosen else "  ", "$accent") + plain(self._names[place])
        return select(row, width) if chosen else row

    def action_move(self, step: int) -> None:
        self._at = max(0, min(len(self._names) - 1, self._at + step))
        self._preview(self._names[self._at])
        for picture in self.query(Picture):
            picture.refresh()

    def action_take(self) -> None:
        self.close(self._names[self._at])
