"""The small signs: section letters and patterns, confidence marks, tier boxes, the valley five cells small."""

from textual.content import Content

from workbench.core.decisions import Route
from workbench.core.window import SectionName

LETTERS: dict[SectionName, str] = {
    "tools": "T",
    "system": "S",
    "memory": "M",
    "summary": "Σ",
    "history": "H",
    "results": "R",
    "current": "C",
}
PATTERNS: dict[SectionName, str] = {
    "tools": "▓",
    "system": "█",
    "memory": "▒",
    "summary": "░",
    "history": "═",
    "results": "╱",
    "current": "▚",
}
"""What takes the place of a fill where there is no colour."""

MARK = "▆▄▂▄▆"
TIER_WORDS = {1: "full", 2: "thrifty", 3: "direct", 4: "spent"}
TIER_STYLES = {1: "$success", 2: "$warning", 3: "$warning", 4: "$error"}
ROUTE_MARKS: dict[Route, tuple[str, str, str]] = {
    "sent": ("●", "$success", "sent"),
    "review": ("◐", "$warning", "for you to review"),
    "asked": ("◇", "$error", "asks you"),
    "unrated": ("○", "$faint", "unrated"),
}
"""Mark, style and word for each way an answer can go."""


def fill_style(name: SectionName) -> str:
    """Letters on a section's fill."""
    return f"bold $section-ink-{name} on $section-{name}"


def chip(name: SectionName, patterns: bool = False) -> Content:
    """Three cells with the section's letter, for a legend."""
    if patterns:
        side = PATTERNS[name]
        return Content.assemble(side, (LETTERS[name], "bold"), side)
    return Content.styled(f" {LETTERS[name]} ", fill_style(name))


def tier_boxes(tier: int) -> Content:
    """`▮▮▮▮ full`: four boxes, as many as are left, and the word."""
    left = {1: 4, 2: 2, 3: 1}.get(tier, 0)
    style = TIER_STYLES.get(tier, "$error")
    return Content.assemble(("▮" * left + "▯" * (4 - left), style), " ", (TIER_WORDS.get(tier, "spent"), "$foreground"))
