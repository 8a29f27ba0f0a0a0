"""Code in colour: Pygments tokens as runs, line by line, and an open fence that is never lexed twice."""

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import import_module
from typing import Protocol

from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.lines import Line, Run, fold, indented, padded

Token = tuple[str, ...]


class Lexer(Protocol):
    """What is used of a Pygments lexer."""

    def get_tokens_unprocessed(self, text: str) -> Iterable[tuple[int, Token, str]]:
        """Position, token and text of each piece."""
        ...


LONGEST_LINE = 1_000
"""Longer lines are written without colour: they are data, and slow to lex."""
LOOK_BACK = 48
"""An open string or comment is lexed again for at most so many lines while it streams."""

_ROLES = (
    ("Comment", "muted"),
    ("Keyword", "syntax-keyword"),
    ("Operator.Word", "syntax-keyword"),
    ("Name.Builtin.Pseudo", "syntax-keyword"),
    ("Literal.String", "syntax-string"),
    ("Literal.Number", "syntax-number"),
    ("Name.Function", "syntax-name"),
    ("Name.Class", "syntax-name"),
    ("Name.Builtin", "syntax-name"),
    ("Name.Decorator", "syntax-name"),
    ("Name.Tag", "syntax-name"),
    ("Name.Attribute", "syntax-name"),
    ("Generic.Inserted", "added"),
    ("Generic.Deleted", "removed"),
)


@lru_cache(maxsize=64)
def lexer(language: str, path: str = "") -> Lexer | None:
    """The lexer for a fence's language or a file's name; None where there is none."""
    lexers, fault = import_module("pygments.lexers"), import_module("pygments.util").ClassNotFound
    found: Lexer | None = None
    try:
        if language:
            found = lexers.get_lexer_by_name(language)
        elif path:
            found = lexers.get_lexer_for_filename(path.rpartition("/")[2])
    except fault:
        return None
    return found


@cache
def role(token: Token) -> str:
    """The theme variable in which a token is written."""
    name = ".".join(token)
    return next((variable for prefix, variable in _ROLES if name.startswith(prefix)), "foreground")


def highlighted(code: str, lexer: Lexer | None, ink: Ink, ground: str = "code") -> list[list[Run]]:
    """The lines of `code` as runs."""
    return [runs for runs, _ in _lexed(code, lexer, ink, ground)]


def _lexed(code: str, lexer: Lexer | None, ink: Ink, ground: str) -> list[tuple[list[Run], bool]]:
    """Each line with whether the next one may be lexed without it."""
    if lexer is None or any(len(line) > LONGEST_LINE for line in code.split("\n")):
        style = ink("foreground", ground)
        return [([(line, style)] if line else [], True) for line in code.split("\n")]
    lines: list[tuple[list[Run], bool]] = []
    current: list[Run] = []
    for _, token, value in lexer.get_tokens_unprocessed(code):
        variable = role(token)
        style = ink(variable, ground)
        first, *others = value.split("\n")
        if first:
            current.append((first, style))
        safe = variable not in ("syntax-string", "muted") or token[-1] in ("Single", "Hashbang")
        for piece in others:
            lines.append((current, safe))
            current = [(piece, style)] if piece else []
    lines.append((current, False))
    return lines


def code_lines(rows: list[list[Run]], width: int, ink: Ink) -> list[Line]:
    """Rows of code on their ground, inset by two cells; what is too long goes on below."""
    ground = ink("foreground", "code")
    outer = max(4, width - 1)
    lines: list[Line] = []
    for row in rows:
        pieces = fold(row, outer - 3)
        for line in indented(pieces, [("  ", ground)], [("  ", ground)]):
            lines.append(Line(padded(line.runs, outer, ground), line.join))
    return lines


class OpenCode:
    """Code that still grows: `feed` gives the lines that are final, `open` those that may change."""

    def __init__(self, language: str, ink: Ink) -> None:
        self._lexer = lexer(language) if language else None
        self._ink = ink
        self._text = ""
        self.open: list[list[Run]] = []

    def feed(self, text: str) -> list[list[Run]]:
        """Take more code; returns rows that will not change any more."""
        self._text += text
        rows = _lexed(self._text, self._lexer, self._ink, "code")
        whole = len(rows) - 1
        settled = max((place + 1 for place, (_, safe) in enumerate(rows[:whole]) if safe), default=0)
        settled = max(settled, whole - LOOK_BACK)
        final = [runs for runs, _ in rows[:settled]]
        self._text = self._text.split("\n", settled)[settled] if settled else self._text
        self.open = [runs for runs, _ in rows[settled:]]
        return final
