"""Lines as strips: the margin, the gutter in the colour of the section, and the text."""

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from workbench.ui.draw.marks import LETTERS
from workbench.ui.entries import Answer, AnyEntry, Marker, Prompt, TurnEnd
from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.lines import Line
from workbench.ui.transcript.page import Laid


@dataclass(frozen=True, slots=True)
class Look:
    """What every strip of a sheet shares."""

    ink: Ink
    base: Style
    """The widget's own colours."""
    width: int
    filters: tuple[LineFilter, ...]
    """What the application does to all lines, such as taking the colours away."""


def finished(entry: AnyEntry, laid: Laid, row: int, look: Look, chosen: bool) -> Strip:
    """Line `row` of a laid-out entry at full width; a negative row is a blank line above it."""
    if row < 0:
        return Strip.blank(look.width, look.base)
    line: Line = laid.lines[row]
    ink, base = look.ink, look.base
    segments = [Segment("▶" if chosen and row == 0 else " ", ink("accent")), *_gutter(entry, laid, row, ink)]
    segments += [Segment(text, style) for text, style in line.runs]
    if isinstance(entry, Answer) and entry.streaming and row == len(laid.lines) - 1:
        segments.append(Segment("▌", ink("accent")))
    if chosen:
        base += ink("foreground", "select")
    strip = Strip([Segment(text, base + style if style else base) for text, style, _ in segments])
    strip = strip.adjust_cell_length(look.width, base)
    for line_filter in look.filters:
        strip = strip.apply_filter(line_filter, Color.parse("black"))
    return strip


def _gutter(entry: AnyEntry, laid: Laid, row: int, ink: Ink) -> list[Segment]:
    """Two cells; a rule and a turn's last line are not in the window and have no colour."""
    if isinstance(entry, Marker):
        return []
    if not laid.place.inside:
        return [Segment("┊", ink("faint")), Segment(" ", ink("faint"))]
    if isinstance(entry, TurnEnd):
        return [Segment("  ", ink("faint"))]
    role = f"section-{entry.section}"
    ground = "surface" if isinstance(entry, Prompt) else ""
    if ink.plain:
        first = row == 0 and laid.place.begins
        return [Segment(LETTERS[entry.section] if first else "│", ink(role)), Segment(" ", ink(role, ground))]
    mark = "▌" if isinstance(entry, Prompt) else "▎"
    return [Segment(mark, ink(role, ground)), Segment(" ", ink(role, ground))]
