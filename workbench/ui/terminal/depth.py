"""Palettes and lines for terminals with 256 colours, with 16, with none.

A palette says itself which of the 16 it takes; of the 256 each role takes the one that looks most like its own and is
read as well. Upstream takes whatever is nearest by red, green and blue: grounds melt together, four sections are white.
"""

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from workbench.core.window import SECTIONS
from workbench.ui.palettes import Palette, list_colours, list_sixteen
from workbench.ui.terminal.capabilities import Depth
from workbench.ui.terminal.colours import (
    MANY,
    SIXTEEN,
    choose_ink,
    find_nearest,
    measure_contrast,
    parse_hex,
    write_hex,
)

GROUNDS = ("background", "surface", "panel", "select", "code")
TEXTS = (
    *("foreground", "muted", "faint", "accent", "success", "warning", "error", "info"),
    *("syntax-keyword", "syntax-string", "syntax-number", "syntax-name"),
)
"""Roles that are read on any of the grounds."""
READ_ON = {"added": "added-ground", "removed": "removed-ground", "on-accent": "accent"} | {
    f"section-ink-{name}": f"section-{name}" for name in SECTIONS
}
"""Roles that are read on one other role."""
LEAST_READ = 4.5
"""Contrast of text on every ground."""
READABLE = 3.0
"""Contrast of text below which its colour gives way to black or white."""


def reduce_palette(palette: Palette, depth: Depth) -> Palette:
    """`palette` in colours that a terminal of this depth has; frames take the place of tones where there are 16."""
    if depth == "256":
        return Palette(palette.name, palette.dark, palette.frames, _take_nearest(list_colours(palette)))
    if depth == "16":
        given = {role: SIXTEEN[number] for role, number in list_sixteen(palette).items()}
        inks = {f"section-ink-{name}": SIXTEEN[choose_ink(given[f"section-{name}"])] for name in SECTIONS}
        colours = {role: write_hex(colour) for role, colour in (given | inks).items()}
        return Palette(palette.name, palette.dark, True, list_colours(palette) | colours)
    return palette


def _take_nearest(colours: dict[str, str]) -> dict[str, str]:
    numbers = range(16, 256)
    taken = {role: MANY[find_nearest(parse_hex(colour), numbers)] for role, colour in colours.items()}
    grounds = [taken[role] for role in GROUNDS]
    for role in TEXTS:
        taken[role] = MANY[find_nearest(parse_hex(colours[role]), numbers, grounds, LEAST_READ)]
    for role, ground in READ_ON.items():
        taken[role] = MANY[find_nearest(parse_hex(colours[role]), numbers, [taken[ground]], LEAST_READ)]
    return {role: write_hex(colour) for role, colour in taken.items()}


def _is_read(character: str) -> bool:
    """True for what is read, false for what is only seen: blanks, bars, marks."""
    return character.isalnum() or "!" <= character <= "~"


class DepthFilter(LineFilter):
    """Names every colour by its number, so that nothing further on has to guess."""

    def __init__(self, depth: Depth) -> None:
        """`depth`: 16 or 256."""
        super().__init__()
        self._numbers = range(16) if depth == "16" else range(16, 256)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` in numbered colours; text is never so near to its ground that it cannot be read."""
        return [
            Segment(text, self._number(style, any(map(_is_read, text))), control) if style else segment
            for segment in segments
            for text, style, control in (segment,)
        ]

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one filter, as long as the process
    def _number(self, style: Style, is_text: bool) -> Style:
        ink, ground = _find_number(style.color, self._numbers), _find_number(style.bgcolor, self._numbers)
        readable = ink is None or ground is None or measure_contrast(MANY[ink], MANY[ground]) >= READABLE
        if is_text and ground is not None and not readable:
            ink = choose_ink(MANY[ground])
        return style.without_color + Style.from_color(
            None if ink is None else RichColor.from_ansi(ink), None if ground is None else RichColor.from_ansi(ground)
        )


@lru_cache(maxsize=1024)
def _find_number(colour: RichColor | None, numbers: range) -> int | None:
    if colour is None or colour.triplet is None:
        return None if colour is None else colour.number
    red, green, blue = colour.triplet
    return find_nearest((red, green, blue), numbers)


class PlainFilter(LineFilter):
    """Takes every colour away; bold, underline and reverse stay. Upstream writes the terminal's own as colours."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """`segments` without colours."""
        return [Segment(text, style.without_color if style else None, control) for text, style, control in segments]
