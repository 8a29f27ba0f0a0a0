"""The sessions screen: find one, see where it stood, open it, or begin another."""

import asyncio
from pathlib import PurePath
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from workbench import resources
from workbench.core.commands import Command, DeleteSession, NewSession, OpenSession, RenameSession
from workbench.core.errors import WorkbenchError
from workbench.core.ports import EngineClient
from workbench.core.summary import SessionSummary
from workbench.ui.commands import ScreenCommand, leave_to_part
from workbench.ui.draw.bar import MARK
from workbench.ui.draw.text import bold, faint, join, muted, name_key, plain, shorten_home
from workbench.ui.draw.told import is_told
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.modals.dialog import ConfirmModal
from workbench.ui.modals.parts import KeyLine, Picture, TitleLine
from workbench.ui.open_screens import is_open
from workbench.ui.reducer import ViewChanges
from workbench.ui.screens.registry import BACK, WorkScreen
from workbench.ui.screens.session_asides import find_sessions, split_words
from workbench.ui.screens.session_list import SessionList, draw_head, draw_preview, draw_row, name_folder
from workbench.ui.screens.session_words import tell_preview, tell_session
from workbench.ui.state import Change, UiState

PREVIEW_FROM = 110
"""Cells from which on there is room for a preview."""
TOLD_FROM = 18
"""Rows from which on there is room for what is told of the chosen session below the list."""

OPEN = leave_to_part("open", "enter", "open", "Open the session under the cursor", action="screen.open")
FIND = ScreenCommand("find", "slash", "find", "Look for words in titles, tasks and ids")
NEW = ScreenCommand("new", "n", "new", "Begin another session")
FOLDERS = ScreenCommand("folders", "a", "all", "List the sessions of all folders, or again of this one alone")
RENAME = ScreenCommand("rename", "r", "rename", "Give the session under the cursor another title")
DELETE = ScreenCommand("delete", "delete", "delete", "Delete the session under the cursor; asks first")

KEYS = (OPEN, FIND, NEW, RENAME, DELETE, FOLDERS, BACK)
EMPTY = (NEW, BACK)
FINDING = (leave_to_part("leave_field", "enter", "to the list", action="screen.leave_field"), BACK.reword("show all"))
RENAMING = (
    leave_to_part("take_title", "enter", "rename", action="screen.take_title"),
    BACK.reword("leave it as it is"),
)


