"""The sheet under the transcript: which lines are seen, in which colours, and how they stay in place while it grows."""

import time
from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from workbench.ui.entries import AnyEntry
from workbench.ui.transcript.copying import selected
from workbench.ui.transcript.ink import Ink
from workbench.ui.transcript.page import Page
from workbench.ui.transcript.strips import strip_of


class Sheet(ScrollView, can_focus=True):
    """Scrolls a `Page` and paints its lines. What is painted was made exact before, never while painting."""

    ALLOW_SELECT = True
    DEFAULT_CSS = """
    Sheet { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """

    # The size of the content moves no other widget: without this, each new line would lay out the whole screen.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(
        self,
        entries: list[AnyEntry],
        now: Callable[[], float] = time.time,
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._now = now
        self._page = Page(entries, now)
        self._ink: Ink | None = None
        self._follow = True
        self._holding = False
        self._below = 0
        self._anchor = (0, 0)
        self._dressed_width = 0
        self._base = Style.null()
        self.chosen: int | None = None
        """The index of the chosen entry."""

    def on_mount(self) -> None:
        """Begin with the colours of the theme, and hear when it changes."""
        self._refresh_scrollbars()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._dress())
        self._dress()

    @property
    def _space(self) -> Size:
        """Where lines are drawn: the widget without its scrollbar."""
        return self.scrollable_content_region.size

    def on_resize(self) -> None:
        if self._page.width and self._space.width == self._dressed_width:
            self._place(self._anchor, 0)
        else:
            self._dress()

    def _dress(self) -> None:
        """Take the colours and the width anew; everything is laid out again where it is seen."""
        if not self.is_mounted or not self._space.width:
            return
        self._ink = Ink(self.app.theme_variables, plain=self.app.no_color)
        self._base = self.rich_style
        self._dressed_width = self._space.width
        self._page.dress(self._ink, self._space.width)
        self._place(self._anchor, 0)
        self.refresh()

    def _seen(self) -> tuple[int, int]:
        """The first visible entry, and the line within it."""
        return self._page.heights.find(round(self.scroll_y))

    def _place(self, anchor: tuple[int, int], dirty: int) -> None:
        """Make exact what will be seen, keep `anchor` in place or follow the end, and draw from line `dirty` on."""
        page, height = self._page, self._space.height
        if self._follow:
            page.settle_end(height)
            top = max(0, page.heights.total + 1 - height)
        else:
            index = min(anchor[0], max(0, len(page.heights) - 1))
            top = page.settle(page.heights.offset(index) + anchor[1], height)
        self._scroll(top, dirty)

    def _scroll(self, top: int, dirty: int) -> None:
        size = Size(self._space.width, self._page.heights.total + 1)
        if size != self.virtual_size:
            self.virtual_size = size
            if self.show_vertical_scrollbar:
                self.vertical_scrollbar.window_virtual_size = size.height
        before = round(self.scroll_y)
        self._holding = True
        self.scroll_target_y = self.scroll_y = top
        self._holding = False
        self._anchor = self._seen()
        if round(self.scroll_y) == before:
            last = before + self._space.height
            if dirty < last:
                self.refresh_lines(max(dirty, before), last - max(dirty, before))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._holding or self._ink is None:
            return
        top = self._page.settle(round(new_value), self._space.height)
        self._scroll(top, self._page.heights.total + self._space.height)
        self._follow = round(self.scroll_y) >= self.max_scroll_y
        if self._follow:
            self._tell_below(0)

    def _tell_below(self, count: int) -> None:
        if count != self._below:
            self._below = count
            self.below_changed(count)
            self.refresh(self.size.region)

    def below_changed(self, count: int) -> None:
        """So many lines arrived below what is seen; 0 when the end is in view again."""

    # -- painting

    def render_line(self, y: int) -> Strip:
        """The strip of visible line `y`; everything it needs was laid out before."""
        width = self._space.width
        line = round(self.scroll_y) + y
        strip = self._strip(line).crop(0, width)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(line)) is not None:
            strip = self._marked(strip, *span)
        strip = strip.extend_cell_length(width, self._base).apply_offsets(0, line)
        if self._below and not self._follow and y == self._space.height - 1:
            return self._with_badge(strip, width)
        return strip

    def _strip(self, line: int) -> Strip:
        page, ink = self._page, self._ink
        if ink is None or not 0 <= line < page.heights.total:
            return Strip([])
        index, within = page.heights.find(line)
        laid = page.laid(index)
        row = within - laid.gap
        if not 0 <= row < len(laid.lines):
            return Strip([])
        chosen = index == self.chosen and self.has_focus
        return strip_of(page.entries[index], laid, row, (ink, self._base), chosen)

    def _marked(self, strip: Strip, start: int, end: int) -> Strip:
        style = self.screen.get_component_rich_style("screen--selection")
        text = strip.text
        stop = len(text) if end == -1 else end
        cuts = [strip.index_to_cell_position(min(place, len(text))) for place in (start, stop)]
        head, middle, tail = strip.crop(0, cuts[0]), strip.crop(*cuts), strip.crop(cuts[1])
        return Strip.join([head, Strip([Segment(t, (s + style) if s else style) for t, s, _ in middle]), tail])

    def _with_badge(self, strip: Strip, width: int) -> Strip:
        if self._ink is None:
            return strip
        ink = self._ink
        badge = Strip(
            [
                Segment(" ↓ ", ink("accent", "panel", "bold")),
                Segment(f"{self._below} new ", ink("foreground", "panel")),
            ]
        )
        left = max(0, width - badge.cell_length - 1)
        return Strip.join([strip.crop(0, left).extend_cell_length(left, self._base), badge]).crop(0, width)

    # -- selection and links

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text without the gutter."""
        return selected(self._page, selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh(self.size.region)
