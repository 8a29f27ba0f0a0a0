"""The window's blocks as sums that grow with them: what is asked at each step costs what came since, not the session.

    add, set ─▶ tokens by place ─▶ sums up to each place ─▶ sections · cached part · zones · outline

What `build_window` works out from all blocks, this answers from sums; both agree to the token.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby

from workbench.context.window import EARLY_MESSAGES, RECENT_MESSAGES, RECENT_TURNS
from workbench.core.window import OUTLINE, SECTIONS, Section, SectionName, Stretch, Zone

Placed = tuple[SectionName, str, int, int]
"""Section, role, turn and tokens of a block."""


class Totals:
    """Blocks in the order of the request. `head` of them stand before the conversation."""

    def __init__(self) -> None:
        self.head = 0
        self._sections: list[SectionName] = []
        """`history` also for what is `current` while its turn runs: `current` finds it by its turn."""
        self._tokens: list[int] = []
        self._groups: list[tuple[str, int, int]] = []
        """Role, turn and number of the message that each block after tools, system and memory belongs to."""
        self._asked: dict[int, list[int]] = {}
        """Places of what a person said, by turn."""
        self._newest: list[int] = []
        """The highest turn up to each place."""
        self._ends: list[int] = []
        self._result_ends: list[int] = []
        """Sums up to and with each place, of all blocks and of those in `results`; as far as they are known."""

    def __len__(self) -> int:
        return len(self._tokens)

    def add(self, section: SectionName, role: str, turn: int, tokens: int) -> None:
        """Add a block at the end."""
        if section == "history" and role == "user" and turn:
            self._asked.setdefault(turn, []).append(len(self._tokens))
        before = self._groups[-1] if self._groups else ("", 0, -1)
        self._groups.append((role, turn, before[2] + (section not in _PRIMACY and before[:2] != (role, turn))))
        self._newest.append(max(turn, self._newest[-1] if self._newest else 0))
        self._sections.append(section)
        self._tokens.append(tokens)
        self.head += section not in ("history", "results")

    def set(self, place: int, tokens: int) -> None:
        """Give a block other tokens; sums behind it are worked out again when they are asked for."""
        self._tokens[place] = tokens
        del self._ends[place:], self._result_ends[place:]

    def drop(self, count: int) -> None:
        """Take the last `count` blocks away."""
        kept = len(self._tokens) - count
        for _, turn, _ in self._groups[kept:]:
            if places := self._asked.get(turn):
                self._asked[turn] = [place for place in places if place < kept]
        for each in (self._sections, self._tokens, self._groups, self._newest, self._ends, self._result_ends):
            del each[kept:]

    def total(self) -> int:
        """Tokens of all blocks."""
        self._sum_up()
        return self._ends[-1] if self._ends else 0

    def sections(self, running: int, cached: int) -> tuple[Section, ...]:
        """All seven, while turn `running` runs (0 for none), with what of each lies in the first `cached` tokens."""
        whole = bisect_right(self._ends, cached)
        inside = self._split(whole, running)
        if whole < len(self._tokens):
            left = cached - (self._ends[whole - 1] if whole else 0)
            asked = whole in self._asked.get(running, ())
            inside["current" if asked else self._sections[whole]] += left
        tokens = self._split(len(self._tokens), running)
        return tuple(Section(name, tokens[name], inside[name]) for name in SECTIONS)

    def outline(self, running: int) -> tuple[Stretch, ...]:
        """The window from front to end in at most `OUTLINE` stretches; each block where there are no more than that."""
        if len(self._tokens) <= OUTLINE:
            pieces: Iterable[tuple[int, int]] = enumerate(self._tokens)
        else:
            pieces = self._sample()
        bounds, asked = self._bound_zones(), set(self._asked.get(running, ()))
        placed = (("current" if at in asked else self._sections[at], _zone(at, bounds), size) for at, size in pieces)
        return merge_stretches(Stretch(*each) for each in placed)

    def _sample(self) -> Iterator[tuple[int, int]]:
        """Slices of equal size: the place in the middle of each, and its tokens."""
        total = self.total()
        for number in range(OUTLINE):
            start, end = number * total // OUTLINE, (number + 1) * total // OUTLINE
            yield min(bisect_right(self._ends, (start + end) // 2), len(self._tokens) - 1), end - start

    def _sum_up(self) -> None:
        known = len(self._ends)
        total, results = (self._ends[-1], self._result_ends[-1]) if known else (0, 0)
        for place in range(known, len(self._tokens)):
            total += self._tokens[place]
            results += self._tokens[place] if self._sections[place] == "results" else 0
            self._ends.append(total)
            self._result_ends.append(results)

    def _split(self, count: int, running: int) -> dict[SectionName, int]:
        """Tokens of each section in the first `count` blocks."""
        tokens: dict[SectionName, int] = dict.fromkeys(SECTIONS, 0)
        for place in range(min(count, self.head)):
            tokens[self._sections[place]] += self._tokens[place]
        if count > self.head:
            tokens["results"] = self._result_ends[count - 1]
            tokens["current"] = sum(self._tokens[place] for place in self._asked.get(running, ()) if place < count)
            tokens["history"] = self._ends[count - 1] - sum(tokens.values())
        return tokens

    def _bound_zones(self) -> tuple[int, int, int]:
        """Where early, middle and recent begin (see `window.find_zones`)."""
        count = len(self._tokens)
        primacy = next((at for at in range(self.head) if self._sections[at] not in _PRIMACY), self.head)
        if primacy >= count:
            return primacy, primacy, primacy
        last, newest, recent = self._groups[-1][2], self._newest[-1], count
        while recent > primacy:
            _, turn, message = self._groups[recent - 1]
            old = turn <= newest - RECENT_TURNS or message <= last - RECENT_MESSAGES
            if old or self._sections[recent - 1] == "summary":
                break
            recent -= 1
        early = bisect_left(self._groups, EARLY_MESSAGES, primacy, count, key=lambda group: group[2])
        return primacy, min(early, recent), recent


_PRIMACY = frozenset({"tools", "system", "memory"})


def _zone(place: int, bounds: tuple[int, int, int]) -> Zone:
    early, middle, recent = bounds
    if place < early:
        return "primacy"
    return "recent" if place >= recent else "early" if place < middle else "middle"


def merge_stretches(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """`stretches` without empty ones, neighbours of one section and zone as one."""
    filled = (each for each in stretches if each.tokens > 0)
    groups = groupby(filled, key=lambda each: (each.section, each.zone))
    return tuple(Stretch(section, zone, sum(each.tokens for each in group)) for (section, zone), group in groups)
