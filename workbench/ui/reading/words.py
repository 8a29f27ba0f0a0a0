"""Words that are looked for: smart case, blanks that match any blanks, hits that are counted as they are found."""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

_MARKUP = r"[*_~`\\]*"
"""What Markdown may put between two letters of a word."""


def compile_words(words: str, *, markdown: bool = False) -> re.Pattern[str] | None:
    """The pattern that finds `words`; None where there are none.

    A capital letter among them makes case count. In `markdown` their letters may have emphasis between them.
    """
    parts = words.split()
    if not parts:
        return None
    between = _MARKUP if markdown else ""
    pattern = rf"{between}\s+{between}".join(between.join(map(re.escape, part)) for part in parts)
    return re.compile(pattern, re.NOFLAG if words != words.lower() else re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Characters `start` to `end` of line `line`."""

    line: int
    start: int
    end: int


@dataclass
class LineSearch:
    """Looks for `words` in `count` lines from the first on, some lines at a time."""

    words: str
    count: int
    text: Callable[[int], str]
    hits: list[Hit] = field(default_factory=list)
    """In order."""
    looked: int = 0
    """Lines that were looked at."""

    def __post_init__(self) -> None:
        self._pattern = compile_words(self.words)
        if self._pattern is None:
            self.looked = self.count

    @property
    def done(self) -> bool:
        return self.looked >= self.count

    def advance(self, lines: int, characters: int = 200_000) -> None:
        """Look at so many lines more; at fewer where they are long."""
        last = min(self.count, self.looked + lines)
        while self._pattern is not None and self.looked < last and characters > 0:
            text = self.text(self.looked)
            characters -= len(text)
            self.hits += [Hit(self.looked, *match.span()) for match in self._pattern.finditer(text)]
            self.looked += 1

    def on_line(self, line: int) -> list[Hit]:
        """The hits of one line."""
        first = bisect_left(self.hits, Hit(line, 0, 0))
        return self.hits[first : bisect_left(self.hits, Hit(line + 1, 0, 0))]

    def find_next(self, line: int, start: int = 0) -> int | None:
        """The place in `hits` of the first one at or after a character; the very first where none follows."""
        if not self.hits:
            return None
        return bisect_left(self.hits, Hit(line, start, 0)) % len(self.hits)
