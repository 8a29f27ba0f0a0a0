"""The whole transcript as lines: heights of all entries, and the laid-out lines of those that are seen.

estimate (off screen, from lengths alone) ─▶ exact (laid out when it comes near the viewport, kept in an LRU)
"""

from collections.abc import Callable, Iterable
from typing import Literal

from textual.cache import LRUCache
from textual.selection import Selection

from workbench.ui.draw.runs import Styles, TextLine
from workbench.ui.draw.told import CHOSEN
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool, TurnEnd
from workbench.ui.transcript.anchors import Anchor, find_place, find_row
from workbench.ui.transcript.copying import RowPlace, copy_rows, copy_source
from workbench.ui.transcript.entry_layout import EntryLayout
from workbench.ui.transcript.estimates import WIDEST_PROSE, estimate_height
from workbench.ui.transcript.flow import EntryPlace, Flow, Heights, can_unfold
from workbench.ui.transcript.markdown import BlockPlace, MarkdownRenderer
from workbench.ui.transcript.remarks import draw_asked, draw_marker, draw_prompt, draw_thought, draw_turn_end
from workbench.ui.transcript.spoken import SpokenStream, draw_spoken
from workbench.ui.transcript.streaming import Stream
from workbench.ui.transcript.tools import Fold, choose_fold, draw_run, draw_tool

Unfolded = tuple[str, int]
"""What was unfolded: `run` and its lead, or how an entry stood before, and the entry."""
MARGIN = 3
"""Entries above and below the viewport that are exact as well."""
LEFT = 3
"""Cells left of the text: margin, gutter, space."""
RIGHT = 1
"""Cells right of it."""


