"""The prompt: the editor, a menu above it and the keys below it."""

import asyncio
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from workbench.ui.available import list_available
from workbench.ui.commands import ScreenCommand, find_way
from workbench.ui.draw.text import muted, name_key, spread
from workbench.ui.state import UiState
from workbench.ui.widgets.drawn import Drawn
from workbench.ui.widgets.history import PromptHistory
from workbench.ui.widgets.menu import (
    Menu,
    MenuChoice,
    file_choices,
    file_typed,
    history_choices,
    prompt_for,
    slash_choices,
    slash_command,
    slash_typed,
    suggest_slash,
    workspace_files,
)
from workbench.ui.widgets.prompt_editor import PromptEditor


class PromptBox(Vertical):
    """Collects what you want to say. It sends nothing itself."""

    @dataclass
    class Submitted(Message):
        """A prompt is ready; `raw` is what was typed."""

        text: str
        raw: str

    @dataclass
    class Commanded(Message):
        """A slash command, with what was typed after it."""

        command: ScreenCommand
        argument: str

    @dataclass
    class Mistyped(Message):
        """What was typed cannot be taken: it looks like a command and is none, or nothing can be written here."""

        message: str
        hint: str

    class TakenBack(Message):
        """Up was pressed in an empty prompt while others wait: the last of them is to be changed."""

    class EscChanged(Message):
        """Esc does something else now."""

    def __init__(self, state: UiState, history: PromptHistory, commands: tuple[ScreenCommand, ...]) -> None:
        """`commands`: those among which `/` chooses."""
        super().__init__(id="prompt")
        self._state = state
        self._commands = commands
        self.history = history
        self.editor = PromptEditor()
        self.menu = Menu()
        self._hints = Drawn(lambda width, _: [self._draw_hints(width)], id="prompt-hints")
        self._files: list[str] | None = None
        self._searching = False

    def compose(self) -> ComposeResult:
        yield self.menu
        yield self.editor
        yield self._hints

    def on_mount(self) -> None:
        self.app.screen_change_signal.subscribe(self, lambda _: self.look())
        self.look()

    @property
    def text(self) -> str:
        return self.editor.text

    def put(self, text: str) -> None:
        """Take `text` as the draft."""
        self.close_menu()
        self.editor.put(text)

    def type(self, text: str) -> None:
        """Write `text` at the cursor, and go there; say why where nothing can be written."""
        if self.editor.read_only:
            self.editor.refuse()
        else:
            self.editor.focus()
            self.editor.insert(text)

    @on(PromptEditor.Refused)
    def _refuse(self) -> None:
        self.post_message(self.Mistyped(self._state.read_only, f"{self._way_on} begins a new session"))

    @property
    def _way_on(self) -> str:
        return find_way(self._commands, "new_session")

    def _draw_hints(self, width: int) -> Content:
        if not self.screen.is_active:
            return Content()
        if self._state.read_only:
            return spread(muted("Read only: nothing is sent"), name_key(self._way_on, "begins a new session"), width)
        return hints(self._state.running, width)

    def give_back(self, text: str) -> None:
        """Put what could not be sent before what was written since."""
        self.put(f"{text}\n{self.text}" if self.text.strip() else text)

    def look(self) -> None:
        """Show what enter does now, or why nothing can be written; nothing below a dialog, which has the keys."""
        self.editor.read_only = bool(self._state.read_only)
        if self._state.read_only:
            self.editor.placeholder = f"Read only. {self._way_on} begins a new session"
        else:
            asks = "Queue the next message…" if self._state.running else "Ask for something…"
            self.editor.placeholder = asks if self.screen.is_active else ""
        self._hints.refresh()

    def close_menu(self) -> bool:
        """True when there was a menu to close."""
        was_open = self.menu.display
        self._searching = False
        self._files = None  # listed anew at the next `@`: files come and go
        self.menu.show([])
        self.editor.menu_open = False
        return was_open

    def search_earlier(self) -> None:
        """Offer the prompts sent before that have the words written now."""
        self._searching = True
        self._offer()

    @on(PromptEditor.Sent)
    def _send(self, event: PromptEditor.Sent) -> None:
        event.stop()
        raw = self.text
        self.close_menu()
        if command := slash_command(self._commands, raw):
            self.editor.put("")
            self.history.leave()
            self.post_message(self.Commanded(*command))
        elif suggestion := suggest_slash(self._commands, raw):
            self.post_message(self.Mistyped(*suggestion))
        else:
            self.post_message(self.Submitted(prompt_for(raw), raw))

    @on(PromptEditor.Browsed)
    def _browse(self, event: PromptEditor.Browsed) -> None:
        event.stop()
        if event.by < 0 and self._state.queued and not self.text:
            self.post_message(self.TakenBack())
            return
        found = self.history.earlier(self.text) if event.by < 0 else self.history.later()
        if found is not None:
            with self.prevent(TextArea.Changed):
                self.editor.put(found)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.history.leave()
        self._offer()
        if self._state.taken_back and not self.text:
            self._state.taken_back = False
            self.post_message(self.EscChanged())

    def _offer(self) -> None:
        """Show what fits what is being typed."""
        typed_file = file_typed(self.editor.before_cursor)
        if self._searching:
            choices = history_choices(self.history.search(self.text))
        elif (typed := slash_typed(self.text)) is not None:
            choices = slash_choices(list_available(self._commands, self._state), typed)
        elif typed_file is not None:
            choices = self._file_choices(typed_file)
        else:
            choices = []
        self.menu.show(choices)
        self.editor.menu_open = self.menu.display
        self._searching = self._searching and self.menu.display

    def _file_choices(self, typed: str) -> list[MenuChoice]:
        if self._files is None:
            self._list_files()
            return []
        return file_choices(typed, self._files)

    @work(exclusive=True, group="files")
    async def _list_files(self) -> None:
        self._files = await asyncio.to_thread(workspace_files, self._state.facts.workspace)
        self._offer()

    @on(PromptEditor.MenuKey)
    def _menu_key(self, event: PromptEditor.MenuKey) -> None:
        event.stop()
        match event.key:
            case "up" | "down":
                self.menu.move(-1 if event.key == "up" else 1)
            case "escape":
                self.close_menu()
            case _ if self.menu.chosen:
                self._pick(self.menu.chosen, run=event.key == "enter")

    @on(Menu.Picked)
    def _picked(self, event: Menu.Picked) -> None:
        event.stop()
        self._pick(event.choice, run=True)
        self.editor.focus()

    def _pick(self, choice: MenuChoice, run: bool) -> None:
        """Enter runs a command, tab only writes it; a file or a prompt is written by both."""
        if self._searching:
            self.put(choice.value)
        elif slash_typed(self.text) is not None:
            self.put("" if run else f"{choice.label} ")
            if run and (found := slash_command(self._commands, choice.label)):
                self.post_message(self.Commanded(*found))
        else:
            self._write_file(choice.value)

    def _write_file(self, path: str) -> None:
        row, column = self.editor.cursor_location
        typed = file_typed(self.editor.before_cursor) or ""
        self.close_menu()
        self.editor.replace(f"{path} ", (row, column - len(typed) - 1), (row, column))


def hints(running: bool, width: int) -> Content:
    """`@ file  / command  ! shell … enter sends  ctrl+j new line`, as much as fits."""
    left = [name_key("@", "file"), name_key("/", "command"), name_key("!", "shell")]
    right = [name_key("enter", "queues" if running else "sends"), name_key("ctrl+j", "new line")]
    while right and sum(piece.cell_length + 3 for piece in (*left, *right)) + 3 > width:
        if len(right) > 1:
            right.pop()
        elif left:
            left.pop()
        else:
            right.pop()
    return spread(Content("   ").join(left), Content("   ").join(right), width)
