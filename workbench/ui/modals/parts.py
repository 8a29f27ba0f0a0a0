"""What dialogs are put together from: a line with two ends, the keys of the moment, drawn rows, a document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from workbench.ui.commands import UNDO_KEYS, ScreenCommand
from workbench.ui.draw.text import bold, faint, join, muted, plain, spread_title, stack
from workbench.ui.draw.told import Tell, is_told, lay_told, tell, tell_pieces
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.widgets.seen_text import SeenTextArea

Draw = Callable[[int], list[Content]]
"""From cells to lines."""


class Picture(Widget):
    """Lines that a function gives for the width there is."""

    auto_links = False

    @dataclass
    class LineClicked(Message):
        """A click on a line."""

        line: int

    def __init__(self, draw: Draw, told: Tell | None = None, *, id: str | None = None) -> None:
        """`told`: what is said instead where the words of the drawing are not sentences."""
        super().__init__(id=id)
        self.draw, self._told = draw, told

    def on_click(self, event: events.Click) -> None:
        rows = self._rows(self.size.width)
        if event.y < len(rows):
            self.post_message(self.LineClicked(rows[event.y][0]))

    def render(self) -> Content:
        return stack([row for _, row in self._rows(self.size.width)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def _rows(self, width: int) -> list[tuple[int, Content]]:
        """Each row, and which line of the drawing, or which sentence, it shows."""
        if not is_told(self):
            return list(enumerate(self.draw(width)))
        said = self._told() if self._told else map(tell, self.draw(width))
        return [(line, row) for line, sentence in enumerate(said) for row in lay_told([sentence], width)]


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
        if is_told(self):
            said = tell_pieces([tell(self._left), tell(self._right)])
            return bold(said).truncate(self.size.width, ellipsis=True)
        return spread_title(self._left, self._right, self.size.width)


class KeyLine(Widget):
    """The keys of the moment and, at the right, one aside. Whole keys are dropped where it is narrow."""

    auto_links = False

    def __init__(self, keys: Sequence[ScreenCommand] = (), aside: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.keys, self._aside, self._fault = keys, aside, Content()

    def show(self, keys: Sequence[ScreenCommand] | None = None, aside: str | None = None) -> None:
        """Take other keys, which ends a complaint, or another aside."""
        if keys is not None:
            self.keys, self._fault = keys, Content()
        self._aside = self._aside if aside is None else aside
        self.refresh()

    def complain(self, fault: Content) -> None:
        """Say what is wrong in the place of the keys, until others are shown."""
        self._fault = fault
        self.refresh()

    def settle(self) -> None:
        """End a complaint: the keys are shown again."""
        self._fault = Content()
        self.refresh()

    def render(self) -> Content:
        if self._fault:
            fits = self._fault.cell_length + 2 + len(self._aside) <= self.size.width
            return self._place(self._fault, faint(self._aside if fits else ""))
        # All of it; else without spare keys; else without the aside; else without the last keys.
        width = self.size.width
        aside = faint(self._aside)
        keys = tuple(key for key in find_keymap(self.app).rebind_all(self.keys) if key.shown)
        needed = tuple(key for key in keys if not key.spare)
        between = ", " if is_told(self) else "   "
        for tried, beside in ((keys, aside), (needed, aside), (keys, Content()), (needed, Content())):
            line = join([_draw_key(key) for key in tried], between)
            if line.cell_length + (2 + beside.cell_length if beside else 0) <= width:
                return self._place(line, beside)
        while len(needed) > 1 and join([_draw_key(key) for key in needed], between).cell_length > width:
            needed = needed[:-1]
        return self._place(join([_draw_key(key) for key in needed], between), Content())

    def _place(self, left: Content, aside: Content) -> Content:
        """What is on the line, and the aside at its right or, where it is told, behind it."""
        if not is_told(self):
            return spread_title(left, aside, self.size.width)
        said = plain(tell(left), "$foreground") if left is self._fault else left
        return join([said, aside], ", ").truncate(self.size.width, ellipsis=True)


def _draw_key(command: ScreenCommand) -> Content:
    written = bold(command.shown, "$accent") + " " + muted(command.word)
    return written.stylize(Style.from_meta({"@click": command.run})) if command.run else written


class DocumentArea(SeenTextArea):
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
        if not self.size:  # it was behind another part until now
            self.call_after_refresh(self.jump, line)
            return
        self.scroll_to(y=max(0, self.wrapped_document.location_to_offset((line, 0)).y), animate=False)
