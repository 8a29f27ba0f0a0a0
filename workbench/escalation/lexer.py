"""A shell line cut into the commands between `&&`, `||`, `;`, `|` and line ends, with what makes each doubtful.

It reads quotes and backslashes as a POSIX shell does. What a shell would expand, redirect, group or put into the
background is not followed: it becomes the `doubt` of the command it stands in.
"""

import re
from dataclasses import dataclass, field

HARMLESS_REDIRECT = re.compile(r"(?:[12]?>>?[ \t]*/dev/null|&>[ \t]*/dev/null|[12]?>&[12])(?=[ \t\n;|&]|$)")
OPERATORS = ("&&", "||", ";", "|", "\n")
DOUBTS = {
    "$": "it expands a variable or another command",
    "`": "it runs a command inside a command",
    "(": "it groups commands",
    ")": "it groups commands",
    "{": "it groups or expands words",
    "}": "it groups or expands words",
    "<": "it reads from somewhere else",
    ">": "it writes its output to a file",
    "&": "it runs in the background",
    "[": "it matches names by a set",
    "]": "it matches names by a set",
}
"""Characters that, outside quotes, make a command doubtful, and why."""


def names(text: str) -> frozenset[str]:
    """The words of `text`, for tables of options and programs."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Word:
    """One word as the program would get it."""

    text: str
    glob: bool = False
    """True where `*` or `?` stand outside quotes."""


@dataclass
class LinePiece:
    """One command of a line."""

    text: str = ""
    """Exactly as it stands in the line, without the spaces round it."""
    words: list[Word] = field(default_factory=list)
    before: str = ""
    """The operator before it; empty at the beginning."""
    after: str = ""
    doubt: str = ""
    writes: list[str] = field(default_factory=list)
    """Files its output is sent to."""


class Lexer:
    """Reads one line once; `pieces` holds the result."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.pieces: list[LinePiece] = []
        self._piece = LinePiece()
        self._word: str | None = None
        self._glob = False
        self._redirects = False
        self._start = 0
        self._at = 0

    def run(self) -> list[LinePiece]:
        """The pieces of the line, in order; an empty list for an empty line."""
        if any(not (c.isprintable() or c in "\t\n") for c in self.line):
            self._doubt("it holds characters that are not shown")
        while self._at < len(self.line):
            self._step(self.line[self._at])
        self._end_piece("", len(self.line))
        return self.pieces

    def _step(self, c: str) -> None:
        if c in " \t":
            self._end_word()
            self._at += 1
        elif c in "'\"":
            self._quoted(c)
        elif c == "\\":
            self._escaped()
        elif self._word is None and (match := HARMLESS_REDIRECT.match(self.line, self._at)):
            self._at = match.end()
        elif operator := next((o for o in OPERATORS if self.line.startswith(o, self._at)), ""):
            self._end_piece(operator, self._at)
            self._at += len(operator)
            self._start = self._at
        elif c in "<>":
            self._redirect(c)
        else:
            self._plain(c)

    def _plain(self, c: str) -> None:
        if c in DOUBTS:
            self._doubt(DOUBTS[c])
        if self._word is None and c == "#":
            self._doubt("it holds a comment")
        if c == "~" and (self._word is None or self._word.endswith(("=", ":"))):
            self._doubt("it names a home folder")
        self._glob = self._glob or c in "*?["
        self._word = (self._word or "") + c
        self._at += 1

    def _redirect(self, c: str) -> None:
        if self._word is not None and self._word.isdigit():
            self._word = None
        self._end_word()
        self._doubt(DOUBTS[c])
        while self._at < len(self.line) and self.line[self._at] in "<>|&":
            self._at += 1
        self._redirects = c == ">"

    def _escaped(self) -> None:
        after = self.line[self._at + 1 : self._at + 2]
        if after in ("", "\n"):
            self._doubt("it goes on in the next line")
        else:
            self._word = (self._word or "") + after
        self._at += 2

    def _quoted(self, quote: str) -> None:
        self._word = self._word or ""
        self._at += 1
        while self._at < len(self.line) and (c := self.line[self._at]) != quote:
            if quote == '"' and c in "$`":
                self._doubt(DOUBTS[c])
            if quote == '"' and c == "\\" and self.line[self._at + 1 : self._at + 2] in ("$", "`", '"', "\\", "\n"):
                self._at += 1
                c = self.line[self._at]
                if c == "\n":
                    self._doubt("it goes on in the next line")
            self._word += c
            self._at += 1
        if self._at >= len(self.line):
            self._doubt("a quote is not closed")
        self._at += 1

    def _doubt(self, reason: str) -> None:
        self._piece.doubt = self._piece.doubt or reason

    def _end_word(self) -> None:
        if self._word is None:
            return
        if self._redirects:
            self._piece.writes.append(self._word)
        else:
            self._piece.words.append(Word(self._word, self._glob))
        self._word, self._glob, self._redirects = None, False, False

    def _end_piece(self, operator: str, end: int) -> None:
        self._end_word()
        self._redirects = False
        piece = self._piece
        piece.text, piece.after = self.line[self._start : end].strip(" \t\n"), operator
        self._piece = LinePiece(before=operator)
        if piece.text:
            self.pieces.append(piece)
        elif operator != "\n" and not (operator == "" and piece.before in ("", ";", "\n")):
            piece.doubt = piece.doubt or "a command is missing"
            self.pieces.append(piece)
