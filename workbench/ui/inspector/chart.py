"""The head of the inspector: the total, and the window as it is heard, with the cache and its breakpoints below."""

from collections.abc import Sequence

from textual.content import Content

from workbench.core import figures
from workbench.core.window import Window
from workbench.ui.draw.bar import MARK
from workbench.ui.draw.text import bold, faint, flatten, join, muted, plain, spread_title
from workbench.ui.draw.window_block import EMPTY, draw_cache_lane, draw_chart, draw_total, draw_zone_names
from workbench.ui.state import UiState

TALL, LOW = 36, 24
"""Rows of the terminal from which on the chart has three rows, and below which it has one."""


def count_rows(height: int) -> int:
    """Rows of chart, lane and names, with their blank lines, on a terminal that is `height` rows high."""
    return 7 if height >= TALL else 4 if height >= LOW else 2


def draw_title(state: UiState, width: int) -> Content:
    """`Window  retry-ladder … ≈ 61.4k of 200k · 31 %   compacts at 140k`; the least needed goes first."""
    left = Content.assemble((MARK, "$accent"), "  ") + bold("Window") + muted(f"   {flatten(state.title)}")
    window = state.window
    if window is None:
        return spread_title(left, faint("nothing sent yet "), width)
    share = muted(f" · {figures.percent(window.share)}")
    trigger = muted(f"compacts at {figures.tokens(window.trigger)}") if window.trigger else Content()
    total = draw_total(state, wide=False) + share
    right = join([total, trigger])
    return spread_title(left, right if right.cell_length < width * 2 // 3 else total, width)


def draw_chart_rows(state: UiState, breakpoints: Sequence[int], width: int, height: int) -> list[Content]:
    """`height` rows, as `count_rows` gives them."""
    window, inner = state.window or EMPTY, max(0, width - 4)
    rows = draw_chart(window, inner, max(1, height - 4 if height > 4 else height - 2), patterns=state.patterns)
    rows.append(draw_lane(window, breakpoints, inner, state))
    if height > 2:
        rows.append(draw_zone_names(window, inner))
    rows = [Content("  ") + row for row in rows]
    return [Content(), *rows, Content()] if height > 4 else rows


def draw_lane(window: Window, breakpoints: Sequence[int], width: int, state: UiState) -> Content:
    """The cache lane, with a white cell where the marks of the cache stand."""
    lane = draw_cache_lane(window, width, now=state.clock.now(), patterns=state.patterns)
    if not window.total or not width:
        return lane
    places = {min(width - 1, max(0, round(end * width / window.total) - 1)) for end in breakpoints}
    for place in places:
        sign = plain("╋" if state.patterns else "▀", "" if state.patterns else "$foreground")
        lane = lane[:place] + sign + lane[place + 1 :]
    return lane
