"""A passage of a text found and replaced, with the line ends of the file that it stands in."""

import re
from dataclasses import dataclass

from workbench.core.errors import ToolFault

LINE_END = re.compile(r"\r?\n")


@dataclass(frozen=True)
class Replaced:
    """A text after its passages were replaced, and how many they were."""

    text: str
    places: int


def find_line_end(text: str) -> str:
    """How most lines of `text` end: `\\n`, `\\r\\n`, or `\\r` where no other is; empty where it has no line end."""
    windows = text.count("\r\n")
    lines = text.count("\n")
    if not lines:
        return "\r" if "\r" in text else ""
    return "\r\n" if 2 * windows > lines else "\n"


def fit_line_ends(text: str, end: str) -> str:
    """`text` with its plain line feeds as `end`; a text that has its own carriage returns stays as it is."""
    return text if end in ("", "\n") or "\r" in text else text.replace("\n", end)


def replace_passage(before: str, old: str, new: str, everywhere: bool, shown: str) -> Replaced:
    """`old` replaced by `new`, whatever line ends either was written with; those of the file are kept.

    Raises ToolFault where `old` is not found, or stands in several places and not `everywhere` is meant.
    """
    if not old:
        raise ToolFault("edit: old_string is empty; use write to replace a whole file")
    if LINE_END.sub("\n", old) == LINE_END.sub("\n", new):
        only = " but for their line ends, which stay as the file has them" if old != new else ""
        raise ToolFault(f"edit: old_string and new_string are the same{only}")
    usual = find_line_end(before)
    found = _find(before, old, r"\r" if usual == "\r" else r"\r?\n")
    if not found:
        raise ToolFault(f"edit: old_string not found in {shown}.{_nearest(before, old)}")
    if len(found) > 1 and not everywhere:
        often = f"old_string stands {len(found)} times in {shown}"
        raise ToolFault(f"edit: {often}. Give more lines round it, or set replace_all.")
    pieces, at = [], 0
    for start, end in found:
        passage = before[start:end]
        pieces += [before[at:start], _with_ends(new, find_line_end(passage) if "\n" in passage else usual)]
        at = end
    return Replaced("".join([*pieces, before[at:]]), len(found))


def _find(before: str, old: str, end: str) -> list[tuple[int, int]]:
    """Where `old` stands, as `before` has its line ends, which match `end`."""
    pattern = end.join(re.escape(line) for line in LINE_END.split(old))
    return [match.span() for match in re.finditer(pattern, before)]


def _with_ends(new: str, end: str) -> str:
    return LINE_END.sub(lambda match: end or match[0], new)


def _nearest(before: str, old: str) -> str:
    """Where a passage stands that differs only in its white space."""
    wanted = old.split()
    lines = before.split("\n")
    length = len(old.strip("\n").split("\n"))
    for number in range(len(lines) if wanted else 0):
        if "\n".join(lines[number : number + length]).split() == wanted:
            return f" Line {number + 1} differs only in its white space; read it again."
    return " Read the file again and copy the passage exactly."
