"""The WINDOW block: how full, of what, how much of it cached; and the strip of a terminal too narrow for a panel.

The attention chart shows the window in the order it is sent, as high as each place is heard. The heights are a prior
from the four zones (seed §1), never a measurement: primacy 1, early .8 to .45, middle .4 down to .1 and back, recent
.6 to 1. Cache lane and zone names lie under it on the same columns.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from textual.content import Content

from workbench.core import figures
from workbench.core.spend import Spend
from workbench.core.window import SECTIONS, ZONES, SectionName, Window, Zone
from workbench.ui.draw.bar import (
    TIER_STYLES,
    assign_columns,
    choose_fullness_style,
    draw_base,
    draw_chip,
    draw_fullness,
    draw_fullness_words,
    draw_tier,
    group_names,
    list_runs,
    paint,
    write_amounts,
)
from workbench.ui.draw.panel_blocks import PanelPlan, draw_rating
from workbench.ui.draw.text import blank, faint, fit, heading, join, muted, spread
from workbench.ui.state import UiState

EIGHTHS = " ▁▂▃▄▅▆▇█"
SOON = 60.0
"""Seconds before the cache goes cold from which on it is said in the colour of a warning."""


def weigh_place(zone: Zone, place: float) -> float:
    """How strongly a place is heard, 0 to 1; `place` is 0 at the zone's start and 1 at its end."""
    match zone:
        case "primacy":
            return 1.0
        case "early":
            return 0.8 - 0.35 * place
        case "middle":
            return 0.1 + 0.3 * abs(2 * place - 1)
        case "recent":
            return 0.6 + 0.4 * place


def assign_zones(window: Window, width: int) -> list[Zone]:
    """The zone in the middle of each cell."""
    stretches = window.stretches
    ends = list(accumulate(stretch.tokens for stretch in stretches))
    total = ends[-1] if ends else 0
    if not total:
        return []
    zones: list[Zone] = []
    at = 0
    for cell in range(width):
        middle = (cell + 0.5) * total / width
        while ends[at] < middle and at < len(ends) - 1:
            at += 1
        zones.append(stretches[at].zone)
    return zones


def draw_chart(window: Window, width: int, height: int = 3, *, patterns: bool = False) -> list[Content]:
    """`height` rows from the top down; the last is the base, which names the sections."""
    names = assign_columns(list_runs(window), width)
    heights = _weigh(assign_zones(window, width)) or [0.0] * len(names)
    upper = max(0, height - 1)
    levels = [round(share * upper * 8) for share in heights]
    rows = [_draw_slice(names, [level - row * 8 for level in levels], patterns) for row in range(upper - 1, -1, -1)]
    return [*(row or blank(width) for row in rows), draw_base(names, width, patterns=patterns)]


def _weigh(zones: Sequence[Zone]) -> list[float]:
    return [
        weigh_place(zone, place / (length - 1) if length > 1 else 0.5)
        for zone, _, length in group_names(zones)
        for place in range(length)
    ]


def _draw_slice(names: Sequence[SectionName], eighths: Sequence[int], patterns: bool) -> Content:
    """One row of columns that are so many eighths of it high."""
    return paint(
        [
            (EIGHTHS[min(8, max(0, level))], "" if patterns else f"$section-{name}")
            for name, level in zip(names, eighths, strict=True)
        ]
    )


def draw_cache_lane(window: Window, width: int, *, now: float | None = None, patterns: bool = False) -> Content:
    """What the provider has cached, from the front: green, the colour of a warning shortly before it goes cold."""
    width = max(0, width)
    share = min(1.0, window.cached / window.total) if window.total else 0.0
    cold = window.cold_at is None or (now is not None and window.cold_at <= now)
    cells = 0 if cold else round(share * width)
    if not cold and window.cached and width:
        cells = min(max(1, cells), width if window.cached >= window.total else max(1, width - 1))
    if patterns:
        return Content("━" * cells + "╌" * (width - cells))
    soon = now is not None and window.cold_at is not None and window.cold_at - now < SOON
    style = "$warning" if soon else "$success"
    return paint([("▀", style)] * cells + [("▀", "$section-free")] * (width - cells))


def draw_zone_names(window: Window, width: int) -> Content:
    """The zones' names under their columns; a name that does not fit is left out, the outer two last."""
    zones = assign_zones(window, width)
    starts = {name: start for name, start, _ in reversed(group_names(zones))}
    lengths = {zone: zones.count(zone) for zone in ZONES}
    placed: list[tuple[int, str]] = []
    for zone in ("primacy", "recent", "middle", "early"):
        if zone not in starts:
            continue
        middle = starts[zone] + max(0, (lengths[zone] - len(zone)) // 2)
        for at in (middle if zone != "early" else starts[zone], *range(width)):
            tried = sorted([*placed, (at, zone)])
            near = abs(at - starts[zone]) <= max(len(zone), lengths[zone])
            if near and at + len(zone) <= width and all(b[0] > a[0] + len(a[1]) for a, b in pairwise(tried)):
                placed = tried
                break
    line = ""
    for at, zone in placed:
        line = line.ljust(at) + zone
    return Content.styled(line.ljust(max(0, width)), "$muted")


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
        return total + Content.styled(f"  no room: {state.way_to('compact')}".rstrip(": "), "bold $error")
    due = window.total >= window.trigger > 0
    if window.size_reason and not due:
        total += Content.styled(f" ({window.size_reason.partition(';')[0]})", "$faint")
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
    return f"cold at {figures.date(window.cold_at, '%H:%M')}", style


def draw_strip(state: UiState, width: int, height: int) -> list[Content]:
    """One row of numbers, or two with the chart's base and the cache lane between them."""
    return _draw_two(state, width) if height > 1 else [_draw_one(state, width)]


def _draw_spent(spend: Spend) -> Content:
    """`$0.42 of $5`, or `12.1M of 25M`: the session's budget that the panel shows too; empty before it is read."""
    if not spend.is_read:
        return Content()
    used, limit = write_amounts(spend, spend.session)
    return Content.assemble((used, "bold $foreground"), (f" of {limit}", "$muted"))


def _draw_two(state: UiState, width: int) -> list[Content]:
    window = state.window or EMPTY
    middle = max(0, width - LEFT - RIGHT - 4)
    trigger = f"compacts at {figures.tokens(window.trigger)}" if window.trigger else ""
    cold, style = _write_cold(state, window)
    share = figures.percent(window.cached / window.total) + " " if window.total and style != "$muted" else ""
    said = "$warning" if style == "$warning" else "$muted"
    ends = (draw_tier(state.spend), draw_rating(state, wide=False))
    cached = Content.styled(cold.split(":", 1)[0] if style == "$muted" else cold, said)
    if len(share) + cached.cell_length + 1 + ends[1].cell_length <= RIGHT:  # else the lane alone says how much
        cached = Content.styled(share, "$foreground") + cached
    upper = (
        draw_total(state, wide=False),
        draw_chart(window, middle, 1, patterns=state.patterns)[0],
        _draw_spent(state.spend),
    )
    lane = draw_cache_lane(window, middle, now=state.clock.now(), patterns=state.patterns)
    lower = (muted(trigger), lane, cached)
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
