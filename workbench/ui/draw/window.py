"""The WINDOW block: how full, of what, how much of it cached."""

import time

from textual.content import Content

from workbench.core import figures
from workbench.core.window import SECTIONS, SectionName, Window
from workbench.ui.board import Board
from workbench.ui.draw.lines import fullness_line, fullness_style, fullness_words
from workbench.ui.draw.marks import chip
from workbench.ui.draw.plan import PanelPlan
from workbench.ui.draw.rows import blank, fitted, spread
from workbench.ui.draw.valley import SOON, cache_lane, valley, zone_words

EMPTY = Window(0, 0, 0, 0, 0, False, (), ())
HEADING = "bold $muted"


def window_block(board: Board, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.window` rows."""
    window = board.model.window or EMPTY
    rows = [spread(Content.styled("WINDOW", HEADING), window_total(board, wide=True), width)]
    rows.append(fullness_line(window, width))
    if plan.axis:
        rows.append(fullness_words(window, width))
    rows += valley(window, width, plan.valley, patterns=board.patterns)
    rows.append(cache_lane(window, width, now=board.clock.now(), patterns=board.patterns))
    if plan.axis:
        rows.append(zone_words(window, width))
    if plan.gaps:
        rows.append(blank(width))
    return rows + legend(window, width, board.patterns) + [cached_row(board, window, width)]


def window_total(board: Board, wide: bool) -> Content:
    """`≈ 61.4k of 200k  31 %`, or what the window is about to do."""
    window = board.model.window
    if window is None:
        return Content.styled("nothing sent yet", "$faint")
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
    return total + Content.styled(f"  {end}", fullness_style(window))


def legend(window: Window, width: int, patterns: bool) -> list[Content]:
    """Four rows: every section with its tokens, and what is free, in two columns."""
    tokens: dict[SectionName, int] = {section.name: section.tokens for section in window.sections}
    column = max(0, (width - 3) // 2)
    entries = [_entry(chip(name, patterns), name, tokens.get(name, 0), column) for name in SECTIONS]
    free = Content.styled(" · ", "$faint")
    entries.append(_entry(free, "free", window.free, column, faint=True))
    return [fitted(entries[row] + Content("   ") + entries[row + 4], width) for row in range(4)]


def _entry(mark: Content, name: str, tokens: int, width: int, faint: bool = False) -> Content:
    style = "$faint" if faint or not tokens else "$foreground"
    figure = Content.styled(figures.tokens(tokens), "$error" if tokens < 0 else style)
    return spread(Content.assemble(mark, " ", (name, style)), figure, width)


def cached_row(board: Board, window: Window, width: int) -> Content:
    """`cached 54.2k  88 % · cold in 4:12`."""
    words, style = cold_words(board, window)
    warm = window.cached > 0 and style != "$muted"
    mark = ("━━━" if warm else "╌╌╌") if board.patterns else "▀▀▀"
    lane = Content.styled(mark, style if warm else "$section-free")
    if not warm:
        return spread(Content.assemble(lane, (" cached", "$faint")), Content.styled(words, "$muted"), width)
    column = max(0, (width - 3) // 2)
    left = _entry(lane, "cached", window.cached, column)
    share = figures.percent(window.cached / window.total) if window.total else ""
    said = "$warning" if style == "$warning" else "$muted"
    right = Content.assemble((share, "$foreground"), (f" · {words}", said))
    return spread(left, right, width)


def cold_words(board: Board, window: Window) -> tuple[str, str]:
    """`cold in 4:12` while a turn runs, `cold at 14:31` while none does, with the colour of the lane."""
    if window.cold_at is None or not window.cached:
        return "nothing yet", "$muted"
    left = window.cold_at - board.clock.now()
    if left <= 0:
        return "cold: next request writes it", "$muted"
    style = "$warning" if left < SOON else "$success"
    if board.model.running:
        return f"cold in {figures.clock(left)}", style
    return f"cold at {time.strftime('%H:%M', time.localtime(window.cold_at))}", style
