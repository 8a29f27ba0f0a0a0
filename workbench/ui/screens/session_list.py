"""The list of sessions: rows in groups by day. Only those in view are drawn, so a thousand cost no more than ten."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import accumulate
from pathlib import PurePath

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.core import figures
from workbench.core.decisions import choose_route
from workbench.core.summary import SessionSummary
from workbench.ui.commands import OffersCommands, offer_in_part
from workbench.ui.draw.bar import ROUTE_MARKS, draw_meter
from workbench.ui.draw.text import bold, faint, flatten, muted, plain
from workbench.ui.draw.told import is_told
from workbench.ui.state import UiState

STATES = {
    "waiting": ("◆", "$warning", "waits for you"),
    "running": ("■", "$muted", "not finished"),
    "failed": ("✗", "$error", "failed"),
    "spent": ("✗", "$error", "budget spent"),
    "damaged": ("✗", "$error", "damaged"),
    "handed off": ("○", "$muted", "handed off"),
}
"""Mark, colour and word; a session in any other state says when it was used."""
COLUMNS = (("WINDOW", 14), ("TURNS", 7), ("COST", 9), ("SURE", 6))
"""Columns after title and word, dropped from the right."""
USUAL_WINDOW = 200_000
"""Tokens that a full line stands for where no window was measured yet."""
WORD = 15
LEAST_TITLE = 20


def find_sessions(sessions: Iterable[SessionSummary], sought: str) -> list[SessionSummary]:
    """Those whose title, task or id holds every word of `sought`."""
    words = sought.lower().split()
    texts = {each: f"{each.title}\n{each.task}\n{each.id}".lower() for each in sessions}
    return [session for session, text in texts.items() if all(word in text for word in words)]


def name_group(at: float, now: float) -> str:
    """TODAY, YESTERDAY, LAST WEEK or EARLIER, by the local calendar."""
    moment, present = figures.find_moment(at), figures.find_moment(now)
    if moment is None or present is None:
        return "EARLIER"
    days = (present.date() - moment.date()).days
    if days <= 0:
        return "TODAY"
    if days == 1:
        return "YESTERDAY"
    return "LAST WEEK" if days < 7 else "EARLIER"


def describe_time(at: float, now: float) -> str:
    """`3 h ago`, `16:20`, `Mon`, `12 Oct`, `12 Oct 2025`."""
    moment, present = figures.find_moment(at), figures.find_moment(now)
    if moment is None or present is None:
        return figures.NO_FIGURE
    match name_group(at, now):
        case "TODAY":
            seconds = max(0, int(now - at))
            if seconds < 60:
                return "just now"
            return f"{seconds // 60} min ago" if seconds < 3600 else f"{seconds // 3600} h ago"
        case "YESTERDAY":
            return moment.strftime("%H:%M")
        case "LAST WEEK":
            return moment.strftime("%a")
        case _:
            recent = present - moment < timedelta(days=300)
            return f"{moment.day} {moment.strftime('%b' if recent else '%b %Y')}"


def describe_state(session: SessionSummary, open_id: str, now: float) -> tuple[str, str, str]:
    """Mark, colour and word of a session."""
    if session.id == open_id:
        word = {"waiting": "waits for you", "running": "answering"}.get(session.state, "open")
        return ("◆" if session.state == "waiting" else "●", "$accent", word)
    return STATES.get(session.state) or ("○", "$faint", describe_time(session.updated_at or session.opened_at, now))


def count_columns(width: int) -> int:
    """How many of `COLUMNS` fit beside title and word."""
    room = width - 2 - LEAST_TITLE - WORD
    return sum(used <= room for used in accumulate(cells for _, cells in COLUMNS))


def draw_head(width: int) -> Content:
    """The line of column names."""
    shown = COLUMNS[: count_columns(width)]
    title = width - 2 - WORD - sum(cells for _, cells in shown)
    line = "  " + "SESSION".ljust(title + WORD)
    for name, cells in shown:
        line += name.ljust(cells) if name in ("WINDOW", "SURE") else f"{name:>{cells - 2}}  "
    return bold(line, "$muted").truncate(width)


def name_folder(session: SessionSummary, state: UiState) -> str:
    """The name of the folder that a session works in, where it is another than this one; else empty."""
    elsewhere = session.workspace and session.workspace != state.facts.workspace
    return PurePath(session.workspace).name or session.workspace if elsewhere else ""


def draw_row(session: SessionSummary, width: int, state: UiState, open_id: str) -> Content:
    """One session as a line of `width` cells; one of another folder says so."""
    mark, colour, word = describe_state(session, open_id, state.clock.now())
    count = count_columns(width)
    title_cells = width - 2 - WORD - sum(cells for _, cells in COLUMNS[:count])
    title = bold(name_session(session)) if session.id == open_id else plain(name_session(session))
    if folder := flatten(name_folder(session, state)):
        beside = muted(f"  in {folder}")
        title = title.truncate(max(8, title_cells - 2 - beside.cell_length), ellipsis=True) + beside
    word_style = "$faint" if colour == "$faint" else colour
    parts = [
        plain(mark, colour) + " ",
        _fit(title, title_cells),
        _fit(plain(word, word_style), WORD),
        *_draw_cells(session, state)[:count],
    ]
    return Content("").join(parts)


def draw_preview(session: SessionSummary, parent: str, now: float, width: int) -> list[Content]:
    """Where it stood: id, folder, model, window, task, where it came from."""
    ident = muted(f"id {session.id}")
    title = bold(name_session(session)).truncate(max(8, width - ident.cell_length - 2), ellipsis=True)
    gap = max(1, width - title.cell_length - ident.cell_length)
    folder = session.workspace.rstrip("/").rpartition("/")[2] or session.workspace
    money = figures.money(session.usd, session.as_if_usd)
    rows = [title + " " * gap + ident]
    rows += [line for text in (folder, session.model) if text for line in muted(text).wrap(width)]
    rows += [Content(), plain(f"{figures.tokens(session.window)}") + muted(" tokens in the window")]
    rows.append(muted(f"{session.turns} {'turn' if session.turns == 1 else 'turns'} · {money}"))
    rows.append(muted(f"{figures.tokens(session.tokens)} tokens · {describe_time(session.updated_at, now)}"))
    if session.task.strip():
        rows += [Content(), bold("TASK", "$muted"), *plain(session.task.strip()).wrap(width)[:12]]
    if session.parent:
        child = faint("└─ ") + bold(name_session(session))
        rows += [Content(), bold("CAME FROM", "$muted"), muted(parent or session.parent).truncate(width, ellipsis=True)]
        rows.append(child.truncate(width, ellipsis=True))
    return rows


def _draw_cells(session: SessionSummary, state: UiState) -> list[Content]:
    options, window = state.options, state.window.size if state.window else USUAL_WINDOW
    line = draw_meter(session.window / window if window else 0.0, COLUMNS[0][1] - 2) + "  "
    turns = plain(f"{session.turns:>{COLUMNS[1][1] - 2}}  ")
    rehearsed = session.usd == 0 and session.as_if_usd != 0
    usd = session.as_if_usd if rehearsed else session.usd
    cost = plain(f"{figures.dollars(usd):>{COLUMNS[2][1] - 2}}  ", "$faint" if rehearsed else "")
    if session.confidence is None:
        sure = faint("○ –")
    else:
        mark, colour, _ = ROUTE_MARKS[
            choose_route(session.confidence, options.confidence_review, options.confidence_send)
        ]
        sure = plain(f"{mark} ", colour) + plain(figures.score(session.confidence))
    return [line, turns, cost, sure]


def _fit(text: Content, cells: int) -> Content:
    cut = text.truncate(max(0, cells - 2), ellipsis=True)
    return cut + " " * max(0, cells - cut.cell_length)


def name_session(session: SessionSummary) -> str:
    """Its title, else its task or id, on one line."""
    title = session.title or session.task or session.id
    return " ".join(title.split()) or session.id


Row = str | SessionSummary | None
"""The name of a group, a session, or a blank line."""


class SessionList(OffersCommands, ScrollView, can_focus=True):
    """Sessions in groups by day, newest first; the cursor stands on a session."""

    OFFERS = offer_in_part(
        "IN THE LIST",
        ("up,k", "move(-1)", "Go up or down; also k and j, by pages, to the ends", "↑↓"),
        ("down,j", "move(1)", "", ""),
        ("pageup", "page(-1)", "", ""),
        ("pagedown", "page(1)", "", ""),
        ("home", "move(-1000000)", "", ""),
        ("end", "move(1000000)", "", ""),
        ("enter", "open", "", ""),
    )

    cursor: reactive[int] = reactive(0)
    """Index among the sessions shown."""

    class Moved(Message):
        """The cursor is on another session."""

    class Opened(Message):
        """The session under the cursor is to be opened."""

    def __init__(
        self,
        draw: Callable[[SessionSummary, int], Content],
        told: Callable[[int], str] | None = None,
        *,
        id: str | None = None,
    ) -> None:
        """`told`: the sentence of the session at a place, which is shown where drawings are told."""
        super().__init__(id=id)
        self._draw, self._told = draw, told
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
            if name != last and not is_told(self):  # each row says its own time there
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
        chosen = bool(self._lines) and line == self._lines[self.cursor]
        # Without colour the margin is given up for a sign.
        sign = Content("▶" if chosen else " ") if self.app.no_color else Content()
        if isinstance(found, SessionSummary) and self._told and is_told(self):
            content = plain(self._told(line)).truncate(width, ellipsis=True)
        elif isinstance(found, SessionSummary):
            content = sign + self._draw(found, width - sign.cell_length)
        else:
            content = sign + muted(found or "")
        if chosen:
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
