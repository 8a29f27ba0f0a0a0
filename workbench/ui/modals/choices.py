"""Choices: taken by digit, by arrows and enter, or by a second click; never by a sentence meant for a prompt."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from workbench.ui.commands import leave_to_part
from workbench.ui.draw.text import cut_path, cut_rows, fit, plain, select, stack, wrap
from workbench.ui.draw.told import is_told, tell_chosen, tell_pieces

INDENT = 6
"""Cells before a label: a margin, the digit's chip, two cells."""
LONGEST = 3
"""Rows of a label; what is longer is cut, with a count, until the whole is asked for."""


@dataclass(frozen=True)
class DigitChoice:
    """One thing to choose."""

    digit: str
    """Empty where there are more choices than digits."""
    label: str
    aside: str = ""
    offered: bool = True
    short: str = ""
    """The aside where the whole one does not fit beside the label."""
    brief: str = ""
    """The label where there is one row for it and the whole one does not fit with what stands beside it."""
    least: tuple[str, str] = ("", "")
    """What is said where even that does not fit: words, and a name that is cut."""
    gap: bool = False
    """True where a blank line stands before it."""


CHOOSING = (
    leave_to_part("move", "up,down", "choose", "Go up or down; home and end too", label="↑↓", spare=True),
    leave_to_part("choose", "enter", "do it", "Take the chosen one; a digit takes its own", action="screen.choose"),
)
"""What a dialog with choices offers; it carries out `action_choose` itself."""


