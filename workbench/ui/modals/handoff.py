"""The handoff review: the document that a fresh session starts from, checked and editable (seed §4)."""

import re
from collections.abc import Callable

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import TextArea

from workbench.core import figures
from workbench.core.commands import HandOff
from workbench.core.plans import Checked, HandoffPlan, HandoffSection
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, faint, heading, join, muted
from workbench.ui.draw.told import is_told, lay_told
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.modals import plan_rows
from workbench.ui.modals.dialog import NEXT_PART, ReviewModal
from workbench.ui.modals.parts import DocumentArea, KeyLine, Picture, TitleLine
from workbench.ui.modals.plan_words import tell_handoff

HAND_OFF = ScreenCommand("hand_off", "f9", "hand off", "Hand off with the document as it stands")
EDIT = ScreenCommand("edit", "e", "edit", "Write in the document")
COPY = ScreenCommand("copy", "y", "copy", "Copy the document")
ADD = ScreenCommand("add", "a", "add", "Add what is missing")
THEN = ScreenCommand("then", "o", "open or save", "Open the new session here, or save the document for later")
NOT_NOW = ScreenCommand("back", "escape", "not now", "Out of writing, else not now")
SECTIONS = (
    ScreenCommand("section", "1", "section", "Go to a section", action="screen.section(1)", label="1–5"),
    *(ScreenCommand(f"section_{n}", str(n), "section", "", action=f"screen.section({n})") for n in range(2, 6)),
)
READING = (HAND_OFF, SECTIONS[0], msgspec.structs.replace(NEXT_PART, spare=True), EDIT, COPY, NOT_NOW)
WRITING = (HAND_OFF, NOT_NOW.reword("done writing"))
ASIDE = "this session stays as it is"
PLACES = {"decisions": 2, "paths": 3, "requests": 4}
"""The section a kind of fact belongs to; all others go to the last."""
LAST = 5


class HandoffReview(ReviewModal[HandOff]):
    """Gives the command that hands off, with the document if it was edited, or None for not now."""

    OFFERS = (
        HAND_OFF,
        *SECTIONS,
        ADD,
        EDIT,
        COPY,
        THEN,
        NOT_NOW,
    )
    PARTS = (("#document", "right"), ("#left", "left"))

    def __init__(self, plan: HandoffPlan, copy: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self.plan = plan
        self.opens = True
        """Whether the next session opens here."""
        self._copy = copy
        self._section = plan.sections[0].number if plan.sections else 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog review -handoff"):
            yield TitleLine(bold("Hand off to a new session"), self._draw_sizes(), id="title")
            with Horizontal(id="columns"):
                with VerticalScroll(id="left"):
                    yield Picture(lambda width: [row for _, row in self._rows(width)], id="sections")
                with Vertical(id="right"):
                    yield TitleLine(join([heading("DOCUMENT"), faint("goes into the next system prompt")]))
                    yield DocumentArea(self.plan.document, read_only=True, id="document")
            yield KeyLine(READING, ASIDE, id="keys")

    @property
    def document(self) -> DocumentArea:
        return self.query_one("#document", DocumentArea)

    def action_hand_off(self) -> None:
        text = self.document.text
        self.close(HandOff(self.plan.id, text if text != self.plan.document else None, self.opens))

    def action_section(self, number: int) -> None:
        section = next((section for section in self.plan.sections if section.number == number), None)
        if section is None:
            return
        self._section = number
        self.go_to(0)
        self._jump()
        self._redraw()

    def _jump(self) -> None:
        """Bring the chosen section to the top."""
        section = next((section for section in self.plan.sections if section.number == self._section), None)
        if section and (line := find_heading(self.document.text, section)) is not None:
            self.document.jump(line)

    def _is_inside(self, line: int) -> bool:
        """Whether a line belongs to the chosen section."""
        starts = [find_heading(self.document.text, section) for section in self.plan.sections]
        before = [start for start in starts if start is not None and start <= line]
        chosen = next(
            (s for s, each in zip(starts, self.plan.sections, strict=True) if each.number == self._section), 0
        )
        return bool(before) and max(before) == chosen

    def action_add(self) -> None:
        text = add_missing(self.document.text, self.plan.sections, self.plan.checked)
        if text != self.document.text:
            self.document.text = text

    def action_edit(self) -> None:
        """Write at the section that is chosen, or where the cursor was put in it."""
        self.go_to(0)
        self.document.open(True)
        if not self._is_inside(self.document.cursor_location[0]):
            self._jump()
        self.query_one("#keys", KeyLine).show(WRITING)

    def action_copy(self) -> None:
        text = self.document.text
        (self._copy or self.app.copy_to_clipboard)(text)
        self.query_one("#keys", KeyLine).show(aside=f"✓ copied {len(text.splitlines())} lines")

    def action_then(self) -> None:
        self.opens = not self.opens
        self._redraw()

    def action_back(self) -> None:
        if self.document.read_only:
            text = self.document.text
            edited = text if text != self.plan.document else ""
            if not self.warn_of_loss(
                edited, f"esc again drops it, {find_keymap(self.app).show(HAND_OFF)} hands off with it"
            ):
                self.close(None)
            return
        self.document.open(False)
        self.query_one("#keys", KeyLine).show(READING, ASIDE)

    @on(TextArea.Changed, "#document")
    def _edited(self) -> None:
        self._redraw()

    @on(Picture.LineClicked)
    def _clicked(self, event: Picture.LineClicked) -> None:
        """A section jumps, `missing` adds, and either way to go on is chosen."""
        rows = self._rows(self.query_one("#sections").size.width)
        action = rows[event.line][0] if event.line < len(rows) else ""
        if action.isdigit():
            self.action_section(int(action))
        elif action == "add":
            self.action_add()
        elif action in ("open", "save") and self.opens is not (action == "open"):
            self.action_then()

    def _redraw(self) -> None:
        self.query_one("#sections", Picture).refresh(layout=True)
        self.query_one("#title", TitleLine).show(right=self._draw_sizes())

    def _rows(self, width: int) -> list[tuple[str, Content]]:
        """Each row with what a click on it does."""
        lacking = list_missing(self._text, self.plan.checked)
        if is_told(self):
            said = tell_handoff(self.plan, self._section, lacking, self.opens)
            return [(does, row) for does, sentence in said for row in lay_told([sentence], width)]
        keys = find_keymap(self.app)
        rows: list[tuple[str, Content]] = [("", heading("SECTIONS"))]
        for section in self.plan.sections:
            drawn = plan_rows.draw_section(section, section.number == self._section, width)
            rows += [(str(section.number), row) for row in drawn]
        for row in plan_rows.draw_checked(self.plan, lacking, width, keys.show(ADD)):
            rows.append(("add" if row.plain.startswith("missing") else "", row))
        rows += [("", row) for row in plan_rows.draw_left_behind(self.plan, width)]
        return rows + list(zip(("", "", "open", "save"), plan_rows.draw_next(self.opens, keys.show(THEN)), strict=True))

    @property
    def _text(self) -> str:
        return self.document.text if self.is_mounted else self.plan.document

    def _draw_sizes(self) -> Content:
        edited = self.is_mounted and self.document.text != self.plan.document
        after = bold(figures.tokens(self.plan.tokens)) + muted(" document, edited" if edited else " document")
        return muted(f"{figures.tokens(self.plan.window)} → ") + after


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
