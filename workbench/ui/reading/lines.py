"""A long thing as lines: plain text, code, a diff, a table. Each line is drawn only when it is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from workbench.ui.draw.code import LONGEST_LINE, PatchRow, find_lexer, highlight, parse_patch
from workbench.ui.draw.runs import StyledRun, Styles, escape_controls, measure

MOST_COLOURED = 200_000
"""Characters of code up to which it is lexed; longer code is written without colour."""
NUMBERS = 6
"""Cells of a diff's line number."""
GAP = 2
"""Cells between two columns of a table."""
WIDEST_FIRST = 24
"""Cells of a table's first column where it stays in place."""
SIGNS = {"same": (" ", "foreground", ""), "added": ("+", "added", "added-ground")}
SIGNS |= {"removed": ("−", "removed", "removed-ground"), "gap": (" ", "faint", "")}


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One line, as wide as it is: what stays at the left, and what scrolls sideways beside it."""

    fixed: list[StyledRun]
    runs: list[StyledRun]
    ground: str = ""


class Lines(Protocol):
    """What can be read."""

    def __len__(self) -> int: ...

    def text(self, line: int) -> str:
        """What scrolls of a line, as it is shown: what is looked in."""
        ...

    def draw(self, line: int, styles: Styles) -> DrawnLine:
        """The line in colours; the texts of its runs are `text`."""
        ...

    def head(self, styles: Styles) -> list[DrawnLine]:
        """Lines that stay above all others."""
        ...

    def copy(self) -> str:
        """All of it as it was written."""
        ...


class PlainLines:
    """Text as it is, control characters made visible."""

    def __init__(self, text: str, role: str = "foreground") -> None:
        self._written, self._role = text, role
        self._lines = text.removesuffix("\n").split("\n") if text else []

    def __len__(self) -> int:
        return len(self._lines)

    def text(self, line: int) -> str:
        return escape_controls(self._lines[line])

    def draw(self, line: int, styles: Styles) -> DrawnLine:
        return DrawnLine([], [(self.text(line), styles(self._role))])

    def head(self, styles: Styles) -> list[DrawnLine]:
        return []

    def copy(self) -> str:
        return self._written


class CodeLines(PlainLines):
    """The same in the colours of a language."""

    def __init__(self, text: str, language: str, path: str = "") -> None:
        super().__init__(text)
        self._lexer = find_lexer(language, path) if len(text) <= MOST_COLOURED else None
        self._drawn: tuple[Styles, list[list[StyledRun]]] | None = None

    def draw(self, line: int, styles: Styles) -> DrawnLine:
        if self._lexer is None or len(self._lines[line]) > LONGEST_LINE:
            return super().draw(line, styles)
        if self._drawn is None or self._drawn[0] is not styles:
            shown = "\n".join(self.text(place) for place in range(len(self)))
            self._drawn = styles, highlight(shown, self._lexer, styles, "")
        return DrawnLine([], self._drawn[1][line])


class DiffLines:
    """Changed files below each other, each with a line for its name where there are several."""

    def __init__(self, files: Sequence[tuple[str, str]]) -> None:
        """`files`: path and unified diff of each."""
        self._files = files
        self.rows: list[PatchRow | str] = []
        for path, diff in files:
            self.rows += [path, *parse_patch(diff)] if len(files) > 1 else parse_patch(diff)

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, line: int) -> str:
        row = self.rows[line]
        return escape_controls(row if isinstance(row, str) else row.text)

    def draw(self, line: int, styles: Styles) -> DrawnLine:
        row, text = self.rows[line], self.text(line)
        if isinstance(row, str):
            return DrawnLine([], [(text, styles("foreground", "", "bold"))])
        sign, role, ground = SIGNS[row.kind]
        number = "⋯" if row.kind == "gap" else row.number or ""
        fixed = [(f"{number:>{NUMBERS}} ", styles("faint", ground)), (f"{sign} ", styles(role, ground, "bold"))]
        return DrawnLine(fixed, [(text, styles(role, ground))], ground)

    def head(self, styles: Styles) -> list[DrawnLine]:
        return []

    def copy(self) -> str:
        return "\n".join(diff for _, diff in self._files)


class GridLines:
    """A table with all its columns; header and first column stay in place."""

    def __init__(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], aligns: Sequence[str], source: str
    ) -> None:
        """`aligns`: `left`, `right`, `center` or nothing for each column. `source`: what is copied."""
        found = [[_on_one_line(cell) for cell in row] for row in (header, *rows)]
        count = max(map(len, found))
        found = [row + [""] * (count - len(row)) for row in found]
        self.cells = found
        """The header and then each row, all of one length."""
        self._aligns, self._source = aligns, source
        self._widths = [max(1, *map(measure, column)) for column in zip(*found, strict=True)]
        first = 1 if count > 1 and self._widths[0] <= WIDEST_FIRST else 0
        self._texts = [self._join(row[first:], first) for row in found]
        self._fixed = [self._join(row[:first], 0) for row in found]

    def _join(self, row: Sequence[str], first: int) -> str:
        return "".join(self._place(cell, first + place) + " " * GAP for place, cell in enumerate(row))

    def _place(self, cell: str, column: int) -> str:
        missing = self._widths[column] - measure(cell)
        match self._aligns[column] if column < len(self._aligns) else "":
            case "right":
                return " " * missing + cell
            case "center":
                return " " * (missing // 2) + cell + " " * (missing - missing // 2)
        return cell + " " * missing

    def __len__(self) -> int:
        return len(self._texts) - 1

    def text(self, line: int) -> str:
        return self._texts[line + 1]

    def draw(self, line: int, styles: Styles) -> DrawnLine:
        fixed, style = self._fixed[line + 1], styles("foreground")
        return DrawnLine([(fixed, style)] if fixed else [], [(self.text(line), style)])

    def head(self, styles: Styles) -> list[DrawnLine]:
        bold, rule = styles("foreground", "", "bold"), styles("line")
        fixed, text = self._fixed[0], self._texts[0]
        beside = [(fixed, bold)] if fixed else []
        dashes = "─" * (sum(self._widths) + GAP * (len(self._widths) - 1) - measure(fixed))
        return [
            DrawnLine(beside, [(text, bold)]),
            DrawnLine([("─" * measure(fixed), rule)] if fixed else [], [(dashes, rule)]),
        ]

    def copy(self) -> str:
        return self._source


def _on_one_line(cell: str) -> str:
    return " ".join(escape_controls(cell).split())
