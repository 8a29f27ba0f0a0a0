"""Which lines are seen, in which colours, and how they stay in place while the transcript grows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from workbench.ui.draw.bar import LETTERS
from workbench.ui.draw.marked import find_selection_style
from workbench.ui.draw.runs import Styles, TextLine
from workbench.ui.draw.told import CHOSEN
from workbench.ui.reading.marks import Span, mark_runs
from workbench.ui.state import Answer, AnyEntry, Marker, Prompt, TurnEnd
from workbench.ui.transcript.anchors import Anchor
from workbench.ui.transcript.entry_layout import EntryLayout
from workbench.ui.transcript.layout import Layout


@dataclass(frozen=True, slots=True)
class Look:
    """What all strips share."""

    styles: Styles
    base: Style
    """The widget's own colours."""
    width: int
    filters: tuple[LineFilter, ...]
    """What the application does to all lines, such as taking the colours away."""
    bare: bool = False
    """True where nothing stands beside the text."""


class LineView(ScrollView, can_focus=True):
    """Scrolls a `Layout` and paints its lines. What is painted was made exact before, never while painting."""

    ALLOW_SELECT = True
    DEFAULT_CSS = """
    LineView { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 0; }
    """

    @dataclass
    class NewBelow(Message):
        """So many lines arrived below what is seen; 0 when the end is in view again."""

        count: int

    # The size of the content moves no other widget: without this, each new line would lay out the whole screen.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(self, entries: list[AnyEntry], now: Callable[[], float], spoken: bool = False) -> None:
        super().__init__()
        self._now, self._spoken = now, spoken
        self._layout = Layout(entries, now, spoken)
        self._spare = 0 if spoken else 1
        """Blank lines below the last."""
        self._follow = True
        self._holding = False
        self._below = 0
        self._anchor = (0, 0)
        self._kept: Anchor | None = None
        """The text at the top, while only the size changes: however often it does, it is the same text."""
        self._dressed_width = 0
        self._fitted = Size(0, 0)
        self._look: Look | None = None
        self.chosen: int | None = None
        """The index of the chosen entry."""

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._dress())
        self._dress()

    def on_resize(self) -> None:
        self._fitted = self.size
        if not self._layout.width:
            self._dress()
            return
        kept = self._kept = self._kept or self._layout.find_anchor(*self._anchor)
        if self.size.width != self._dressed_width:
            self._dress()
        else:
            self._place(self._layout.find_line(kept), 0)
        self._kept = kept

    def _dress(self) -> None:
        """Take the colours and the width anew; everything is laid out again where it is seen."""
        if not self.is_mounted or not self.size.width:
            return
        styles = Styles(self.app.theme_variables, plain=self.app.no_color)
        self._look = Look(styles, self.rich_style, self.size.width, tuple(self.get_line_filters()), self._spoken)
        self._dressed_width = self.size.width
        kept = self._kept or (self._layout.find_anchor(*self._anchor) if self._layout.width else None)
        self._layout.dress(styles, self.size.width)
        self._place(self._layout.find_line(kept) if kept else self._anchor, 0)
        self.refresh()

    def _seen(self) -> tuple[int, int]:
        return self._layout.heights.find(round(self.scroll_y))

    def _place(self, anchor: tuple[int, int], dirty: int) -> None:
        """Make exact what will be seen, keep `anchor` in place or follow the end, and draw from line `dirty` on."""
        page, height = self._layout, self.size.height
        if self._follow:
            page.settle_end(height)
            top = max(0, page.heights.total + self._spare - height)
        else:
            index = min(anchor[0], max(0, len(page.heights) - 1))
            top = page.settle(page.heights.offset(index) + anchor[1], height)
        self._scroll(top, dirty)

    def _scroll(self, top: int, dirty: int) -> None:
        size = Size(self.size.width, self._layout.heights.total + self._spare)
        self.virtual_size = size
        before = round(self.scroll_y)
        self._holding = True
        self.scroll_target_y = self.scroll_y = top
        self._holding = False
        self._anchor = self._seen()
        if round(self.scroll_y) == before:
            last = before + self.size.height
            if dirty < last:
                self.refresh_lines(max(dirty, before), last - max(dirty, before))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)
        # A ScrollView clamps its place to the new size before it tells of that: nobody has scrolled.
        if self._holding or self._look is None or self.size != self._fitted:
            return
        self._kept = None
        top = self._layout.settle(round(new_value), self.size.height)
        self._scroll(top, self._layout.heights.total + self.size.height)
        self._follow = round(self.scroll_y) >= self.max_scroll_y
        if self._follow:
            self._tell_below(0)

    def _tell_below(self, count: int) -> None:
        if count != self._below:
            self._below = count
            self.post_message(self.NewBelow(count))
            self.refresh(self.size.region)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The visible lines of `crop`: without border and padding, strips go to the screen as they are."""
        top, width = round(self.scroll_y) + crop.y, self.size.width
        strips = list(self._painted(top, crop.height))
        selection = self.text_selection
        if selection is not None:
            for place, strip in enumerate(strips):
                if (span := selection.get_span(top + place)) is not None:
                    strips[place] = self._marked(strip, *span)
        if self._below and not self._follow and crop.bottom >= self.size.height and strips:
            strips[-1] = self._with_badge(strips[-1], width)
        for line_filter in self._look.filters if self._look else self.get_line_filters():
            strips = [strip.apply_filter(line_filter, Color.parse("black")) for strip in strips]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """The strip of visible line `y`."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def _painted(self, line: int, count: int) -> Iterator[Strip]:
        """Strips of `count` lines from `line` on; each is made once and kept with its entry."""
        page, end = self._layout, line + count
        index, within = page.heights.find(line)
        while line < end:
            if self._look is None or index >= len(page.heights):
                yield Strip.blank(self.size.width, self.rich_style)
                line += 1
                continue
            laid = page.lay_out(index)
            chosen = index == self.chosen and self.has_focus
            for row in range(within - laid.gap, min(laid.height, within + end - line) - laid.gap):
                known = laid.strips.get((row, chosen))
                if known is None or known[0] != line:
                    strip = paint_row(page.entries[index], laid, row, self._look, chosen, self._spans(index, laid, row))
                    strip = strip.apply_offsets(0, line)
                    known = laid.strips[(row, chosen)] = (line, strip)
                yield known[1]
                line += 1
            index, within = index + 1, 0

    def _spans(self, index: int, laid: EntryLayout, row: int) -> Sequence[Span]:
        """Characters of a row that are marked."""
        return ()

    def _marked(self, strip: Strip, start: int, end: int) -> Strip:
        style = find_selection_style(self)
        text = strip.text
        stop = len(text) if end == -1 else end
        cuts = [strip.index_to_cell_position(min(place, len(text))) for place in (start, stop)]
        head, middle, tail = strip.crop(0, cuts[0]), strip.crop(*cuts), strip.crop(cuts[1])
        return Strip.join([head, Strip([Segment(t, (s + style) if s else style) for t, s, _ in middle]), tail])

    def _with_badge(self, strip: Strip, width: int) -> Strip:
        if self._look is None:
            return strip
        styles = self._look.styles
        arrow, words = styles("accent", "panel", "bold"), styles("foreground", "panel")
        sign = [] if self._look.bare else [Segment(" ↓", arrow)]
        badge = Strip([*sign, Segment(f" {self._below} new ", words)])
        left = max(0, width - badge.cell_length - 1)
        return Strip.join([strip.crop(0, left).extend_cell_length(left, self._look.base), badge]).crop(0, width)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text without the gutter."""
        return self._layout.copy(selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        pointer, region = self.app.mouse_position, self.region
        if selection and (selection.start is None) != (selection.end is None) and not region.contains_point(pointer):
            # Textual ends a drag that leaves the widget at its very end; here that is where the pointer is.
            ends = Selection(*(end or self._find_beside(pointer) for end in selection))
            self.screen.selections = {**self.screen.selections, self: ends}
            return
        self.refresh(self.size.region)

    def _find_beside(self, pointer: Offset) -> Offset:
        """The place in the lines that is nearest to a place outside."""
        region = self.region
        if pointer.y < region.y:
            return Offset(0, round(self.scroll_y))
        row = min(pointer.y, region.bottom - 1) - region.y
        return Offset(0 if pointer.x < region.x else region.width, round(self.scroll_y) + row)


def paint_row(
    entry: AnyEntry, laid: EntryLayout, row: int, look: Look, chosen: bool, spans: Sequence[Span] = ()
) -> Strip:
    """TextLine `row` of a laid-out entry at full width; a negative row is a blank line above it."""
    if row < 0:
        return Strip.blank(look.width, look.base)
    line: TextLine = laid.lines[row]
    styles, base = look.styles, look.base
    segments = [Segment(CHOSEN, styles("accent"))] if chosen and row == 0 else []
    if not look.bare:
        segments = [Segment("▶" if chosen and row == 0 else " ", styles("accent")), *_gutter(entry, laid, row, styles)]
    runs = mark_runs(line.runs, spans, styles) if spans else line.runs
    segments += [Segment(text, style) for text, style in runs]
    if isinstance(entry, Answer) and entry.streaming and row == len(laid.lines) - 1 and not look.bare:
        segments.append(Segment("▌", styles("accent")))
    if chosen:
        base += styles("foreground", "select")
    strip = Strip([Segment(text, base + style if style else base) for text, style, _ in segments])
    return strip.adjust_cell_length(look.width, base)


def _gutter(entry: AnyEntry, laid: EntryLayout, row: int, styles: Styles) -> list[Segment]:
    """Two cells; a rule and a turn's last line are not in the window and have no colour."""
    if isinstance(entry, Marker):
        return []
    if not laid.place.inside:
        return [Segment("┊", styles("faint")), Segment(" ", styles("faint"))]
    if isinstance(entry, TurnEnd):
        return [Segment("  ", styles("faint"))]
    role = f"section-{entry.section}"
    ground = "surface" if isinstance(entry, Prompt) else ""
    if styles.plain:
        first = row == 0 and laid.place.begins
        return [Segment(LETTERS[entry.section] if first else "│", styles(role)), Segment(" ", styles(role, ground))]
    mark = "▌" if isinstance(entry, Prompt) else "▎"
    return [Segment(mark, styles(role, ground)), Segment(" ", styles(role, ground))]
