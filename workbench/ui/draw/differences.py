"""Where the lines of a diff differ: changed pieces are marked, and spelled out where they look the same.

removed and added lines are paired ─▶ indent │ words │ blanks at the end, each compared for itself
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Literal

from workbench.ui.draw.code import PatchRow
from workbench.ui.draw.spelling import expand, look, spell

LONGEST = 2_000
"""Characters of a line that are compared word by word; of longer ones only both ends are."""
LARGEST = 400
"""Lines of a changed block of which partners are looked for, where it has more on one side than on the other."""
ALIKE = 0.4
"""Share of a line that two lines have in common, at least, where only the rest of them is marked."""
WORDS = re.compile(r"\w+|[^\w\s]")
TOKEN = re.compile(r"\w+|\s+|.")
LINE = re.compile(r"^([ \t]*)(.*?)(\s*)$", re.DOTALL)
Sight = Literal["as it is", "nothing hidden", "spelled out"]
Piece = tuple[str, bool, Sight]
"""Text, whether it is what differs, and how it is shown."""


def mark_differences(rows: tuple[PatchRow, ...]) -> tuple[PatchRow, ...]:
    """The rows as they are drawn: tabs expanded, nothing hidden, `marks` around what differs within a line."""
    returns = all(row.text.endswith("\r") for row in rows if row.kind != "gap")
    drawn: list[PatchRow] = []
    for removed, added in _blocks(rows):
        if not added and removed and removed[0].kind in ("same", "gap"):
            drawn += [replace(row, text=expand(row.text.removesuffix("\r"))) for row in removed]
            continue
        partners = dict(_pair(removed, added))
        taken = {new: old for old, new in partners.items()}
        for place, row in enumerate(removed):
            other = added[partners[place]].text if place in partners else None
            drawn.append(_draw(row, _pieces(row.text, other, returns)))
        for place, row in enumerate(added):
            other = removed[taken[place]].text if place in taken else None
            drawn.append(_draw(row, _pieces(row.text, other, returns)))
    return tuple(drawn)


def _blocks(rows: tuple[PatchRow, ...]) -> Iterator[tuple[list[PatchRow], list[PatchRow]]]:
    """A run of removed rows with the added ones after it; every other row for itself."""
    removed: list[PatchRow] = []
    added: list[PatchRow] = []
    for row in rows:
        if row.kind == "added":
            added.append(row)
            continue
        if added or (removed and row.kind != "removed"):
            yield removed, added
            removed, added = [], []
        if row.kind == "removed":
            removed.append(row)
        else:
            yield [row], []
    if removed or added:
        yield removed, added


def _pair(removed: list[PatchRow], added: list[PatchRow]) -> Iterator[tuple[int, int]]:
    """Which removed line became which added one, in order; lines that have little in common are no pair."""
    start = 0
    same_number = len(removed) == len(added)
    if not same_number and len(removed) + len(added) > LARGEST:
        return
    for place, row in enumerate(removed):
        tried = range(max(start, place), place + 1) if same_number else range(start, min(len(added), start + 20))
        for candidate in tried:
            if _are_alike(row.text, added[candidate].text):
                yield place, candidate
                start = candidate + 1
                break


def _are_alike(old: str, new: str) -> bool:
    if look(old).strip() == look(new).strip():
        return True
    if len(old) + len(new) > LONGEST:
        return True
    mine, theirs = Counter(WORDS.findall(old)), Counter(WORDS.findall(new))
    return 2 * (mine & theirs).total() >= ALIKE * (mine.total() + theirs.total())


def _pieces(text: str, other: str | None, returns: bool) -> Iterator[Piece]:
    """`text` against `other`, the line on the other side; None where there is none."""
    lead, body, tail = _split(text, returns)
    if other is None:
        yield lead + body, False, "nothing hidden"
        yield tail, bool(tail), "spelled out"
        return
    other_lead, other_body, other_tail = _split(other, returns)
    mixed = lead != other_lead and set(lead + other_lead) != {" "}
    yield lead, lead != other_lead, "spelled out" if mixed else "as it is"
    yield from _compare(body, other_body)
    yield tail, tail != other_tail, "spelled out" if tail != other_tail else "as it is"


def _split(text: str, returns: bool) -> tuple[str, str, str]:
    """Indent, words, and blanks at the end; a return that every line ends with is no part of them."""
    match = LINE.match(text.removesuffix("\r") if returns else text)
    return (match[1], match[2], match[3]) if match else ("", text, "")


def _compare(text: str, other: str) -> Iterator[Piece]:
    if text == other:
        yield text, False, "as it is"
        return
    if len(text) + len(other) > LONGEST:
        yield from _compare_ends(text, other)
        return
    mine, theirs = TOKEN.findall(text), TOKEN.findall(other)
    for kind, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        piece, against = "".join(mine[a:b]), "".join(theirs[c:d])
        changed = kind != "equal"
        yield piece, changed, _choose_sight(piece, against) if changed else "as it is"


def _compare_ends(text: str, other: str) -> Iterator[Piece]:
    least = min(len(text), len(other))
    head = next((n for n in range(least) if text[n] != other[n]), least)
    tail = next((n for n in range(least - head) if text[-1 - n] != other[-1 - n]), least - head)
    middle, against = text[head : len(text) - tail], other[head : len(other) - tail]
    yield text[:head], False, "as it is"
    yield middle, bool(middle), _choose_sight(middle, against)
    yield text[len(text) - tail :], False, "as it is"


def _choose_sight(piece: str, against: str) -> Sight:
    """Spelled out where the eye would not see the change: it is of blanks, or both sides look the same."""
    unseen = not (piece + against).strip() or look(piece) == look(against)
    return "spelled out" if unseen else "nothing hidden"


def _draw(row: PatchRow, pieces: Iterator[Piece]) -> PatchRow:
    text, marks = "", list[tuple[int, int]]()
    for piece, changed, sight in pieces:
        start = len(text)
        text += (
            expand(piece, start) if sight == "as it is" else spell(piece, whole=sight == "spelled out", column=start)
        )
        if changed and len(text) > start:
            marks.append((start, len(text)))
    return replace(row, text=text, marks=tuple(marks))
