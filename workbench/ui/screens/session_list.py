"""The list of sessions: draws only the lines in view, so a thousand cost no more than ten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.core.summary import SessionSummary
from workbench.ui.commands import ScreenCommand, bind_keys, offer_in_part
from workbench.ui.draw.text import muted
from workbench.ui.screens.session_rows import name_group

Row = str | SessionSummary | None
"""The name of a group, a session, or a blank line."""


class SessionList(ScrollView, can_focus=True):
    """Sessions in groups by day, newest first; the cursor stands on a session."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = offer_in_part(
        "IN THE LIST",
        ("up,k", "move(-1)", "Go up or down; also k and j, by pages, to the ends", "↑↓"),
        ("down,j", "move(1)", "", ""),
        ("pageup", "page(-1)", "", ""),
        ("pagedown", "page(1)", "", ""),
        ("home", "move(-1000000)", "", ""),
        ("end", "move(1000000)", "", ""),
        ("enter", "open", "", ""),
    )
    BINDINGS: ClassVar[list[BindingType]] = bind_keys(OFFERS)

    cursor: reactive[int] = reactive(0)
    """Index among the sessions shown."""

    @dataclass
    class Moved(Message):
        """The cursor is on another session."""

    @dataclass
    class Opened(Message):
        """The session under the cursor is to be opened."""

    def __init__(self, draw: Callable[[SessionSummary, int], Content], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw
        self.sessions: list[SessionSummary] = []
        self._rows: list[Row] = []
        self._lines: list[int] = []

    @property
    def current(self) -> SessionSummary | None:
        return self.sessions[self.cursor] if 0 <= self.cursor < len(self.sessions) else None

    def show(self, sessions: Sequence[SessionSummary], now: float, keep: str = "") -> None:
        """Take other sessions, the cursor on the one with id `keep`, else where it was."""
        place = next((i for i, session in enumerate(sessions) if session.id == keep), self.cursor)
        self.sessions = list(sessions)
        self._rows, self._lines = [], []
        last = ""
        for session in self.sessions:
            name = name_group(session.updated_at or session.opened_at, now)
            if name != last:
                self._rows += ([None] if self._rows else []) + [name]
                last = name
            self._lines.append(len(self._rows))
            self._rows.append(session)
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.cursor = max(0, min(len(self.sessions) - 1, place))
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        width, line = self.scrollable_content_region.width, y + round(self.scroll_y)
        found = self._rows[line] if line < len(self._rows) else None
        if not isinstance(found, SessionSummary):
            content = muted(found or "")
        else:
            content = self._draw(found, width)
            if line == self._lines[self.cursor]:
                content = content.pad_right(max(0, width - content.cell_length)).stylize_before("on $select")
        segments = content.render_segments(self.visual_style)
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def watch_cursor(self) -> None:
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """The first click chooses a session, one on the chosen opens it."""
        line = event.y + round(self.scroll_y)
        if line in self._lines:
            place = self._lines.index(line)
            if place == self.cursor:
                self.action_open()
            self.cursor = place

    def action_move(self, step: int) -> None:
        self.cursor = max(0, min(len(self.sessions) - 1, self.cursor + step))

    def action_page(self, step: int) -> None:
        self.action_move(step * max(1, self.size.height - 2))

    def action_open(self) -> None:
        if self.current:
            self.post_message(self.Opened())

    def _reveal(self) -> None:
        if self._lines and self.size.height:
            top = self._lines[self.cursor] - (1 if self.cursor == 0 else 0)
            self.scroll_to_region(Region(0, max(0, top), 1, 2 if self.cursor == 0 else 1), animate=False)
