"""From tokens to cells: who gets which column of a bar."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from textual.content import Content

from workbench.core.window import SectionName, Window

Named = TypeVar("Named", bound=str)
Run = tuple[SectionName, int]
"""A section and its tokens."""


def merged(runs: Iterable[Run]) -> list[Run]:
    """`runs` without empty ones, neighbours of one section as one."""
    result: list[Run] = []
    for name, tokens in runs:
        if tokens <= 0:
            continue
        if result and result[-1][0] == name:
            result[-1] = (name, result[-1][1] + tokens)
        else:
            result.append((name, tokens))
    return result


def runs_of(window: Window) -> list[Run]:
    """The window's blocks in the order they are sent, neighbours of one section as one."""
    return merged((block.section, block.tokens) for block in window.blocks) or merged(
        (section.name, section.tokens) for section in window.sections
    )


def apportioned(amounts: Sequence[int], width: int) -> list[int]:
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


def columns(runs: Iterable[Run], width: int) -> list[SectionName]:
    """The section of each of `width` cells; empty where there are no tokens.

    Where runs are finer than cells, the section with most tokens in a cell gives its colour.
    """
    whole = merged(runs)
    if not whole or width <= 0:
        return []
    if len(whole) <= width:
        counts = apportioned([tokens for _, tokens in whole], width)
        return [name for (name, _), count in zip(whole, counts, strict=True) for _ in range(count)]
    return _sampled(whole, width)


def _sampled(runs: Sequence[Run], width: int) -> list[SectionName]:
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


def spans(names: Sequence[Named]) -> list[tuple[Named, int, int]]:
    """Neighbours of one name as `(name, start, length)`."""
    found: list[tuple[Named, int, int]] = []
    for place, name in enumerate(names):
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1], found[-1][2] + 1)
        else:
            found.append((name, place, 1))
    return found


def painted(cells: Sequence[tuple[str, str]]) -> Content:
    """One row from `(character, style)` cells, neighbours of one style as one span."""
    pieces: list[tuple[str, str]] = []
    for character, style in cells:
        if pieces and pieces[-1][1] == style:
            pieces[-1] = (pieces[-1][0] + character, style)
        else:
            pieces.append((character, style))
    return Content.assemble(*pieces)
