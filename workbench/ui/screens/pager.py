"""The pager: one long thing from its first line to its last, with search, whatever its length."""

from pathlib import PurePath
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from workbench import resources
from workbench.core.ports import EngineClient
from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import bold, count, flatten, muted, spread
from workbench.ui.reading.document import Document, Piece
from workbench.ui.reading.lines import PlainLines
from workbench.ui.screens.registry import BACK, WorkScreen
from workbench.ui.state import UiState
from workbench.ui.widgets.drawn import Drawn
from workbench.ui.widgets.find import FindBar, describe_hits
from workbench.ui.widgets.footer import Footer
from workbench.ui.widgets.pager_text import FIND, PagerText

STEP = 8
"""Cells that ← and → move."""
NOTHING = Document("nothing", (Piece("", PlainLines("There is nothing to read yet: what is said comes here.")),))

UP = ScreenCommand("move_up", "up,k", "", "", action="screen.move(-1)")
LEFT = ScreenCommand("move_left", "left,h", "", "", action="screen.sideways(-1)")
PAGE_UP = ScreenCommand("page_up", "pageup", "", "", action="screen.page(-1)")
FIRST = ScreenCommand("go_to_first", "home,g", "", "", action="screen.home")
HIT_BEFORE = ScreenCommand("previous_hit", "N,shift+n", "", "", action="screen.hit(-1)")
PIECE_BEFORE = ScreenCommand("previous_piece", "left_square_bracket", "", "", action="screen.piece(-1)")
UNNAMED = (UP, LEFT, PAGE_UP, FIRST, HIT_BEFORE, PIECE_BEFORE)


def _pair(
    name: str, keys: str, word: str, help: str, action: str, twin: ScreenCommand, *, twin_first: bool = True
) -> ScreenCommand:
    return ScreenCommand(name, keys, word, help, action=f"screen.{action}", twin=twin, twin_first=twin_first)


MOVE = _pair("move_down", "down,j", "move", "A line up or down", "move(1)", UP)
SIDEWAYS = _pair("move_right", "right,l", "sideways", "Sideways, where lines are wider", "sideways(1)", LEFT)
PAGES = _pair("page_down", "pagedown,space", "page", "A page up or down", "page(1)", PAGE_UP)
ENDS = _pair("go_to_last", "end,G,shift+g", "ends", "To the first or the last line", "end", FIRST)
HITS = _pair(
    "next_hit", "n", "next, before", "To the next hit or the one before", "hit(1)", HIT_BEFORE, twin_first=False
)
WRAP = ScreenCommand("wrap", "w", "wrap", "Wrap long lines, or not")
COPY = ScreenCommand("copy", "y", "copy", "Copy all of it")
PIECES = _pair(
    "next_piece", "right_square_bracket", "part", "The part after or before, such as a table", "piece(1)", PIECE_BEFORE
)
RETRY = ScreenCommand("retry", "r", "try again", "Try again at once, or send the turn again")