class SessionsScreen(WorkScreen):
    """Lists the sessions of this folder, or all. Gives the command to open, begin or rename one; None for back."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [resources.themes() / f"{name}.tcss" for name in ("sessions", "modals")]
    OFFERS = (OPEN, FIND, NEW, RENAME, DELETE, FOLDERS)

    def __init__(self, client: EngineClient, state: UiState) -> None:
        super().__init__(client, state)
        self._all: list[SessionSummary] | None = None
        self._everywhere = False
        """True while the sessions of all folders are listed."""
        self._renaming = ""
        """The session whose title is being written."""

    def compose(self) -> ComposeResult:
        yield TitleLine(Content.assemble((MARK, "$accent"), "  ") + bold("Sessions"), id="sessions-title")
        finds = f"{find_keymap(self.app).show(FIND)} finds by title, task or id".strip()
        yield Input(placeholder=finds, id="find", compact=True, select_on_focus=False)
        with Horizontal(id="sessions-body"):
            with Vertical(id="sessions-left"):
                yield Picture(lambda width: [draw_head(width - self.shown.edge)], id="sessions-head")
                yield SessionList(self._draw_row, self._tell, id="sessions")
                yield Picture(self._nothing, id="nothing")
            with VerticalScroll(id="preview", can_focus=False):
                yield Picture(self._preview, self._tell_preview)
        yield Input(id="title", compact=True, select_on_focus=False)
        yield Static(id="complaint")
        yield KeyLine(KEYS, "sorted by last use", id="sessions-keys")

    def on_mount(self) -> None:
        for hidden in ("#title", "#nothing", "#complaint"):
            self.query_one(hidden).display = False
        self.shown.focus()
        self.load()

    def on_resize(self, event: events.Resize) -> None:
        preview, height = self.query_one("#preview"), event.size.height
        preview.display = height >= TOLD_FROM if is_told(self) else event.size.width >= PREVIEW_FROM
        if is_told(self):  # it stands below the list, which keeps the most
            preview.styles.max_height = min(8, height // 3)

    def show(self, changes: ViewChanges) -> bool:
        """Read the list again when a turn ended or waits for a yes: its row says something else then."""
        if changes.reset or changes.settled or changes.change & Change.ESCALATION:
            self.load(self.shown.current.id if self.shown.current else "")
        return False

    @property
    def shown(self) -> SessionList:
        return self.query_one("#sessions", SessionList)

    @work(exclusive=True, group="sessions")
    async def load(self, keep: str = "") -> None:
        """Read all sessions in a thread, and show them."""
        try:
            found, complaint = await asyncio.to_thread(self.client.sessions), ""
        except WorkbenchError as fault:
            found, complaint = self._all or [], str(fault)
        if is_open(self):
            self._all = found
            if complaint:
                self._complain(complaint)
            self._show(keep or self.client.session_id)

    def action_back(self) -> None:
        """Out of a field, then back to all sessions, then out of the screen."""
        find, title = self.query_one("#find", Input), self.query_one("#title", Input)
        if title.display:
            title.display = False
        elif find.value:
            find.value = ""
        elif not find.has_focus:
            self.dismiss(None)
            return
        self.action_leave_field()

    def action_find(self) -> None:
        self.query_one("#find").focus()
        self._keys.show(FINDING)

    def action_new(self) -> None:
        self.dismiss(NewSession())

    @on(SessionList.Opened)
    def action_open(self) -> None:
        """Open the one under the cursor; the open one is only gone back to."""
        if session := self.shown.current:
            self.dismiss(None if session.id == self.client.session_id else OpenSession(session.id))

    def action_rename(self) -> None:
        session = self.shown.current
        if session is None:
            return
        title, self._renaming = self.query_one("#title", Input), session.id
        title.value, title.display = session.title, True
        title.cursor_position = len(title.value)
        title.focus()
        self._keys.show(RENAMING)

    def action_delete(self) -> None:
        session = self.shown.current
        if session is None:
            return
        if session.id == self.client.session_id:
            self._complain("The open session cannot be deleted. Open another one first.")
            return
        size = f"{session.turns} {'turn' if session.turns == 1 else 'turns'} and all outputs that only it holds go."
        question = ConfirmModal(f"Delete {session.title or session.id}?", f"{size} This cannot be undone.", "Delete it")

        def decide(yes: bool | None) -> None:
            if yes:
                remaining = [each.id for each in self.shown.items if each.id != session.id]
                place = min(self.shown.cursor, len(remaining) - 1)
                self._change(DeleteSession(session.id), remaining[place] if remaining else "")

        self.app.push_screen(question, decide)

    def _change(self, command: Command, keep: str) -> None:
        """Carry out `command`, then list again with the cursor on `keep`."""

        def then(fault: WorkbenchError | None) -> None:
            if fault:
                self._complain(" ".join(filter(None, (fault.message, fault.hint))))
            else:
                self.load(keep)

        self.carry_out((command,), then)

    @on(Input.Changed, "#find")
    def _filter(self) -> None:
        self._show(self.shown.current.id if self.shown.current else "")

    @on(Input.Submitted, "#title")
    def action_take_title(self) -> None:
        if title := self.query_one("#title", Input).value.strip():
            self._change(RenameSession(title, self._renaming), self._renaming)
            self.action_back()
        else:
            self._complain("A title needs at least one character.")

    def action_folders(self) -> None:
        self._everywhere = not self._everywhere
        self._show(self.shown.current.id if self.shown.current else "")

    @on(SessionList.Moved)
    def _moved(self) -> None:
        self.query_one("#preview").query_one(Picture).refresh(layout=True)

    def _show(self, keep: str = "") -> None:
        if self._all is None:
            return
        sought = self.query_one("#find", Input).value
        listed = self._all if self._everywhere else [each for each in self._all if self._is_here(each)]
        sessions = find_sessions(listed, sought)
        titles = {each.id: each.title or each.id for each in self._all}
        self.shown.show(sessions, self.state.clock.now(), keep, titles, self._words)
        self.shown.display = bool(sessions)
        if self.focused is None:
            self.shown.focus()  # while nothing was listed it had none
        self.query_one("#sessions-head").display = bool(sessions) and not is_told(self)
        nothing = self.query_one("#nothing", Picture)
        nothing.display = not sessions
        nothing.refresh(layout=True)
        self._show_keys()
        count = f"{len(sessions)} of {len(self._all)}" if len(sessions) < len(self._all) else str(len(self._all))
        place = shorten_home(self.client.facts.sessions)
        self.query_one("#sessions-title", TitleLine).show(right=join([muted(count), muted("in"), plain(place)], " "))

    @on(Input.Submitted, "#find")
    def action_leave_field(self) -> None:
        self.set_focus(self.shown)  # at once: a widget's own focus() only asks for it
        self._show_keys()

    def _show_keys(self) -> None:
        """The keys of the list; those of a field stay while one writes in it."""
        if not isinstance(self.focused, Input):
            folders = FOLDERS.reword("here" if self._everywhere else "")
            some = tuple(folders if key is FOLDERS else key for key in KEYS)
            self._keys.show(some if self.shown.items else (NEW, folders, BACK) if self._all else EMPTY)

    def _is_here(self, session: SessionSummary) -> bool:
        return session.id == self.client.session_id or not name_folder(session, self.state)

    def _complain(self, message: str) -> None:
        """Say what went wrong above the keys, until the next key."""
        complaint = self.query_one("#complaint", Static)
        complaint.update(plain(f"✗ {message}", "$error"))
        complaint.display = True

    def on_key(self) -> None:
        self.query_one("#complaint").display = False

    def _draw_row(self, session: SessionSummary, width: int) -> Content:
        return draw_row(session, width, self.state, self.client.session_id, self._words)

    @property
    def _words(self) -> list[str]:
        """What is looked for."""
        return split_words(self.query_one("#find", Input).value)

    @property
    def _keys(self) -> KeyLine:
        return self.query_one("#sessions-keys", KeyLine)

    def _tell(self, place: int, width: int) -> str:
        shown = self.shown
        return tell_session(
            shown.items[place],
            (place, len(shown.items)),
            place == shown.cursor,
            self.state,
            self.client.session_id,
            width,
        )

    def _tell_preview(self) -> list[str]:
        session = self.shown.current
        return tell_preview(session, self._find_parent(session)) if session else []

    def _find_parent(self, session: SessionSummary) -> str:
        """The title of the session that it came from; empty where that is not known."""
        return next((other.title for other in self._all or [] if other.id == session.parent), "")

    def _preview(self, width: int) -> list[Content]:
        session = self.shown.current
        if session is None:
            return []
        parent = self._find_parent(session)
        return draw_preview(session, parent, self.state.clock.now(), max(8, width), self._words)

    def _nothing(self, width: int) -> list[Content]:
        keys = find_keymap(self.app)
        if self._all:
            where = "all folders" if self._everywhere else "this folder"
            if not (sought := self.query_one("#find", Input).value.strip()):
                return [plain(f"No session of {where} yet."), *_name_way(keys.show(FOLDERS), "lists those of all.")]
            return [plain(f"Nothing in {where} has “{sought}”."), faint("esc shows all of them again.")]
        first = "No session yet. Each one is kept here from its first prompt on, and can be opened again."
        return [*plain(first).wrap(max(8, width)), *_name_way(keys.show(NEW), "begins one.")]


def _name_way(key: str, does: str) -> list[Content]:
    """What a key does; nothing where a person took it away."""
    return [name_key(key, does)] if key else []
