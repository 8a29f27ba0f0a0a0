"""The approval: what would run, why it asks, whether it can be undone, and four answers (seed §5)."""

from rich.cells import cell_len
from textual import on
from textual.content import Content
from textual.widget import Widget

from workbench.core import figures
from workbench.core.decisions import EscalationRequest, Verdict
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, cut_path, join, muted, plain
from workbench.ui.draw.told import is_told
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.modals import facts
from workbench.ui.modals.asked import READ_ON, AskedView, BelowLine
from workbench.ui.modals.asking import LABELS, VERBS, choose_kind, choose_preview, hold_back, offer_answers, write_title
from workbench.ui.modals.choices import CHOOSING, Choices, DigitChoice
from workbench.ui.modals.command_view import CommandView
from workbench.ui.modals.dialog import ROOMY
from workbench.ui.modals.editing import EditingModal
from workbench.ui.modals.facts import Fact
from workbench.ui.modals.parts import KeyLine, TitleLine
from workbench.ui.modals.preview import DiffView
from workbench.ui.modals.question import LOW, Terms

ABOVE = 4
"""Rows of the screen that what is asked never has: line or frame on top, title, and blanks."""
SHORT_PATH = 30
"""Cells of a path with which it stands beside what else the title says."""
LEAST = 2
"""Rows of what is asked from which on a line of them counts the rest."""
REJECT = ScreenCommand("back", "escape", "reject", "Reject it; out of the editor or the note first")
PAGE_DOWN = ScreenCommand("page_down", "pagedown", "more", "", action="screen.page(1)", label="pgdn")
DETAILS = ScreenCommand("details", "d", "details", "Show everything about the call; a change side by side")
HUNK_BEFORE = ScreenCommand("previous_hunk", "left_square_bracket", "", "", action="screen.hunk(-1)")
HUNKS = ScreenCommand(
    "next_hunk",
    "right_square_bracket",
    "hunks",
    "Go to the next hunk or the one before",
    action="screen.hunk(1)",
    twin=HUNK_BEFORE,
    twin_first=True,
)
RIGHT = ScreenCommand("move_right", "right", "", "", action="screen.sideways(8)")
LEFT = ScreenCommand(
    "move_left", "left", "sideways", "Scroll long lines of a diff", action="screen.sideways(-8)", twin=RIGHT
)