class PagerScreen(WorkScreen):
    """Shows `document`; without one the newest long thing of the session."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [resources.themes() / "pager.tcss"]
    OFFERS = (FIND, HITS, WRAP, COPY, PIECES, RETRY, MOVE, SIDEWAYS, PAGES, ENDS, *UNNAMED, BACK)

    def __init__(self, client: EngineClient, state: UiState, document: Document | None = None) -> None:
        super().__init__(client, state)
        self._document = document or _find_newest(state)
        if state.options.linear:
            from workbench.ui.reading.told import tell_document

            self._document = tell_document(self._document)
        self._place = self._document.first
        self.find_bar = FindBar()
        self.text = PagerText(self._piece, self.find_bar)
        self._head = Drawn(lambda width, _: [self._draw_title(width)], id="pager-title")
        self._keys = Footer(self._moment)

    @property
    def _piece(self) -> Piece:
        return self._document.pieces[self._place]

    def compose(self) -> ComposeResult:
        yield self._head
        yield self.text
        yield self.find_bar
        yield self._keys

    def on_mount(self) -> None:
        self.find_bar.display = False
        self.text.focus()
        if self._document.words:
            self.call_after_refresh(self.text.look_for, self._document.words)

    def _draw_title(self, width: int) -> Content:
        page, total = self.text.page, len(self.text.page.lines)
        many = len(self._document.pieces)
        what = "" if self._piece.name in self._document.title.split() else self._piece.name
        what = f"{self._piece.name}, {self._place + 1} of {many}" if many > 1 else what
        left = Content(" ") + bold(flatten(self._document.title)) + muted(f"  {what}" if what else "")
        last = max((row.line + 1 for row in page.seen()), default=0)
        seen = "all of it" if not page.line and not page.start and page.at_end else f"{page.line + 1:,} to {last:,}"
        words = [count(total, "line").replace(str(total), f"{total:,}", 1), seen]
        if said := self._describe_hits():
            words.insert(0, f"“{flatten(self.text.search.words)}” {said}")
        return spread(left, muted(" · ".join(words)) + " ", width)

    def _describe_hits(self) -> str:
        if self.find_bar.display:
            return ""
        search = self.text.search
        return describe_hits(self.text.hit, len(search.hits), search.words, "" if search.done else "looking further")

    def _moment(self) -> list[ScreenCommand]:
        if self.find_bar.display:
            return list(FindBar.KEYS)
        page = self.text.page
        keys = [BACK]
        keys += [RETRY] if self._document.retries else []
        keys += [HITS] if self.text.search.hits else []
        keys += [FIND]
        keys += [PIECES] if len(self._document.pieces) > 1 else []
        keys += [WRAP.reword("wrap off")] if page.wraps else [WRAP]
        keys += [SIDEWAYS] if not page.wraps and (page.left or page.longer) else []
        return [*keys, COPY, PAGES, ENDS]

    @on(PagerText.Moved)
    def _look(self) -> None:
        search = self.text.search
        said = describe_hits(self.text.hit, len(search.hits), search.words, "" if search.done else "looking further")
        self.find_bar.say(said)
        self._head.refresh()
        self._keys.refresh()

    def action_move(self, by: int) -> None:
        self.text.move(lambda page: page.move(by))

    def action_sideways(self, by: int) -> None:
        self.text.move(lambda page: page.move_sideways(by * STEP))

    def action_page(self, by: int) -> None:
        self.text.move(lambda page: page.move(by * max(1, page.height - 2)))

    def action_home(self) -> None:
        self.text.move(lambda page: page.go_to(0))

    def action_end(self) -> None:
        self.text.move(lambda page: page.go_to_end())

    def action_wrap(self) -> None:
        self.text.move(lambda page: page.wrap(not page.wraps))

    def action_piece(self, by: int) -> None:
        many = len(self._document.pieces)
        if many > 1:
            self._place = (self._place + by) % many
            self.text.read(self._piece)

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._piece.lines.copy())

    def action_retry(self) -> None:
        if self._document.retries:
            self.dismiss(None)
            self.app.call_later(self.app.run_action, "app.run_command('retry')")

    def action_find(self) -> None:
        """Look for words; esc goes back to where one was."""
        self.text.begin_find()

    def action_hit(self, by: int) -> None:
        self.text.step(by)

    def action_back(self) -> None:
        if self.find_bar.display:
            self._leave()
        else:
            self.dismiss(None)

    @on(FindBar.Changed)
    def _look_for(self, event: FindBar.Changed) -> None:
        self.text.go_back()
        self.text.look_for(event.words)

    @on(FindBar.Moved)
    def _step(self, event: FindBar.Moved) -> None:
        self.text.step(event.by)

    @on(FindBar.Accepted)
    def _accept(self) -> None:
        self.find_bar.display = False
        self.text.focus()
        self._look()

    @on(FindBar.Left)
    def _leave(self) -> None:
        self.text.go_back()
        self.text.look_for("")
        self._accept()


def _find_newest(state: UiState) -> Document:
    """The newest entry that is more than a line."""
    from workbench.ui.transcript.documents import copy_entry, open_entry

    for entry in reversed(state.entries):
        if "\n" in copy_entry(entry)[0].strip():
            return open_entry(entry)
    return NOTHING
