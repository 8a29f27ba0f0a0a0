"""The list of sessions: rows in groups by day. Only those in view are drawn, so a thousand cost no more than ten."""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import PurePath
from types import MappingProxyType

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip

from workbench.core import figures
from workbench.core.decisions import choose_route
from workbench.core.summary import SessionSummary
from workbench.ui.commands import offer_in_part
from workbench.ui.draw.bar import ROUTE_MARKS, draw_meter
from workbench.ui.draw.text import bold, count, faint, flatten, muted, plain
from workbench.ui.draw.told import is_told
from workbench.ui.screens.session_asides import list_asides, mark_words
from workbench.ui.screens.session_times import describe_time, name_group
from workbench.ui.state import UiState
from workbench.ui.widgets.cursor_list import CursorList

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
    line = "SESSION".ljust(2 + title + WORD)
    for name, cells in shown:
        line += name.ljust(cells) if name in ("WINDOW", "SURE") else f"{name:>{cells - 2}}  "
    return bold(line, "$muted").truncate(width)


def name_folder(session: SessionSummary, state: UiState) -> str:
    """The name of the folder that a session works in, where it is another than this one; else empty."""
    elsewhere = session.workspace and session.workspace != state.facts.workspace
    return PurePath(session.workspace).name or session.workspace if elsewhere else ""


def draw_row(session: SessionSummary, width: int, state: UiState, open_id: str, words: Sequence[str] = ()) -> Content:
    """One session as a line of `width` cells; one of another folder says so, `words` are marked in its title."""
    mark, colour, word = describe_state(session, open_id, state.clock.now())
    columns = count_columns(width)
    title_cells = width - 2 - WORD - sum(cells for _, cells in COLUMNS[:columns])
    title = mark_words(bold(name_session(session)) if session.id == open_id else plain(name_session(session)), words)
    if folder := flatten(name_folder(session, state)):
        beside = muted(f"  in {folder}")
        title = title.truncate(max(8, title_cells - 2 - beside.cell_length), ellipsis=True) + beside
    word_style = "$faint" if colour == "$faint" else colour
    parts = [
        plain(mark, colour) + " ",
        _fit(title, title_cells),
        _fit(plain(word, word_style), WORD),
        *_draw_cells(session, state)[:columns],
    ]
    return Content("").join(parts)


def draw_preview(
    session: SessionSummary, parent: str, now: float, width: int, words: Sequence[str] = ()
) -> list[Content]:
    """Where it stood: id, folder, model, window, task with `words` marked, where it came from."""
    ident = muted(f"id {session.id}")
    title = bold(name_session(session)).truncate(max(8, width - ident.cell_length - 2), ellipsis=True)
    gap = max(1, width - title.cell_length - ident.cell_length)
    folder = session.workspace.rstrip("/").rpartition("/")[2] or session.workspace
    money = figures.money(session.usd, session.as_if_usd)
    rows = [title + " " * gap + ident]
    rows += muted(" · ".join(filter(None, (folder, session.model.removeprefix("claude-"))))).wrap(width)
    rows += [Content(), plain(f"{figures.tokens(session.window)}") + muted(" tokens in the window")]
    spent = f"{figures.tokens(session.tokens)} tokens, " if session.tokens else ""
    rows.append(muted(f"{count(session.turns, 'turn')} · {spent}{money}"))
    rows.append(muted(f"used {describe_time(session.updated_at or session.opened_at, now)}"))
    if session.task.strip():
        task = mark_words(plain(session.task.strip()), words)
        rows += [Content(), bold("TASK", "$muted"), *task.wrap(width)[:12]]
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


Row = Content | SessionSummary | None
"""The name of a group or what stands below a session, a session, or a blank line."""


class SessionList(CursorList[SessionSummary], can_focus=True):
    """Sessions in groups by day, newest first; the cursor stands on a session."""

    OFFERS = offer_in_part(
        "IN THE LIST",
        ("open", "enter", "open", "Open the session under the cursor"),
    )

    def __init__(
        self,
        draw: Callable[[SessionSummary, int], Content],
        told: Callable[[int, int], str] | None = None,
        *,
        id: str | None = None,
    ) -> None:
        """`told`: the sentence of the session at a place, in so many cells, shown where drawings are told."""
        super().__init__(id=id)
        self._draw, self._told = draw, told
        self._rows: list[Row] = []
        self._lines: list[int] = []

    def show(
        self,
        sessions: Sequence[SessionSummary],
        now: float,
        keep: str = "",
        titles: Mapping[str, str] = MappingProxyType({}),
        words: Sequence[str] = (),
    ) -> None:
        """Take other sessions, the cursor on the one with id `keep`, else where it was.

        `titles` of the sessions they may come from, by id; `words` were looked for.
        """
        place = next((i for i, session in enumerate(sessions) if session.id == keep), self.cursor)
        self.items = list(sessions)
        self._rows, self._lines = [], []
        last = ""
        for session in self.items:
            name = name_group(session.updated_at or session.opened_at, now)
            if name != last and not is_told(self):  # each row says its own time there
                self._rows += [*([None] if self._rows else []), muted(name)]
                last = name
            self._lines.append(len(self._rows))
            self._rows.append(session)
            if not is_told(self):  # the preview tells it
                self._rows += list_asides(session, titles, words, name_session(session))
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.cursor = self.hold_in(place)
        self.reveal()
        self.refresh()
        self.post_message(self.Moved())

    @property
    def edge(self) -> int:
        """Cells that stay free for a scroll bar and a sign, so that columns stand under their names."""
        return 2 if self.app.no_color else 1

    def render_line(self, y: int) -> Strip:
        width, line = self.region.width - self.edge, y + round(self.scroll_y)
        found = self._rows[line] if line < len(self._rows) else None
        chosen = bool(self._lines) and line == self._lines[self.cursor]
        # Without colour the margin is given up for a sign.
        sign = Content("▶" if chosen else " ") if self.app.no_color else Content()
        if isinstance(found, SessionSummary) and self._told and is_told(self):
            content = plain(self._told(line, width)).truncate(width, ellipsis=True)
        elif isinstance(found, SessionSummary):
            content = sign + self._draw(found, width)
        else:
            content = (sign + (found or Content())).truncate(width, ellipsis=True)
        if chosen:
            content = content.pad_right(max(0, width - content.cell_length)).stylize_before("on $select")
        segments = content.render_segments(self.visual_style)
        return Strip(segments).adjust_cell_length(self.scrollable_content_region.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """The first click chooses a session, one on the chosen opens it."""
        line = event.y + round(self.scroll_y)
        if line in self._lines:
            place = self._lines.index(line)
            if place == self.cursor:
                self.action_open()
            self.cursor = place

    def action_open(self) -> None:
        if self.current:
            self.post_message(self.Opened())

    def reveal(self) -> None:
        if self._lines and self.size.height:
            top = self._lines[self.cursor] - (1 if self.cursor == 0 else 0)
            self.scroll_to_region(Region(0, max(0, top), 1, 2 if self.cursor == 0 else 1), animate=False)
