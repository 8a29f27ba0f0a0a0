"""The lines of a compaction plan: what happens to each block, and keys that have something else happen."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from workbench.core.plans import CompactionPlan, Fate, PlanLine
from workbench.ui.commands import OffersCommands, offer_in_part
from workbench.ui.draw.text import stack
from workbench.ui.draw.told import is_told, lay_told
from workbench.ui.modals import plan_rows, plan_words

KEYS: Mapping[str, Fate] = {"keep": "kept", "mask": "masked", "summarise": "summarised", "drop": "dropped"}
"""What each action has happen."""


class PlanLines(OffersCommands, Widget, can_focus=True):
    """Blocks by fate; arrows choose a line, a letter moves it to another fate."""

    OFFERS = offer_in_part(
        "AT THE BLOCKS",
        ("previous_line", "up", "move(-1)", "Choose another line"),
        ("next_line", "down", "move(1)", ""),
        ("keep_blocks", "k", "give('keep')", "Keep the blocks of the chosen line as they are"),
        ("mask_blocks", "m", "give('mask')", "Leave a line in the place of each result"),
        ("summarise_blocks", "s", "give('summarise')", "Have them in the summary alone"),
        ("drop_blocks", "d", "give('drop')", "Drop them"),
        words={"keep_blocks": "keep", "mask_blocks": "mask", "summarise_blocks": "summarise", "drop_blocks": "drop"},
    )

    chosen: reactive[int] = reactive(0)
    """Index among the lines that can be moved."""

    @dataclass
    class Moved(Message):
        """Something else is to happen to some blocks."""

        fates: dict[str, Fate]

    def __init__(self, plan: CompactionPlan, at: str = "", *, id: str | None = None) -> None:
        """`at`: an entry; its line is chosen."""
        super().__init__(id=id)
        self.plan = plan
        self.movable = [line for line in plan_rows.sort_lines(plan) if line.ids and not line.pinned]
        """What the person may decide on, in the order of the screen."""
        held = (place for place, line in enumerate(self.movable) if at in line.ids)
        self.set_reactive(PlanLines.chosen, next(held, 0))

    @property
    def current(self) -> PlanLine | None:
        """The chosen line; None where there is none, or where nobody is at them."""
        return self.movable[self.chosen] if self.movable and self.has_focus else None

    def render(self) -> Content:
        return stack([row for _, row in self._rows(self.size.width)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def on_focus(self) -> None:
        self._reveal()

    def on_blur(self) -> None:
        self.refresh()

    def watch_chosen(self) -> None:
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        rows = self._rows(self.size.width)
        line = rows[event.y][0] if event.y < len(rows) else None
        if line in self.movable:
            self.chosen = self.movable.index(line)

    def action_move(self, step: int) -> None:
        self.chosen = max(0, min(len(self.movable) - 1, self.chosen + step))

    def action_give(self, deed: str) -> None:
        if self.current and self.current.fate != KEYS[deed]:
            self.post_message(self.Moved(dict.fromkeys(self.current.ids, KEYS[deed])))

    def _rows(self, width: int) -> list[tuple[PlanLine | None, Content]]:
        """Each row with the line that it shows."""
        if not is_told(self):
            return plan_rows.draw_blocks(self.plan, width, self.current)
        said = plan_words.tell_blocks(self.plan, self.current)
        return [(line, row) for line, sentence in said for row in lay_told([sentence], width)]

    def _reveal(self) -> None:
        self.refresh()
        at = next((y for y, (line, _) in enumerate(self._rows(self.size.width)) if line and line is self.current), None)
        if at is not None and isinstance(self.parent, Widget):
            self.parent.scroll_to_region(Region(0, at, 1, 1), animate=False)
