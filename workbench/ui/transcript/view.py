"""The transcript widget: keys, the chosen entry, folding, copying. It scrolls and paints as a view of lines."""

from dataclasses import dataclass

from textual import events
from textual.message import Message

from workbench.ui.commands import OffersCommands
from workbench.ui.reading.document import Document
from workbench.ui.state import Change, Marker, UiState
from workbench.ui.transcript.blocks import find_code
from workbench.ui.transcript.documents import copy_entry, open_entry
from workbench.ui.transcript.find_view import FindView
from workbench.ui.transcript.keys import TRANSCRIPT_KEYS
from workbench.ui.transcript.layout import Layout
from workbench.ui.transcript.telling import Telling, find_action


class Transcript(OffersCommands, FindView):
    """Draws `state.entries`. The screen calls `changed` after it has folded events into the state."""

    OFFERS = TRANSCRIPT_KEYS

    @dataclass
    class LinkClicked(Message):
        """A link in an answer was clicked."""

        href: str

    @dataclass
    class Undo(Message):
        """`u` was pressed on a line that can be undone."""

        entry: Marker

    @dataclass
    class CopyRequested(Message):
        """Text to put on the clipboard, and what it is."""

        text: str
        what: str

    @dataclass
    class ReadRequested(Message):
        """Something is to be read whole."""

        document: Document

    def __init__(self, state: UiState) -> None:
        self._telling = Telling(state.entries) if state.options.linear else None
        super().__init__(
            self._telling.entries if self._telling else state.entries, state.clock.now, bool(self._telling)
        )
        self._state = state
        self._pointed = (-1, 0)
        """The entry that was clicked last, and which line of it."""

    def changed(self, change: Change) -> None:
        """Draw what `change` says was touched; call it once for a batch of events."""
        if self._is_lost():
            self.reset()
            return
        if not change & (Change.ADDED | Change.TAIL | Change.ENTRIES):
            return
        touched = self._telling.take(self._state.touched) if self._telling else self._state.touched
        if self._look is None:
            return
        page = self._layout
        anchor, total = self._seen(), page.heights.total
        if self._kept and self._kept.entry in touched:
            self._kept = None
        self.note_changed(touched)
        first = page.touch(touched) if touched else len(page.heights)
        self._state.touched.clear()
        first = min(first, page.take())
        dirty = page.heights.offset(first) if first < len(page.heights) else page.heights.total
        streamed = page.stream()
        if streamed is not None:
            dirty = min(dirty, page.heights.offset(streamed[0]) + streamed[1])
        self._place(anchor, dirty)
        if not self._follow:
            self._tell_below(self._below + max(0, page.heights.total - total))

    def _is_lost(self) -> bool:
        """True where the state has other entries, or fewer, than those that are shown."""
        if self._telling:
            return self._telling.source is not self._state.entries or self._telling.lost
        return self._layout.entries is not self._state.entries or len(self._state.entries) < len(self._layout.heights)

    def _begin(self) -> Layout:
        """The entries anew, in the order in which they are shown."""
        if self._telling:
            self._telling = Telling(self._state.entries)
        return Layout(self._telling.entries if self._telling else self._state.entries, self._now, self._spoken)

    def take_earlier(self, more: int) -> None:
        """`more` entries came before those that were there; what is seen stays in its place."""
        if self._look is None:
            self.reset()
            return
        old, (index, line) = self._layout, self._seen()
        self._layout = self._begin()
        more = len(self._layout.entries) - len(old.entries) if self._telling else more
        self._layout.folds = {at + more: fold for at, fold in old.folds.items()}
        self._layout.opened = {at + more for at in old.opened}
        self.chosen = None if self.chosen is None else self.chosen + more
        self._layout.dress(self._look.styles, self._dressed_width)
        self._kept = None
        self._place((index + more, line), 0)
        self.note_earlier(more)

    def reset(self) -> None:
        """Another session is open: begin at its end."""
        self._layout = self._begin()
        self._state.touched.clear()
        self._follow, self.chosen, self._kept = True, None, None
        self.end_find(back=False)
        self._tell_below(0)
        self._dress()

    def tick(self) -> None:
        """Count the seconds of running calls; the screen calls it once a second while a turn runs."""
        entries = self._state.entries
        ends = range(max(0, len(entries) - 64), len(entries))
        running = {at for at in ends if getattr(entries[at], "state", "") == "running"}
        running |= {self._state.retry_at} if self._state.retry_at is not None else set()
        if running:
            self._state.touched |= running
            self.changed(Change.ENTRIES)

    def action_follow_link(self, href: str) -> None:
        self.post_message(self.LinkClicked(href))

    def on_click(self, event: events.Click) -> None:
        """Choose the entry under the pointer; a click on a tool's line folds or unfolds it."""
        line = round(self.scroll_y) + event.get_content_offset_capture(self).y
        if self.text_selection is not None or line >= self._layout.heights.total or "@click" in event.style.meta:
            return
        index, within = self._layout.heights.find(line)
        self._choose(index, show=False)
        self._pointed = index, within
        if within == self._layout.lay_out(index).gap:
            self.action_fold()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """False for what has nothing to act on: its letter is one that is typed then."""
        entries, chosen = self._layout.entries, self.chosen
        match action:
            case "retry":
                return self._state.retry_at is not None or self._state.failed_at is not None
            case "step_find":
                return self.search is not None
            case "undo":
                entry = entries[chosen] if chosen is not None and chosen < len(entries) else None
                return isinstance(entry, Marker) and find_action(entry, self._telling) == "undo"
        return True

    def on_focus(self) -> None:
        self._current()
        self.refresh()

    def _dress(self) -> None:
        super()._dress()
        if self.has_focus:
            self._current()

    def _current(self) -> int | None:
        """The chosen entry; the newest where none was chosen."""
        if self.chosen is None:
            self.chosen = self._next(len(self._layout.heights), -1)
        return self.chosen

    def on_blur(self) -> None:
        self.refresh()

    def action_choose(self, step: int) -> None:
        """Choose the entry above or below; one that is taller than the screen is read first."""
        chosen = self._current()
        if chosen is None or self._read_on(chosen, step):
            return
        index = self._in_view(chosen, step)
        if index is not None:
            self._choose(index)

    def _in_view(self, chosen: int, step: int) -> int | None:
        """The neighbour of `chosen`; where that was scrolled out of sight, the entry at the edge of what is seen."""
        heights, top = self._layout.heights, round(self.scroll_y)
        bottom = min(top + self.size.height, heights.total) - 1
        start = heights.offset(chosen)
        if start > bottom or start + heights[chosen] <= top:
            return self._next(heights.find(top)[0] - 1, 1) if step > 0 else self._next(heights.find(bottom)[0] + 1, -1)
        return self._next(chosen, step)

    def _next(self, index: int, step: int) -> int | None:
        at = index + step
        while 0 <= at < len(self._layout.heights):
            if self._layout.lay_out(at).height:
                return at
            at += step
        return None

    def _read_on(self, chosen: int, step: int) -> bool:
        """Scroll within a chosen entry that goes on beyond the edge; False when there is nothing more of it."""
        top, height = round(self.scroll_y), self._layout.heights[chosen]
        start = self._layout.heights.offset(chosen)
        hidden = start + height - (top + self.size.height) if step > 0 else top - start
        if hidden <= 0 or hidden > height:
            return False
        self.scroll_to(y=top + step * min(hidden, max(1, self.size.height // 2)), animate=False)
        return True

    def _choose(self, index: int, *, show: bool = True) -> None:
        self.chosen = index
        if show:
            start = self._layout.heights.offset(index)
            end = start + self._layout.lay_out(index).height
            top, height = round(self.scroll_y), self.size.height
            if start < top or end - start > height:
                self.scroll_to(y=start, animate=False)
            elif end > top + height:
                self.scroll_to(y=end + 1 - height, animate=False)
        self.refresh()

    def action_fold(self) -> None:
        """Fold or unfold the chosen tool or run."""
        chosen = self._current()
        anchor = self._seen()
        first = self._layout.fold(chosen) if chosen is not None else None
        if first is not None:
            self._follow = False
            self._place(anchor, self._layout.heights.offset(first))
            self._choose(chosen or first)  # what was unfolded at the lower edge comes into view
            self._follow = round(self.scroll_y) >= self.max_scroll_y

    def action_read(self) -> None:
        """Open the chosen entry; a folded run shows its calls first."""
        chosen = self._current()
        if chosen is None:
            return
        words = self.search.words if self.search and self.search.count_in(chosen) else ""
        if self._layout.is_folded_run(chosen):
            self.action_fold()
        else:
            self.post_message(
                self.ReadRequested(open_entry(self._layout.entries[chosen], self._source_line(chosen), words))
            )

    def _source_line(self, index: int) -> int:
        """Which line of its source the person points at in entry `index`."""
        entry, within = self._pointed
        return self._layout.find_anchor(index, within).source if entry == index else -1

    def action_copy(self) -> None:
        chosen = self._current()
        if chosen is not None:
            self.post_message(self.CopyRequested(*copy_entry(self._layout.entries[chosen])))

    def action_copy_code(self) -> None:
        chosen = self._current()
        if code := find_code(self._layout.entries[chosen]) if chosen is not None else "":
            self.post_message(self.CopyRequested(code, "code block"))

    async def action_retry(self) -> None:
        await self.run_action("app.run_command('retry')")

    def action_undo(self) -> None:
        chosen = self._current()
        entry = self._layout.entries[chosen] if chosen is not None else None
        if isinstance(entry, Marker) and find_action(entry, self._telling) == "undo":
            self.post_message(self.Undo(entry))

    def action_scroll_home(self) -> None:
        self.scroll_to(y=0, animate=False)
        self.chosen = self._next(-1, 1)
        self.refresh()

    def show_entry(self, index: int) -> None:
        """Choose an entry and show where it begins."""
        if 0 <= index < len(self._layout.heights):
            self.chosen, self._follow = index, False
            self._show_line(self._layout.heights.offset(index))
            self.refresh()

    def follow(self) -> None:
        """Go to the end and stay there: what one has just asked is what one wants to see."""
        self._follow = True
        self._tell_below(0)
        self._place(self._anchor, 0)

    def action_scroll_end(self) -> None:
        self.follow()
        self.chosen = self._next(len(self._layout.entries), -1)
        self.refresh()

    def action_page(self, step: int) -> None:
        """A page up or down; what lies between is made exact first, so that no line is skipped."""
        height = self.size.height
        top = self._layout.settle(round(self.scroll_y), height, margin=height)
        self._scroll(top, 0)
        self.scroll_to(y=top + step * max(1, height - 2), animate=False)
