"""The text of a call under a person's hands."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea


class CallEditor(TextArea):
    """A text area. A command line runs at enter and takes a new line at ctrl+j; longer text keeps enter for itself."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j", "new_line", "new line", show=False)]

    @dataclass
    class Finished(Message):
        """Enter was pressed in a command line."""

        editor: "CallEditor"

        @property
        def control(self) -> "CallEditor":
            """The area it was pressed in."""
            return self.editor

    def __init__(self, text: str, *, single: bool, **options: str) -> None:
        super().__init__(
            text,
            id=options.get("id"),
            compact=True,
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
        )
        self.single = single
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        if self.single and event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Finished(self))

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.insert("\n")
