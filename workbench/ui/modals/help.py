"""Help: every command with its key and what it does, from the one table."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from workbench.ui.actions import Action
from workbench.ui.draw.text import bold, heading, muted, plain, wrap
from workbench.ui.modals.dialog import Dialog
from workbench.ui.modals.parts import Key, KeyLine, Picture, TitleLine

COLUMN = 12
"""Cells of the column of keys."""
KEYS = (Key("↑↓", "scroll"), Key("esc", "back", "screen.back"))


class HelpModal(Dialog[None]):
    """Every command by group: with a key everywhere, in the prompt, and by name alone."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1,question_mark", "back", "back", show=False)]

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = tuple(actions)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog help"):
            yield TitleLine(bold("Keys and commands"), muted("F1"))
            with VerticalScroll(id="table"):
                yield Picture(self.rows)
            yield KeyLine(KEYS, "a command is also in ctrl+p", id="keys")

    def on_mount(self) -> None:
        """Scroll with the arrows at once."""
        self.query_one("#table").focus()

    def fit(self, width: int, height: int) -> None:
        """The table scrolls; title and keys stay."""
        most = height - 6 if self.has_class("-tight") else int(height * 0.9) - 6
        self.query_one("#table").styles.max_height = max(1, most)

    def rows(self, width: int) -> list[Content]:
        """The table at `width` cells."""
        rows: list[Content] = []
        for title, actions in self._groups():
            if actions:
                rows += [*([Content()] if rows else []), heading(title)]
            for action in actions:
                rows += _draw_action(action, width)
        return rows

    def _groups(self) -> list[tuple[str, list[Action]]]:
        keyed = [action for action in self._actions if action.key]
        return [
            ("EVERYWHERE", [action for action in keyed if action.place == "all"]),
            ("IN THE PROMPT", [action for action in keyed if action.place == "prompt"]),
            ("BY NAME", [action for action in self._actions if not action.key]),
        ]


def _draw_action(action: Action, width: int) -> list[Content]:
    slash = f"/{action.slash}" if action.slash else ""
    head = bold(action.shown or slash or action.word, "$accent")
    text = plain(action.sentence)
    if slash and action.shown:
        text += "  " + muted(slash)
    column = max(COLUMN, head.cell_length + 1)
    first, *rest = wrap(text, width - column)
    return [head + " " * (column - head.cell_length) + first, *(Content(" " * column) + line for line in rest)]
