"""Links that the terminal opens itself (OSC 8), where it is known to."""

import re
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
"""What may stand in a sequence; anything else is only clicked."""


class LinkFilter(LineFilter):
    """Tells the terminal where each link leads: it may open one at ctrl+click, also while the mouse is ours."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` with their links named."""
        return [
            Segment(text, _name_link(style), control) if style and style._meta else segment
            for segment in segments
            for text, style, control in (segment,)
        ]


@lru_cache(maxsize=1024)
def _name_link(style: Style) -> Style:
    match style.meta.get("@click"):
        case ("follow_link", (str(href),)) if _ADDRESS.fullmatch(href):
            return style + Style(link=href)
    return style
