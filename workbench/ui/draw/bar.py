"""The window as one row: width is tokens, colour is the section, and a letter or a word says which."""

from collections.abc import Sequence

from textual.content import Content

from workbench.core.window import SectionName
from workbench.ui.draw.cells import columns, painted
from workbench.ui.draw.marks import LETTERS, PATTERNS, fill_style


def section_bar(runs: Sequence[tuple[SectionName, int]], width: int, *, patterns: bool = False) -> Content:
    """A bar of exactly `width` cells; `patterns` where there is no colour."""
    return base_row(columns(runs, width), width, patterns=patterns)


def base_row(names: Sequence[SectionName], width: int, *, patterns: bool = False) -> Content:
    """The bar for cells whose sections are known already; an empty window is an empty ground."""
    if not names:
        return Content.styled(("·" if patterns else " ") * max(0, width), "on $section-free" if not patterns else "")
    cells: list[tuple[str, str]] = []
    start = 0
    while start < len(names):
        end = start
        while end < len(names) and names[end] == names[start]:
            end += 1
        cells += _labelled(names[start], end - start, patterns)
        start = end
    return painted(cells)


def _labelled(name: SectionName, length: int, patterns: bool) -> list[tuple[str, str]]:
    word = name if len(name) + 2 <= length else LETTERS[name]
    before = (length - len(word)) // 2
    ground = PATTERNS[name] if patterns else " "
    style = "" if patterns else fill_style(name)
    text = ground * before + word + ground * (length - before - len(word))
    if not patterns:
        return [(character, style) for character in text]
    inside = range(before, before + len(word))
    return [(character, "bold" if place in inside else "") for place, character in enumerate(text)]
