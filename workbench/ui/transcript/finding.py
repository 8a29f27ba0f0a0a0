"""Words in the transcript: how often they stand in each entry, looked for from the newest back, some at a time."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from workbench.ui.reading.words import compile_words
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool

ENTRIES = 400
"""Entries that are looked at in one go, where they are short."""
CHARACTERS = 200_000
"""Characters after which a go ends: some milliseconds."""


def read_entry(entry: AnyEntry) -> str:
    """What is looked in, in the order in which it is drawn; also what is folded away."""
    match entry:
        case Prompt() | Answer() | Thought():
            return entry.text
        case Tool():
            parts = [entry.name, entry.summary, entry.headline, *(change.diff for change in entry.changes)]
            return "\n".join(parts if entry.changes and entry.state != "failed" else [*parts, entry.output])
        case Asked():
            return f"{entry.message}\n{entry.answer}"
        case Marker():
            return "\n".join((entry.detail, entry.title) if entry.kind == "retry" else (entry.title, entry.detail))
    return ""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One hit: the one after `before` others in entry `entry`."""

    entry: int
    before: int


class TranscriptSearch:
    """Looks for `words`; of what `known` has looked at, only where it found something, when its words begin these."""

    def __init__(
        self, words: str, entries: Callable[[], Sequence[AnyEntry]], known: "TranscriptSearch | None" = None
    ) -> None:
        self.words, self._entries = words, entries
        self._plain, self._markdown = compile_words(words), compile_words(words, markdown=True)
        self._counts: dict[int, int] = {}
        self._order: list[int] = []
        self._sums: list[int] = []
        self.left = self._seen = len(entries())
        """Entries before this one were not looked at yet."""
        self.at: Found | None = None
        """The hit that was gone to."""
        narrows = known is not None and known.words.strip() and words.startswith(known.words)
        self._only = set(known._counts) if known and narrows else set()
        self._only_from = known.left if known and narrows else self.left
        if self._plain is None:
            self.left = 0

    @property
    def done(self) -> bool:
        return self.left == 0

    @property
    def count(self) -> int:
        """How many were found so far."""
        return self._sums[-1] if self._sums else 0

    def advance(self) -> None:
        """Look at some entries more, further back."""
        entries, left = self._entries(), CHARACTERS
        for _ in range(ENTRIES):
            if not self.left or left <= 0:
                break
            self.left -= 1
            if self.left < self._only_from or self.left in self._only:
                left -= self._look(self.left, entries[self.left])
        self._sort()

    def _look(self, index: int, entry: AnyEntry) -> int:
        """Count in one entry; returns the characters of it."""
        text = read_entry(entry)
        pattern = self._markdown if isinstance(entry, Answer) else self._plain
        if pattern is not None and (count := sum(1 for _ in pattern.finditer(text))):
            self._counts[index] = count
        else:
            self._counts.pop(index, None)
        return len(text) + 50

    def _sort(self) -> None:
        self._order = sorted(self._counts)
        self._sums = list(accumulate(self._counts[index] for index in self._order))

    def hear(self, touched: Iterable[int]) -> None:
        """Entries were appended, and these changed."""
        entries = self._entries()
        for index in {*touched, *range(self._seen, len(entries))}:
            if self.left <= index < len(entries):
                self._look(index, entries[index])
        self._seen = len(entries)
        self._sort()

    def shift(self, more: int) -> None:
        """So many entries came before the others."""
        self._counts = {index + more: count for index, count in self._counts.items()}
        self._only = {index + more for index in self._only}
        self._only_from += more
        self.left = self.left + more if self._plain is not None else 0
        self._seen = len(self._entries())
        self.at = Found(self.at.entry + more, self.at.before) if self.at else None
        self._sort()

    def count_in(self, index: int) -> int:
        """How many are in one entry."""
        return self._counts.get(index, 0)

    def place(self) -> int | None:
        """Which of all the hits `at` is, from 0; None before all was looked at."""
        if self.at is None or not self.done:
            return None
        place = bisect_left(self._order, self.at.entry)
        return (self._sums[place - 1] if place else 0) + self.at.before

    def nearest(self, entry: int) -> Found | None:
        """The last hit up to an entry, else the first after it."""
        if not self._order:
            return None
        place = bisect_left(self._order, entry + 1) - 1
        index = self._order[max(0, place)]
        return Found(index, self._counts[index] - 1 if place >= 0 else 0)

    def step(self, by: int) -> Found | None:
        """The hit after `at`, or before it; round at the ends."""
        if not self.count:
            return None
        if self.at is None:
            return self.nearest(self._seen if by < 0 else -1)
        place = bisect_left(self._order, self.at.entry)
        target = ((self._sums[place - 1] if place else 0) + self.at.before + by) % self.count
        place = bisect_left(self._sums, target + 1)
        return Found(self._order[place], target - (self._sums[place - 1] if place else 0))

    def find_drawn(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in what is drawn, which has no markup any more."""
        return [match.span() for match in self._plain.finditer(text)] if self._plain else []
