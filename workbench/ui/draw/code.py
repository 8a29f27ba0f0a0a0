"""Code: Pygments tokens as runs, line by line; an open fence that is never lexed twice; a unified diff as rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import import_module
from itertools import zip_longest
from typing import Literal, Protocol

from workbench.ui.draw.runs import StyledRun, Styles, TextLine, escape_unseen, fold, pad

Token = tuple[str, ...]


class CodeLexer(Protocol):
    """What is used of a Pygments lexer."""

    def get_tokens_unprocessed(self, text: str) -> Iterable[tuple[int, Token, str]]:
        """Position, token and text of each piece."""
        ...


LONGEST_LINE = 1_000
"""Longer lines are written without colour: they are data, and slow to lex."""
FOLDED = "↩"
"""At the right edge of a row: the line goes on below."""
LOOK_BACK = 48
"""An open string or comment is lexed again for at most so many lines while it streams."""

_ROLES = {
    "muted": ("Comment",),
    "syntax-keyword": ("Keyword", "Operator.Word", "Name.Builtin.Pseudo"),
    "syntax-string": ("Literal.String",),
    "syntax-number": ("Literal.Number",),
    "syntax-name": tuple(f"Name.{kind}" for kind in ("Function", "Class", "Builtin", "Decorator", "Tag", "Attribute")),
    "added": ("Generic.Inserted",),
    "removed": ("Generic.Deleted",),
}


@lru_cache(maxsize=64)
def find_lexer(language: str, path: str = "") -> CodeLexer | None:
    """The lexer for a fence's language or a file's name; None where there is none."""
    lexers, fault = import_module("pygments.lexers"), import_module("pygments.util").ClassNotFound
    found: CodeLexer | None = None
    try:
        if language:
            found = lexers.get_lexer_by_name(language)
        elif path:
            found = lexers.get_lexer_for_filename(path.rpartition("/")[2])
    except fault:
        return None
    return found


@cache
def choose_role(token: Token) -> str:
    """The theme variable in which a token is written."""
    name = ".".join(token)
    return next((role for role, prefixes in _ROLES.items() if name.startswith(prefixes)), "foreground")


def highlight(code: str, lexer: CodeLexer | None, styles: Styles, ground: str = "code") -> list[list[StyledRun]]:
    """The lines of `code` as runs."""
    return [runs for runs, _ in _lex(code, lexer, styles, ground)]


def _lex(code: str, lexer: CodeLexer | None, styles: Styles, ground: str) -> list[tuple[list[StyledRun], bool]]:
    """Each line with whether the next one may be lexed without it."""
    if lexer is None or any(len(line) > LONGEST_LINE for line in code.split("\n")):
        style = styles("foreground", ground)
        return [([(line, style)] if line else [], True) for line in code.split("\n")]
    lines: list[tuple[list[StyledRun], bool]] = []
    current: list[StyledRun] = []
    for _, token, value in lexer.get_tokens_unprocessed(code):
        variable = choose_role(token)
        style = styles(variable, ground)
        first, *others = value.split("\n")
        if first:
            current.append((first, style))
        safe = variable not in ("syntax-string", "muted") or token[-1] in ("Single", "Hashbang")
        for piece in others:
            lines.append((current, safe))
            current = [(piece, style)] if piece else []
    lines.append((current, False))
    return lines


def draw_code(rows: list[list[StyledRun]], width: int, styles: Styles) -> list[TextLine]:
    """Rows of code, made harmless, on their ground, `width` cells wide and inset by two.

    What is too long goes on below.
    """
    inset = [("  ", styles("foreground", "code"))]
    found: list[TextLine] = []
    for row in rows:
        shown = [(escape_unseen(text), style) for text, style in row]
        found += frame(fold(shown, max(2, width - 3)), inset, inset, width, styles, "code")
    return found


def frame(
    pieces: Sequence[TextLine],
    first: Sequence[StyledRun],
    rest: Sequence[StyledRun],
    width: int,
    styles: Styles,
    ground: str = "",
) -> list[TextLine]:
    """Folded rows between a prefix and the right edge at `width`, where a mark says that the line goes on below.

    With a ground they are filled up. Only what stands between prefix and edge is copied.
    """
    fill, found = styles("foreground", ground), list[TextLine]()
    for place, piece in enumerate(pieces):
        prefix = first if place == 0 else rest
        goes_on = place < len(pieces) - 1
        runs = [*prefix, *piece.runs]
        kept = sum(len(text) for text, _ in runs)
        if goes_on:
            runs = [*pad(runs, width - 1, fill), (FOLDED, styles("faint", ground))]
        elif ground:
            runs = pad(runs, width, fill)
        after = sum(len(text) for text, _ in runs) - kept
        found.append(TextLine(runs, piece.join, sum(len(text) for text, _ in prefix), after))
    return found


class OpenCode:
    """Code that still grows: `feed` gives the lines that are final, `open` those that may change."""

    def __init__(self, language: str, styles: Styles) -> None:
        self._lexer = find_lexer(language)
        self._styles = styles
        self._text = ""
        self.open: list[list[StyledRun]] = []

    def feed(self, text: str) -> list[list[StyledRun]]:
        """Take more code; returns rows that will not change any more."""
        self._text += text
        rows = _lex(self._text, self._lexer, self._styles, "code")
        whole = len(rows) - 1
        settled = max((place + 1 for place, (_, safe) in enumerate(rows[:whole]) if safe), default=0)
        settled = max(settled, whole - LOOK_BACK)
        final = [runs for runs, _ in rows[:settled]]
        self._text = self._text.split("\n", settled)[settled] if settled else self._text
        self.open = [runs for runs, _ in rows[settled:]]
        return final


UNENDED, ENDED = "no newline at the end", "newline at the end"
HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$")


@dataclass(frozen=True, slots=True)
class PatchRow:
    """One line of a diff."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str
    old: int | None = None
    new: int | None = None
    marks: tuple[tuple[int, int], ...] = ()
    """Where it differs from the line on the other side, as places in `text`."""
    end: str = ""
    """Whether the text ends in a new line here, where that is what changed."""

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
    inside, unended = False, list[int]()
    for line in _lines(diff):
        if head := HUNK.match(line):
            if inside:
                rows.append(PatchRow("gap", head[3]))
            old, new, inside = int(head[1]), int(head[2]), True
        elif line.startswith("\\"):
            unended.append(len(rows) - 1)
        elif inside:
            row = _read_row(line, old, new)
            rows.append(row)
            old += row.kind != "added"
            new += row.kind != "removed"
    return _tell_ends(rows, unended)


def _tell_ends(rows: list[PatchRow], unended: list[int]) -> tuple[PatchRow, ...]:
    """Say of the last lines how they end, where one side ends in a new line and the other does not."""
    kinds = {rows[place].kind for place in unended}
    if kinds in ({"added"}, {"removed"}):
        rows[unended[0]] = replace(rows[unended[0]], end=UNENDED)
        kind = "removed" if kinds == {"added"} else "added"
        last = next((place for place in range(len(rows) - 1, -1, -1) if rows[place].kind == kind), None)
        if last is not None and all(row.kind in ("added", "removed") for row in rows[last:]):
            rows[last] = replace(rows[last], end=ENDED)
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
