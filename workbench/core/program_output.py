"""What a program wrote to a terminal, as that would show it: the lines that are left when it has run.

Progress bars, overstruck and erased text, moves to the left, right and up, and charsets are resolved; colours, titles
and links go. The screen is as high and as wide as it needs to be, so that nothing scrolls away.
"""

import re
import unicodedata

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
_STRINGS = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"
_PARTS = re.compile(
    rf"(?P<csi>(?:\x1b\[|\x9b)(?P<given>[0-?]*)[ -/]*(?P<act>[@-~]|$))|{_STRINGS}"
    r"|\x1b(?P<slot>[()*+])(?P<set>.?)|\x1b[ -/]+[0-~]?|\x1b[0-~]?|(?P<one>[\x00-\x1f\x7f-\x9f])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)",
    re.DOTALL,
)
_LINES = str.maketrans("`afgjklmnopqrstuvwxyz{|}~", "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")
"""The line-drawing charset of a VT100."""
MOST_COLUMNS = 10_000
"""No line is made longer by a move than so many cells."""
MOST_ROWS = 200
"""Nor so many lines added by one."""
TAB = 8


def resolve_output(text: str) -> str:
    """`text` as lines without anything that a terminal acts on; tabs stay where nothing was written over."""
    text = text.replace("\r\n", "\n")
    if not CONTROL.search(text):
        return text
    screen = _Screen()
    for match in _PARTS.finditer(text):
        screen.take(match)
    return "\n".join("".join(line) for line in screen.lines)


class _Screen:
    """Lines of cells, and where is written next. The second cell of what is two wide is empty."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = [[]]
        self._row = self._column = 0
        self._draws_lines = False

    def take(self, part: re.Match[str]) -> None:
        """Write or do what one part of the output says."""
        if words := part["text"]:
            self._write(words.translate(_LINES) if self._draws_lines else words)
        elif part["one"]:
            self._control(part["one"])
        elif part["csi"]:
            self._command(part["act"], part["given"])
        elif part["slot"] == "(":
            self._draws_lines = part["set"] == "0"

    def _write(self, words: str) -> None:
        for character in words:
            line = self.lines[self._row]
            if unicodedata.combining(character) or character in "\u200d\ufe0e\ufe0f":
                if 0 < self._column <= len(line):
                    line[self._column - 1] += character
                continue
            size = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            self._fill(self._column + size)
            if character != "_" or not line[self._column].strip():  # a line drawn under a letter
                line[self._column : self._column + size] = [character, ""][:size]
            self._column += size

    def _fill(self, column: int) -> None:
        line = self.lines[self._row]
        line.extend(" " * (column - len(line)))

    def _control(self, character: str) -> None:
        match character:
            case "\n" | "\x0b" | "\x0c" | "\x84" | "\x85":
                self._row, self._column = self._row + 1, 0
                if self._row == len(self.lines):
                    self.lines.append([])
            case "\r":
                self._column = 0
            case "\b":
                self._column = max(0, self._column - 1)
            case "\t" if self._column >= len(self.lines[self._row]):
                self.lines[self._row].append("\t")
                self._fill_tab()
            case "\t":
                self._column += TAB - self._column % TAB

    def _fill_tab(self) -> None:
        """A tab at the end of a line stays one, and takes its cells."""
        size = TAB - self._column % TAB
        self.lines[self._row].extend([""] * (size - 1))
        self._column += size

    def _command(self, act: str, given: str) -> None:
        first = given.split(";", maxsplit=1)[0]
        number = min(int(first[:9]), MOST_COLUMNS) if first.isascii() and first.isdigit() else 0
        count, line = max(1, number), self.lines[self._row]
        match act:
            case "C":
                self._column = min(MOST_COLUMNS, self._column + count)
            case "D":
                self._column = max(0, self._column - count)
            case "G" | "`":
                self._column = count - 1
            case "A" | "F":
                self._row = max(0, self._row - count)
                self._column = 0 if act == "F" else self._column
            case "B" | "E":
                self._row += min(count, MOST_ROWS)
                self.lines.extend([] for _ in range(self._row + 1 - len(self.lines)))
                self._column = 0 if act == "E" else self._column
            case "K" | "J" if number == 0:
                del line[self._column :]
            case "K" if number == 1:
                line[: self._column + 1] = " " * min(len(line), self._column + 1)
            case "K":
                line.clear()
            case "P":
                del line[self._column : self._column + count]
            case "X":
                end = min(len(line), self._column + count)
                line[self._column : end] = " " * max(0, end - self._column)
            case "@":
                self._fill(self._column)
                line[self._column : self._column] = " " * min(count, max(0, MOST_COLUMNS - len(line)))
