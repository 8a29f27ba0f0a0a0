"""A yes or no before something is lost; no is the default."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from workbench.ui.commands import ScreenCommand, bind_keys
from workbench.ui.draw.text import bold, plain, wrap
from workbench.ui.modals.dialog import Dialog
from workbench.ui.modals.parts import CHOOSING, Choices, DigitChoice, KeyLine, Picture

NO = ScreenCommand("back", "escape,n", "no", "No: nothing changes")


class ConfirmModal(Dialog[bool]):
    """Asks a question and says the consequence. Gives True for yes; esc and enter alone give False."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = (*CHOOSING, ScreenCommand("agree", "y", "yes", "Yes: do it"), NO)
    BINDINGS: ClassVar[list[BindingType]] = bind_keys(OFFERS)

    def __init__(self, question: str, consequence: str, yes: str = "Yes") -> None:
        super().__init__()
        self._question, self._consequence, self._yes = question, consequence, yes

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog confirm"):
            yield Picture(lambda width: wrap(bold("◆ ", "$warning") + bold(self._question), width))
            yield Picture(lambda width: wrap(plain(self._consequence), width), id="consequence")
            choices = (DigitChoice("1", self._yes), DigitChoice("2", "No", "nothing changes"))
            yield Choices(choices, 1, id="choices")
            yield KeyLine((*CHOOSING, NO), id="keys")

    def on_mount(self) -> None:
        self.query_one("#choices").focus()

    def action_choose(self) -> None:
        self.query_one("#choices", Choices).action_choose()

    def action_agree(self) -> None:
        self.close(True)

    def action_back(self) -> None:
        self.close(False)

    @on(Choices.Taken)
    def _taken(self, event: Choices.Taken) -> None:
        event.stop()
        self.close(event.choice.digit == "1")
