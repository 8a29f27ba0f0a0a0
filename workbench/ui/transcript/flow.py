"""How entries stand to each other: runs of tools that fold into one line, blank lines, what left, and heights."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool, TurnEnd

Role = Literal["alone", "lead", "member"]
"""`lead` is the first tool of a run and draws the folded line; a `member` is one of the others."""


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """What an entry's surroundings mean for how it is drawn."""

    gap: int
    """Blank lines above."""
    inside: bool
    """False where the model no longer sees it."""
    role: Role = "alone"
    begins: bool = True
    """True where another section begins in the gutter."""


class Flow:
    """The runs of foldable tools, kept by the index of the tool that leads each."""

    def __init__(self, entries: list[AnyEntry]) -> None:
        self._entries = entries
        self._leads: list[int] = []

    def extend(self) -> None:
        """Take in entries that were appended."""
        while len(self._leads) < len(self._entries):
            self._leads.append(self._lead(len(self._leads)))

    def update(self, index: int) -> range:
        """Entry `index` changed; returns all whose place may have."""
        start, at = self._leads[index], index
        while at < len(self._leads):
            lead = self._lead(at)
            if at > index and lead == self._leads[at]:
                break
            self._leads[at] = lead
            at += 1
        lead = self._leads[index]
        last = self.run(lead)[-1] if lead >= 0 else index
        start = min((first for first in (start, lead) if first >= 0), default=index)
        return range(start, min(max(at, last) + 3, len(self._leads)))

    def lead(self, index: int) -> int:
        """The index of the tool that leads the run of `index`, or -1."""
        return self._leads[index]

    def run(self, lead: int) -> range:
        """The indexes of the run that `lead` leads."""
        end = lead + 1
        while end < len(self._leads) and self._leads[end] == lead:
            end += 1
        return range(lead, end)

    def place(self, index: int) -> EntryPlace:
        """Where entry `index` stands."""
        lead, gap, inside = self._leads[index], self._gap(index), self._inside(index)
        same = not gap and self._entries[index].section == self._entries[index - 1].section
        if lead not in (-1, index):
            return EntryPlace(0, inside, "member", begins=False)
        leads = lead == index and len(self.run(lead)) > 1
        return EntryPlace(gap, inside, "lead" if leads else "alone", begins=not same)

    def _lead(self, index: int) -> int:
        entry = self._entries[index]
        if not is_foldable(entry):
            return -1
        if index and self._leads[index - 1] >= 0 and self._entries[index - 1].in_window == entry.in_window:
            before = self._entries[index - 1]
            if isinstance(before, Tool) and isinstance(entry, Tool) and before.turn == entry.turn:
                return self._leads[index - 1]
        return index

    def _inside(self, index: int) -> bool:
        """What is not itself in the window (a question, a turn's last line) goes with what stands before it."""
        while index > 0 and isinstance(self._entries[index], TurnEnd | Asked):
            index -= 1
        entry = self._entries[index]
        return entry.in_window or isinstance(entry, Marker)

    def _gap(self, index: int) -> int:
        entry = self._entries[index]
        if index == 0 or isinstance(entry, Prompt):
            return 1
        before = self._entries[index - 1]
        if isinstance(entry, Marker) and isinstance(before, Marker):
            return 0
        if isinstance(entry, Marker) or isinstance(before, Marker):
            return 1
        if not self._inside(index) and not self._inside(index - 1):
            return 0
        return 0 if isinstance(entry, Tool | Asked) and isinstance(before, Tool | Asked | Answer | Thought) else 1


def is_foldable(entry: AnyEntry) -> bool:
    """True for a finished call that only read, or for any finished call that left the window."""
    return isinstance(entry, Tool) and entry.state == "done" and (entry.reads_only or not entry.in_window)


def can_unfold(entry: AnyEntry) -> bool:
    """True for what has more than its line: a call that gave something back, and thinking."""
    return bool((isinstance(entry, Tool) and (entry.output or entry.changes)) or isinstance(entry, Thought))


class Heights:
    """TextLine counts by entry index; finds the entry of a line and the line of an entry."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._tree = [0, *self._heights]
        size = len(self._tree)
        for place in range(1, size):
            parent = place + (place & -place)
            if parent < size:
                self._tree[parent] += self._tree[place]
        self.total = sum(self._heights)
        """Lines of all entries."""

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def append(self, height: int) -> None:
        """Add an entry at the end."""
        self._heights.append(height)
        place = len(self._heights)
        covered = place - (place & -place)
        total, step = height, place - 1
        while step > covered:
            total += self._tree[step]
            step -= step & -step
        self._tree.append(total)
        self.total += height

    def set(self, index: int, height: int) -> int:
        """Give entry `index` another height; returns by how much it grew."""
        growth = height - self._heights[index]
        if not growth:
            return 0
        self._heights[index] = height
        self.total += growth
        place, size = index + 1, len(self._tree)
        while place < size:
            self._tree[place] += growth
            place += place & -place
        return growth

    def offset(self, index: int) -> int:
        """Lines before entry `index`."""
        total = 0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    def find(self, line: int) -> tuple[int, int]:
        """The entry that holds `line`, and the line within it. Beyond the end: `(len, lines too far)`."""
        place, size = 0, len(self._tree)
        step = 1 << (size.bit_length() - 1) if size else 0
        while step:
            ahead = place + step
            if ahead < size and self._tree[ahead] <= line:
                place, line = ahead, line - self._tree[ahead]
            step >>= 1
        return place, line
