"""A review before something large: two columns side by side, or parts behind tab where it is narrow."""

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType

from workbench.ui.modals.dialog import Dialog

Result = TypeVar("Result")


class Review(Dialog[Result]):
    """Moves between its parts with tab; a part brings its column to the front."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "part(1)", "next part", show=False),
        Binding("shift+tab", "part(-1)", "previous part", show=False),
    ]

    PARTS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Each part's selector, and the column that holds it; an empty one is always in view."""

    _part = 0

    def go_to(self, part: int) -> None:
        """Focus a part, its column in front."""
        self._part = part % len(self.PARTS)
        selector, column = self.PARTS[self._part]
        if column:
            for name in ("left", "right"):
                self.query_one(f"#{name}").set_class(name == column, "-front")
        self.query_one(selector).focus()

    def action_part(self, step: int) -> None:
        """Go to the next or the previous part."""
        self.go_to(self._part + step)
