"""The five sections inside a handoff document: where each begins, and how a missing fact gets into one; pure."""

import re

from workbench.core.plans import Checked, HandoffSection

PLACES = {"decisions": 2, "paths": 3, "requests": 4}
"""The section a kind of fact belongs to; all others go to the last."""
LAST = 5


def line_of(document: str, section: HandoffSection) -> int | None:
    """The line of the section's heading: by its number, else by its title; None where it has none."""
    lines = document.split("\n")
    number = re.compile(rf"^\s*#{{1,6}}\s*{section.number}\b|^\s*\**{section.number}[.)]\s+[A-Z ]{{4,}}")
    titled = re.compile(rf"^\s*#{{1,6}}\s.*{re.escape(section.title)}", re.IGNORECASE)
    for pattern in (number, titled):
        for place, line in enumerate(lines):
            if pattern.search(line):
                return place
    return None


def added(document: str, sections: tuple[HandoffSection, ...], checked: tuple[Checked, ...]) -> str:
    """`document` with every missing fact that it does not hold yet, as a list item at the end of its section."""
    for check in checked:
        lacking = [fact for fact in check.missing if fact not in document]
        if lacking:
            items = [f"- {check.kind}: {fact}" if _section(check) == LAST else f"- {fact}" for fact in lacking]
            document = _inserted(document, sections, _section(check), items)
    return document


def missing(document: str, checked: tuple[Checked, ...]) -> tuple[str, ...]:
    """The facts that `document` still lacks."""
    return tuple(fact for check in checked for fact in check.missing if fact not in document)


def _section(check: Checked) -> int:
    return PLACES.get(check.kind, LAST)


def _inserted(document: str, sections: tuple[HandoffSection, ...], number: int, items: list[str]) -> str:
    lines = document.rstrip("\n").split("\n")
    end = _end(document, sections, number)
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    after = lines[end:] if not lines[end:] or not lines[end].strip() else ["", *lines[end:]]
    return "\n".join([*lines[:end], *items, *after]) + "\n"


def _end(document: str, sections: tuple[HandoffSection, ...], number: int) -> int:
    """The line before which the section ends: the next heading, or the end of the document."""
    length = len(document.rstrip("\n").split("\n"))
    starts = {section.number: line_of(document, section) for section in sections}
    start = starts.get(number)
    if start is None:
        return length
    return min((line for line in starts.values() if line is not None and line > start), default=length)
