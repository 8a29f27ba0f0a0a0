"""A unified diff as rows with line numbers, below each other or side by side."""

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$")


@dataclass(frozen=True, slots=True)
class PatchRow:
    """One line of a diff."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str
    old: int | None = None
    new: int | None = None

    @property
    def number(self) -> int | None:
        """The line number to show: where it goes, or where it was."""
        return self.old if self.kind == "removed" else self.new


@dataclass(frozen=True, slots=True)
class RowPair:
    """One line of a side by side view."""

    left: PatchRow | None
    right: PatchRow | None


def parse_patch(diff: str) -> tuple[PatchRow, ...]:
    """The rows of a unified diff: no file headers, a gap between hunks; text that is no diff is all `same`."""
    if not any(HUNK.match(line) for line in _lines(diff)):
        return tuple(PatchRow("same", line, n, n) for n, line in enumerate(_lines(diff), 1))
    rows: list[PatchRow] = []
    old = new = 0
    inside = False
    for line in _lines(diff):
        if head := HUNK.match(line):
            if inside:
                rows.append(PatchRow("gap", head[3]))
            old, new, inside = int(head[1]), int(head[2]), True
        elif inside and not line.startswith("\\"):
            row = _read_row(line, old, new)
            rows.append(row)
            old += row.kind != "added"
            new += row.kind != "removed"
    return tuple(rows)


def find_hunks(rows: tuple[PatchRow, ...]) -> tuple[int, ...]:
    """Indexes of the first row of each hunk."""
    return tuple(i for i in range(len(rows)) if rows[i].kind != "gap" and (i == 0 or rows[i - 1].kind == "gap"))


def pair_rows(rows: tuple[PatchRow, ...]) -> tuple[RowPair, ...]:
    """The rows side by side: a run of removed lines beside the run of added ones that follows it."""
    pairs: list[RowPair] = []
    removed: list[PatchRow] = []
    added: list[PatchRow] = []

    def flush() -> None:
        pairs.extend(RowPair(*sides) for sides in zip_longest(removed, added))
        removed.clear()
        added.clear()

    for row in rows:
        match row.kind:
            case "removed":
                if added:
                    flush()
                removed.append(row)
            case "added":
                added.append(row)
            case _:
                flush()
                pairs.append(RowPair(row, row))
    flush()
    return tuple(pairs)


def _lines(text: str) -> list[str]:
    """Only a newline ends a line: other separators stay in it, so that no text can pose as a line of the diff."""
    return text.removesuffix("\n").split("\n") if text else []


def _read_row(line: str, old: int, new: int) -> PatchRow:
    match line[:1]:
        case "+":
            return PatchRow("added", line[1:], None, new)
        case "-":
            return PatchRow("removed", line[1:], old, None)
        case _:
            return PatchRow("same", line[1:], old, new)
