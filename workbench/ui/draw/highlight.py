"""Code in colour: Pygments tokens as runs, line by line, and an open fence that is never lexed twice."""

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import import_module
from typing import Protocol

from workbench.ui.draw.runs import StyledRun, Styles, TextLine, fold, indent, pad

Token = tuple[str, ...]


class CodeLexer(Protocol):
    """What is used of a Pygments lexer."""

    def get_tokens_unprocessed(self, text: str) -> Iterable[tuple[int, Token, str]]:
        """Position, token and text of each piece."""
        ...


LONGEST_LINE = 1_000
"""Longer lines are written without colour: they are data, and slow to lex."""
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
    """Rows of code on their ground, inset by two cells; what is too long goes on below."""
    ground = styles("foreground", "code")
    outer = max(4, width - 1)
    lines: list[TextLine] = []
    for row in rows:
        pieces = fold(row, outer - 3)
        for line in indent(pieces, [("  ", ground)], [("  ", ground)]):
            lines.append(TextLine(pad(line.runs, outer, ground), line.join))
    return lines


class OpenCode:
    """Code that still grows: `feed` gives the lines that are final, `open` those that may change."""

    def __init__(self, language: str, styles: Styles) -> None:
        self._lexer = find_lexer(language) if language else None
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
