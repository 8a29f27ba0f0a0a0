"""The main screen: left what was said, right what it rests on, top who answers and what it is doing now."""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import TextArea

from workbench.ui.commands import OffersCommands, ScreenCommand, find_way, leave_to_app, leave_to_part, list_offers
from workbench.ui.draw.window_block import draw_strip
from workbench.ui.keymap.chosen import DECLARED, Keymap
from workbench.ui.reducer import ViewChanges
from workbench.ui.refusing import name_esc
from workbench.ui.state import Change, UiState
from workbench.ui.transcript.keys import TRANSCRIPT_KEYS
from workbench.ui.widgets.drawn import Drawn
from workbench.ui.widgets.footer import Footer, NoticeLine, draw_status
from workbench.ui.widgets.history import PromptHistory
from workbench.ui.widgets.panel import Panel
from workbench.ui.widgets.prompt import PromptBox
from workbench.ui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from workbench.ui.transcript.view import Transcript
    from workbench.ui.widgets.transcript_find import TranscriptFind

METER_EVERY = 0.5
"""Seconds between two drawings of the meter while a turn runs; step ends are drawn at once."""
WIDE, ROOMY, NARROW = 150, 110, 80
"""Columns from which on there is a panel of 54, a panel of 44, a strip of two rows."""
LOW, AIRY = 24, 30
"""Rows below which one row of numbers must do, and from which on there are rows to spare."""

PROMPT = "IN THE PROMPT"
DOWN = ScreenCommand("page_down", "pagedown", "", "", action="screen.page(1)")
UP = ScreenCommand("page_up", "pageup", "scroll", "Scroll the transcript", action="screen.page(-1)", twin=DOWN)


