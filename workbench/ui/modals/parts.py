"""What dialogs are put together from: a line with two ends, the keys of the moment, drawn rows, choices, a document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget
from textual.widgets import TextArea

from workbench.ui.commands import LIST_KEYS, UNDO_KEYS, ScreenCommand, leave_to_part
from workbench.ui.draw.text import bold, faint, join, muted, plain, select, spread_title, stack
from workbench.ui.keymap.chosen import find_keymap

Draw = Callable[[int], list[Content]]
"""From cells to lines."""


class Picture(Widget):
    """Lines that a function gives for the width there is."""

    auto_links = False

    @dataclass
    class LineClicked(Message):
        """A click on a line."""

        line: int

    def __init__(self, draw: Draw, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.draw = draw

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.LineClicked(event.y))

    def render(self) -> Content:
        return stack(self.draw(self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.draw(width))


class TitleLine(Widget):
    """One line with something at both ends."""

    auto_links = False

    def __init__(self, left: Content | None = None, right: Content | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left, self._right = left or Content(), right or Content()

    def show(self, left: Content | None = None, right: Content | None = None) -> None:
        """Take another text at either end."""
        self._left = self._left if left is None else left
        self._right = self._right if right is None else right
        self.refresh()

    def render(self) -> Content:
        return spread_title(self._left, self._right, self.size.width)


class KeyLine(Widget):
    """The keys of the moment and, at the right, one aside. Whole keys are dropped where it is narrow."""

    auto_links = False

    def __init__(self, keys: Sequence[ScreenCommand] = (), aside: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys, self._aside, self._fault = keys, aside, Content()

    def show(self, keys: Sequence[ScreenCommand] | None = None, aside: str | None = None) -> None:
        """Take other keys, which ends a complaint, or another aside."""
        if keys is not None:
            self._keys, self._fault = keys, Content()
        self._aside = self._aside if aside is None else aside
        self.refresh()

    def complain(self, fault: Content) -> None:
        """Say what is wrong in the place of the keys, until others are shown."""
        self._fault = fault
        self.refresh()

    def render(self) -> Content:
        if self._fault:
            return spread_title(self._fault, Content(), self.size.width)
        # All of it; else without spare keys; else without the aside; else without the last keys.
        width = self.size.width
        aside, keys = faint(self._aside), find_keymap(self.app).rebind_all(self._keys)
        needed = tuple(key for key in keys if not key.spare)
        for tried, beside in ((keys, aside), (needed, aside), (keys, Content()), (needed, Content())):
            line = join([_draw_key(key) for key in tried])
            if line.cell_length + (2 + beside.cell_length if beside else 0) <= width:
                return spread_title(line, beside, width)
        while len(needed) > 1 and join([_draw_key(key) for key in needed]).cell_length > width:
            needed = needed[:-1]
        return spread_title(join([_draw_key(key) for key in needed]), Content(), width)


def _draw_key(command: ScreenCommand) -> Content:
    written = bold(command.shown, "$accent") + " " + muted(command.word)
    return written.stylize(Style.from_meta({"@click": command.run})) if command.run else written


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

    BINDINGS = LIST_KEYS

    chosen: reactive[int] = reactive(0)
    """Index of the choice that enter takes."""

    @dataclass
    class Taken(Message):
        """A choice was made."""

        choice: DigitChoice

    def __init__(self, choices: tuple[DigitChoice, ...], chosen: int = 0, *, id: str | None = None) -> None:
        super().__init__(id=id)
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
            self.post_message(self.Taken(self.choices[index]))

    def _lines(self, index: int, choice: DigitChoice, width: int) -> list[Content]:
        chosen = index == self.chosen
        style = "$faint" if not choice.offered else "bold $foreground" if chosen else "$foreground"
        label = plain(choice.label, style)
        if self.app.has_class("-linear") and (chosen or not choice.offered):
            label += plain(", chosen" if choice.offered else ", not offered", style)
        room = max(8, width - INDENT - 2)
        if choice.aside:
            style = "$muted" if choice.offered else "$faint"
            whole = label + "   " + plain(choice.aside, style)
            fits = whole.cell_length <= room or not choice.short
            label = whole if fits else label + "   " + plain(choice.short, style)
        first, *rest = label.wrap(room)
        lines = [_draw_head(choice, chosen, self.screen.has_class("-framed")) + first]
        lines += [Content(" " * INDENT) + line for line in rest]
        if not chosen:
            return lines
        return [select(line, width - 2) for line in lines]


def _draw_head(choice: DigitChoice, chosen: bool, marked: bool) -> Content:
    """`marked` where colour does not tell the chosen row: no colour, or a palette without tones."""
    digit = f" {choice.digit} "
    if chosen:
        mark = plain("▶" if marked else " ", "$accent")
        return mark + plain(digit, "bold $on-accent on $accent") + "  "
    style = "bold $accent on $select" if choice.offered else "$faint"
    return Content(" ") + plain(digit, style) + "  "


class DocumentArea(TextArea):
    """A text area for a summary or a handoff: headings stand out, nothing else is changed."""

    BINDINGS = UNDO_KEYS

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
