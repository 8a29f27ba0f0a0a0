"""What all dialogs share: a ground with a line on top, one way out, rows shared out by need; a yes or no; the help.

▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔
title             aside
body                        the middle scrolls
keys              aside
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen

from workbench import resources
from workbench.ui.commands import COPY, HELP, OffersCommands, ScreenCommand, leave_to_part
from workbench.ui.draw.text import bold, muted, name_key, plain, wrap
from workbench.ui.draw.told import is_told
from workbench.ui.keymap.chosen import Keymap
from workbench.ui.modals.choices import CHOOSING, Choices, DigitChoice
from workbench.ui.modals.command_table import (
    draw_help,
    draw_names,
    group_commands,
    group_names,
    introduce_names,
    tell_help,
    tell_introduction,
    tell_names,
)
from workbench.ui.modals.parts import KeyLine, Picture, TitleLine

Result = TypeVar("Result")

EDGES = 6
"""Line on top, title, keys, and blanks; a frame has one more at the bottom."""
ROOMY = 30
"""Rows from which on a dialog has blank lines to spare."""
WIDE = 110
"""Cells from which on a review has two columns."""

CLOSE = ScreenCommand("back", "escape", "back", "Close this without an answer")


class Dialog(OffersCommands, ModalScreen[Result]):
    """A dialog. Esc goes back one step: out of a field first, then out of the dialog."""

    CSS_PATH: ClassVar[Path] = resources.themes() / "modals.tcss"
    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = (CLOSE, HELP, COPY)

    _warned_of = ""
    """The text of which was said that it would be lost."""

    def _on_mount(self, event: events.Mount) -> None:
        """Draw a frame where the palette has no tones to tell a dialog from the ground, or there is no colour."""
        super()._on_mount(event)
        self._frame()
        self._take(self.app.size)  # upstream the first frame is drawn before the event of the size comes
        self.app.theme_changed_signal.subscribe(self, lambda _: self._frame())

    def _frame(self) -> None:
        tones = self.app.theme_variables
        self.set_class(self.app.no_color or tones.get("panel") == tones.get("background"), "-framed")

    def on_resize(self, event: events.Resize) -> None:
        self._take(event.size)

    def _take(self, size: Size) -> None:
        self.set_class(size.height < ROOMY, "-tight")
        self.set_class(size.width < WIDE or is_told(self), "-narrow")
        self.fit(size.width, size.height)

    def focus_choices(self) -> None:
        """Go to what can be chosen; a dialog that was closed while it opened has nothing any more."""
        for choices in self.query("#choices"):
            choices.focus()

    def fit(self, width: int, height: int) -> None:
        """Lay out for a terminal of this size; dialogs that share rows out override it."""

    @property
    def edges(self) -> int:
        """Rows of a dialog with a title and keys that its middle does not have."""
        return EDGES + self.has_class("-framed")

    def action_back(self) -> None:
        self.close(None)

    def action_choose(self) -> None:
        """Take the chosen one, where there are choices: what a click on `enter` does."""
        self.query_one("#choices", Choices).action_choose()

    @on(Choices.Refused)
    def _say_why(self, event: Choices.Refused) -> None:
        event.stop()
        self.query_one("#keys", KeyLine).complain(plain(event.why, "$warning"))

    @on(Choices.Moved)
    def _show_keys(self, event: Choices.Moved) -> None:
        event.stop()
        self.query_one("#keys", KeyLine).settle()

    def warn_of_loss(self, edited: str, again: str) -> bool:
        """Say once that what was `edited` would be lost, and what doing it `again` does; True while it is not to be.

        It is said anew of a text that was changed since.
        """
        if not edited or edited == self._warned_of:
            return False
        self._warned_of = edited
        self.query_one("#keys", KeyLine).complain(plain(f"▲ your text would be lost: {again}", "$warning"))
        return True

    def close(self, result: Result | None) -> None:
        """Give the answer, once: a second one, from a late key or click, is not taken."""
        if self.is_attached and self.is_active:
            self.dismiss(result)


NEXT_PART = ScreenCommand("next_part", "tab", "next part", "Go to the next part", action="screen.part(1)")
PREVIOUS_PART = ScreenCommand(
    "previous_part", "shift+tab", "back", "Go to the part before", action="screen.part(-1)", spare=True
)


class ReviewModal(Dialog[Result]):
    """Two columns, or parts behind tab where it is narrow; a part brings its column to the front."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = (NEXT_PART, PREVIOUS_PART)

    PARTS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Each part's selector, and the column that holds it; an empty one is always in view."""

    _part = 0

    def on_mount(self) -> None:
        """Begin at the text, which is what will be believed; where there is one column, at what happens."""
        self.go_to(self.choose_part())

    def choose_part(self) -> int:
        """The part to begin at."""
        return 0 if self.app.size.width >= WIDE and not is_told(self) else 1

    def go_to(self, part: int) -> None:
        """Focus a part, its column in front."""
        self._part = part % len(self.PARTS)
        selector, column = self.PARTS[self._part]
        if column:
            for name in ("left", "right"):
                self.query_one(f"#{name}").set_class(name == column, "-front")
        self.query_one(selector).focus()

    def action_part(self, step: int) -> None:
        self.go_to(self._part + step)


