"""The footer: the keys of the moment, whole or not at all."""

from textual.content import Content

from workbench.ui.actions import BY_NAME
from workbench.ui.board import Board
from workbench.ui.draw.rows import fitted, keyed

GAP = 3
"""Cells between two keys."""


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


def pieces(board: Board, width: int) -> list[tuple[str, int, Content]]:
    """`(action, column, key and word)` for the keys that fit whole into `width` cells."""
    found: list[tuple[str, int, Content]] = []
    column = 2
    for name, word in moment(board):
        action = BY_NAME[name]
        piece = keyed(action.shown, word or action.word)
        if column + piece.cell_length > width - 1:
            break
        found.append((name, column, piece))
        column += piece.cell_length + GAP
    return found


def footer_line(board: Board, width: int) -> Content:
    """One row of exactly `width` cells."""
    gap = Content(" " * GAP)
    return fitted(Content("  ") + gap.join(piece for _, _, piece in pieces(board, width)), width)


def action_at(board: Board, width: int, column: int) -> str:
    """The command whose key or word stands at `column`; empty between them."""
    spots = pieces(board, width)
    return next((name for name, at, piece in spots if at <= column < at + piece.cell_length), "")
