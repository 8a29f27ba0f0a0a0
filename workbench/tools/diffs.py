"""A unified diff and its size, fast where only a small part of a large text changed."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 3
LARGEST = 1_000_000
"""Lines before times lines after beyond which a changed region is shown as replaced whole."""


@dataclass(frozen=True)
class Diff:
    """What changed between two texts."""

    text: str
    added: int
    removed: int

    @property
    def headline(self) -> str:
        """`+4 -2`."""
        return f"+{self.added} -{self.removed}"


def compare(before: str | None, after: str, path: str) -> Diff:
    """The diff from `before` (None: there was no file) to `after`; the text is empty when they are equal."""
    old, new = _split(before or ""), _split(after)
    head = _count_shared(old, new)
    tail = _count_shared(old[head:][::-1], new[head:][::-1])
    changes = _changes(old, new, head, tail)
    if not changes:
        return Diff("", 0, 0)
    lines = [f"--- {'/dev/null' if before is None else 'a/' + path}\n", f"+++ b/{path}\n"]
    for group in _groups(changes):
        lines += _hunk(group, old, new)
    return Diff("".join(lines), sum(d - c for _, _, c, d in changes), sum(b - a for a, b, _, _ in changes))


Change = tuple[int, int, int, int]
"""Lines [a, b) of the old text become lines [c, d) of the new one."""


def _split(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends a line, as in git."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _count_shared(old: list[str], new: list[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))


def _changes(old: list[str], new: list[str], head: int, tail: int) -> list[Change]:
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    found: list[Change] = []
    at, to = 0, 0
    for i, k in [*_anchors(a, b), (len(a), len(b))]:
        found += [(at + w, at + x, to + y, to + z) for w, x, y, z in _between(a[at:i], b[to:k])]
        at, to = i + 1, k + 1
    return _join([(head + w, head + x, head + y, head + z) for w, x, y, z in found])


def _anchors(a: list[str], b: list[str]) -> list[tuple[int, int]]:
    """Lines that stand once in both texts and in the same order: the longest such row of them (patience diff)."""
    in_a, in_b = Counter(a), Counter(b)
    places = {line: place for place, line in enumerate(b) if in_b[line] == 1}
    pairs = [(i, places[line]) for i, line in enumerate(a) if in_a[line] == 1 and line in places]
    ends, last, before = list[int](), list[int](), list[int]()
    for n, (_, k) in enumerate(pairs):
        row = bisect_left(ends, k)
        ends[row : row + 1] = [k]
        before.append(last[row - 1] if row else -1)
        last[row : row + 1] = [n]
    found: list[tuple[int, int]] = []
    n = last[-1] if last else -1
    while n >= 0:
        found.append(pairs[n])
        n = before[n]
    return found[::-1]


def _between(a: list[str], b: list[str]) -> list[Change]:
    if not a and not b:
        return []
    if not a or not b or len(a) * len(b) > LARGEST:
        return [(0, len(a), 0, len(b))]
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [(i, j, k, m) for tag, i, j, k, m in codes if tag != "equal"]


def _join(changes: list[Change]) -> list[Change]:
    """Neighbours without an equal line between them become one."""
    joined: list[Change] = []
    for change in changes:
        if joined and joined[-1][1] == change[0] and joined[-1][3] == change[2]:
            joined[-1] = (joined[-1][0], change[1], joined[-1][2], change[3])
        else:
            joined.append(change)
    return joined


def _groups(changes: list[Change]) -> list[list[Change]]:
    groups: list[list[Change]] = []
    for change in changes:
        if groups and change[0] - groups[-1][-1][1] <= 2 * CONTEXT:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _hunk(group: list[Change], old: list[str], new: list[str]) -> list[str]:
    start, end = max(0, group[0][0] - CONTEXT), min(len(old), group[-1][1] + CONTEXT)
    offset = group[0][2] - group[0][0]
    growth = sum((d - c) - (b - a) for a, b, c, d in group)
    lines = [f"@@ -{_range(start, end - start)} +{_range(start + offset, end - start + growth)} @@\n"]
    at = start
    for a, b, c, d in group:
        lines += [_line(" ", line) for line in old[at:a]]
        lines += [_line("-", line) for line in old[a:b]]
        lines += [_line("+", line) for line in new[c:d]]
        at = b
    return lines + [_line(" ", line) for line in old[at:end]]


def _range(start: int, length: int) -> str:
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"
