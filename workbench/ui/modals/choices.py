"""Choices by digit: the order never changes, and what is not offered stays in place with its reason."""

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
from workbench.ui.draw.text import plain, select, stack

INDENT = 6
"""Cells before a label: a margin, the digit's chip, two cells."""


@dataclass(frozen=True)
class DigitChoice:
    """One thing to choose."""

    digit: str
    label: str
    aside: str = ""
    offered: bool = True
    short: str = ""
    """The aside where the whole one does not fit beside the label."""
    gap: bool = False
    """True where a blank line stands before it."""


CHOOSING = (
    leave_to_part("move", "up,down", "choose", "Go up or down; also k and j, home and end", label="↑↓", spare=True),
    leave_to_part("choose", "enter", "do it", "Take the chosen one; a digit takes its own", action="screen.choose"),
)
"""What a dialog with choices offers; it carries out `action_choose` itself."""


class Choices(Widget, can_focus=True):
    """A list of choices, taken by digit, by arrows and enter, or by a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("home", "move(-99)", "first", show=False),
        Binding("end", "move(99)", "last", show=False),
        Binding("enter", "choose", "do it", show=False),
    ]

    chosen: reactive[int] = reactive(0)
    """Index of the choice that enter takes."""

    @dataclass
    class Taken(Message):
        """A choice was made."""

        choices: "Choices"
        choice: DigitChoice

        @property
        def control(self) -> "Choices":
            """The list it was made in."""
            return self.choices

    def __init__(self, choices: tuple[DigitChoice, ...], chosen: int = 0, **options: str) -> None:
        super().__init__(id=options.get("id"), classes=options.get("classes"))
        self.choices = choices
        self.set_reactive(Choices.chosen, chosen)

    def show(self, choices: tuple[DigitChoice, ...], chosen: int = 0) -> None:
        """Offer other choices."""
        self.choices = choices
        self.chosen = chosen
        self.refresh(layout=True)

    def render(self) -> Content:
        return stack([line for _, line in self.rows(self.size.width)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width))

    def rows(self, width: int) -> list[tuple[int, Content]]:
        """Each line with the index of its choice, -1 for a blank one. A long label goes on below itself."""
        rows: list[tuple[int, Content]] = []
        for index, choice in enumerate(self.choices):
            if choice.gap:
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
        for index, choice in enumerate(self.choices):
            if event.character == choice.digit:
                event.stop()
                self._take(index)

    def on_click(self, event: events.Click) -> None:
        rows = self.rows(self.size.width)
        if 0 <= event.y < len(rows) and rows[event.y][0] >= 0:
            event.stop()
            self._take(rows[event.y][0])

    def action_move(self, step: int) -> None:
        offered = [index for index, choice in enumerate(self.choices) if choice.offered]
        if not offered:
            return
        place = offered.index(self.chosen) if self.chosen in offered else 0
        self.chosen = offered[max(0, min(len(offered) - 1, place + step))]

    def action_choose(self) -> None:
        self._take(self.chosen)

    def _take(self, index: int) -> None:
        if index < len(self.choices) and self.choices[index].offered:
            self.chosen = index
            self.post_message(self.Taken(self, self.choices[index]))

    def _lines(self, index: int, choice: DigitChoice, width: int) -> list[Content]:
        chosen = index == self.chosen
        label = plain(choice.label, _choose_style(choice, chosen))
        room = max(8, width - INDENT - 2)
        if choice.aside:
            style = "$muted" if choice.offered else "$faint"
            whole = label + "   " + plain(choice.aside, style)
            fits = whole.cell_length <= room or not choice.short
            label = whole if fits else label + "   " + plain(choice.short, style)
        first, *rest = label.wrap(room)
        lines = [_draw_head(choice, chosen, self._marked) + first]
        lines += [Content(" " * INDENT) + line for line in rest]
        if not chosen:
            return lines
        return [select(line, width - 2) for line in lines]

    @property
    def _marked(self) -> bool:
        """True where colour does not tell the chosen row: no colour, or a palette without tones."""
        return self.screen.has_class("-framed")


def _choose_style(choice: DigitChoice, chosen: bool) -> str:
    if not choice.offered:
        return "$faint"
    return "bold $foreground" if chosen else "$foreground"


def _draw_head(choice: DigitChoice, chosen: bool, marked: bool) -> Content:
    digit = f" {choice.digit} "
    if chosen:
        mark = plain("▶" if marked else " ", "$accent")
        return mark + plain(digit, "bold $on-accent on $accent") + "  "
    style = "bold $accent on $select" if choice.offered else "$faint"
    return Content(" ") + plain(digit, style) + "  "
