"""The compaction review: what would be lost, what it costs, and the summary that will be believed (seed §2)."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import TextArea

from workbench.core import figures
from workbench.core.commands import Compact, PlanCompaction
from workbench.core.plans import CompactionPlan
from workbench.ui.modals import plan_rows
from workbench.ui.modals.dialog import WIDE
from workbench.ui.modals.document import DocumentArea
from workbench.ui.modals.lines import Key, KeyLine, Line
from workbench.ui.modals.picture import Picture
from workbench.ui.modals.review import Review
from workbench.ui.modals.strategies import Strategies
from workbench.ui.modals.styled import bold, faint, joined, muted

KEYS = (
    Key("F8", "compact", "screen.compact"),
    Key("tab", "next part", "screen.part(1)"),
    Key("shift+tab", "back", "screen.part(-1)", spare=True),
    Key("esc", "leave the window as it is", "screen.back"),
)


class CompactionReview(Review[Compact | PlanCompaction]):
    """Gives the command that compacts, with the summary if it was edited, or one that plans anew, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "compact", "compact", show=False)]
    PARTS = (("#summary", "right"), ("#left", "left"), ("#strategies", ""))

    def __init__(self, plan: CompactionPlan, *, strategies: tuple[str, ...] = ("auto", "summarise")) -> None:
        super().__init__()
        self.plan = plan
        self._strategies = strategies

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog review -compaction"):
            with Horizontal(id="head"):
                yield Line(bold("Compact the window"))
                yield Strategies(self._strategies, self.plan.strategy, id="strategies")
            yield Picture(self._bars, id="bars")
            with Horizontal(id="columns"):
                with VerticalScroll(id="left"):
                    yield Picture(lambda width: plan_rows.blocks(self.plan, width))
                with Vertical(id="right"):
                    yield Line(self._summary_title(), self._summary_size(), id="summary-title")
                    yield DocumentArea(self.plan.summary, id="summary")
                    yield Picture(lambda width: plan_rows.costs(self.plan, width), id="costs")
            yield KeyLine(KEYS, "can be undone at any time", id="keys")

    def on_mount(self) -> None:
        """Begin at the summary: it is what will be believed. Where there is one column, begin at what happens."""
        self.go_to(0 if self.app.size.width >= WIDE else 1)

    def fit(self, width: int, height: int) -> None:
        self.query_one("#bars", Picture).refresh(layout=True)

    def action_compact(self) -> None:
        """Carry the plan out, with the summary as it stands."""
        written = self.query_one("#summary", DocumentArea).text
        self.close(Compact(self.plan.id, written if written != self.plan.summary else None))

    @on(Strategies.Picked)
    def _plan(self, event: Strategies.Picked) -> None:
        self.close(PlanCompaction(event.strategy))

    @on(TextArea.Changed, "#summary")
    def _edited(self) -> None:
        self.query_one("#summary-title", Line).show(right=self._summary_size())

    def _bars(self, width: int) -> list[Content]:
        return [
            *([] if self.has_class("-tight") else [Content()]),
            *plan_rows.bars(self.plan, width, not self.has_class("-tight"), self.app.no_color),
        ]

    def _summary_title(self) -> Content:
        return joined([bold("SUMMARY", "$muted"), faint("edit it; what you write is what is sent")])

    def _summary_size(self) -> Content:
        areas = list(self.query("#summary").results(DocumentArea))
        edited = bool(areas) and areas[0].text != self.plan.summary
        return muted("edited" if edited else figures.tokens(self.plan.summary_tokens))
