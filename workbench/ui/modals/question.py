"""A question with choices: what approval, unsure and limit have in common."""

from collections.abc import Callable
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
from workbench.ui.draw.text import bold, flatten, muted, plain
from workbench.ui.draw.told import is_told
from workbench.ui.modals.choices import CHOOSING, Choices, DigitChoice
from workbench.ui.modals.dialog import CLOSE, Dialog, share_rows
from workbench.ui.modals.facts import Fact, lay_out
from workbench.ui.modals.parts import KeyLine, Picture, TitleLine

WIDTH = 92
"""Cells of the dialog, or the terminal's less one at each side."""
EDGES = 9
"""Rows beside question, facts and choices: line on top, title, keys, a note or a fault, and blanks between."""


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


class QuestionModal(Dialog[Verdict]):
    """Asks, and gives the verdict: None when the question is gone or nobody answered in time.

    Its parts are given by methods that a subclass overrides: `heading`, `body`, `facts`, `choices`, `keys`, `take`.
    """

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = (
        *CHOOSING,
        ScreenCommand("details", "d", "all of it", "Show what is cut, or cut it again"),
        ScreenCommand("page_up", "pageup", "scroll up", "Scroll what is asked up", action="screen.page(-1)"),
        ScreenCommand("page_down", "pagedown", "scroll down", "Scroll what is asked down", action="screen.page(1)"),
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

    def compose(self) -> ComposeResult:
        with Vertical(classes=f"dialog question -{self.request.reason} -{self.request.urgency}"):
            yield TitleLine(self.heading(), self.aside(), id="title")
            yield from self.body()
            with VerticalScroll(id="middle", can_focus=False):
                yield Picture(self._draw_facts, id="facts")
            with VerticalScroll(id="offers", can_focus=False):
                self._preselected = self.preselected()
                choices = Choices(self.choices(), self._preselected, id="choices")
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
        self.query_one("#choices").focus()
        self.query_one("#note").display = False
        # Rows that are shared out while the parts are still being laid out may be lost: share them once more.
        self.call_after_refresh(lambda: self.fit(*self.app.size))
        if self.terms.expires_at is not None:
            self.set_interval(1.0, self.count_down)

    @property
    def inner(self) -> int:
        """Cells between the dialog's margins."""
        return min(WIDTH, self.app.size.width - 2) - 6

    def fit(self, width: int, height: int) -> None:
        """Body and choices are always in view; the facts between them scroll."""
        inner = self.inner
        self.query_one("#title", TitleLine).show(self.heading(), self.aside())
        self.query_one("#facts").refresh(layout=True)
        choices = self.query_one("#choices", Choices)
        choices.whole = self.detailed
        offers = len(choices.rows(inner))
        shown = min(offers, max(4, height // 2 - 2))
        body = self.wanted(inner)
        room = height - EDGES - shown + (0 if body else 1)
        given, middle = share_rows(room, body, len(self._draw_facts(inner)), max(3, room // 4))
        self.query_one("#offers").styles.height = shown
        self.query_one("#middle").styles.height = middle
        self.grow(given)

    def _draw_facts(self, width: int) -> list[Content]:
        return lay_out(self.facts(self.app.size.height), width, whole=self.detailed, told=is_told(self))

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
        self.query_one("#keys", KeyLine).show((leave_to_part("finish_note", "enter", key), CLOSE))

    def leave(self) -> bool:
        """Back from the note to the choices, what was written stays in the field; False when there is none."""
        if self._noted is None:
            return False
        self._noted = None
        self.query_one("#note").display = False
        self.query_one(".dialog").remove_class("-noting")
        self.query_one("#choices").focus()
        self.query_one("#keys", KeyLine).show(self.keys())
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
