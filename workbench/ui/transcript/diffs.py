"""A changed file as lines: line numbers, added and removed on their grounds, context in colour."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.core.tools import FileChange
from workbench.ui.transcript.highlight import highlighted, lexer
from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.lines import Line, Run, fold, padded, shown

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)")
NUMBERS = 5
"""Cells of the line number."""
LOOKS = {"+": ("added", "added-ground"), "-": ("removed", "removed-ground"), " ": ("foreground", "")}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a diff: ` `, `+`, `-`, or `@` between two hunks."""

    sign: str
    number: int
    text: str


def rows(diff: str) -> Iterator[Row]:
    """The lines of a unified diff with the number each has in the old or the new file."""
    old = new = 0
    for line in diff.split("\n"):
        if match := _HUNK.match(line):
            if old or new:
                yield Row("@", 0, "")
            old, new = int(match.group(1)), int(match.group(2))
        elif not (old or new) or line.startswith("\\"):
            continue
        elif line.startswith("-"):
            yield Row("-", old, line[1:])
            old += 1
        elif line.startswith("+"):
            yield Row("+", new, line[1:])
            new += 1
        elif line.startswith(" "):
            yield Row(" ", new, line[1:])
            old, new = old + 1, new + 1


def diff_lines(change: FileChange, width: int, ink: Ink, most: int) -> tuple[list[Line], int]:
    """At most `most` rows of a change, and how many there are."""
    found = list(rows(change.diff))
    cut = found[:most]
    inset = min((len(row.text) - len(row.text.lstrip()) for row in cut if row.text.strip()), default=0)
    lines: list[Line] = []
    for row in cut:
        text = shown(row.text)[inset:] if not row.text[:inset].strip(" ") else shown(row.text)
        lines.extend(_row_lines(row, text, change.path, width, ink))
    return lines, len(found)


def _row_lines(row: Row, text: str, path: str, width: int, ink: Ink) -> list[Line]:
    if row.sign == "@":
        return [Line([("⋯".rjust(NUMBERS), ink("faint"))])]
    role, ground = {"+": ("added", "added-ground"), "-": ("removed", "removed-ground")}.get(
        row.sign, ("foreground", "")
    )
    style = ink(role, ground)
    code: list[Run] = highlighted(text, lexer("", path), ink, "")[0] if row.sign == " " else [(text, style)]
    sign = {"+": "+", "-": "−"}.get(row.sign, " ")
    outer = max(NUMBERS + 4, width - 1)
    lines: list[Line] = []
    for place, piece in enumerate(fold(code, outer - NUMBERS - 3)):
        number = str(row.number) if place == 0 else ""
        mark = sign if place == 0 else " "
        prefix: list[Run] = [(f"{number:>{NUMBERS}} ", ink("faint", ground)), (f"{mark} ", ink(role, ground, "bold"))]
        runs = [*prefix, *piece.runs]
        lines.append(Line(padded(runs, outer, style) if ground else runs, piece.join))
    return lines
