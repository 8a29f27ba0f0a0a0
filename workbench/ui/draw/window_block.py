"""The WINDOW block: how full, of what, how much of it cached; and the strip of a terminal too narrow for a panel."""

import time

from textual.content import Content

from workbench.core import figures
from workbench.core.spend import Spend
from workbench.core.window import SECTIONS, SectionName, Window
from workbench.ui.draw.attention_chart import SOON, draw_cache_lane, draw_chart, draw_zone_names
from workbench.ui.draw.marks import TIER_STYLES, draw_chip, draw_tier
from workbench.ui.draw.meters import choose_fullness_style, draw_fullness, draw_fullness_words, write_amounts
from workbench.ui.draw.panel_blocks import PanelPlan, draw_rating
from workbench.ui.draw.text import blank, faint, fit, heading, join, muted, spread
from workbench.ui.state import UiState

EMPTY = Window(0, 0, 0, 0, 0, False, (), ())
LEFT, RIGHT = 18, 26
"""Cells of the two outer columns of the two-row strip."""


def draw_window(state: UiState, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.window` rows."""
    window = state.window or EMPTY
    rows = [spread(heading("WINDOW"), draw_total(state, wide=True), width)]
    rows.append(draw_fullness(window, width))
    if plan.axis:
        rows.append(draw_fullness_words(window, width))
    rows += draw_chart(window, width, plan.chart, patterns=state.patterns)
    rows.append(draw_cache_lane(window, width, now=state.clock.now(), patterns=state.patterns))
    if plan.axis:
        rows.append(draw_zone_names(window, width))
    if plan.gaps:
        rows.append(blank(width))
    return rows + _draw_legend(window, width, state.patterns) + [_draw_cached(state, window, width)]


def draw_total(state: UiState, wide: bool) -> Content:
    """`≈ 61.4k of 200k  31 %`, or what the window is about to do."""
    window = state.window
    if window is None:
        return faint("nothing sent yet")
    total = Content.assemble(
        ("" if window.exact else "≈ ", "$faint"),
        (figures.tokens(window.total), "bold $foreground"),
        (f" of {figures.tokens(window.size)}", "$muted"),
    )
    if not wide:
        return total
    if window.free <= 0:
        return total + Content.styled("  no room: F8", "bold $error")
    due = window.total >= window.trigger > 0
    end = "compacts after this" if due else figures.percent(window.share)
    return total + Content.styled(f"  {end}", choose_fullness_style(window))


def _draw_legend(window: Window, width: int, patterns: bool) -> list[Content]:
    """Four rows: every section with its tokens, and what is free, in two columns."""
    tokens: dict[SectionName, int] = {section.name: section.tokens for section in window.sections}
    column = max(0, (width - 3) // 2)
    entries = [_draw_entry(draw_chip(name, patterns), name, tokens.get(name, 0), column) for name in SECTIONS]
    entries.append(_draw_entry(faint(" · "), "free", window.free, column, quiet=True))
    return [fit(entries[row] + Content("   ") + entries[row + 4], width) for row in range(4)]


def _draw_entry(mark: Content, name: str, tokens: int, width: int, quiet: bool = False) -> Content:
    style = "$faint" if quiet or not tokens else "$foreground"
    figure = Content.styled(figures.tokens(tokens), "$error" if tokens < 0 else style)
    return spread(Content.assemble(mark, " ", (name, style)), figure, width)


def _draw_cached(state: UiState, window: Window, width: int) -> Content:
    """`cached 54.2k  88 % · cold in 4:12`."""
    words, style = _write_cold(state, window)
    warm = window.cached > 0 and style != "$muted"
    mark = ("━━━" if warm else "╌╌╌") if state.patterns else "▀▀▀"
    lane = Content.styled(mark, style if warm else "$section-free")
    if not warm:
        return spread(Content.assemble(lane, (" cached", "$faint")), muted(words), width)
    column = max(0, (width - 3) // 2)
    left = _draw_entry(lane, "cached", window.cached, column)
    share = figures.percent(window.cached / window.total) if window.total else ""
    said = "$warning" if style == "$warning" else "$muted"
    right = Content.assemble((share, "$foreground"), (f" · {words}", said))
    return spread(left, right, width)


def _write_cold(state: UiState, window: Window) -> tuple[str, str]:
    """`cold in 4:12` while a turn runs, `cold at 14:31` while none does, with the colour of the lane."""
    if window.cold_at is None or not window.cached:
        return "nothing yet", "$muted"
    left = window.cold_at - state.clock.now()
    if left <= 0:
        return "cold: next request writes it", "$muted"
    style = "$warning" if left < SOON else "$success"
    if state.running:
        return f"cold in {figures.clock(left)}", style
    return f"cold at {time.strftime('%H:%M', time.localtime(window.cold_at))}", style


def draw_strip(state: UiState, width: int, height: int) -> list[Content]:
    """One row of numbers, or two with the chart's base and the cache lane between them."""
    return _draw_two(state, width) if height > 1 else [_draw_one(state, width)]


def _draw_spent(spend: Spend) -> Content:
    """`$0.42 of $5`, or tokens where no price is known."""
    used, limit = write_amounts(spend, "session_tokens" if spend.usd is None else "session_usd")
    return Content.assemble((used, "bold $foreground"), (f" of {limit}", "$muted"))


def _draw_two(state: UiState, width: int) -> list[Content]:
    window = state.window or EMPTY
    middle = max(0, width - LEFT - RIGHT - 4)
    trigger = f"compacts at {figures.tokens(window.trigger)}" if window.trigger else ""
    cold, style = _write_cold(state, window)
    share = figures.percent(window.cached / window.total) + " " if window.total and style != "$muted" else ""
    said = "$warning" if style == "$warning" else "$muted"
    cached = Content.assemble((share, "$foreground"), (cold.split(":", 1)[0] if style == "$muted" else cold, said))
    upper = (
        draw_total(state, wide=False),
        draw_chart(window, middle, 1, patterns=state.patterns)[0],
        _draw_spent(state.spend),
    )
    lane = draw_cache_lane(window, middle, now=state.clock.now(), patterns=state.patterns)
    lower = (muted(trigger), lane, cached)
    ends = (draw_tier(state.spend), draw_rating(state, wide=False))
    return [
        Content.assemble(" ", fit(left, LEFT), " ", bar, " ", spread(right, end, RIGHT), " ")
        for (left, bar, right), end in zip((upper, lower), ends, strict=True)
    ]


def _draw_one(state: UiState, width: int) -> Content:
    spend = state.spend
    parts = [draw_total(state, wide=True), _draw_spent(spend)]
    parts.append(Content.styled(spend.tier_name, TIER_STYLES[spend.tier]))
    parts.append(draw_rating(state, wide=False))
    while len(parts) > 1 and sum(part.cell_length for part in parts) + 3 * len(parts) > width:
        parts.pop()
    return fit(Content(" ") + join(parts), width)
