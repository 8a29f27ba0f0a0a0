"""The line above the prompt: what happened just now, what waits, what is below."""

from textual.content import Content

from workbench.core import figures
from workbench.ui.board import Board
from workbench.ui.draw.rows import spread

SIGNS = {
    "info": ("●", "$info"),
    "success": ("✓", "$success"),
    "warning": ("▲", "$warning"),
    "error": ("✗", "$error"),
}


def notice_line(board: Board, new_below: int, width: int) -> Content:
    """One row: the notice, else the queued prompts; at the right how much arrived below what is seen."""
    below = Content.styled(f"↓ {new_below} new" if new_below else "", "bold $accent")
    notice = board.model.notice
    if notice is None:
        return spread(_queued(board), below, width)
    mark, style = SIGNS[notice.level]
    message = " ".join(figures.visible(notice.message).split())
    hint = " ".join(figures.visible(notice.hint).split())
    said = Content.assemble((f"{mark} ", style), (message, "$foreground"), (f"  {hint}" if hint else "", "$muted"))
    return spread(said, below, width)


def _queued(board: Board) -> Content:
    if not board.queued:
        return Content("")
    first = " ".join(figures.visible(board.queued[0]).split())
    more = f"  and {len(board.queued) - 1} more" if len(board.queued) > 1 else ""
    return Content.assemble(("○ queued  ", "$muted"), (first, "$foreground"), (more, "$muted"))
