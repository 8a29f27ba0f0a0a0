"""Signs and bars: what stands for each section, the window as one row of cells, lines that say how much is gone."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from textual.content import Content

from workbench.core import figures
from workbench.core.decisions import Route
from workbench.core.spend import BudgetName, Spend
from workbench.core.window import SECTIONS, SectionName, Window

LETTERS: dict[SectionName, str] = dict(zip(SECTIONS, "TSMΣHRC", strict=True))
PATTERNS: dict[SectionName, str] = dict(zip(SECTIONS, "▓█▒░═╱▚", strict=True))
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


Named = TypeVar("Named", bound=str)
SectionRun = tuple[SectionName, int]
"""A section and its tokens."""


def merge_runs(runs: Iterable[SectionRun]) -> list[SectionRun]:
    """`runs` without empty ones, neighbours of one section as one."""
    filled = (run for run in runs if run[1] > 0)
    return [(name, sum(tokens for _, tokens in group)) for name, group in groupby(filled, key=itemgetter(0))]


def list_runs(window: Window) -> list[SectionRun]:
    """The window in the order it is sent, neighbours of one section as one."""
    return merge_runs((stretch.section, stretch.tokens) for stretch in window.stretches) or merge_runs(
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


def _place(share: float, width: int) -> int:
    return min(width - 1, max(0, round(share * width)))


def _used(share: float, width: int) -> int:
    """Cells for `share`: at least one for anything, all of them only when it is all."""
    if share <= 0:
        return 0
    return width if share >= 1 else min(max(1, round(share * width)), max(1, width - 1))


def choose_fullness_style(window: Window) -> str:
    """Plain, a warning from the trigger on, an error when the reply has no room left."""
    if window.free <= 0:
        return "$error"
    return "$warning" if window.total >= window.trigger else "$foreground"


def draw_fullness(window: Window, width: int) -> Content:
    """How full the window is: `━` used, `╋` where compaction is due, `╌` the reply's room."""
    width = max(0, width)
    size = window.size or 1
    used = _used(window.share, width)
    reply = width - _used(window.reserved / size, width)
    cells = [("━", choose_fullness_style(window))] * used
    cells += [("╌", "$faint") if column >= reply else ("─", "$line") for column in range(used, width)]
    if width and 0 < window.trigger < size:
        cells[_place(window.trigger / size, width)] = ("╋", "$accent")
    return paint(cells)


def draw_fullness_words(window: Window, width: int) -> Content:
    """`compacts at 140k  reply 32k`, to the right; as many of the two as fit."""
    trigger = f"compacts at {figures.tokens(window.trigger)}" if 0 < window.trigger < window.size else ""
    reply = f"reply {figures.tokens(window.reserved)}" if window.reserved else ""
    both = "  ".join(word for word in (trigger, reply) if word)
    text = next((text for text in (both, trigger, reply) if len(text) <= width), "")
    return Content.styled(text.rjust(max(0, width)), "$faint")


def draw_meter(share: float, width: int, marks: Sequence[float] = ()) -> Content:
    """`share` of a limit, 0 to over 1; `┬` at each mark (shares, rising)."""
    width = max(0, width)
    used = _used(share, width)
    over = sum(share >= mark for mark in marks)
    style = "$error" if share >= 1 else ("$warning" if over else "$foreground")
    cells = [("━", style)] * used + [("─", "$line")] * (width - used)
    for mark in marks if width else ():
        column = _place(mark, width)
        cells[column] = ("┯", style) if column < used else ("┬", "$faint")
    return paint(cells)


def draw_confidence(value: float | None, width: int, review: float, send: float, route: Route = "unrated") -> Content:
    """Where on 0 to 1 the answer stands; `┬` at the two thresholds, no dot while it is unrated."""
    width = max(0, width)
    if not width:
        return Content("")
    cells = [("─", "$line")] * width
    for mark in (review, send):
        cells[_place(mark, width)] = ("┬", "$faint")
    if value is not None:
        at = _place(value, width)
        hidden = next((mark for mark in (review, send) if _place(mark, width) == at), None)
        if hidden is not None:  # beside the tick that it would cover, on the side where it counts
            beside = at - 1 if value < hidden else at + 1
            at = beside if 0 <= beside < width and cells[beside][0] == "─" else at
        cells[at] = ("●", ROUTE_MARKS[route][1])
    return paint(cells)


def draw_thresholds(width: int, review: float, send: float) -> Content:
    """`asks you … .60 review … .85`: the thresholds as near to their columns as they fit."""
    low, high = f"{write_threshold(review)} review", f"{write_threshold(send)} sent"
    if width < len(low) + len(high) + 1:
        return Content(" " * max(0, width))
    right = min(_place(send, width), width - len(high))
    left = max(0, min(_place(review, width) - 1, right - len(low) - 1))
    line = ("asks you" if left > len("asks you") else "").ljust(left) + low
    return Content.styled((line.ljust(right) + high).ljust(width), "$faint")


def write_threshold(value: float) -> str:
    """`.85`."""
    return f"{value:.2f}".removeprefix("0")


def write_amounts(spend: Spend, budget: BudgetName) -> tuple[str, str]:
    """What is used of a budget and its limit: `$0.42` and `$5`, or `61.4k` and `2M`; `≈` where a part is estimated.

    `?` where the day's ledger cannot be read.
    """
    used, limit = spend.amounts(budget)
    if budget.startswith("day") and not spend.day_kept:
        return "?", figures.tokens(int(limit)) if budget.endswith("tokens") else figures.limit(limit)
    about = "≈" if spend.estimated and budget.startswith("session") and used else ""
    if budget.endswith("tokens"):
        return about + figures.tokens(int(used or 0)), figures.tokens(int(limit))
    return about + figures.dollars(used), figures.limit(limit)
