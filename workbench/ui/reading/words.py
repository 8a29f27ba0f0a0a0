"""Words that are looked for: smart case, blanks that match any blanks, hits that are counted as they are found."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

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


class Hit(NamedTuple):
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
    again: Sequence[int] = ()
    """The lines before `begin` that may have hits, in order."""
    begin: int = 0
    """The line from which on each is looked at."""
    hits: list[Hit] = field(default_factory=list)
    """In order."""
    looked: int = 0
    """Lines that were looked at."""

    def __post_init__(self) -> None:
        self._pattern = compile_words(self.words)
        self._waiting = chain(self.again, range(self.begin, self.count if self._pattern else self.begin))
        self._total = len(self.again) + self.count - self.begin if self._pattern else 0

    def narrow(self, words: str) -> "LineSearch":
        """A search for `words`, which begin with those of this one: where these were not, those are not either."""
        if self._pattern is None or not words.startswith(self.words):
            return LineSearch(words, self.count, self.text)
        again = tuple(dict.fromkeys(hit.line for hit in self.hits))
        begin = self.count if self.done else max(again, default=-1) + 1
        return LineSearch(words, self.count, self.text, again, begin)

    @property
    def done(self) -> bool:
        return self.looked >= self._total

    def advance(self, lines: int, characters: int = 200_000) -> None:
        """Look at so many lines more; at fewer where they are long."""
        if (pattern := self._pattern) is None:
            return
        for line in islice(self._waiting, lines):
            text = self.text(line)
            self.looked += 1
            self.hits += [Hit(line, *match.span()) for match in pattern.finditer(text)]
            characters -= len(text)
            if characters <= 0:
                return

    def on_line(self, line: int) -> list[Hit]:
        """The hits of one line."""
        first = bisect_left(self.hits, Hit(line, 0, 0))
        return self.hits[first : bisect_left(self.hits, Hit(line + 1, 0, 0))]

    def find_next(self, line: int, start: int = 0) -> int | None:
        """The place in `hits` of the first one at or after a character; the very first where none follows."""
        if not self.hits:
            return None
        return bisect_left(self.hits, Hit(line, start, 0)) % len(self.hits)
