"""A question with choices: what approval, unsure and limit have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from workbench.core import figures
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.core.ports import Clock
from workbench.ui.commands import ScreenCommand, leave_to_part
from workbench.ui.draw.text import bold, flatten, muted, plain, wrap
from workbench.ui.draw.told import is_told
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.modals.asked import READ_BACK, READ_ON
from workbench.ui.modals.choices import CHOOSING, Choices, DigitChoice
from workbench.ui.modals.dialog import CLOSE, Dialog, share_rows
from workbench.ui.modals.facts import Fact, lay_out
from workbench.ui.modals.parts import KeyLine, Picture, TitleLine

WIDTH = 92
"""Cells of the dialog, or the terminal's less one at each side."""
EDGES = 9
"""Rows beside question, facts and choices: line on top, title, keys, a note or a fault, and blanks between."""
LEAST = 3
"""Rows that what is asked and the facts have together, at least, in a low terminal."""
LOW = 16
"""Rows below which there is no blank between the parts, and one row for each choice."""
BARE = 3
"""Rows beside the parts then: line on top, title, keys."""
LEAST_WIDTH, LEAST_HEIGHT = 40, 10
"""Of a low terminal in which a question can be answered, without a frame: too little of it would be seen in less."""


@dataclass(frozen=True)
class Terms:
    """What a question stands under."""

    clock: Clock
    review: float
    send: float
    """Scores from which on an answer is for review, and from which on it is sent (seed §7)."""
    expires_at: float | None = None
    """When it closes unanswered; None where it waits for as long as it takes."""
    waiting: int = 1
    """How many questions wait, this one included."""


DETAILS = ScreenCommand("details", "d", "all of it", "Show what is cut, or cut it again")


