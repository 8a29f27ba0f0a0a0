"""The footer: the keys of the moment, whole or not at all."""

from textual.content import Content

from workbench.ui.actions import BY_NAME
from workbench.ui.board import Board
from workbench.ui.draw.text import fit, name_key

GAP = 3
"""Cells between two keys."""


def choose_keys(board: Board) -> list[tuple[str, str]]:
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


def lay_out_keys(board: Board, width: int) -> list[tuple[str, int, Content]]:
    """`(action, column, key and word)` for the keys that fit whole into `width` cells."""
    found: list[tuple[str, int, Content]] = []
    column = 2
    for name, word in choose_keys(board):
        action = BY_NAME[name]
        piece = name_key(action.shown, word or action.word)
        if column + piece.cell_length > width - 1:
            break
        found.append((name, column, piece))
        column += piece.cell_length + GAP
    return found


def draw_footer(board: Board, width: int) -> Content:
    """One row of exactly `width` cells."""
    gap = Content(" " * GAP)
    return fit(Content("  ") + gap.join(piece for _, _, piece in lay_out_keys(board, width)), width)


def find_action(board: Board, width: int, column: int) -> str:
    """The command whose key or word stands at `column`; empty between them."""
    spots = lay_out_keys(board, width)
    return next((name for name, at, piece in spots if at <= column < at + piece.cell_length), "")
