"""The line in which one looks for words: what is typed, and how many there are."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from workbench.ui.commands import leave_to_part
from workbench.ui.draw.text import fit, muted, spread
from workbench.ui.widgets.drawn import Drawn

STEPS = {"up": -1, "shift+enter": -1, "shift+\r": -1, "down": 1, "ctrl+f": 1}
"""Keys that go to another hit."""


class FindEditor(TextArea):
    """One line; its other keys are told to the bar. A TextArea, since an Input lays out the screen at each key."""

    # A TextArea deletes the word to the right with ctrl+f.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+f", "none", show=False)]

    def __init__(self) -> None:
        super().__init__(compact=True, highlight_cursor_line=False, show_line_numbers=False, soft_wrap=False)
        self.cursor_blink = False

    async def on_key(self, event: events.Key) -> None:
        match event.key:
            case "enter":
                self.post_message(FindBar.Accepted())
            case "escape":
                self.post_message(FindBar.Left())
            case "up" | "down" | "shift+enter" | "shift+\r" | "ctrl+f":
                self.post_message(FindBar.Moved(STEPS[event.key]))
            case _:
                return
        event.stop()
        event.prevent_default()


class FindBar(Horizontal):
    """Says what is looked for; whoever mounts it looks."""

    KEYS: ClassVar = (
        leave_to_part("accept_find", "enter", "to the text"),
        leave_to_part("step_find", "down", "next, before", label="↑↓"),
        leave_to_part("leave_find", "escape", "back to where it was"),
    )
    """What its keys do, for the footer."""

    DEFAULT_CSS = """
    FindBar { height: 1; background: $panel; }
    FindBar #find-label { width: 6; }
    FindBar #find-count { width: 40; }
    FindBar FindEditor { width: 1fr; height: 1; border: none; padding: 0; background: $panel; color: $foreground; }
    FindBar .text-area--cursor { background: $accent; color: $on-accent; }
    FindBar .text-area--cursor:nocolor { text-style: reverse; }
    FindBar .text-area--selection { background: $select; }
    """

    @dataclass
    class Changed(Message):
        """Other words are looked for."""

        words: str

    @dataclass
    class Moved(Message):
        """To the next hit, or to the one before."""

        by: int

    class Accepted(Message):
        """Enter was pressed."""

    class Left(Message):
        """Esc was pressed."""

    def __init__(self) -> None:
        super().__init__(id="find-bar")
        self.editor = FindEditor()
        self._said = ""
        self._label = Drawn(lambda width, _: [fit(muted(" find "), width)], id="find-label")
        self._count = Drawn(lambda width, _: [spread(Content(""), muted(f"{self._said} "), width)], id="find-count")

    def compose(self) -> ComposeResult:
        yield self._label
        yield self.editor
        yield self._count

    def open(self, words: str = "") -> None:
        """Show it, with `words` in it to go on from."""
        self.display = True
        self.editor.load_text(words)
        self.editor.select_all()
        # At once: `focus` would be later than the keys that have already come.
        self.screen.set_focus(self.editor)

    def say(self, text: str) -> None:
        """How many there are, or what else is to be said of them."""
        if text != self._said:
            self._said = text
            self._count.refresh()

    @property
    def words(self) -> str:
        return self.editor.text

    @on(TextArea.Changed)
    def _edited(self, event: TextArea.Changed) -> None:
        event.stop()
        if "\n" in self.editor.text:  # a paste of several lines
            self.editor.load_text(" ".join(self.editor.text.split()))
            self.editor.move_cursor(self.editor.document.end)
        else:
            self.post_message(self.Changed(self.editor.text))


def describe_hits(place: int | None, count: int, words: str, looking: str = "") -> str:
    """`3 of 41`, `nothing found`, `41 found · looking further`; `looking` says how far, while it does."""
    if not words.strip():
        return ""
    if not count:
        return looking or "nothing found"
    where = f"{place + 1:,} of {count:,}" if place is not None else f"{count:,} found"
    return f"{where} · {looking}" if looking else where
