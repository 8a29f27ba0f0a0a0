"""The text of the pager: the rows of a page, painted when they are seen."""

import asyncio
from collections.abc import Callable

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.code import FOLDED
from workbench.ui.draw.marked import find_selection_style
from workbench.ui.draw.runs import StyledRun, Styles, count_fitting, cut, measure, measure_runs
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.reading.document import Piece
from workbench.ui.reading.marks import mark_runs
from workbench.ui.reading.page import Page, PageRow
from workbench.ui.reading.words import LineSearch
from workbench.ui.widgets.find import FindBar

FIND = ScreenCommand("find", "slash,ctrl+f", "find", "Look for words in it")
SLICE = 4_000
"""Lines that are looked at in one go."""
MOST_IN_CELL = 8
"""Characters of one cell that are looked at: accents and joiners take none."""


class PagerText(Widget, can_focus=True):
    """Shows one piece, and where words stand in it."""

    ALLOW_SELECT = True

    class Moved(Message):
        """Another place is seen, or more was found."""

    def __init__(self, piece: Piece, finding: FindBar) -> None:
        """`finding`: where the words are typed that are looked for."""
        super().__init__()
        self.finding = finding
        self.page, self._prose = Page(piece.lines, wraps=piece.prose), piece.prose
        self.search = LineSearch("", 0, str)
        self.hit: int | None = None
        """The hit that was gone to, by its place in `search.hits`."""
        self._came_from = (0, 0, 0)
        self._strips: list[Strip] | None = None
        self._fixed = 0
        """Cells at the left that do not move sideways."""

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._dress())
        self._dress()

    def on_key(self, event: events.Key) -> None:
        """Keys that came with the one that opens the find bar are for that: Textual hands them here first."""
        finds = find_keymap(self.app).rebind(FIND).keys.split(",")
        if event.key in finds and not self.finding.display:
            self.begin_find()
        elif self.finding.display:
            self.finding.editor.post_message(events.Key(event.key, event.character))
        else:
            return
        event.stop()
        event.prevent_default()

    def on_resize(self) -> None:
        self._fit()
        self.show()

    def _dress(self) -> None:
        """Take the colours of the theme; what was drawn in others is drawn again."""
        self._styles = Styles(self.app.theme_variables, plain=self.app.no_color)
        self.show()

    def read(self, piece: Piece) -> None:
        """Show another piece from its beginning."""
        self.page, self._prose = Page(piece.lines, wraps=piece.prose), piece.prose
        self.search, self.hit = LineSearch("", 0, str), None
        self._fit()
        self.show()

    def _fit(self) -> None:
        """The head above and what stays at the left take their room first."""
        lines, (width, height) = self.page.lines, self.size
        head = lines.head(self._styles)
        fixed = measure_runs(lines.draw(0, self._styles).fixed) if len(lines) else 0
        self._fixed = fixed if fixed < width // 2 else 0
        self.page.fit(width - self._fixed - 2, max(1, height - len(head)))

    def show(self) -> None:
        """Draw again."""
        self._strips = None
        self.refresh()
        self.post_message(self.Moved())

    def move(self, how: Callable[[Page], None]) -> None:
        """Change the page, and draw it."""
        how(self.page)
        self.show()

    def look_for(self, words: str) -> None:
        """Look for other words, from what is seen on; nothing waits for it."""
        lines, before = self.page.lines, self.search
        fresh = LineSearch(words, len(lines), lines.text)
        self.search, self.hit = before.narrow(words) if before.words.strip() else fresh, None
        self.run_worker(self._look(self.search, (self.page.line, self.page.start)), exclusive=True, group="look")

    async def _look(self, search: LineSearch, begin: tuple[int, int]) -> None:
        while search is self.search:
            search.advance(SLICE)
            if self.hit is None and (search.done or (search.hits and search.hits[-1].line >= begin[0])):
                self.go_to_hit(search.find_next(*begin))
            self.show()
            if search.done:
                return
            await asyncio.sleep(0.001)

    def go_to_hit(self, place: int | None) -> None:
        """Have a hit in view."""
        self.hit = place
        if place is not None:
            hit = self.search.hits[place]
            self.page.show(hit.line, hit.start, hit.end)

    def begin_find(self) -> None:
        """Ask for words, and remember the place."""
        self._came_from = self.page.line, self.page.start, self.page.left
        self.finding.open(self.search.words)
        self.show()

    def go_back(self) -> None:
        """To where one was when one began to look."""
        self.page.line, self.page.start, self.page.left = self._came_from

    def step(self, by: int) -> None:
        """To the next hit, or the one before."""
        if count := len(self.search.hits):
            before = self.hit if self.hit is not None else -1 if by > 0 else 0
            self.go_to_hit((before + by) % count)
            self.show()

    def render_line(self, y: int) -> Strip:
        if self._strips is None:
            self._strips = self._paint()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def _paint(self) -> list[Strip]:
        self._ground = self.rich_style  # one for all rows: Textual works it out anew each time
        found = []
        for line in self.page.lines.head(self._styles):
            runs = [Segment(text, style) for text, style in line.runs]
            fixed = [Segment(text, style) for text, style in line.fixed] if self._fixed else []
            found.append(self._join(fixed, Strip(runs).crop(self.page.left, self.page.left + self.page.width)))
        return found + [self._paint_row(row) for row in self.page.seen()]

    def _paint_row(self, row: PageRow) -> Strip:
        page, drawn = self.page, self.page.lines.draw(row.line, self._styles)
        text = page.lines.text(row.line)
        spans = [
            (hit.start, hit.end, self.hit is not None and self.search.hits[self.hit] == hit)
            for hit in self.search.on_line(row.line)
        ]
        runs = mark_runs(drawn.runs, spans, self._styles) if spans else drawn.runs
        if page.wraps:
            start, end = row.start, row.end
            mark = FOLDED if end < len(text) and not self._prose else ""
        else:
            start = count_fitting(text, page.left) if page.left else 0
            end = start + MOST_IN_CELL * page.width
            mark = "›" if measure(text) > page.left + page.width else ""
        shown = cut(runs, [(start, end, "")])[0].runs if start < len(text) else []
        strip = Strip([Segment(piece, style) for piece, style in shown]).apply_offsets(start, row.line)
        strip = self._select(strip, row.line, start).crop(0, page.width)
        return self._join(self._beside(row, drawn.fixed), strip, mark, drawn.ground)

    def _beside(self, row: PageRow, fixed: list[StyledRun]) -> list[Segment]:
        if not self._fixed:
            return []
        if row.start:
            return [Segment(" " * self._fixed)]
        return [Segment(text, style) for text, style in fixed]

    def _join(self, fixed: list[Segment], strip: Strip, mark: str = "", ground: str = "") -> Strip:
        base, faint = self._styles("foreground", ground), self._styles("faint", ground)
        left = self._styles("faint")
        before = Segment("‹" if self.page.left and mark != FOLDED else " ", left)
        width = self._fixed + self.page.width + 1
        whole = Strip([before, *fixed, *strip]).adjust_cell_length(width, base)
        whole = Strip.join([whole, Strip([Segment(mark or " ", faint)])])
        whole = whole.adjust_cell_length(self.size.width, base)
        segments = [Segment(t, self._ground + s if s else self._ground) for t, s, _ in whole]
        strip = Strip(segments)
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def _select(self, strip: Strip, line: int, start: int) -> Strip:
        """`strip`, which begins at character `start` of its line, with what the mouse has selected."""
        span = self.text_selection.get_span(line) if self.text_selection else None
        if span is None:
            return strip
        size = len(strip.text)
        first, last = (max(0, min(size, at - start)) for at in (span[0], size + start if span[1] == -1 else span[1]))
        style = find_selection_style(self)
        left, right = strip.index_to_cell_position(first), strip.index_to_cell_position(last)
        middle = Strip([Segment(t, s + style if s else style) for t, s, _ in strip.crop(left, right)])
        return Strip.join([strip.crop(0, left), middle, strip.crop(right)])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is selected, as it is shown; a place is a line and a character of it."""
        count, text = len(self.page.lines), self.page.lines.text
        (left, first) = selection.start or (0, 0)
        (right, last) = selection.end or (0, count)
        found = [text(line) for line in range(max(0, first), min(last + 1, count))]
        if found and last < count:
            found[-1] = found[-1][:right]
        if found:
            found[0] = found[0][left:]
        return "\n".join(found), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.show()
