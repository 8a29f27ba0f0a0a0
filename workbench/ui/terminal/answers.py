"""What a terminal answers to what it was asked."""

from textual.message import Message

from workbench.ui.terminal.capabilities import read_background


class BackgroundReported(Message):
    """The terminal named the colour of its ground."""

    def __init__(self, light: bool) -> None:
        super().__init__()
        self.light = light


def read_answer(sequence: str) -> BackgroundReported | None:
    """The answer that `sequence` is; None where it is none that matters."""
    light = read_background(sequence)
    return None if light is None else BackgroundReported(light)
