"""Help: the commands of what is in front with their keys and what they do, and those that work everywhere."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from workbench.ui.commands import ScreenCommand, leave_to_part
from workbench.ui.draw.text import bold, heading, muted, plain, wrap
from workbench.ui.modals.dialog import Dialog
from workbench.ui.modals.parts import KeyLine, Picture, TitleLine

COLUMN = 12
"""Cells of the column of keys."""
SCROLL = leave_to_part("scroll", "up,down", "scroll", "Scroll the table", label="↑↓")
BACK = ScreenCommand("back", "escape,question_mark", "back", "Go back; F1 does too")


class HelpModal(Dialog[None]):
    """Commands by group: those of the screen, of a part of it, everywhere, and those that have a name alone."""

    OFFERS = (SCROLL, BACK)

    def __init__(self, groups: Sequence[tuple[str, Sequence[ScreenCommand]]]) -> None:
        """`groups`: a heading, and what is offered under it."""
        super().__init__()
        self._offered = tuple(groups)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog help"):
            yield TitleLine(bold("Keys and commands"), muted("F1"))
            with VerticalScroll(id="table"):
                yield Picture(self.rows)
            yield KeyLine(self.OFFERS, "a command is also in ctrl+p" if len(self._offered) > 1 else "", id="keys")

    def on_mount(self) -> None:
        self.query_one("#table").focus()

    def fit(self, width: int, height: int) -> None:
        """The table scrolls; title and keys stay."""
        most = height - 6 if self.has_class("-tight") else int(height * 0.9) - 6
        self.query_one("#table").styles.max_height = max(1, most)

    def rows(self, width: int) -> list[Content]:
        """The table at `width` cells."""
        rows: list[Content] = []
        for title, commands in self._groups().items():
            rows += [*([Content()] if rows else []), heading(title)]
            for command in commands:
                rows += _draw_command(command, width)
        return rows

    def _groups(self) -> dict[str, list[ScreenCommand]]:
        """Each heading with its commands: those that have no key come last."""
        groups: dict[str, list[ScreenCommand]] = {}
        for title, offered in self._offered:
            for command in offered:
                if command.keys and command.help:
                    groups.setdefault(command.place or title.upper(), []).append(command)
        named = [command for _, offered in self._offered for command in offered if not command.keys and command.help]
        return groups | ({"BY NAME": named} if named else {})


def _draw_command(command: ScreenCommand, width: int) -> list[Content]:
    slash = f"/{command.slash}" if command.slash else ""
    head = bold(command.shown or slash or command.word, "$accent")
    text = plain(command.help)
    if slash and command.shown:
        text += "  " + muted(slash)
    column = max(COLUMN, head.cell_length + 1)
    first, *rest = wrap(text, width - column)
    return [head + " " * (column - head.cell_length) + first, *(Content(" " * column) + line for line in rest)]
