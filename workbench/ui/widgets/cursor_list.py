"""What lists with a cursor have in common: the sessions, the blocks of the window. Each draws rows of its own."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView

from workbench.ui.commands import OffersCommands, offer_in_part

Item = TypeVar("Item")


class CursorList(OffersCommands, ScrollView, Generic[Item], can_focus=True):
    """Items below each other; the cursor stands on one of them and is always in view."""

    OFFERS = offer_in_part(
        "IN THE LIST",
        ("move_up", "up,k", "move(-1)", "Go up or down"),
        ("move_down", "down,j", "move(1)", ""),
        ("page_up", "pageup", "page(-1)", "Go a page up or down"),
        ("page_down", "pagedown", "page(1)", ""),
        ("go_to_first", "home", "move(-1000000)", "To the first or the last row"),
        ("go_to_last", "end", "move(1000000)", ""),
    )

    cursor: reactive[int] = reactive(0)
    """Index among the items."""

    class Moved(Message):
        """The cursor is on another item."""

    class Opened(Message):
        """The item under the cursor is to be opened."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.items: Sequence[Item] = ()

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.cursor] if 0 <= self.cursor < len(self.items) else None

    def hold_in(self, place: int) -> int:
        """The place among the items that is next to `place`."""
        return max(0, min(len(self.items) - 1, place))

    def watch_cursor(self) -> None:
        self.reveal()
        self.refresh()
        self.post_message(self.Moved())

    def action_move(self, step: int) -> None:
        self.cursor = self.hold_in(self.cursor + step)

    def action_page(self, step: int) -> None:
        self.action_move(step * max(1, self.size.height - 2))

    def reveal(self) -> None:
        """Scroll to the item under the cursor, with what belongs above it."""
        raise NotImplementedError
