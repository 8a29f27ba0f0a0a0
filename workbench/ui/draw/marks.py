"""The small signs: section letters and patterns, confidence marks, tier boxes, the attention chart five cells small."""

from textual.content import Content

from workbench.core.decisions import Route
from workbench.core.spend import Spend
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
TIER_STYLES = {1: "$success", 2: "$warning", 3: "$warning", 4: "$error"}
BOXES = {1: 4, 2: 2, 3: 1, 4: 0}
"""Boxes that are left in each tier."""
ROUTE_MARKS: dict[Route, tuple[str, str, str]] = {
    "sent": ("●", "$success", "sent"),
    "review": ("◐", "$warning", "for you to review"),
    "asked": ("◇", "$error", "asks you"),
    "unrated": ("○", "$faint", "unrated"),
}
"""Mark, style and word for each way an answer can go."""


def choose_fill(name: SectionName) -> str:
    """Letters on a section's fill."""
    return f"bold $section-ink-{name} on $section-{name}"


def draw_chip(name: SectionName, patterns: bool = False) -> Content:
    """Three cells with the section's letter, for a legend."""
    if patterns:
        side = PATTERNS[name]
        return Content.assemble(side, (LETTERS[name], "bold"), side)
    return Content.styled(f" {LETTERS[name]} ", choose_fill(name))


def draw_tier(spend: Spend) -> Content:
    """`▮▮▮▮ full`: four boxes, as many as are left, and the word."""
    left = BOXES[spend.tier]
    return Content.assemble(
        ("▮" * left + "▯" * (4 - left), TIER_STYLES[spend.tier]), " ", (spend.tier_name, "$foreground")
    )
