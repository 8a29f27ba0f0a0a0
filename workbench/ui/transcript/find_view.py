"""Finding in the transcript: hits are marked, gone to, unfolded where they are folded; nothing waits for it."""

import asyncio
from dataclasses import dataclass, field

from textual.message import Message

from workbench.ui.reading.marks import Span
from workbench.ui.transcript.anchors import Anchor
from workbench.ui.transcript.entry_layout import EntryLayout
from workbench.ui.transcript.finding import Found, TranscriptSearch
from workbench.ui.transcript.hits import DrawnHits
from workbench.ui.transcript.layout import Unfolded
from workbench.ui.transcript.line_view import LineView

PAUSE_S = 0.001
"""Between two goes; keys and frames come first."""


@dataclass
class FoundFrom:
    """Where one was when one began to look, and what was unfolded since."""

    anchor: Anchor
    bottom: int
    """The lowest entry that was seen."""
    follow: bool
    chosen: int | None
    unfolded: list[Unfolded] = field(default_factory=list)


class FindView(LineView):
    """A view of lines in which words can be looked for."""

    class FindChanged(Message):
        """More was found, or another hit was gone to."""

    search: TranscriptSearch | None = None
    """What is looked for; None while nothing is."""
    hidden = False
    """True where the hit that was gone to stands in what is not drawn: reading the entry whole shows it."""
    _from: FoundFrom | None = None

    def find(self, words: str) -> None:
        """Look for `words`, from what is seen back."""
        if self._from is None:
            bottom = self._layout.heights.find(round(self.scroll_y) + self.size.height - 1)[0]
            anchor = self._kept or self._layout.find_anchor(*self._anchor)
            self._from = FoundFrom(anchor, bottom, self._follow, self.chosen)
        self._fold_back()
        self._return(self._from)
        self.search = TranscriptSearch(words, lambda: self._layout.entries, self.search)
        self._repaint()
        self.run_worker(self._look_back(self.search), exclusive=True, group="find")

    async def _look_back(self, search: TranscriptSearch) -> None:
        while search is self.search:
            search.advance()
            if self._from and search.at is None and (search.done or search.left <= self._from.bottom):
                self._go(search.nearest(self._from.bottom))
            self.post_message(self.FindChanged())
            if search.done:
                return
            await asyncio.sleep(PAUSE_S)

    def action_step_find(self, by: int) -> None:
        self.step_find(by)

    def step_find(self, by: int) -> None:
        """To the next hit, or the one before."""
        if self.search and (found := self.search.step(by)):
            self._go(found)
            self.post_message(self.FindChanged())

    def end_find(self, *, back: bool) -> None:
        """Look no more; `back` to the place where it began, with all folded that was."""
        if self._from and back:
            self._fold_back()
            self._return(self._from)
        self._from, self.search, self.hidden = None, None, False
        self._repaint()

    def note_changed(self, touched: set[int]) -> None:
        """Entries were appended or changed; one that still streams is looked at when it is complete."""
        if self.search:
            self.search.hear(touched)
            self.post_message(self.FindChanged())

    def note_earlier(self, more: int) -> None:
        """So many entries came before the others: they are looked at as well."""
        if self._from:
            self._from.anchor = Anchor(
                self._from.anchor.entry + more, self._from.anchor.source, self._from.anchor.offset
            )
            self._from.bottom += more
            self._from.chosen = None if self._from.chosen is None else self._from.chosen + more
            self._from.unfolded = [(kind, index + more) for kind, index in self._from.unfolded]
        if self.search:
            self.search.shift(more)
            self.run_worker(self._look_back(self.search), exclusive=True, group="find")

    def _go(self, found: Found | None) -> None:
        """Have a hit in view, unfolded where it can be."""
        if self.search is None or found is None:
            return
        self.search.at = found
        index, page = found.entry, self._layout
        for step in ("run", "tool"):
            drawn = self._hits(index, page.lay_out(index))
            if drawn.first_row is None and (opened := page.unfold(index, step)) and self._from:
                self._from.unfolded.append(opened)
        laid = page.lay_out(index)
        row = self._hits(index, laid).first_row
        self.hidden, self.chosen = row is None, index
        self._follow = False
        self._show_line(page.heights.offset(index) + laid.gap + (row or 0))
        self._repaint()

    def _show_line(self, line: int) -> None:
        """Have a line in view, away from the edges where it was not."""
        top, height = round(self.scroll_y), self.size.height
        if not top <= line < top + height - 1:
            top = max(0, line - height // 3)
        self._kept = None
        self._place(self._layout.heights.find(self._layout.settle(top, height, margin=height)), 0)

    def _return(self, began: FoundFrom) -> None:
        self._follow, self.chosen = began.follow, began.chosen
        self._kept = began.anchor
        self._place(self._layout.find_line(began.anchor), 0)

    def _fold_back(self) -> None:
        while self._from and self._from.unfolded:
            self._layout.fold_back(self._from.unfolded.pop())

    def _hits(self, index: int, laid: EntryLayout) -> DrawnHits:
        search = self.search
        assert search is not None
        chosen = search.at.before if search.at and search.at.entry == index else None
        stamp = (search, chosen, len(laid.lines))
        if laid.hits is None or laid.hits[0] != stamp:
            skipped = 1 if laid.place.role == "lead" else 0  # the line of the run itself
            laid.hits = stamp, DrawnHits(laid.lines, search, chosen, skipped)
        return laid.hits[1]

    def _spans(self, index: int, laid: EntryLayout, row: int) -> list[Span]:
        if self.search is None or not self.search.words.strip():
            return []
        return self._hits(index, laid).spans.get(row, [])

    def _repaint(self) -> None:
        """Paint all that is seen again: other characters of it are marked."""
        self._layout.forget_strips()
        self.refresh()
