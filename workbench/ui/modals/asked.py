"""The place of what is asked: rows that scroll, how far they were read, and a line that counts what is below."""

from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView

from workbench.ui.commands import ScreenCommand
from workbench.ui.draw.text import faint, join, muted, name_key, plain
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.modals.parts import TitleLine

READ_ON = ScreenCommand("page_down", "pagedown", "reads on", "", action="screen.page(1)")
READ_BACK = ScreenCommand("page_up", "pageup", "scroll", "Scroll what is asked", action="screen.page(-1)", twin=READ_ON)


class AskedView(ScrollView, can_focus=False):
    """Rows of which only those in view are drawn. It knows how far down it was read."""

    class Scrolled(Message):
        """Another part is in view."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._place = 0
        self._furthest = 0
        self._read = False

    @property
    def lines(self) -> int:
        """How many rows there are."""
        return 0

    @property
    def padding_rows(self) -> int:
        """Rows of its place that stay free."""
        return 0

    @property
    def bottom(self) -> int:
        """The first row below those in view."""
        return round(self.scroll_y) + self._place

    @property
    def below(self) -> int:
        """How many rows are below those in view."""
        return max(0, self.lines - self.bottom) if self._place else 0

    @property
    def read(self) -> bool:
        """True once its last row was in view."""
        return self._read

    def take(self, rows: int) -> None:
        """Be `rows` rows high. Free rows that would take most of a place too low for all are given up for the rest."""
        bare = rows < self.lines + self.padding_rows and rows <= 2 * self.padding_rows
        self.set_class(bare, "-bare")
        self.styles.height = rows
        self._place = rows if bare else rows - self.padding_rows
        self._note()

    def tell_below(self) -> Content:
        """What is not in view, for the line below it."""
        if not self.below:
            return faint("read to the end")
        return join([muted(f"↓ {self.below:,} more line{'' if self.below == 1 else 's'}"), self.tell_asking()])

    def tell_asking(self) -> Content:
        """What of it that is not in view asks."""
        return Content()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._note()
            self.post_message(self.Scrolled())

    def _note(self) -> None:
        self._furthest = max(self._furthest, self.bottom)
        self._read = self._read or (self._place > 0 and self._furthest >= self.lines)

    def measure(self, width: int) -> None:
        """There are other rows."""
        self.virtual_size = Size(width, self.lines)


class BelowLine(TitleLine):
    """Counts what is below the rows in view; it is there only while they do not all fit."""

    def tell(self, view: AskedView) -> None:
        """Show what is below."""
        on = name_key(find_keymap(self.app).show(READ_ON), READ_ON.word)
        self.show(view.tell_below(), on if view.below else plain(""))
