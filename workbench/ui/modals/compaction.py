"""The compaction review: what would be lost, what it costs, and the summary that will be believed (seed §2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import TextArea

from workbench.core import figures
from workbench.core.commands import ChangePlan, Compact, PlanCompaction
from workbench.core.plans import CompactionPlan
from workbench.ui.commands import OffersCommands, ScreenCommand, offer_in_part
from workbench.ui.draw.text import bold, faint, heading, join, muted, plain
from workbench.ui.draw.told import is_told
from workbench.ui.keymap.chosen import find_keymap
from workbench.ui.modals import plan_rows, plan_words
from workbench.ui.modals.dialog import NEXT_PART, PREVIOUS_PART, ReviewModal
from workbench.ui.modals.parts import DocumentArea, KeyLine, Picture, TitleLine
from workbench.ui.modals.plan_lines import PlanLines

StrategyText = tuple[str, str, str]
"""Name, title and help of a strategy, as its registry gives them."""
COMPACT = ScreenCommand("compact", "f8", "compact", "Carry the plan out, with the summary as it stands")
LEAVE = ScreenCommand("back", "escape", "leave the window as it is", "Leave the window as it is")
KEYS = (COMPACT, NEXT_PART, PREVIOUS_PART, LEAVE)


class StrategyPicker(OffersCommands, Widget, can_focus=True):
    """The strategies of compaction in a row; arrows or a click choose one, enter or a click on it plans."""

    OFFERS = offer_in_part(
        "AT THE STRATEGIES",
        ("previous_strategy", "left,h", "move(-1)", "Choose another strategy"),
        ("next_strategy", "right,l", "move(1)", ""),
        ("plan", "enter,space", "plan", "Plan with the chosen one"),
    )

    chosen: reactive[int] = reactive(0)
    """Index of the one under the cursor."""

    @dataclass
    class PlanWanted(Message):
        """A plan with another strategy is wanted."""

        strategy: str

    def __init__(self, strategies: Sequence[StrategyText], current: str, *, id: str | None = None) -> None:
        """`current` is offered even where it is none of `strategies`: an older plan may have been made with it."""
        super().__init__(id=id)
        known = [name for name, _, _ in strategies]
        self.strategies = (*strategies, *([] if current in known else [(current, current, "")]))
        self.current = current
        self.set_reactive(StrategyPicker.chosen, [name for name, _, _ in self.strategies].index(current))

    @property
    def wanted(self) -> str:
        """The name of the one under the cursor."""
        return self.strategies[self.chosen][0]

    def render(self) -> Content:
        if is_told(self):
            return plain(self._tell())
        return Content.assemble(*(self._draw(index) for index in range(len(self.strategies))))

    def _tell(self) -> str:
        name, title, _ = self.strategies[self.chosen]
        made = "this plan is made with it" if name == self.current else "enter plans with it"
        return f"strategy {self.chosen + 1} of {len(self.strategies)}, chosen: {title}, {made}"

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return sum(cell_len(title) + 2 for _, title, _ in self.strategies)

    def on_click(self, event: events.Click) -> None:
        at = 0
        for index, (_, title, _) in enumerate(self.strategies):
            at += cell_len(title) + 2
            if event.x < at:
                again, self.chosen = index == self.chosen, index
                if again:
                    self.action_plan()
                return

    def watch_chosen(self) -> None:
        self.tooltip = self.strategies[self.chosen][2] or None

    def action_move(self, step: int) -> None:
        self.chosen = max(0, min(len(self.strategies) - 1, self.chosen + step))

    def action_plan(self) -> None:
        if self.wanted != self.current:
            self.post_message(self.PlanWanted(self.wanted))

    def _draw(self, index: int) -> Content:
        name, title, _ = self.strategies[index]
        text = f" {title} "
        if index == self.chosen:
            return plain(text, "bold $on-accent on $accent")
        return plain(text, "$foreground on $select" if name == self.current else "$muted")


class CompactionReview(ReviewModal[Compact | PlanCompaction | ChangePlan]):
    """Gives the command that compacts, with the summary if it was edited, or one that plans anew, or None."""

    OFFERS = (COMPACT, LEAVE)
    PARTS = (("#summary", "right"), ("#lines", "left"), ("#strategies", ""))

    def __init__(self, plan: CompactionPlan, strategies: Sequence[StrategyText], at: str = "", fault: str = "") -> None:
        """`at`: an entry of a changed plan; the review goes on there. `fault`: why it could not be changed."""
        super().__init__()
        self.plan, self.at, self._fault = plan, at, fault
        self._strategies = strategies

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog review -compaction"):
            with Horizontal(id="head"):
                yield TitleLine(bold("Compact the window"))
                yield StrategyPicker(self._strategies, self.plan.strategy, id="strategies")
            yield Picture(self._draw_bars, lambda: plan_words.tell_sizes(self.plan), id="bars")
            with Horizontal(id="columns"):
                with VerticalScroll(id="left", can_focus=False):
                    yield PlanLines(self.plan, self.at, id="lines")
                with Vertical(id="right"):
                    title = join([heading("SUMMARY"), faint("edit it; what you write is what is sent")])
                    yield TitleLine(title, self._draw_size(), id="summary-title")
                    yield DocumentArea(self.plan.summary, id="summary")
                    yield Picture(
                        lambda width: plan_rows.draw_costs(self.plan, width),
                        lambda: plan_words.tell_costs(self.plan),
                        id="costs",
                    )
            yield KeyLine(KEYS, "can be undone at any time", id="keys")

    def on_mount(self) -> None:
        if self._fault:
            self.call_after_refresh(self.query_one("#keys", KeyLine).complain, plain(self._fault, "$warning"))

    def choose_part(self) -> int:
        """At the blocks, where one of them was moved just now."""
        return 1 if self.at else super().choose_part()

    def on_descendant_focus(self) -> None:
        """The keys of the part that has the focus."""
        at_lines = self.query_one(PlanLines).has_focus
        keys = (*(each for each in PlanLines.OFFERS if each.word), COMPACT, LEAVE.reword("leave")) if at_lines else KEYS
        self.query_one("#keys", KeyLine).show(keys)

    def fit(self, width: int, height: int) -> None:
        self.query_one("#bars", Picture).refresh(layout=True)

    def action_back(self) -> None:
        if not self.warn_of_loss(
            self._edited_text, f"esc again drops it, {find_keymap(self.app).show(COMPACT)} compacts with it"
        ):
            self.close(None)

    def action_compact(self) -> None:
        picker = self.query_one(StrategyPicker)
        if picker.wanted != self.plan.strategy:  # what would be done is not on the screen yet
            self._plan_anew(picker.wanted)
            return
        written = self.query_one("#summary", DocumentArea).text
        self.close(Compact(self.plan.id, written if written != self.plan.summary else None))

    @on(StrategyPicker.PlanWanted)
    def _plan(self, event: StrategyPicker.PlanWanted) -> None:
        event.stop()
        self._plan_anew(event.strategy)

    def _plan_anew(self, strategy: str) -> None:
        if not self.warn_of_loss(self._edited_text, f"once more plans anew with {strategy}"):
            self.close(PlanCompaction(strategy))

    @on(PlanLines.Moved)
    def _change(self, event: PlanLines.Moved) -> None:
        event.stop()
        self.at = next(iter(event.fates))
        self.close(ChangePlan(self.plan.id, event.fates, self._edited_text or None))

    @property
    def _edited_text(self) -> str:
        """What was written in the summary; empty where nothing was."""
        text = self.query_one("#summary", DocumentArea).text
        return text if text != self.plan.summary else ""

    @on(TextArea.Changed, "#summary")
    def _edited(self) -> None:
        self.query_one("#summary-title", TitleLine).show(right=self._draw_size())

    def _draw_bars(self, width: int) -> list[Content]:
        roomy = not self.has_class("-tight")
        rows = plan_rows.draw_bars(self.plan, width, roomy, self.app.no_color)
        return [Content(), *rows] if roomy else rows

    def _draw_size(self) -> Content:
        areas = list(self.query("#summary").results(DocumentArea))
        edited = bool(areas) and areas[0].text != self.plan.summary
        return muted("edited" if edited else figures.tokens(self.plan.summary_tokens))
