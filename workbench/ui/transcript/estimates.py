"""How high an entry may be, from lengths alone, as long as nobody has seen it."""

from workbench.ui.state import Answer, AnyEntry, Prompt, Tool
from workbench.ui.transcript.flow import EntryPlace

WIDEST_PROSE = 72
"""Cells of the words of an answer; its code and tables are as wide as the pane."""


def estimate_height(entry: AnyEntry, place: EntryPlace, width: int, *, run_open: bool) -> int:
    """Lines that it takes, blank ones above included."""
    match entry:
        case Tool():
            if place.role == "member" and not run_open:
                return 0
            return place.gap + 1
        case Answer():
            prose = min(width, WIDEST_PROSE)
            return place.gap + 1 + len(entry.text) // max(8, prose - 6) + entry.text.count("\n")
        case Prompt() if place.inside:
            return place.gap + 1 + len(entry.text) // max(8, width - 12) + entry.text.count("\n")
    return place.gap + 1
