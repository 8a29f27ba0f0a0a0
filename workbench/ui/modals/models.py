"""The models that are known: what each can hold and costs, and which one answers from the next prompt on."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from workbench.core import figures
from workbench.core.models import ModelOffer
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, muted, plain, wrap
from workbench.ui.modals.choices import CHOOSING, Choices, DigitChoice
from workbench.ui.modals.dialog import CLOSE, Dialog
from workbench.ui.modals.parts import KeyLine, Picture, TitleLine
from workbench.ui.open_screens import is_open

EDGES = 12
"""Rows of everything but the list."""


class ModelModal(Dialog[str]):
    """Gives the name of the model to switch to; None where all stays as it is."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = CHOOSING

    def __init__(self, load: Callable[[], Awaitable[tuple[ModelOffer, ...]]]) -> None:
        """`load` may ask the network; the dialog opens before it has answered."""
        super().__init__()
        self._load = load
        self._offers: tuple[ModelOffer, ...] | None = None
        """None until they have come."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog confirm models"):
            yield TitleLine(bold("Which model answers?"), muted("/model NAME takes any other"))
            yield Picture(self._explain, id="consequence")
            yield VerticalScroll(id="offers", can_focus=False)
            yield KeyLine((CLOSE,), id="keys")

    def on_mount(self) -> None:
        self._fill()

    def fit(self, width: int, height: int) -> None:
        """The list scrolls; what stands around it stays."""
        self.query_one("#offers").styles.max_height = max(3, height - EDGES)

    def action_choose(self) -> None:
        """Take the chosen one; before the list has come there is none."""
        if self._offers:
            super().action_choose()

    @work
    async def _fill(self) -> None:
        self._offers = await self._load()
        if not is_open(self):
            return
        self.query_one("#consequence").refresh(layout=True)
        if not self._offers:
            return
        current = next((place for place, offer in enumerate(self._offers) if offer.answers), 0)
        choices = Choices(tuple(map(draw_offer, range(len(self._offers)), self._offers)), current, id="choices")
        self.query_one("#keys", KeyLine).show((*CHOOSING, CLOSE))
        await self.query_one("#offers").mount(choices)
        choices.focus()
        self.call_after_refresh(choices.watch_chosen)

    def _explain(self, width: int) -> list[Content]:
        if self._offers is None:
            return wrap(muted("asking the endpoint for its models…"), width)
        if not self._offers:
            return wrap(plain("It names none. /model NAME takes the one that you name."), width)
        said = "It takes effect with the next prompt; the cache begins anew."
        if any(offer.usd_in is not None for offer in self._offers):
            said += " Prices are for a million tokens."
        return wrap(plain(said), width)

    @on(Choices.Taken)
    def _taken(self, event: Choices.Taken) -> None:
        event.stop()
        self.close((self._offers or ())[self.query_one("#choices", Choices).chosen].name)


def draw_offer(place: int, offer: ModelOffer) -> DigitChoice:
    """One row: the first nine have a digit, the others are reached with the arrows."""
    window = f"{figures.tokens(offer.window)} window" if offer.window else ""
    known = offer.usd_in is not None and offer.usd_out is not None
    price = f"{figures.dollars(offer.usd_in)} in, {figures.dollars(offer.usd_out)} out" if known else "price not known"
    now = "answers now" if offer.answers else ""
    aside, short = (", ".join(filter(None, told)) for told in ((now, window, price), (now, price)))
    return DigitChoice(str(place + 1) if place < 9 else "", figures.visible(offer.name), aside, short=short)
