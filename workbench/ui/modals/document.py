"""A Markdown document that can be read and written, and the five sections of a handoff in it (seed §4)."""

import re

from rich.text import Text
from textual.widgets import TextArea

from workbench.core.plans import Checked, HandoffSection

PLACES = {"decisions": 2, "paths": 3, "requests": 4}
"""The section a kind of fact belongs to; all others go to the last."""
LAST = 5


class DocumentArea(TextArea):
    """A text area for a summary or a handoff: headings stand out, nothing else is changed."""

    def __init__(self, text: str, *, read_only: bool = False, id: str | None = None) -> None:
        super().__init__(text, id=id, compact=True, read_only=read_only, highlight_cursor_line=False)
        self.show_cursor = not read_only
        self.cursor_blink = False

    def get_line(self, line_index: int) -> Text:
        """A line, headings bold and in the accent."""
        line = super().get_line(line_index)
        if line.plain.startswith("#"):
            line.stylize(f"bold {self.app.theme_variables.get('accent', '')}".strip())
        return line

    def open(self, writable: bool) -> None:
        """Let it be edited, or be read only."""
        self.read_only, self.show_cursor = not writable, writable

    def jump(self, line: int) -> None:
        """Bring a line to the top."""
        self.move_cursor((line, 0))
        self.scroll_to(y=max(0, self.wrapped_document.location_to_offset((line, 0)).y), animate=False)


def find_heading(document: str, section: HandoffSection) -> int | None:
    """The line of the section's heading: by its number, else by its title; None where it has none."""
    lines = document.split("\n")
    number = re.compile(rf"^\s*#{{1,6}}\s*{section.number}\b|^\s*\**{section.number}[.)]\s+[A-Z ]{{4,}}")
    titled = re.compile(rf"^\s*#{{1,6}}\s.*{re.escape(section.title)}", re.IGNORECASE)
    for pattern in (number, titled):
        for place, line in enumerate(lines):
            if pattern.search(line):
                return place
    return None


def add_missing(document: str, sections: tuple[HandoffSection, ...], checked: tuple[Checked, ...]) -> str:
    """`document` with every missing fact that it does not hold yet, as a list item at the end of its section."""
    for check in checked:
        lacking = [fact for fact in check.missing if fact not in document]
        if lacking:
            number = PLACES.get(check.kind, LAST)
            kind = f"{check.kind}: " if number == LAST else ""
            document = _insert(document, sections, number, [f"- {kind}{fact}" for fact in lacking])
    return document


def list_missing(document: str, checked: tuple[Checked, ...]) -> tuple[str, ...]:
    """The facts that `document` still lacks."""
    return tuple(fact for check in checked for fact in check.missing if fact not in document)


def _insert(document: str, sections: tuple[HandoffSection, ...], number: int, items: list[str]) -> str:
    lines = document.rstrip("\n").split("\n")
    end = _find_end(document, sections, number)
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    after = lines[end:] if not lines[end:] or not lines[end].strip() else ["", *lines[end:]]
    return "\n".join([*lines[:end], *items, *after]) + "\n"


def _find_end(document: str, sections: tuple[HandoffSection, ...], number: int) -> int:
    """The line before which the section ends: the next heading, or the end of the document."""
    length = len(document.rstrip("\n").split("\n"))
    starts = {section.number: find_heading(document, section) for section in sections}
    start = starts.get(number)
    if start is None:
        return length
    return min((line for line in starts.values() if line is not None and line > start), default=length)
