"""The evidence index at the end of an earlier summary, read back."""

import re
from collections.abc import Iterator, Sequence
from typing import get_args

from workbench.strategies.facts import FactKind

HEADING = "## Evidence"
_LINE = re.compile(r"(e\d[\w.]*) (.+)", re.S)


def split_index(summary: str) -> tuple[str, str]:
    """A summary without the index at its end, and the index with its heading; empty where there is none."""
    text, found, index = f"\n{summary}".rpartition(f"\n{HEADING}\n")
    return (text.strip(), f"{HEADING}\n{index}".strip()) if found else (summary.strip(), "")


def parse_index(summary: str) -> Iterator[tuple[FactKind, str, str]]:
    """Kind, words and source of each line of the index at the end of a summary.

    One of an older version has its facts under headings of their kinds, without sources; a line of several facts comes
    as one. What stands in it from the scratchpad is left out: the scratchpad has it.
    """
    kind: FactKind | None = None
    for line in _join_lines(split_index(summary)[1].splitlines()[1:]):
        if line.startswith("### "):
            named = line[4:].strip().lower()
            kind = next((each for each in get_args(FactKind) if each == named), "identifiers")
        elif line.startswith("- ") and kind:
            yield kind, line[2:], ""
        elif found := _LINE.fullmatch(line):
            yield "identifiers", found.group(2), found.group(1)


def _join_lines(lines: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        if line.startswith("  ") and joined:
            joined[-1] += "\n" + line[2:]
        elif line.strip():
            joined.append(line)
    return joined
