"""Markdown read aloud, line by line: what its signs mean is said in a word where nothing else says it."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*(\w*).*")
_HEADING = re.compile(r"#{1,6}\s+")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}")
_BULLET = re.compile(r"^\s*[*+-]\s+")
_STRONG = re.compile(r"(\*\*|`)(?=\S)(.+?)(?<=\S)\1")
_CELLS = re.compile(r"\s*\|(.*)\|\s*")


def read_prose(markdown: str) -> str:
    """The whole of a text."""
    reader = ProseReader()
    return "\n".join(said for line in markdown.split("\n") for said in reader.read(line))


class ProseReader:
    """Takes lines once they have ended. What it said stays as it is, whatever comes behind it."""

    def __init__(self) -> None:
        self._code = self._begun = False
        self._blanks = 0
        """Lines that say nothing and are heard only if something comes after them."""
        self._cells: list[str] = []
        """Of the line before, where that may have been the head of a table."""
        self._columns: list[str] = []

    def read(self, line: str) -> Iterator[str]:
        """What a line says: nothing where it is blank or only draws."""
        if not line.strip():
            self._blanks += 1
            self._cells, self._columns = [], []
            return
        fence = _FENCE.fullmatch(line)
        if fence or self._code:
            yield from self._after_gap(self._blanks if self._code else 1)
            yield (self._turn(fence[1]) if fence else line.rstrip("\r"))
        elif said := self._say(line):
            yield from self._after_gap(1)
            yield said

    def _after_gap(self, most: int) -> Iterator[str]:
        if self._begun:
            yield from [""] * min(self._blanks, most)
        self._begun, self._blanks = True, 0

    def _turn(self, language: str) -> str:
        self._code = not self._code
        return " ".join(filter(None, (language, "code:"))) if self._code else "end of code."

    def _say(self, line: str) -> str:
        """Empty where the line only draws."""
        if cells := _CELLS.fullmatch(line):
            return self._say_row([_strip(cell) for cell in cells[1].split("|")])
        self._cells, self._columns = [], []
        if _RULE.fullmatch(line):
            return ""
        if heading := _HEADING.match(line):
            return f"heading: {_strip(line[heading.end() :])}"
        return _strip(_BULLET.sub("item: ", line))

    def _say_row(self, cells: list[str]) -> str:
        """`name: retry, tries: 3`, as soon as the columns have names."""
        if not "".join(cells).strip("-: "):
            self._columns = self._cells
            return ""
        self._cells = cells
        named = zip(self._columns or [""] * len(cells), cells, strict=False)
        return ", ".join(f"{name}: {cell}" if name else cell for name, cell in named)


def read_marks(text: str) -> str:
    """Words without the signs around what is strong or code."""
    return _STRONG.sub(r"\2", text)


def _strip(text: str) -> str:
    return " ".join(read_marks(text).split())