def share_rows(room: int, first: int, second: int, least: int = 3) -> tuple[int, int]:
    """Rows for two parts that want `first` and `second`: the second is sure of `least`, the first comes next."""
    room = max(2, room)
    if first + second <= room:
        return first, second
    kept = min(second, max(1, min(least, room // 2)))
    given = min(first, room - kept)
    return given, min(second, room - given)


YES = ScreenCommand("yes", "y", "yes", "Go to yes; enter then does it", action="screen.go_to(0)")
NO = ScreenCommand("no", "n", "no", "Go to no", action="screen.go_to(1)")
LEAVE = ScreenCommand("back", "escape", "no", "No: nothing changes")


class ConfirmModal(Dialog[bool]):
    """Asks a question and says the consequence. Gives True for yes; esc and enter alone give False."""

    OFFERS = (*CHOOSING, YES, NO, LEAVE)

    def __init__(self, question: str, consequence: str, yes: str = "Yes") -> None:
        super().__init__()
        self._question, self._consequence, self._yes = question, consequence, yes

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog confirm"):
            yield Picture(lambda width: wrap(bold("◆ ", "$warning") + bold(self._question), width))
            yield Picture(lambda width: wrap(plain(self._consequence), width), id="consequence")
            choices = (DigitChoice("1", self._yes), DigitChoice("2", "No", "nothing changes"))
            yield Choices(choices, 1, id="choices")
            yield KeyLine((*CHOOSING, LEAVE), id="keys")

    def on_mount(self) -> None:
        self.focus_choices()

    def action_go_to(self, index: int) -> None:
        """Move to a choice by its letter; enter takes it, so that no word answers."""
        self.query_one("#choices", Choices).go_to(index)

    def action_back(self) -> None:
        self.close(False)

    @on(Choices.Taken)
    def _taken(self, event: Choices.Taken) -> None:
        event.stop()
        self.close(event.choice.digit == "1")


SCROLL = leave_to_part("scroll", "up,down", "scroll", "Scroll the table", label="↑↓")
BACK = ScreenCommand("back", "escape,question_mark", "back", "Go back; the key of help does too")


class HelpModal(Dialog[None]):
    """Commands by group: those of the screen, of a part of it, everywhere, and those that have a name alone."""

    OFFERS = (SCROLL, BACK)

    def __init__(self, groups: Sequence[tuple[str, Sequence[ScreenCommand]]], names_for: Keymap | None = None) -> None:
        """`groups`: a heading, and what is offered under it. `names_for`: show what can be given another key there."""
        super().__init__()
        self._offered, self._names_for = tuple(groups), names_for

    def compose(self) -> ComposeResult:
        shown = {command.name: command.shown for _, offered in self._offered for command in offered}
        with Vertical(classes="dialog help"):
            if self._names_for:
                yield TitleLine(bold("Your keys"), muted('name = "key", or a list; [] for none'))
            else:
                closes = name_key(shown["help"], "closes it") if shown.get("help") else Content()
                yield TitleLine(bold("Keys and commands"), closes)
            with VerticalScroll(id="table"):
                yield Picture(self.rows, self._tell)
            palette = f"a command is also in {shown['commands']}" if shown.get("commands") else ""
            yield KeyLine(self.OFFERS, palette, id="keys")

    def on_mount(self) -> None:
        self.query_one("#table").focus()

    def fit(self, width: int, height: int) -> None:
        """The table scrolls; title and keys stay."""
        most = height if self.has_class("-tight") else int(height * 0.9)
        self.query_one("#table").styles.max_height = max(1, most - self.edges)

    def rows(self, width: int) -> list[Content]:
        """The table at `width` cells."""
        if self._names_for:
            return [*introduce_names(self._names_for, width), *draw_names(group_names(self._offered), width)]
        return draw_help(group_commands(self._offered), width)

    def _tell(self) -> list[str]:
        """The table as sentences: `F8: Make room in the window, /compact`."""
        if self._names_for:
            return [*tell_introduction(self._names_for), *tell_names(group_names(self._offered))]
        return tell_help(group_commands(self._offered))