class QuestionModal(Dialog[Verdict]):
    """Asks, and gives the verdict: None when the question is gone or nobody answered in time.

    Its parts are given by methods that a subclass overrides: `heading`, `body`, `facts`, `choices`, `keys`, `take`.
    """

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = (
        *CHOOSING,
        DETAILS,
        READ_BACK,
        READ_ON,
    )

    AWAY: ClassVar[ScreenCommand] = CLOSE
    """What esc means."""

    def __init__(self, request: EscalationRequest, terms: Terms) -> None:
        super().__init__()
        self.request, self.terms = request, terms
        self.detailed = False
        """Whether everything is shown, without cuts."""
        self._preselected = 0
        self._noted: Callable[[str], None] | None = None
        self._resumed: tuple[Widget | None, Sequence[ScreenCommand]] = None, ()
        """What had the focus before the terminal became too small, and the keys of the moment."""

    def compose(self) -> ComposeResult:
        with Vertical(classes=f"dialog question -{self.request.reason} -{self.request.urgency}"):
            yield TitleLine(self.heading(), self.aside(), id="title")
            yield Picture(self._draw_wish, id="enlarge")
            yield from self.body()
            with VerticalScroll(id="middle", can_focus=False):
                yield Picture(self._draw_facts, id="facts")
            with VerticalScroll(id="offers", can_focus=False):
                self._preselected = self.preselected()
                choices = Choices(self.choices(), self._preselected, id="choices")
                choices.key_of_all = find_keymap(self.app).show(DETAILS)
                choices.set_reactive(Choices.whole, False)
                yield choices
            yield Input(id="note", compact=True, select_on_focus=False)
            yield KeyLine(self.keys(), self.remaining(), id="keys")

    def heading(self) -> Content:
        """The mark and the question."""
        return bold("◆ ", "$accent") + bold(flatten(self.request.message))

    def aside(self) -> Content:
        """What stands at the right of the title."""
        return muted(f"1 of {self.terms.waiting} waiting") if self.terms.waiting > 1 else Content()

    def body(self) -> list[Widget]:
        """What stands between title and facts."""
        return []

    def facts(self, height: int) -> tuple[Fact, ...]:
        """The rows of the middle, fewer where there is little height."""
        return ()

    def choices(self) -> tuple[DigitChoice, ...]:
        """What can be chosen."""
        return ()

    def preselected(self) -> int:
        return 0

    def keys(self) -> tuple[ScreenCommand, ...]:
        """The keys of the moment."""
        return (*CHOOSING, self.AWAY)

    def take(self, choice: DigitChoice) -> None:
        """Act on a choice."""

    def wanted(self, width: int) -> int:
        """Rows that the body would like at `width` cells."""
        return 0

    def grow(self, rows: int) -> None:
        """Give the body its rows."""

    def on_mount(self) -> None:
        """Answer keys at once, and count down where the question expires."""
        self.focus_choices()
        self.query_one("#note").display = False
        # Rows that are shared out while the parts are still being laid out may be lost: share them once more.
        self.call_after_refresh(self._share_again)
        if self.terms.expires_at is not None:
            self.set_interval(1.0, self.count_down)

    def _share_again(self) -> None:
        if self.is_attached and self.is_active:  # it may have been answered at once
            self.fit(*self.app.size)

    @property
    def inner(self) -> int:
        """Cells between the dialog's margins."""
        return min(WIDTH, self.app.size.width - 2) - 6

    def fit(self, width: int, height: int) -> None:
        """Body and choices are always in view; the facts between them scroll."""
        inner, low = self.inner, height < LOW
        self.set_class(low, "-low")
        self._enlarge(low and (width < LEAST_WIDTH or height < self._least_height))
        self.query_one("#title", TitleLine).show(self.heading(), self.aside())
        self.query_one("#facts").refresh(layout=True)
        choices = self.query_one("#choices", Choices)
        most = height - self.edges - LEAST if low else min(max(4, height // 2 - 2), height - self.edges - LEAST)
        choices.whole, choices.compact = self.detailed, low
        offers = len(choices.rows(inner))
        if offers > most and not self.detailed:  # each in view in brief, rather than some of them in full
            choices.compact = True
            offers = len(choices.rows(inner))
        body, facts = self.wanted(inner), len(self._draw_facts(inner))
        shown = min(offers, most)
        if low:
            given, middle = share_rows(height - self.edges - shown, body, facts, 1)
        else:
            room = height - self.edges - shown + (0 if body else 1)
            given, middle = share_rows(room, body, facts, max(3, room // 4))
        self.query_one("#offers").styles.height = shown
        self.query_one("#middle").styles.height = middle
        self.grow(given)

    @property
    def edges(self) -> int:
        """Rows of the terminal that are none of its parts."""
        return BARE + self.has_class("-framed") if self.app.size.height < LOW else EDGES

    @property
    def _least_height(self) -> int:
        return LEAST_HEIGHT + self.has_class("-framed")

    def _draw_wish(self, width: int) -> list[Content]:
        wish = f"Enlarge the terminal to {LEAST_WIDTH} by {self._least_height} to answer."
        return wrap(plain(wish, "$warning"), width)

    @property
    def is_too_small(self) -> bool:
        """True while the terminal shows too little of the question to answer it."""
        return self.has_class("-too-small")

    def _enlarge(self, wanted: bool) -> None:
        """Ask for a larger terminal in the place of what does not fit; nothing but esc answers then."""
        if wanted == self.is_too_small:
            return
        self.set_class(wanted, "-too-small")
        line = self.query_one("#keys", KeyLine)
        focused, keys = self._resumed
        if wanted:
            self._resumed = self.focused, line.keys
        for part in self.query(".dialog > *"):
            part.disabled = wanted and part is not line
        if wanted:
            line.show((self.AWAY,))
        else:
            line.show(keys)
            self.call_after_refresh(lambda: self.set_focus(focused or self.query_one("#choices")))

    def show_keys(self, keys: Sequence[ScreenCommand]) -> None:
        """Show the keys of the moment; where too little is seen to use them, once the terminal is large enough."""
        if self.is_too_small:
            self._resumed = None, keys
        else:
            self.query_one("#keys", KeyLine).show(keys)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing but the way out is done to what is not seen."""
        return super().check_action(action, parameters) if not self.is_too_small or action == "back" else False

    def _draw_facts(self, width: int) -> list[Content]:
        key = "" if self.detailed else find_keymap(self.app).show(DETAILS)
        return lay_out(self.facts(self.app.size.height), width, key, told=is_told(self))

    def remaining(self) -> str:
        """`unanswered in 9:52`, told as `closes unanswered at 14:05`; empty where it waits for as long as it takes."""
        if self.terms.expires_at is None:
            return ""
        if is_told(self):
            return f"closes unanswered at {figures.date(self.terms.expires_at, '%H:%M')}"
        return f"unanswered in {figures.clock(self.terms.expires_at - self.terms.clock.now())}"

    def count_down(self) -> None:
        """Show the seconds left, which are not told; at none the question closes unanswered."""
        if self.terms.expires_at is not None and self.terms.clock.now() >= self.terms.expires_at:
            self.close(None)
        elif not is_told(self):
            self.query_one("#keys", KeyLine).show(aside=self.remaining())

    def ask_note(self, hint: str, key: str, done: Callable[[str], None]) -> None:
        """Take one line of text, then call `done` with it; esc goes back to the choices."""
        self._noted = done
        note = self.query_one("#note", Input)
        note.placeholder, note.display = hint, True
        self.query_one(".dialog").add_class("-noting")
        note.focus()
        self.show_keys((leave_to_part("finish_note", "enter", key), CLOSE))

    @property
    def is_choosing(self) -> bool:
        """True while keys choose: no note is being written, and there is room to choose in."""
        return self._noted is None and not self.is_too_small

    def leave(self) -> bool:
        """Back from the note to the choices, what was written stays in the field; False when there is none."""
        if self._noted is None:
            return False
        self._noted = None
        self.query_one("#note").display = False
        self.query_one(".dialog").remove_class("-noting")
        self.focus_choices()
        self.show_keys(self.keys())
        return True

    def complain(self, message: str) -> None:
        """Say what is wrong, in the place of the keys, until the next key line."""
        self.query_one("#keys", KeyLine).complain(plain(f"✗ {message}", "$error"))

    @on(Input.Submitted, "#note")
    def _finish_note(self, event: Input.Submitted) -> None:
        event.stop()
        if self._noted:
            self._noted(event.value.strip())

    @on(Choices.Taken)
    def _taken(self, event: Choices.Taken) -> None:
        event.stop()
        QuestionModal.leave(self)
        self.take(event.choice)

    def action_details(self) -> None:
        """Show everything without cuts, or cut again."""
        self.detailed = not self.detailed
        self.fit(self.size.width, self.size.height)

    def action_page(self, step: int) -> None:
        middle = self.query_one("#middle")
        middle.scroll_relative(y=step * max(1, middle.size.height - 1), animate=False)
