"""Lines above and below the transcript: who answers and what it is doing; what happened just now and what waits."""

from pathlib import PurePath

from textual.content import Content

from workbench.core import figures
from workbench.ui.board import Board
from workbench.ui.draw.marks import MARK
from workbench.ui.draw.text import flatten, join, spread

BADGE = "bold $on-accent on $accent"
SIGNS = {
    "info": ("●", "$info"),
    "success": ("✓", "$success"),
    "warning": ("▲", "$warning"),
    "error": ("✗", "$error"),
}


def draw_status(board: Board, width: int) -> Content:
    """One row of exactly `width` cells; what matters least is left out first."""
    right = _draw_doing(board, short=width < 100)
    room = width - right.cell_length - 3
    parts = next((parts for parts in _list_levels(board) if join(parts).cell_length <= room), _list_levels(board)[-1])
    return spread(Content(" ") + join(parts), right + " ", width)


def _list_levels(board: Board) -> list[list[Content]]:
    """The left side, from all of it to the least."""
    model, facts = board.model, board.facts
    mark = Content.assemble((MARK, "$accent"), "  ", (figures.visible(model.title), "bold $foreground"))
    folder = PurePath(facts.workspace).name or facts.workspace
    place = Content.styled(f"{folder} on {facts.branch}" if facts.branch else folder, "$muted")
    short = Content.styled(folder, "$muted")
    name = model.model or facts.model
    badge = Content.styled(" rehearsal ", BADGE)
    if model.as_if or facts.as_if:
        return [[mark, place, badge], [mark, short, badge], [mark, badge], [mark]]
    who = Content.assemble((name, "$foreground"), "  ", (model.provider or facts.provider, "$muted"))
    brief = Content.styled(name.removeprefix("claude-"), "$foreground")
    return [[mark, place, who], [mark, short, who], [mark, short, brief], [mark, brief], [mark]]


def _draw_doing(board: Board, short: bool) -> Content:
    model = board.model
    if board.read_only:
        return Content.styled("read only", "$warning")
    if not model.running:
        if model.escalations:
            return Content.assemble(("◆ ", "$accent"), ("waiting for you", "$foreground"))
        alone = (model.as_if or board.facts.as_if) and not model.entries
        return Content.styled("no key, no network, no cost" if alone and not short else "", "$muted")
    mark = "◆ " if model.escalations else "● "
    steps = f"step {model.step} of {max(board.steps_budget, model.step)}" if model.step else ""
    activity = flatten(model.activity or "working")
    doing = Content.assemble((mark, "$accent"), (activity[:40], "$foreground"))
    told = [steps, figures.clock(board.elapsed())]
    words = "".join(f"  {word}" for word in told if word)
    if short:
        return Content.assemble(doing, (words, "$muted"))
    esc = " rejects" if model.escalations else " stops"
    return Content.assemble(doing, (words, "$muted"), "  ", ("esc", "bold $accent"), (esc, "$muted"))


def draw_notice(board: Board, new_below: int, width: int) -> Content:
    """One row: the notice, else the queued prompts; at the right how much arrived below what is seen."""
    below = Content.styled(f"↓ {new_below} new" if new_below else "", "bold $accent")
    notice = board.model.notice
    if notice is None:
        return spread(_draw_queued(board), below, width)
    mark, style = SIGNS[notice.level]
    message = flatten(notice.message)
    hint = flatten(notice.hint)
    said = Content.assemble((f"{mark} ", style), (message, "$foreground"), (f"  {hint}" if hint else "", "$muted"))
    return spread(said, below, width)


def _draw_queued(board: Board) -> Content:
    if not board.queued:
        return Content("")
    first = flatten(board.queued[0])
    more = f"  and {len(board.queued) - 1} more" if len(board.queued) > 1 else ""
    return Content.assemble(("○ queued  ", "$muted"), (first, "$foreground"), (more, "$muted"))
