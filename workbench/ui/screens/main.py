"""The main screen: left what was said, right what it rests on, top who answers and what it is doing now."""

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen

from workbench.ui.board import Board
from workbench.ui.draw.status import draw_notice, draw_status
from workbench.ui.draw.window_block import draw_strip
from workbench.ui.feed import ViewChanges
from workbench.ui.model import Change
from workbench.ui.widgets.drawn import Drawn
from workbench.ui.widgets.footer import Footer
from workbench.ui.widgets.history import PromptHistory
from workbench.ui.widgets.panel import Panel
from workbench.ui.widgets.prompt import PromptBox
from workbench.ui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from workbench.ui.transcript.view import Transcript

METER_EVERY = 0.5
"""Seconds between two drawings of the meter while a turn runs; step ends are drawn at once."""
WIDE, ROOMY, NARROW = 150, 110, 80
"""Columns from which on there is a panel of 54, a panel of 44, a strip of two rows."""
LOW, AIRY = 24, 30
"""Rows below which one row of numbers must do, and from which on there are rows to spare."""


class MainScreen(Screen[None]):
    """Lays out, and draws again what an event touched. It decides nothing."""

    AUTO_FOCUS = "#editor"

    def __init__(self, board: Board, history: PromptHistory) -> None:
        super().__init__(id="main")
        self._board = board
        self.status = Drawn(lambda width, _: [draw_status(board, width)], id="status")
        self.strip = Drawn(lambda width, height: draw_strip(board, width, height), id="strip")
        self.notice = Drawn(lambda width, _: [draw_notice(board, self._new_below, width)], id="notice")
        self.footer = Footer(board)
        self.panel = Panel(board)
        self.prompt = PromptBox(board, history)
        self.welcome = Welcome(board.facts, patterns=board.patterns)
        self.transcript: Transcript | None = None
        self.panel.display = self.strip.display = False
        self._place = Container(self.welcome, id="place")
        self._new_below = 0
        self._meter_at = float("-inf")
        self._meter_due = False

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.strip
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield self._place
                yield self.notice
                yield self.prompt
            yield self.panel
        yield self.footer

    def on_mount(self) -> None:
        self._seconds = self.set_interval(1.0, self._tick, pause=True)
        self.redraw()

    # --- layout ------------------------------------------------------------------

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Share the terminal out. The welcome has it to itself, there are no numbers yet."""
        width, height = self.size
        model = self._board.model
        low, some = height < LOW, bool(model.entries) or model.window is not None
        self._board.narrow = width < ROOMY or low
        self.panel.display = some and not self._board.narrow
        self.strip.display = some and self._board.narrow
        self.strip.styles.height = 1 if low or width < NARROW else 2
        self.prompt.small(low or width < NARROW)
        self.prompt.set_class(height < AIRY, "-low")
        if self.panel.display:
            self.panel.fit(54 if width >= WIDE else 44, height - 2)
        self.footer.refresh()

    def frame(self, framed: bool) -> None:
        """Draw lines between areas where the palette has no tones."""
        for part in (self.panel, self.prompt, *self.query("ActionButton")):
            part.set_class(framed, "-framed")

    # --- drawing -------------------------------------------------------------------

    def draw(self, news: ViewChanges) -> bool:
        """Draw what a batch touched; true while the meter still has to be drawn."""
        change = news.change
        if news.reset:
            self.redraw()
            return False
        if change & (Change.ADDED | Change.TAIL | Change.ENTRIES):
            self._draw_transcript(change)
        if change & (Change.STATUS | Change.ESCALATION):
            self._draw_status()
        if change & Change.SCRATCHPAD:
            self.panel.scratchpad.refresh()
        if change & Change.CONFIDENCE:
            self.panel.confidence.refresh()
        if news.notices or news.turn_began:
            self.notice.refresh()
        return self._draw_meter(change, news.settled)

    def redraw(self) -> None:
        """Draw everything again: another session, which begins at the prompt."""
        self.prompt.focus_editor()
        self._show_place()
        self._fit()
        if self.transcript:
            self.transcript.reset()
        self._new_below = 0
        self._draw_status()
        self.panel.refresh_all()
        self.strip.refresh()
        self.notice.refresh()

    def _draw_transcript(self, change: Change) -> None:
        fresh = self.transcript is None
        self._show_place()
        if self.transcript and not fresh:
            self.transcript.changed(change)

    def _draw_status(self) -> None:
        running = self._board.model.running
        if running:
            self._seconds.resume()
        else:
            self._seconds.pause()
            self._meter_at = float("-inf")
        self.status.refresh()
        self.footer.refresh()
        self.panel.budget.refresh()
        self.prompt.look()

    def _draw_meter(self, change: Change, settled: bool) -> bool:
        """Window, cache and spend: at most twice a second, and exactly at step ends."""
        self._meter_due |= bool(change & (Change.WINDOW | Change.SPEND | Change.CACHE | Change.CONFIDENCE))
        if not self._meter_due:
            return False
        now = self._board.clock.monotonic()
        if not settled and self._board.model.running and now - self._meter_at < METER_EVERY:
            return True
        self._meter_at, self._meter_due = now, False
        self._refresh_meter()
        return False

    def _refresh_meter(self) -> None:
        if self._board.narrow:
            self.strip.refresh()
        else:
            for block in (self.panel.window, self.panel.budget, self.panel.brings):
                block.refresh()

    def _tick(self) -> None:
        """A second of a running turn has passed."""
        self.status.refresh()
        if self.transcript:
            self.transcript.tick()
        window = self._board.model.window
        if window and window.cold_at is not None:
            (self.strip if self._board.narrow else self.panel.window).refresh()

    # --- transcript or welcome --------------------------------------------------------

    def _show_place(self) -> None:
        """The transcript once there is something to read, else the welcome."""
        some = bool(self._board.model.entries)
        if some and self.transcript is None:
            from workbench.ui.transcript.view import Transcript

            self.transcript = Transcript(self._board.model)
            self._place.mount(self.transcript)
        if self.welcome.display is some:
            self.welcome.display = not some
            self._fit()
        if self.transcript:
            self.transcript.display = some
        if not some and self.focused is self.transcript:
            self.prompt.focus_editor()

    def new_below(self, count: int) -> None:
        """So many lines arrived below what is seen."""
        self._new_below = count
        self.notice.refresh()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self.footer.refresh()
