"""What a key asks of the engine for the items that it is for. Pure: commands, or why there is none."""

from collections.abc import Sequence

from workbench.core.commands import Command, LiftBlock, MarkBlock
from workbench.core.inspection import Finding, LeftBlock
from workbench.core.window import Mark
from workbench.ui.inspector.rows import TOOLS, BlockRow, Item

OUT = "What is out of the window cannot be marked; l says it again."
ALWAYS = "The tool definitions always stay."


def mark_items(items: Sequence[Item], mark: Mark) -> tuple[list[Command], str]:
    """Mark them so; where all of them are, take it back. Or nothing, and why."""
    rows = [item for item in items if isinstance(item, BlockRow) and item.id != TOOLS]
    ids = [id for item in items if isinstance(item, Finding) for id in item.ids]
    if not rows and not ids:
        return [], OUT if any(isinstance(item, LeftBlock) for item in items) else ALWAYS if items else ""
    if rows and not ids and all(row.mark == mark for row in rows):
        return take_back(rows), ""
    # A call and its result are one row: a mark on the other of them is said no more.
    old: list[Command] = [MarkBlock(id) for row in rows for id in row.marked if id != row.id]
    return [
        *old,
        *(MarkBlock(row.id, mark) for row in rows if row.mark != mark),
        *(MarkBlock(id, mark) for id in ids),
    ], ""


def take_back(items: Sequence[Item]) -> list[Command]:
    """Take back what was said of them."""
    return [MarkBlock(id) for item in items if isinstance(item, BlockRow) for id in item.marked]


def lift_items(items: Sequence[Item]) -> list[Command]:
    """Say them again."""
    ids = (item.ids if isinstance(item, Finding) else (item.id,) for item in items)
    return [LiftBlock(id) for each in ids for id in each if id != TOOLS]
