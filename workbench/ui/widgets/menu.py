"""The menu above the prompt: a few rows, one of them chosen."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from workbench.core import figures
from workbench.ui.draw.text import spread
from workbench.ui.widgets.completions import Choice

ROWS = 8


class Menu(Widget):
    """Shows choices; the prompt keeps the keys."""

    @dataclass
    class Picked(Message):
        """A row was clicked."""

        choice: Choice

    def __init__(self) -> None:
        super().__init__(id="menu")
        self._choices: list[Choice] = []
        self._at = 0
        self.display = False

    @property
    def open(self) -> bool:
        return bool(self._choices)

    @property
    def chosen(self) -> Choice | None:
        """The row that enter would take."""
        return self._choices[self._at] if self._choices else None

    def show(self, choices: list[Choice]) -> None:
        """Offer `choices`; none closes it."""
        if choices == self._choices:
            return
        self._choices, self._at = choices, 0
        self.display = bool(choices)
        self.styles.height = min(ROWS, len(choices)) or 1
        self.refresh()

    def close(self) -> None:
        """Offer nothing."""
        self.show([])

    def move(self, by: int) -> None:
        """Choose another row; it goes round."""
        self._at = (self._at + by) % len(self._choices) if self._choices else 0
        self.refresh()

    def _first(self) -> int:
        return max(0, min(self._at - ROWS // 2, len(self._choices) - ROWS))

    def render(self) -> Content:
        first = self._first()
        rows = [self._row(place) for place in range(first, min(len(self._choices), first + ROWS))]
        return Content("\n").join(rows)

    def _row(self, place: int) -> Content:
        choice, width = self._choices[place], self.size.width
        mark = "▶ " if place == self._at else "  "
        label = figures.visible(choice.label)
        left = Content.assemble(
            (mark, "$accent"), (f"{label:<12}  " if choice.detail else label, "$foreground"), (choice.detail, "$faint")
        )
        more = f"{place + 1} of {len(self._choices)}" if place == self._at and len(self._choices) > ROWS else ""
        row = spread(left, Content.styled(more, "$faint"), width)
        return row.stylize_before("on $select") if place == self._at else row

    def on_click(self, event: events.Click) -> None:
        place = self._first() + event.y
        if 0 <= place < len(self._choices):
            self.post_message(self.Picked(self._choices[place]))
