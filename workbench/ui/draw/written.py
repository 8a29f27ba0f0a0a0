"""What was written behind what is drawn: a piece of a source, and which drawn characters show which of its own.

source   - **a** b\tc        what the model wrote
text         a b\tc          the characters of it that are seen
shown        a b    c        as they are drawn: harmless, tabs as blanks
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from workbench.core import figures


@dataclass(slots=True, eq=False)
class Written:
    """A piece of a source that is drawn as one: a paragraph, a cell, a line of code."""

    text: str
    """The characters that are seen of it, without its marks."""
    shown: str
    """The same as they are drawn."""
    start: int = 0
    """Where the piece begins in the source of its block, and where it ends."""
    end: int = 0
    outer: tuple[int, int] = (0, 0)
    """The same with the marks around it: of a heading with its `#`, of a line of code its whole fence."""
    code: bool = False
    """True for a line of code: its own text alone is a piece of the code."""
    atomic: bool = False
    """True for what is copied whole or not at all, such as a rule."""

    def is_whole(self, start: int, end: int) -> bool:
        """True where the drawn characters `start` to `end` are all of it."""
        return self.atomic or (start <= 0 and end >= len(self.shown.rstrip()))

    def copy(self, start: int, end: int) -> str:
        """What was written of the drawn characters `start` to `end`."""
        if self.text == self.shown:
            return self.text[max(0, start) : max(0, end)]
        if end >= len(self.shown):
            return self.text[self._find(start, first=True) :]
        return self.text[self._find(start, first=True) : self._find(end, first=False)]

    def _find(self, drawn: int, *, first: bool) -> int:
        """The first or the last place in `text` that stands at the character `drawn` of `shown`."""
        ends = align(self.text, self.shown)
        return bisect_left(ends, drawn) if first else bisect_right(ends, drawn) - 1


@dataclass(frozen=True, slots=True)
class Stretch:
    """The characters `left` to `right` of a row show those of `written` from `at` on."""

    left: int
    right: int
    written: Written
    at: int

    def move(self, by: int) -> "Stretch":
        """The same behind a prefix."""
        return replace(self, left=self.left + by, right=self.right + by)

    def span(self, left: int, right: int) -> tuple[int, int]:
        """Which drawn characters of `written` stand between two characters of the row; none where end <= start."""
        return self.at + max(left, self.left) - self.left, self.at + min(right, self.right) - self.left

    def copy(self, left: int, right: int) -> str:
        """What was written between two characters of the row."""
        start, end = self.span(left, right)
        return self.written.copy(start, end) if end > start else ""


def align(text: str, shown: str) -> list[int]:
    """Where each character of `text` begins in `shown`, and where the last ends."""
    places, at = [0], 0
    for character in text:
        if shown.startswith(character, at):
            at += 1
        elif character == "\t":
            at += len("    ")
        elif shown.startswith(form := figures.show_character(character), at):
            at += len(form)
        places.append(at)
    return places
