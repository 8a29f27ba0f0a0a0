"""What is drawn for somebody who has the screen read aloud: no boxes, bars and marks; a word stands beside each."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from workbench.ui.draw.told import MARKS


class UnmarkedFilter(LineFilter):
    """Leaves blanks of the same width where a line has marks, whatever it came from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` without marks."""
        return [each if each.control else Segment(MARKS.sub(" ", each.text), each.style) for each in segments]