class ApprovalModal(EditingModal):
    """Asks for a yes: once, this session, edited, or no with a note. Esc rejects."""

    OFFERS = (
        REJECT,
        DETAILS,
        HUNKS,
        HUNK_BEFORE,
        LEFT,
        RIGHT,
    )

    AWAY = REJECT

    def __init__(self, request: EscalationRequest, terms: Terms) -> None:
        super().__init__(request, terms)
        self._kind = choose_kind(request)
        self._preview = choose_preview(request)
        self._diff: DiffView | None = None
        self._command: CommandView | None = None
        if self._preview.kind == "diff":
            self._diff = DiffView(self._preview.text, path=self._preview.path, id="question")
        else:
            self._command = CommandView(self._preview, request.proposal, id="question")
        self._below = BelowLine(id="below")

    def heading(self) -> Content:
        return self._lay_title()[0]

    def aside(self) -> Content:
        return self._lay_title()[1]

    def _lay_title(self) -> tuple[Content, Content]:
        """The title and what stands at its right; of a change the file's name comes before both."""
        hunks = len(self._diff.starts) if self._diff else 0
        place = muted(f"hunk {self._diff.hunk} of {hunks}") if self._diff and hunks > 1 else Content()
        waiting = super().aside()
        both, mark = join([place, waiting]), bold("◆ ", "$error" if self.request.urgency == "high" else "$accent")
        whole = mark + bold(write_title(self.request))
        if self._kind != "write":
            return whole, both
        preview, brief = self._preview, mark + bold("Write?")
        counts = plain(f"+{preview.added}", "$added") + " " + plain(f"-{preview.removed}", "$removed")
        path = figures.visible(preview.path)
        for wanted in (cell_len(path), min(SHORT_PATH, cell_len(path.rpartition("/")[2]) + 2), 8):
            for title, beside in ((whole, both), (brief, both), (brief, waiting), (brief, Content())):
                taken = title.cell_length + counts.cell_length + 6 + (beside.cell_length + 2 if beside else 0)
                if self.inner - taken >= wanted:
                    return join([title, plain(cut_path(path, self.inner - taken)), counts]), beside
        return join([brief, counts]), Content()

    def body(self) -> list[Widget]:
        return [self._asked, self._below]

    @property
    def _asked(self) -> AskedView:
        view = self._diff or self._command
        assert view is not None
        return view

    def facts(self, height: int) -> tuple[Fact, ...]:
        roomy = height >= ROOMY
        rows = [
            facts.explain_reason(self.request, whole=roomy or self.detailed or is_told(self)),
            facts.explain_outcome(LABELS[self._kind], self.request),
        ]
        rows += [facts.explain_urgency(self.request)] if roomy or self.detailed else []
        rows.append(facts.explain_progress(self.request.progress))
        rows += facts.explain_confidence(
            self.request.confidence, self.terms.review, self.terms.send, cells=24 if roomy else 0
        )
        return (*rows, *facts.list_details(self.request)) if self.detailed else tuple(rows)

    def choices(self) -> tuple[DigitChoice, ...]:
        offered = offer_answers(self.request)
        if self._may_agree:
            return offered
        key = find_keymap(self.app).show(READ_ON)
        return (*(hold_back(choice, key) for choice in offered[:2]), *offered[2:])

    def preselected(self) -> int:
        return 0 if self.request.reversible and self._may_agree else 3

    @property
    def _may_agree(self) -> bool:
        """A command is read to its end before a yes; a change can be undone."""
        return self._command is None or self._command.read

    @property
    def _may_split(self) -> bool:
        """True for a change that is not side by side yet; where it is told, nothing stands beside anything."""
        return self._diff is not None and not self._diff.split and not is_told(self)

    def keys(self) -> tuple[ScreenCommand, ...]:
        hunks = (HUNKS,) if self._diff and len(self._diff.starts) > 1 else ()
        word = "side by side" if self._may_split else "details"
        move, choose = CHOOSING
        low = self.app.size.height < LOW
        first = (PAGE_DOWN, REJECT, choose) if low and self._asked.below else (choose, REJECT)
        return (move, *first, *hunks, DETAILS.reword("less" if self.detailed else word))

    def wanted(self, width: int) -> int:
        return self._command.lay_out(width) if self._command else max(1, self._asked.lines)

    def grow(self, rows: int) -> None:
        asked, rows = self._asked, min(rows, max(0, self.app.size.height - ABOVE))
        longer = rows < asked.lines + asked.padding_rows and rows >= LEAST
        self._below.set_class(longer, "-counts")
        asked.take(rows - 1 if longer else rows)
        self._show_place()

    def take(self, choice: DigitChoice) -> None:
        match choice.digit:
            case "1":
                self.close(Verdict("once"))
            case "2":
                self.close(Verdict("session"))
            case "3":
                run = DigitChoice("1", f"{VERBS[self._kind]} it as edited")
                self.edit((run, DigitChoice("2", "Go back to the question", "your text is kept")))
            case "4":
                self.ask_note(
                    "why not, in a few words: it reads this and goes on",
                    "reject",
                    lambda note: self.close(Verdict("reject", note=note)),
                )

    def action_back(self) -> None:
        if not self.leave() and not self.warn_of_loss(self.edited_text, "esc again rejects, 3 opens it again"):
            self.close(Verdict("reject"))

    def action_details(self) -> None:
        """Of a change first side by side, then the details, then neither."""
        if self._diff and not self.detailed and self._may_split:
            self._diff.split = True
        else:
            if self._diff:
                self._diff.split = False
            self.detailed = not self.detailed
        self.show_keys(self.keys())
        self.fit(self.size.width, self.size.height)

    def action_hunk(self, step: int) -> None:
        if self._diff and self._diff.starts:
            self._diff.go_to((self._diff.hunk - 1 + step) % len(self._diff.starts) + 1)
            self._show_place()

    def action_page(self, step: int) -> None:
        """Scroll what is asked to its end, and then the facts; back the other way round."""
        asked, facts = self._asked, self.query_one("#middle")
        first = facts.scroll_y <= 0 if step < 0 else asked.scroll_y < asked.max_scroll_y
        if not first:
            super().action_page(step)
            return
        asked.scroll_relative(y=step * max(1, asked.size.height - 1), animate=False)
        self._show_place()

    def action_sideways(self, step: int) -> None:
        if self._diff:
            self._diff.scroll_relative(x=step, animate=False)

    @on(AskedView.Scrolled)
    def _show_place(self) -> None:
        self.query_one("#title", TitleLine).show(right=self.aside())
        self._below.tell(self._asked)
        choices, offered = self.query_one("#choices", Choices), self.choices()
        keys = self.query_one("#keys", KeyLine)
        if self.is_choosing and keys.keys != self.keys():
            keys.show(self.keys())
        if choices.choices != offered and not self.revision:
            keys.settle()
            if choices.chosen == self._preselected:
                self._preselected = self.preselected()
                choices.show(offered, self._preselected)
            else:
                choices.offer(offered)
