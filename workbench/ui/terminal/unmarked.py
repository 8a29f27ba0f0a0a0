"""What is drawn for somebody who has the screen read aloud: no boxes, bars and marks; a word stands beside each."""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_MARKS = re.compile(
    "[\u2500-\u25ff"  # boxes, blocks, shapes
    "\u2713\u2714\u2717\u2718\u2298\u2610\u2612\u22ef\u2022\u2800-\u28ff\U0001fb00-\U0001fbff]"
)


class UnmarkedFilter(LineFilter):
    """Leaves blanks of the same width where a line has marks, whatever it came from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` without marks."""
        return [each if each.control else Segment(_MARKS.sub(" ", each.text), each.style) for each in segments]
