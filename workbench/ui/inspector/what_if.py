"""WHAT IF: what the marks would do to the window, and what that costs, before anything is done."""

from collections.abc import Sequence

from textual.content import Content

from workbench.core import figures
from workbench.core.inspection import WhatIf
from workbench.core.window import Window
from workbench.ui.draw.bar import draw_bar, merge_runs
from workbench.ui.draw.text import bold, count, fit, heading, join, muted, plain, spread, write_cost
from workbench.ui.inspector.rows import BlockRow
from workbench.ui.state import UiState

SLOW = 20
"""Turns to pay back from which on it is advised against."""
LEAST = 0.0001
"""Dollars that are still told."""


def draw_what_if(found: WhatIf, rows: Sequence[BlockRow], state: UiState, width: int, roomy: bool) -> list[Content]:
    """Two rows, or five where there is room."""
    window = state.window
    drop = sum(row.mark == "drop" for row in rows)
    head = heading(f"  IF YOU {name_deed(drop, found.marked - drop)}")
    change = muted(figures.tokens(found.before) + " → ") + bold(figures.tokens(found.after))
    less = found.before - found.after
    change += plain(
        f"  {'-' if less >= 0 else '+'}{figures.tokens(abs(less))} ", "$success" if less > 0 else "$warning"
    )
    first = spread(head, change, width)
    verdict = _judge(found, state)
    saves = _draw_saving(found, state, verdict)
    if not roomy:
        tries = (join([_say_now(found, state), saves], ", "), join([_say_now(found, state), verdict], ": "), verdict)
        shown = next((each for each in tries if each.cell_length + 2 <= width), verdict)
        return [first, fit(Content("  ") + shown, width)]
    rows_after = [first, fit(_draw_cost(found, window, state), width)]
    rows_after.append(fit(Content("  ") + (muted("Each") + saves[4:] if found.saves is not None else saves), width))
    runs = merge_runs((section.name, section.tokens) for section in found.sections_after)
    share = found.after / found.before if found.before else 1.0
    bar = draw_bar(runs, max(len(runs), round((width - 4) * min(1.0, share))), patterns=state.patterns)
    return [*rows_after, fit(_draw_zones(found), width), fit(Content("  ") + bar, width)]


def name_deed(drop: int, mask: int) -> str:
    """`DROP THESE 2`, `MASK THE MARKED ONE`, `DROP 2 AND MASK 1`."""
    if drop > 0 and mask > 0:
        return f"DROP {drop} AND MASK {mask}"
    word, number = ("DROP", drop) if drop > 0 else ("MASK", mask)
    return f"{word} THE MARKED ONE" if number == 1 else f"{word} THESE {number}"


def _draw_cost(found: WhatIf, window: Window | None, state: UiState) -> Content:
    """What is written again, and for how much."""
    now = state.clock.now()
    warm = window is not None and window.cold_at is not None and window.cold_at > now and window.cached > 0
    cost = bold(write_cost(found.cost, state.as_if))
    if not warm:
        return muted("  Nothing is cached now, so that the change itself is free: ") + cost
    kept = found.after - found.rewritten
    front = f"  The cache holds up to {figures.tokens(kept)}; " if kept > 0 else "  "
    return muted(f"{front}{figures.tokens(found.rewritten)} is written again: ") + cost


def _say_now(found: WhatIf, state: UiState) -> Content:
    return bold(write_cost(found.cost, state.as_if)) + muted(" now") if found.cost is not None else Content()


def _draw_saving(found: WhatIf, state: UiState, verdict: Content) -> Content:
    """`each later turn costs $0.007 less: pays back after 4 turns`."""
    if found.saves is None:
        return verdict
    least = 0 < found.saves < LEAST
    words = f"less than {figures.dollars(LEAST)}" if least else write_cost(found.saves, state.as_if)
    return muted("each later turn costs ") + plain(words) + muted(" less: ") + verdict


def _judge(found: WhatIf, state: UiState) -> Content:
    if found.saves is None:
        return muted("the price of this model is not known")
    if found.payback is None:
        return plain("it never pays back", "bold $warning")
    if found.payback == 0:
        return plain("pays at once", "bold $success")
    turns = max(1, round(found.payback))
    if turns >= SLOW:
        return plain(f"not worth it before turn {state.turn + turns:,}", "bold $warning")
    return plain(f"pays back after {count(turns, 'turn')}", "bold $success")


def _draw_zones(found: WhatIf) -> Content:
    """The zones that change, and the thinking that leaves along."""
    moved = [(zone, before, after) for zone, before, after in found.zones if before != after]
    parts = [
        muted(f"{zone} {figures.tokens(before)} → ") + plain(figures.tokens(after)) for zone, before, after in moved
    ]
    if found.thinking:
        parts.append(muted(f"thinking leaves too, {figures.tokens(found.thinking)}"))
    return Content("  ") + join(parts, muted(" · ").plain)
