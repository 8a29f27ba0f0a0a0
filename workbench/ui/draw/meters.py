"""Thin lines that say how much of something is gone, and where on them something happens."""

from collections.abc import Sequence

from textual.content import Content

from workbench.core import figures
from workbench.core.decisions import Route
from workbench.core.spend import BudgetName, Spend
from workbench.core.window import Window
from workbench.ui.draw.bar import paint
from workbench.ui.draw.marks import ROUTE_MARKS


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
        cells[_place(value, width)] = ("●", ROUTE_MARKS[route][1])
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
    """What is used of a budget and its limit: `$0.42` and `$5`, or `61.4k` and `2M`."""
    used, limit = spend.amounts(budget)
    if budget.endswith("tokens"):
        return figures.tokens(int(used or 0)), figures.tokens(int(limit))
    return figures.dollars(used), figures.limit(limit)