class MainScreen(OffersCommands, Screen[None]):
    """The conversation. Lays out, and draws again what an event touched; it decides nothing."""

    AUTO_FOCUS = "#editor"
    TITLE = "Conversation"
    OFFERS = (
        leave_to_app("back", "escape", "back", "Reject what waits, else stop the running turn; never quits"),
        leave_to_app("compact", "f8", "compact", "Make room, seeing what would be lost", "compact", takes_words=True),
        leave_to_app("hand_off", "f9", "hand off", "Carry the essentials into a fresh session", "handoff"),
        ScreenCommand("find", "ctrl+f", "find", "Find words in the transcript", "find", takes_words=True, first=True),
        leave_to_app("earlier_prompts", "ctrl+r", "earlier", "Search the prompts you sent before", "earlier"),
        leave_to_app("edit_prompt", "ctrl+g", "editor", "Write the prompt in $EDITOR", "editor"),
        UP,
        DOWN,
        leave_to_part("send", "enter", "send", "Send the prompt, or queue it while a turn runs", place=PROMPT),
        leave_to_part(
            "new_line", "ctrl+j", "new line", "Begin a new line; also shift, alt or \\ and enter", place=PROMPT
        ),
        leave_to_app("answer", "", "answer", "Open the question that waits for you", "answer"),
        leave_to_app("undo_compaction", "", "undo", "Bring back the window before the last compaction", "undo"),
        leave_to_app("retry", "", "try again", "After a fault: try again at once, or send the turn again", "retry"),
        leave_to_app("copy_answer", "", "copy answer", "Copy the last answer", "copy"),
        leave_to_app("copy_code", "", "copy code", "Copy the last code block", "copy-code"),
        leave_to_app("rename", "", "rename", "Give this session another title", "rename", takes_words=True),
    )

    def __init__(
        self,
        state: UiState,
        history: PromptHistory,
        everywhere: tuple[ScreenCommand, ...],
        keymap: Keymap = DECLARED,
    ) -> None:
        """`everywhere`: commands that work on every screen. `keymap`: the keys that the person chose."""
        super().__init__(id="main")
        self._state = state
        self._narrow = False
        self._commands = {each.name: each for each in keymap.rebind_all((*self.OFFERS, *everywhere))}
        self._in_transcript = keymap.rebind_all(TRANSCRIPT_KEYS)
        self.status = Drawn(lambda width, _: [draw_status(state, width)], id="status")
        self.strip = Drawn(lambda width, height: draw_strip(state, width, height), id="strip")
        self.notice = NoticeLine(state, id="notice")
        self.footer = Footer(self.moment)
        self.panel = Panel(state, self._commands["compact"], self._commands["hand_off"])
        self.prompt = PromptBox(state, history, tuple(self._commands.values()))
        self.welcome = Welcome(state, tuple(self._commands.values()))
        self.transcript: Transcript | None = None
        self.find_bar: TranscriptFind | None = None
        self.panel.display = self.strip.display = False
        self._place = Container(self.welcome, id="place")
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
        every = 10.0 if self._state.options.motion == "reduced" else 1.0
        self._seconds = self.set_interval(every, self._tick, pause=True)
        self.redraw()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Share the terminal out. The welcome has it to itself, there are no numbers yet."""
        state, (width, height) = self._state, self.size
        low, some = height < LOW, not state.options.linear and (bool(state.entries) or state.window is not None)
        self._narrow = width < ROOMY or low
        self.panel.display = some and not self._narrow
        self.strip.display = some and self._narrow
        self.strip.styles.height = 1 if low or width < NARROW else 2
        self.prompt.set_class(low or width < NARROW, "-small")
        self.prompt.set_class(height < AIRY, "-low")
        if self.panel.display:
            self.panel.fit(54 if width >= WIDE else 44, height - 2)
        self.footer.refresh()

    def frame(self, framed: bool) -> None:
        """Draw lines between areas where the palette has no tones."""
        self.panel.frame(framed)
        self.prompt.set_class(framed, "-framed")

    def show(self, changes: ViewChanges) -> bool:
        """Draw what a batch touched; true while the meter still has to be drawn."""
        change = changes.change
        if changes.reset:
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
        if changes.notices or changes.turn_began:
            self.notice.refresh()
        return self._draw_meter(change, changes.settled)

    def redraw(self) -> None:
        """Draw everything again: another session, which begins at the prompt."""
        # At once, not later: a transcript that is hidden while it still has the focus would leave it with nobody.
        self.set_focus(self.prompt.editor)
        self._show_place()
        self._fit()
        if self.transcript:
            self.transcript.reset()
        if self.find_bar:
            self.find_bar.leave(back=False)
        self.notice.count_below(0)
        self._draw_status()
        self.panel.refresh_all()
        self.strip.refresh()

    def _draw_transcript(self, change: Change) -> None:
        fresh = self.transcript is None
        self._show_place()
        if self.transcript and not fresh:
            self.transcript.changed(change)

    @on(PromptBox.EscChanged)
    def _draw_status(self) -> None:
        if self._state.running and not self._state.options.linear:  # what is told does not tick
            self._seconds.resume()
        else:
            self._seconds.pause()
            self._meter_at = float("-inf")
        for part in (self.welcome, self.status, self.footer, self.panel.budget):
            part.refresh()
        self.prompt.look()

    def _draw_meter(self, change: Change, settled: bool) -> bool:
        """Window, cache and spend: at most twice a second, and exactly at step ends."""
        told = Change.WINDOW | Change.SPEND | Change.CACHE | Change.CONFIDENCE | Change.STATUS
        self._meter_due |= bool(change & told)
        if not self._meter_due:
            return False
        now = self._state.clock.monotonic()
        if not settled and self._state.running and now - self._meter_at < METER_EVERY:
            return True
        self._meter_at, self._meter_due = now, False
        for block in (self.strip,) if self._narrow else (self.panel.window, self.panel.budget, self.panel.brings):
            block.refresh()
        return False

    def _tick(self) -> None:
        self.status.refresh()
        if self.transcript:
            self.transcript.tick()
        window = self._state.window
        if window and window.cold_at is not None:
            (self.strip if self._narrow else self.panel.window).refresh()

    def _show_place(self) -> None:
        some = bool(self._state.entries)
        if some and self.transcript is None:
            from workbench.ui.transcript.view import Transcript

            self.transcript = Transcript(self._state)
            self._place.mount(self.transcript)
        if self.welcome.display is some:
            self.welcome.display = not some
            self._fit()
        if self.transcript:
            self.transcript.display = some

    async def action_find(self, words: str = "") -> None:
        """Look for `words` in what was said and done, or have them written."""
        if self.transcript is None:
            return
        if self.find_bar is None:
            from workbench.ui.widgets.transcript_find import TranscriptFind

            self.find_bar = TranscriptFind(self._state, self.transcript)
            self.find_bar.display = False
            await self._place.mount(self.find_bar)
        self.find_bar.begin(words)
        self.footer.refresh()

    def on_line_view_new_below(self, event: "Transcript.NewBelow") -> None:
        self.notice.count_below(event.count)

    def on_find_view_find_changed(self) -> None:
        if self.find_bar:
            self.find_bar.look()

    def way_to(self, name: str) -> str:
        """The key of a command now."""
        return find_way((*self._commands.values(), *self._in_transcript), name)

    def action_page(self, step: int) -> None:
        if self.transcript:
            self.transcript.action_page(step)

    def moment(self) -> list[ScreenCommand]:
        """The commands that matter now, the most needed first."""
        if self.find_bar and self.find_bar.editor.has_focus:
            return list(self.find_bar.KEYS)
        state = self._state
        named: list[tuple[str, str]] = []
        if esc := name_esc(state):
            named.append(("back", esc.word))
        if not state.entries:
            named.append(("next_part", "start"))
        if self.transcript and self.transcript.has_focus:
            return [*self._pick(named), *self._list_part(self.transcript), *self._pick([("help", "")])]
        named += [("help", ""), ("window", "")]
        if self._narrow and state.entries:
            named += [("compact", ""), ("hand_off", "")]
        named += [("commands", ""), ("sessions", "")]
        if not state.running:
            named += [("new_session", ""), ("theme", "")]
        return self._pick(named)

    def _pick(self, named: list[tuple[str, str]]) -> list[ScreenCommand]:
        return [self._commands[name].reword(word) for name, word in named if name in self._commands]

    def _list_part(self, part: Widget) -> list[ScreenCommand]:
        """What the keys of a part do that has the focus; a click on one does it too."""
        named = (command for command in list_offers(part) if command.word)
        offered = (command for command in named if part.check_action(command.action.partition("(")[0], ()))
        return [replace(command, action=f"screen.do_in_part({command.action!r})") for command in offered]

    async def action_do_in_part(self, action: str) -> None:
        if self.focused:
            await self.focused.run_action(action)

    def on_key(self, event: events.Key) -> None:
        """What is typed goes to the prompt from every part that takes no text and has no such key."""
        if event.is_printable and event.character and event.key not in self.active_bindings:
            self._type(event, event.character)

    def on_paste(self, event: events.Paste) -> None:
        self._type(event, event.text)

    def _type(self, event: events.Event, text: str) -> None:
        if not isinstance(self.focused, TextArea):
            event.stop()
            self.prompt.type(text)

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        """Whoever goes to the prompt looks for nothing any more, and stays where the search went."""
        if self.find_bar and self.prompt.editor.has_focus and self.transcript and self.transcript.search:
            self.find_bar.leave(back=False)
        self.footer.refresh()
