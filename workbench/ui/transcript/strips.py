"""Lines as strips: the margin, the gutter in the colour of the section, and the text."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from workbench.core.window import SectionName
from workbench.ui.entries import Answer, AnyEntry, Marker, Prompt, TurnEnd
from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.lines import Line
from workbench.ui.transcript.page import Laid

LETTERS: dict[SectionName, str] = {
    "tools": "T",
    "system": "S",
    "memory": "M",
    "summary": "Σ",
    "history": "H",
    "results": "R",
    "current": "C",
}


def strip_of(entry: AnyEntry, laid: Laid, row: int, ink: Ink, chosen: bool) -> Strip:
    """Line `row` of a laid-out entry, gap lines not counted; kept for the next time."""
    strip = laid.strips.get((row, chosen))
    if strip is None:
        strip = laid.strips[(row, chosen)] = _build(entry, laid, row, ink, chosen)
    return strip


def _build(entry: AnyEntry, laid: Laid, row: int, ink: Ink, chosen: bool) -> Strip:
    line: Line = laid.lines[row]
    segments = [Segment("▶" if chosen and row == 0 else " ", ink("accent")), *_gutter(entry, laid, row, ink)]
    segments += [Segment(text, style) for text, style in line.runs]
    if isinstance(entry, Answer) and entry.streaming and row == len(laid.lines) - 1:
        segments.append(Segment("▌", ink("accent")))
    strip = Strip(segments)
    return _grounded(strip, ink("foreground", "select")) if chosen else strip


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
        first = row == 0 and not (laid.place.gap == 0 and entry.section == "results")
        return [Segment(LETTERS[entry.section] if first else "│", ink(role)), Segment(" ", ink(role, ground))]
    mark = "▌" if isinstance(entry, Prompt) else "▎"
    return [Segment(mark, ink(role, ground)), Segment(" ", ink(role, ground))]


def _grounded(strip: Strip, ground: Style) -> Strip:
    """`strip` on the ground of the chosen block, where it has none of its own."""
    under = Style(bgcolor=ground.bgcolor)
    return Strip([Segment(text, under + style if style else under) for text, style, _ in strip])
