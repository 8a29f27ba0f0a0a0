"""The footer: the keys of the moment, whole or not at all."""

from textual.content import Content
from textual.style import Style

from workbench.ui.actions import BY_NAME
from workbench.ui.board import Board
from workbench.ui.draw.rows import fitted, keyed

GAP = "   "


def moment(board: Board) -> list[tuple[str, str]]:
    """`(action, word)` for what is going on, the most needed first; a word of "" is the action's own."""
    model = board.model
    named: list[tuple[str, str]] = []
    if model.escalations:
        named.append(("back", "reject"))
    elif model.running:
        named.append(("back", "stop"))
    if not model.entries:
        named.append(("next_part", "start"))
    named.append(("help", ""))
    if board.narrow:
        named += [("compact", ""), ("hand_off", "")]
    named += [("commands", ""), ("sessions", "")]
    if not model.running:
        named += [("new_session", ""), ("theme", "")]
    return named


def footer_line(board: Board, width: int) -> Content:
    """One row of exactly `width` cells."""
    line = Content("  ")
    for name, word in moment(board):
        action = BY_NAME[name]
        piece = keyed(action.shown, word or action.word).stylize(Style.from_meta({"@click": f"app.{name}"}))
        gap = GAP if len(line) > 2 else ""
        if line.cell_length + len(gap) + piece.cell_length > width - 1:
            break
        line = Content.assemble(line, gap, piece)
    return fitted(line, width)
