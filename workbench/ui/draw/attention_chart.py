"""The attention chart: the window in the order it is sent, as high as each place is heard.

The heights are a prior from the four zones (seed §1), never a measurement: primacy 1, early .8 to .45,
middle .4 down to .1 and back, recent .6 to 1. Cache lane and zone names lie under it on the same columns.
"""

from collections.abc import Sequence
from itertools import pairwise

from textual.content import Content

from workbench.core.window import ZONES, SectionName, Window, Zone
from workbench.ui.draw.bar import assign_columns, draw_base, group_names, list_runs, paint
from workbench.ui.draw.text import blank

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
    edges: list[tuple[int, Zone]] = []
    for block in window.blocks:
        edges.append(((edges[-1][0] if edges else 0) + block.tokens, block.zone))
    total = edges[-1][0] if edges else 0
    if not total:
        return []
    zones: list[Zone] = []
    at = 0
    for cell in range(width):
        middle = (cell + 0.5) * total / width
        while edges[at][0] < middle and at < len(edges) - 1:
            at += 1
        zones.append(edges[at][1])
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