class Layout:
    """Entries as lines, at one width and in one styles."""

    def __init__(self, entries: list[AnyEntry], now: Callable[[], float], spoken: bool = False) -> None:
        """`spoken`: as sentences from the first cell on, see `spoken`."""
        self.entries, self._now, self._spoken = entries, now, spoken
        self.left = 0 if spoken else LEFT
        self.flow = Flow(entries)
        self.heights = Heights()
        self.folds: dict[int, Fold] = {}
        """What was folded or unfolded by hand, by entry."""
        self.opened: set[int] = set()
        """Runs of tools that are unfolded, by the entry that leads them."""
        self._versions: dict[int, int] = {}
        self._laid: LRUCache[int, EntryLayout] = LRUCache(1_024)
        self._streams: dict[int, EntryLayout] = {}
        self.width = 0

    def dress(self, styles: Styles, width: int) -> None:
        """Begin again at `width` cells in `styles`; all heights are estimates until they are seen."""
        self.styles, self.faint = styles, styles.faint()
        pane = max(12, width - self.left - (len(CHOSEN) if self._spoken else RIGHT))
        self.width, prose = pane, min(WIDEST_PROSE, pane)
        self.renderers = {True: MarkdownRenderer(prose, styles, pane), False: MarkdownRenderer(prose, self.faint, pane)}
        self._laid.clear()
        self._streams.clear()
        self.flow.extend()
        self.heights = Heights(self._estimate(index) for index in range(len(self.entries)))

    def take(self) -> int:
        """Take in entries that were appended; returns the first that may look different."""
        first = len(self.heights)
        self.flow.extend()
        lead = self.flow.lead(first) if first < len(self.entries) else -1
        if lead not in (-1, first):
            self._bump(self.flow.run(lead))
        for index in range(first, len(self.entries)):
            self.heights.append(self._estimate(index))
        return first if lead < 0 else min(first, lead)

    def touch(self, indexes: Iterable[int]) -> int:
        """Forget how these entries were laid out; returns the first index that may look different."""
        first = len(self.heights)
        for index in sorted(indexes):
            if index < len(self.heights):
                around = self.flow.update(index)
                self._bump(around)
                first = min(first, around.start)
        return first

    def _bump(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            self._versions[index] = self._versions.get(index, 0) + 1
            if index < len(self.heights):
                self.heights.set(index, self._estimate(index) if index not in self._laid else self.heights[index])

    def stream(self) -> tuple[int, int] | None:
        """Lay out what arrived of the streaming answers: the entry and its first line that changed."""
        changed = None
        for index in list(self._streams):
            laid = self._streams[index]
            entry = self.entries[index]
            if isinstance(entry, Answer) and entry.streaming and isinstance(laid.lines, Stream):
                before = len(laid.lines)
                first = laid.lines.grow(entry.text) if laid.lines.seen != len(entry.text) else before
                first = max(0, min(first, before - 1))
                for row in range(first, before):
                    laid.strips.pop((row, False), None)
                    laid.strips.pop((row, True), None)
                self.heights.set(index, laid.height)
                changed = changed or (index, laid.gap + first)
            else:
                del self._streams[index]
        return changed

    def lay_out(self, index: int) -> EntryLayout:
        """Entry `index` laid out; its height is exact from now on."""
        entry, place = self.entries[index], self.flow.place(index)
        if isinstance(entry, Answer) and entry.streaming:
            laid = self._streams.get(index)
            if laid is None:
                stream = (SpokenStream if self._spoken else Stream)(self.renderers[True])
                laid = self._streams[index] = EntryLayout("stream", place, stream)
                self.stream()
            laid.place = place
        else:
            stamp = (self._versions.get(index, 0), place, self.folds.get(index), self._run_open(index))
            laid = self._laid.get(index)
            if laid is None or laid.stamp != stamp:
                laid = self._laid[index] = EntryLayout(stamp, place, *self._lines(index, entry, place))
        self.heights.set(index, laid.height)
        return laid

    def settle(self, top: int, height: int, margin: int = 0) -> int:
        """Make exact what is seen from line `top` and around it; returns where that line is now."""
        if not len(self.heights):
            return 0
        index, within = self.heights.find(top)
        if index >= len(self.heights):
            index, within = len(self.heights) - 1, 0
        self._settle(range(index - 1, -1, -1), margin)
        known = self.lay_out(index)
        within = min(within, max(0, known.height - 1))
        self._settle(range(index, len(self.heights)), within + height + margin)
        return self.heights.offset(index) + within

    def settle_end(self, height: int) -> None:
        """Make exact what is seen at the end."""
        self._settle(range(len(self.heights) - 1, -1, -1), height)

    def _settle(self, indexes: Iterable[int], lines: int) -> None:
        """Make exact so many lines of these entries, and `MARGIN` entries beyond."""
        more = MARGIN
        for index in indexes:
            if lines <= 0 and more <= 0:
                return
            size = self.lay_out(index).height
            more -= lines <= 0 and size > 0
            lines -= size

    def fold_of(self, index: int) -> Fold:
        """How tool `index` stands now."""
        entry = self.entries[index]
        return self.folds.get(index) or (choose_fold(entry) if isinstance(entry, Tool) else "closed")

    def fold(self, index: int) -> int | None:
        """Fold or unfold a tool or the run it leads; returns the first entry that changed, None where nothing can."""
        entry, place = self.entries[index], self.flow.place(index)
        lead = self.flow.lead(index)
        if place.role == "lead":
            self.opened ^= {lead}
            run = self.flow.run(lead)
            self._bump(run)
            for at in run:
                self.heights.set(at, self._estimate(at))
            return lead
        if not can_unfold(entry):
            return None
        self.folds[index] = "open" if self.fold_of(index) == "closed" else "closed"
        self._bump([index])
        return index

    def is_folded_run(self, index: int) -> bool:
        """True where entry `index` leads a run of calls that is folded."""
        return self.flow.place(index).role == "lead" and index not in self.opened

    def unfold(self, index: int, what: Literal["run", "tool"]) -> Unfolded | None:
        """Open the run that entry `index` is in, or the entry itself; None where there is nothing folded."""
        entry, lead = self.entries[index], self.flow.lead(index)
        if what == "run" and lead >= 0 and lead not in self.opened and self.flow.place(index).role != "alone":
            self.fold(lead)
            return "run", lead
        if what == "tool" and can_unfold(entry):
            before = self.folds.get(index)
            if self.fold_of(index) != "open":
                self.folds[index] = "open"
                self._bump([index])
                return (before or "", index)
        return None

    def fold_back(self, unfolded: Unfolded) -> None:
        """As it was before `unfold`."""
        kind, index = unfolded
        if kind == "run":
            self.fold(index)
            return
        self.folds.pop(index, None)
        if kind:
            self.folds[index] = "closed" if kind == "closed" else "glance"
        self._bump([index])

    def forget_strips(self) -> None:
        """Paint all lines again when they are seen."""
        for laid in (*self._streams.values(), *(self._laid[index] for index in list(self._laid.keys()))):
            laid.strips.clear()

    def find_anchor(self, index: int, within: int) -> Anchor:
        """The text that stands at line `within` of an entry."""
        if not 0 <= index < len(self.entries):
            return Anchor(max(0, index), 0, within)
        laid = self.lay_out(index)
        return Anchor(index, *find_place(laid.lines, laid.sources, within - laid.gap))

    def find_line(self, anchor: Anchor) -> tuple[int, int]:
        """The entry of a text and the line within it where that stands now."""
        if not 0 <= anchor.entry < len(self.entries):
            return anchor.entry, 0
        laid = self.lay_out(anchor.entry)
        return anchor.entry, max(0, laid.gap + find_row(laid.lines, laid.sources, anchor.source, anchor.offset))

    def copy(self, selection: Selection) -> str:
        """What was written under a selection."""
        start, end = selection.start, selection.end
        entries = range(
            self.heights.find(max(0, start.y))[0] if start else 0,
            min(self.heights.find(end.y)[0] if end else len(self.heights), len(self.heights) - 1) + 1,
        )
        text = ""
        for index in entries:
            laid = self.lay_out(index)
            if not laid.height:
                continue
            top = self.heights.offset(index) + laid.gap
            first = RowPlace(start.y - top, max(0, start.x - self.left)) if start and start.y >= top else None
            last = RowPlace(end.y - top, max(0, end.x - self.left)) if end and end.y < top + len(laid.lines) else None
            between = "\n" * (1 + laid.gap) if text else ""
            text += between + (self._copy_entry(index, laid, first, last) if not last or last.row >= 0 else "")
        return text

    def _copy_entry(self, index: int, laid: EntryLayout, first: RowPlace | None, last: RowPlace | None) -> str:
        entry = self.entries[index]
        if isinstance(entry, Prompt) and not first and not last:
            return entry.text
        if isinstance(entry, Answer) and not self._spoken and not isinstance(laid.lines, Stream):
            return copy_source(entry.text, laid.lines, laid.blocks, first, last)
        return copy_rows(laid.lines, first, last)

    def _run_open(self, index: int) -> bool:
        return self.flow.lead(index) in self.opened

    def _lines(self, index: int, entry: AnyEntry, place: EntryPlace) -> tuple[list[TextLine], list[BlockPlace]]:
        styles = self.styles if place.inside else self.faint
        if self._spoken:
            return draw_spoken(entry, self.width, styles), []
        if not isinstance(entry, Answer):
            return self._plain_lines(index, entry, place, styles), []
        lines, blocks = self.renderers[place.inside].render_with_sources(entry.text)
        if entry.draft:
            why = ("✗ broke off", styles("error")) if entry.broken else ("■ stopped", styles("muted"))
            lines.append(TextLine([why]))
        return lines, blocks

    def _plain_lines(self, index: int, entry: AnyEntry, place: EntryPlace, styles: Styles) -> list[TextLine]:
        match entry:
            case Prompt():
                return draw_prompt(entry, place.inside, self.width, styles)
            case Tool():
                return self._tool(index, entry, place, styles)
            case Asked():
                return draw_asked(entry, self.width, styles)
            case Marker():
                return draw_marker(entry, self.width + 2, styles, self._now())
            case Thought():
                return draw_thought(entry, self.fold_of(index) != "closed", self.width, styles)
            case TurnEnd():
                return draw_turn_end(entry, self.width, styles)
        return []

    def _tool(self, index: int, tool: Tool, place: EntryPlace, styles: Styles) -> list[TextLine]:
        opened = self._run_open(index)
        if place.role == "alone":
            return draw_tool(tool, self.fold_of(index), self.width, styles, self._now())
        lines: list[TextLine] = []
        if place.role == "lead":
            tools = [entry for at in self.flow.run(index) if isinstance(entry := self.entries[at], Tool)]
            lines.append(draw_run(tools, opened, self.width, styles))
        if opened:
            lines += draw_tool(tool, self.fold_of(index), self.width, styles, self._now(), inset=2)
        return lines

    def _estimate(self, index: int) -> int:
        place = self.flow.place(index)
        return estimate_height(self.entries[index], place, self.width, run_open=self._run_open(index))