class Choices(Widget, can_focus=True):
    """A list of choices.

    A key that neither chooses nor does anything else here is taken for the beginning of a sentence: from then on
    letters, digits and enter do nothing until a choice is moved to, with an arrow or a click.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("home", "move(-99)", show=False),
        Binding("end", "move(99)", show=False),
        Binding("enter", "choose", show=False),
    ]

    chosen: reactive[int] = reactive(0)
    """Index of the choice that enter takes."""
    heeds: reactive[bool] = reactive(True)
    """False while keys are taken for a sentence."""
    whole: reactive[bool] = reactive(True, layout=True)
    """True where long labels are not cut."""
    compact: reactive[bool] = reactive(False, layout=True)
    """True where each has one row; why one is not offered is then said when it is tried."""

    @dataclass
    class Taken(Message):
        """A choice was made."""

        choice: DigitChoice

    @dataclass
    class Refused(Message):
        """A key took nothing; `why` says what to do instead."""

        why: str

    class Moved(Message):
        """A choice was moved to."""

    def __init__(self, choices: tuple[DigitChoice, ...], chosen: int = 0, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices = choices
        self.key_of_all = ""
        """What shows the long labels whole, where they are cut."""
        self.set_reactive(Choices.chosen, chosen)

    def show(self, choices: tuple[DigitChoice, ...], chosen: int = 0) -> None:
        """Offer other choices."""
        self.choices = choices
        self.chosen, self.heeds = chosen, True
        self.refresh(layout=True)

    def offer(self, choices: tuple[DigitChoice, ...]) -> None:
        """The same choices, of which others can be taken now; the chosen one stays."""
        self.choices = choices
        self.refresh(layout=True)

    def go_to(self, index: int) -> None:
        """Move to a choice, if it is offered."""
        if self.choices[index].offered:
            self.chosen, self.heeds = index, True
            self.post_message(self.Moved())

    def render(self) -> Content:
        return stack([line for _, line in self.rows(self.size.width)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width))

    def rows(self, width: int) -> list[tuple[int, Content]]:
        """Each line with the index of its choice, -1 for a blank one. A long label goes on below itself."""
        rows: list[tuple[int, Content]] = []
        for index, choice in enumerate(self.choices):
            if choice.gap and not self.compact and not is_told(self):
                rows.append((-1, Content()))
            rows.extend((index, line) for line in self._lines(index, choice, width))
        return rows

    def watch_chosen(self) -> None:
        """Keep the chosen row in view where the list is longer than its place."""
        if self.is_attached and self.size.width:
            rows = [y for y, (index, _) in enumerate(self.rows(self.size.width)) if index == self.chosen]
            if rows and isinstance(self.parent, Widget):
                self.parent.scroll_to_region(Region(0, rows[0], 1, len(rows)), animate=False)

    def on_key(self, event: events.Key) -> None:
        """Take a digit; a key that means nothing here begins a sentence, to which digits and letters then belong."""
        if event.is_printable and not self.heeds:
            event.stop()
            return
        digits = [choice.digit for choice in self.choices]
        if event.character in digits:
            event.stop()
            self._take(digits.index(event.character))
        elif event.key not in self.screen.active_bindings:
            event.stop()
            self._ignore()

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is text, and answers nothing."""
        event.stop()
        self._ignore()

    def on_click(self, event: events.Click) -> None:
        """Move to a choice; a click on the one that enter would take takes it."""
        rows = self.rows(self.size.width)
        index = rows[event.y][0] if 0 <= event.y < len(rows) else -1
        if index < 0:
            return
        event.stop()
        if (index == self.chosen and self.heeds) or not self.choices[index].offered:
            self._take(index)
        else:
            self.go_to(index)

    def action_move(self, step: int) -> None:
        offered = [index for index, choice in enumerate(self.choices) if choice.offered]
        if offered:
            place = offered.index(self.chosen) if self.chosen in offered else 0
            self.go_to(offered[max(0, min(len(offered) - 1, place + step))])

    def action_choose(self) -> None:
        if self.heeds:
            self._take(self.chosen)
        else:
            self._ignore()

    def _ignore(self) -> None:
        self.heeds = False
        count = sum(bool(choice.digit) for choice in self.choices)
        digits = f"1–{count}" if count > 1 else "1"
        self.post_message(self.Refused(f"keys ignored: choose with ↑↓, then enter or {digits}"))

    def _take(self, index: int) -> None:
        choice = self.choices[index]
        if choice.offered:
            self.chosen = index
            self.post_message(self.Taken(choice))
        elif choice.aside:
            fits = len(choice.aside) <= self.size.width
            self.post_message(self.Refused(choice.aside if fits else choice.short or choice.aside))

    def _lines(self, index: int, choice: DigitChoice, width: int) -> list[Content]:
        chosen = index == self.chosen
        style = "$faint" if not choice.offered else "bold $foreground" if chosen else "$foreground"
        if is_told(self):
            return self._tell(choice, chosen, style, width)
        label = plain(choice.label, style)
        room = max(8, width - INDENT - 2)
        if self.compact:
            line = self._draw_head(choice, chosen) + _write_briefly(choice, style, room)
            return [select(line, width - 2) if chosen else line]
        if choice.aside:
            aside = plain(choice.aside, "$muted" if choice.offered else "$faint")
            fits = label.cell_length + 3 + aside.cell_length <= room
            if not fits and choice.short:
                aside = plain(choice.short, "$muted" if choice.offered else "$faint")
                fits = label.cell_length + 3 + aside.cell_length <= room
            label += ("   " if fits or aside.cell_length > room else "\n") + aside
        wrapped = label.wrap(room)
        first, *rest = wrapped if self.whole else cut_rows(list(wrapped), LONGEST, self.key_of_all)
        lines = [self._draw_head(choice, chosen) + first, *(Content(" " * INDENT) + line for line in rest)]
        return [select(line, width - 2) for line in lines] if chosen else lines

    def _tell(self, choice: DigitChoice, chosen: bool, style: str, width: int) -> list[Content]:
        untold = "not offered" if not choice.offered and not choice.aside.startswith("not offered") else ""
        said = tell_pieces([f"{choice.digit} {choice.label}", choice.aside, untold])
        rows = wrap(plain(tell_chosen(said, chosen), style), width - 2)
        rows = rows if self.whole else cut_rows(rows, LONGEST, self.key_of_all)
        return [select(row, width - 2) for row in rows] if chosen else rows

    def _draw_head(self, choice: DigitChoice, chosen: bool) -> Content:
        """A mark stands where colour does not tell the chosen row: no colour, or a palette without tones."""
        digit, marked = f" {choice.digit or ' '} ", self.screen.has_class("-framed")
        if chosen and self.heeds:
            return plain("▶" if marked else " ", "$accent") + plain(digit, "bold $on-accent on $accent") + "  "
        style = "bold $accent on $select" if choice.offered else "$faint"
        return Content(" ") + plain(digit, style) + "  "


def _write_briefly(choice: DigitChoice, style: str, room: int) -> Content:
    """The most of a choice that fits one row, its label first of all."""
    label, brief = plain(choice.label, style), plain(choice.brief or choice.label, style)
    said = "$muted" if choice.offered else "$faint"
    beside = [Content("   ") + plain(text, said) for text in (choice.aside, choice.short) if text]
    for tried in (*(label + aside for aside in beside), *(brief + aside for aside in beside), label):
        if tried.cell_length <= room:
            return tried
    words, name = choice.least
    if words and choice.offered:
        return plain(words + cut_path(name, room - len(words)), style)
    return fit(label, room)
