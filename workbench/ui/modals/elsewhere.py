"""A session of another folder: whether it goes on there or here, since its tools act on the folder they run in."""

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from workbench.core import figures
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, plain, shorten_home, wrap
from workbench.ui.modals.choices import CHOOSING, Choices, DigitChoice
from workbench.ui.modals.dialog import CLOSE, Dialog
from workbench.ui.modals.parts import KeyLine, Picture


class ElsewhereModal(Dialog[str]):
    """Asks where a session is to go on: `there` or `here`; None where it is not opened."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = CHOOSING

    def __init__(self, title: str, there: str, here: str) -> None:
        """`there`: the folder that the session worked in, `here`: that of this workbench."""
        super().__init__()
        self._title, self._there, self._here = title, shorten_home(there), shorten_home(here)
        found = Path(there).is_dir()
        begins = "the workbench starts again there" if found else "not offered: this folder is gone"
        self._first = 0 if found else 1
        self._choices = (
            DigitChoice("1", f"In {self._there}", begins, offered=found),
            DigitChoice("2", f"Here, in {self._here}", "what it reads, edits and runs is here from now on"),
            DigitChoice("3", "Leave it closed"),
        )

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog confirm"):
            yield Picture(lambda width: wrap(bold("◆ ", "$accent") + bold("Where is it to go on?"), width))
            said = f"{figures.visible(self._title)} worked in another folder than this one."
            yield Picture(lambda width: wrap(plain(said), width), id="consequence")
            yield Choices(self._choices, self._first, id="choices")
            yield KeyLine((*CHOOSING, CLOSE), id="keys")

    def on_mount(self) -> None:
        self.focus_choices()

    @on(Choices.Taken)
    def _taken(self, event: Choices.Taken) -> None:
        event.stop()
        self.close({"1": "there", "2": "here"}.get(event.choice.digit))
