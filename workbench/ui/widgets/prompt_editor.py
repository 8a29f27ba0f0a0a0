"""The field of the prompt: it tells what a key in it means, and takes what is typed or pasted."""

from dataclasses import dataclass

from textual import events
from textual.actions import SkipAction
from textual.message import Message
from textual.widgets import TextArea

from workbench.ui.commands import UNDO_KEYS


def is_new_line(key: str) -> bool:
    """True for ctrl+j, and for enter with any modifier: only enter alone sends."""
    return key == "ctrl+j" or (key.endswith(("+enter", "+\r")) and key != "enter")


class PromptEditor(TextArea):
    """Tells what was meant by a key; the prompt box decides."""

    BINDINGS = UNDO_KEYS

    class Sent(Message):
        """Enter was pressed."""

    @dataclass
    class Browsed(Message):
        """Up or down at the edge: -1 earlier, 1 later."""

        by: int

    @dataclass
    class MenuKey(Message):
        """A key for the open menu: up, down, enter, tab or escape."""

        key: str

    class Refused(Message):
        """Something was typed or pasted while nothing can be written."""

    def __init__(self) -> None:
        super().__init__(id="editor", compact=True, highlight_cursor_line=False, show_line_numbers=False)
        self.cursor_blink = False
        self.menu_open = False

    async def on_key(self, event: events.Key) -> None:
        if self.menu_open and event.key in ("up", "down", "enter", "tab", "escape"):
            self._take(event)
            self.post_message(self.MenuKey(event.key))
        elif event.key == "enter":
            self._take(event)
            self._enter()
        elif is_new_line(event.key):
            self._take(event)
            self._begin_line()
        elif self.read_only and (event.is_printable or event.key in ("backspace", "delete")):
            self._take(event)
            self.refuse()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()  # upstream it bubbles on, although it was taken
        if self.read_only:
            self.refuse()

    def _begin_line(self) -> None:
        if self.read_only:
            self.refuse()
        else:
            self.insert("\n")

    def refuse(self) -> None:
        """Have it said why nothing can be written."""
        self.post_message(self.Refused())

    def _take(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()

    def _enter(self) -> None:
        """A backslash right before the cursor asks for a new line instead."""
        row, column = self.cursor_location
        if column and self.document.get_line(row)[column - 1] == "\\":
            self.replace("\n", (row, column - 1), (row, column))
        else:
            self.post_message(self.Sent())

    @property
    def before_cursor(self) -> str:
        """The cursor's line up to the cursor."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    def put(self, text: str) -> None:
        """Take `text` as the whole content, the cursor at its end."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def action_cursor_up(self, select: bool = False) -> None:
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.post_message(self.Browsed(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.post_message(self.Browsed(1))
        else:
            super().action_cursor_down(select)

    def action_cursor_page_up(self) -> None:
        raise SkipAction  # the transcript scrolls

    def action_cursor_page_down(self) -> None:
        raise SkipAction
