"""The window as one row of cells: width is tokens, colour is the section, and a letter or a word says which."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from textual.content import Content

from workbench.core.window import SectionName, Window
from workbench.ui.draw.marks import LETTERS, PATTERNS, choose_fill

Named = TypeVar("Named", bound=str)
SectionRun = tuple[SectionName, int]
"""A section and its tokens."""


def merge_runs(runs: Iterable[SectionRun]) -> list[SectionRun]:
    """`runs` without empty ones, neighbours of one section as one."""
    filled = (run for run in runs if run[1] > 0)
    return [(name, sum(tokens for _, tokens in group)) for name, group in groupby(filled, key=itemgetter(0))]


def list_runs(window: Window) -> list[SectionRun]:
    """The window's blocks in the order they are sent, neighbours of one section as one."""
    return merge_runs((block.section, block.tokens) for block in window.blocks) or merge_runs(
        (section.name, section.tokens) for section in window.sections
    )


def apportion(amounts: Sequence[int], width: int) -> list[int]:
    """Cells for each amount: at least one each, the rest by largest remainder; they sum to `width`.

    `amounts` are positive and at most `width` many.
    """
    total, spare = sum(amounts), width - len(amounts)
    exact = [amount / total * width for amount in amounts]
    # What the minimum of one already gives is not wanted again.
    wanted = [max(0.0, share - 1) for share in exact]
    scale = spare / sum(wanted) if sum(wanted) else 0.0
    scaled = [want * scale for want in wanted]
    cells = [1 + int(want) for want in scaled]
    by_remainder = sorted(range(len(cells)), key=lambda i: (int(scaled[i]) - scaled[i], -amounts[i], i))
    for index in by_remainder[: width - sum(cells)]:
        cells[index] += 1
    return cells


def assign_columns(runs: Iterable[SectionRun], width: int) -> list[SectionName]:
    """The section of each of `width` cells; empty where there are no tokens.

    Where runs are finer than cells, the section with most tokens in a cell gives its colour.
    """
    whole = merge_runs(runs)
    if not whole or width <= 0:
        return []
    if len(whole) <= width:
        counts = apportion([tokens for _, tokens in whole], width)
        return [name for (name, _), count in zip(whole, counts, strict=True) for _ in range(count)]
    return _sample(whole, width)


def _sample(runs: Sequence[SectionRun], width: int) -> list[SectionName]:
    total = sum(tokens for _, tokens in runs)
    held: list[dict[SectionName, float]] = [{} for _ in range(width)]
    at = 0
    for name, tokens in runs:
        first, last = at * width / total, (at + tokens) * width / total
        for cell in range(int(first), min(width, int(last) + 1)):
            part = min(last, cell + 1) - max(first, cell)
            held[cell][name] = held[cell].get(name, 0.0) + max(0.0, part)
        at += tokens
    return [max(cell, key=lambda name: cell[name]) for cell in held]


def group_names(names: Sequence[Named]) -> list[tuple[Named, int, int]]:
    """Neighbours of one name as `(name, start, length)`."""
    found: list[tuple[Named, int, int]] = []
    start = 0
    for name, group in groupby(names):
        length = len(list(group))
        found.append((name, start, length))
        start += length
    return found


def paint(cells: Sequence[tuple[str, str]]) -> Content:
    """One row from `(character, style)` cells, neighbours of one style as one span."""
    groups = groupby(cells, key=itemgetter(1))
    return Content.assemble(*(("".join(character for character, _ in group), style) for style, group in groups))


def draw_bar(runs: Sequence[SectionRun], width: int, *, patterns: bool = False) -> Content:
    """A bar of exactly `width` cells; `patterns` where there is no colour."""
    return draw_base(assign_columns(runs, width), width, patterns=patterns)


def draw_base(names: Sequence[SectionName], width: int, *, patterns: bool = False) -> Content:
    """The bar for cells whose sections are known already; an empty window is an empty ground."""
    if not names:
        return Content.styled(("·" if patterns else " ") * max(0, width), "on $section-free" if not patterns else "")
    return paint([cell for name, _, length in group_names(names) for cell in _label(name, length, patterns)])


def _label(name: SectionName, length: int, patterns: bool) -> list[tuple[str, str]]:
    word = name if len(name) + 2 <= length else LETTERS[name]
    before = (length - len(word)) // 2
    ground = PATTERNS[name] if patterns else " "
    style = "" if patterns else choose_fill(name)
    text = ground * before + word + ground * (length - before - len(word))
    if not patterns:
        return [(character, style) for character in text]
    inside = range(before, before + len(word))
    return [(character, "bold" if place in inside else "") for place, character in enumerate(text)]
