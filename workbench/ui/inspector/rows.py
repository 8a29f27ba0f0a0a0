"""The window's blocks as rows: a call and its result are one, all tool definitions are one; sorted, found. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import msgspec

from workbench.core.inspection import Finding, Inspection, LeftBlock
from workbench.core.window import ZONES, Block, Mark, SectionName, Zone

TOOLS = "tools"
"""Id of the row of all tool definitions."""


class BlockRow(msgspec.Struct, frozen=True, gc=False):
    """One row."""

    id: str
    """Of the block that a mark is for: of a call and its result the result."""
    ids: tuple[str, ...]
    """Of all its blocks."""
    place: int
    """In the order of the request."""
    section: SectionName
    role: str
    label: str
    zone: Zone
    turn: int
    age: int | None
    """Turns since it came; None for what stands before the conversation."""
    tokens: int
    seq: int
    cached: bool
    mark: Mark
    marked: tuple[str, ...]
    """Ids of its blocks that carry a mark."""
    masked: bool
    """True where only a line stands in its place."""

    @property
    def leaves(self) -> bool:
        """True where a mark takes it out, or leaves a line of it."""
        return self.mark == "drop" or (self.mark == "mask" and not self.masked)

    @property
    def drifts(self) -> bool:
        """True for what is pinned and stands where little is heard."""
        return self.mark == "pin" and self.zone == "middle"


Item = BlockRow | LeftBlock | Finding
"""What the list holds, beside headings."""


def name_item(item: Item) -> str:
    """What tells an item from the others, however they are sorted."""
    match item:
        case BlockRow(id=id):
            return id
        case LeftBlock(id=id):
            return f"left:{id}"
    return f"finding:{item.kind}:{','.join(item.ids)}"


def build_rows(inspection: Inspection) -> list[BlockRow]:
    """The rows of a window, in the order of the request."""
    blocks = inspection.window.blocks
    newest = max((block.turn for block in blocks), default=0)
    masked = {left.id for left in inspection.left if left.fate == "masked"}
    return [_build_row(place, group, newest, masked) for place, group in enumerate(_group(blocks))]


def _group(blocks: Sequence[Block]) -> list[list[Block]]:
    """Calls with their results, which follow in the order of the calls; tool definitions together."""
    groups: list[list[Block]] = []
    waiting: list[list[Block]] = []
    for section, run in groupby(blocks, key=lambda block: block.section):
        if section == "tools":
            groups.append(list(run))
            continue
        for block in run:
            if section == "results" and block.role != "assistant" and waiting:
                call = next((group for group in waiting if group[0].label == block.label), waiting[0])
                waiting.remove(call)
                call.append(block)
                continue
            groups.append([block])
            if section == "results" and block.role == "assistant":
                waiting.append(groups[-1])
    return groups


def _build_row(place: int, group: list[Block], newest: int, masked: set[str]) -> BlockRow:
    last, alone = group[-1], len(group) == 1
    many = last.section == "tools" and not alone
    mark = last.mark or ("" if alone else next((block.mark for block in group if block.mark), ""))
    return BlockRow(
        id=TOOLS if many else last.id,
        ids=(last.id,) if alone else tuple(block.id for block in group),
        place=place,
        section=last.section,
        role=last.role,
        label=f"{len(group)} tool definitions" if many else last.label or last.section,
        zone=last.zone,
        turn=last.turn,
        age=newest - last.turn if last.turn else None,
        tokens=last.tokens if alone else sum(block.tokens for block in group),
        seq=last.seq,
        cached=last.cached if alone else all(block.cached for block in group),
        mark=mark,
        marked=tuple(block.id for block in group if block.mark) if mark else (),
        masked=last.id in masked,
    )


Key = Callable[[BlockRow], Any]
COLUMNS: dict[str, Key] = {
    "order": lambda row: row.place,
    "block": lambda row: row.label.lower(),
    "zone": lambda row: ZONES.index(row.zone),
    "age": lambda row: (row.age is None, row.age or 0),
    "tokens": lambda row: -row.tokens,
    "cached": lambda row: not row.cached,
    "pinned": lambda row: row.mark != "pin",
    "marked": lambda row: not row.leaves,
}
"""What can be sorted by, each in the direction in which it is asked for first: the largest, the newest, the pinned."""


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, and whether the other way round."""

    column: str = "order"
    backwards: bool = False

    def sort(self, rows: Iterable[BlockRow]) -> list[BlockRow]:
        """`rows` in this order; equal ones as the request has them."""
        placed = sorted(rows, key=lambda row: row.place)
        return sorted(placed, key=COLUMNS[self.column], reverse=self.backwards)

    def next(self) -> "Order":
        """By the column after this one."""
        names = list(COLUMNS)
        return Order(names[(names.index(self.column) + 1) % len(names)])

    def choose(self, column: str) -> "Order":
        """By `column`; where it is that already, the other way round."""
        return replace(self, backwards=not self.backwards) if column == self.column else Order(column)


def find_rows(rows: Iterable[BlockRow], sought: str) -> list[BlockRow]:
    """Those that have every word of `sought` in label, section, zone, turn or state."""
    words = sought.lower().split()
    return [row for row in rows if all(word in _describe(row) for word in words)] if words else list(rows)


def _describe(row: BlockRow) -> str:
    states = (
        (row.cached, "cached"),
        (row.mark == "pin", "pinned"),
        (row.leaves, "marked"),
        (row.leaves, row.mark),
        (row.masked, "masked"),
    )
    told = " ".join(word for true, word in states if true)
    return f"{row.label} {row.section} {row.zone} turn {row.turn} {told}".lower()


def find_left(left: Iterable[LeftBlock], sought: str) -> list[LeftBlock]:
    """Those of what left that have every word of `sought`."""
    words = sought.lower().split()
    told = ((each, f"{each.label} {each.fate} turn {each.turn}".lower()) for each in left)
    return [each for each, text in told if all(word in text for word in words)]
