"""The panel of a narrow terminal: two rows, or one, with the numbers that stop work."""

from textual.content import Content

from workbench.core import figures
from workbench.ui.board import Board
from workbench.ui.draw.blocks import rating
from workbench.ui.draw.marks import TIER_STYLES, TIER_WORDS, tier_boxes
from workbench.ui.draw.rows import fitted, spread
from workbench.ui.draw.valley import cache_lane, valley
from workbench.ui.draw.window import EMPTY, cold_words, window_total

LEFT, RIGHT = 18, 26
"""Cells of the two outer columns of the two-row strip."""


def strip(board: Board, width: int, height: int) -> list[Content]:
    """One row of numbers, or two with the valley's base and the cache lane between them."""
    return _two(board, width) if height > 1 else [_one(board, width)]


def spent(board: Board) -> Content:
    """`$0.42 of $5`, or tokens where no price is known."""
    spend = board.model.spend
    if spend.usd is None:
        used, limit = figures.tokens(spend.tokens), figures.tokens(spend.limit_tokens)
    else:
        used, limit = figures.dollars(spend.usd), figures.limit(spend.limit_usd)
    return Content.assemble((used, "bold $foreground"), (f" of {limit}", "$muted"))


def _two(board: Board, width: int) -> list[Content]:
    window = board.model.window or EMPTY
    middle = max(0, width - LEFT - RIGHT - 4)
    trigger = f"compacts at {figures.tokens(window.trigger)}" if window.trigger else ""
    cold, style = cold_words(board, window)
    share = figures.percent(window.cached / window.total) + " " if window.total and style != "$muted" else ""
    said = "$warning" if style == "$warning" else "$muted"
    cached = Content.assemble((share, "$foreground"), (cold.split(":", 1)[0] if style == "$muted" else cold, said))
    upper = (window_total(board, wide=False), valley(window, middle, 1, patterns=board.patterns)[0], spent(board))
    lane = cache_lane(window, middle, now=board.clock.now(), patterns=board.patterns)
    lower = (Content.styled(trigger, "$muted"), lane, cached)
    ends = (tier_boxes(board.model.spend.tier), rating(board, wide=False))
    return [
        Content.assemble(" ", fitted(left, LEFT), " ", bar, " ", spread(right, end, RIGHT), " ")
        for (left, bar, right), end in zip((upper, lower), ends, strict=True)
    ]


def _one(board: Board, width: int) -> Content:
    tier = board.model.spend.tier
    parts = [window_total(board, wide=True), spent(board)]
    parts.append(Content.styled(TIER_WORDS.get(tier, "spent"), TIER_STYLES.get(tier, "$error")))
    parts.append(rating(board, wide=False))
    while len(parts) > 1 and sum(part.cell_length for part in parts) + 3 * len(parts) > width:
        parts.pop()
    return fitted(Content(" ") + Content("   ").join(parts), width)
