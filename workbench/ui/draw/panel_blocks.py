"""Blocks of the side panel, and the rows each gets: SCRATCHPAD, BUDGET, CONFIDENCE, what the buttons would bring."""

from collections.abc import Iterable

import msgspec
from textual.content import Content

from workbench.core import figures
from workbench.core.notes import Scratchpad
from workbench.core.spend import BudgetName, Spend
from workbench.ui.draw.bar import ROUTE_MARKS, draw_confidence, draw_meter, draw_thresholds, draw_tier, write_amounts
from workbench.ui.draw.text import count, faint, fill, fit, flatten, heading, muted, spread, wrap
from workbench.ui.state import UiState


class PanelPlan(msgspec.Struct, frozen=True):
    """Rows and parts of the panel."""

    notes: int = 12
    """Rows for findings, decisions and questions."""
    reasoning: bool = True
    axis: bool = True
    """Words under the lines: trigger and reply, zones, thresholds."""
    chart: int = 3
    """Rows of the attention chart, its base included."""
    gaps: bool = True
    """An empty row between blocks and at the top."""
    brings: bool = True
    """The row under the buttons."""

    @property
    def window(self) -> int:
        return 2 + self.chart + 1 + 5 + 2 * self.axis + self.gaps

    @property
    def scratchpad(self) -> int:
        return 2 + self.notes

    @property
    def budget(self) -> int:
        return 4

    @property
    def confidence(self) -> int:
        return 2 + self.axis + self.reasoning

    @property
    def buttons(self) -> int:
        return 1 + self.brings

    @property
    def height(self) -> int:
        blocks = self.window + self.scratchpad + self.budget + self.confidence + self.buttons
        return blocks + 5 * self.gaps


LEAST_FINDINGS = 4
"""Rows that are left when only questions and decisions are shown."""


def plan_panel(height: int) -> PanelPlan:
    """The most that fits into `height` rows.

    Given up in this order: findings, the reasoning, axis words, the chart's upper rows, questions and decisions,
    and last the empty rows; total, legend and buttons stay.
    """
    plan = PanelPlan()
    plan = _fewer_notes(plan, height, LEAST_FINDINGS)
    for change in ({"reasoning": False}, {"axis": False}, {"chart": 2}, {"chart": 1}):
        if plan.height <= height:
            return plan
        plan = msgspec.structs.replace(plan, **change)
    plan = _fewer_notes(plan, height, 0)
    for change in ({"gaps": False}, {"brings": False}):
        if plan.height <= height:
            return plan
        plan = msgspec.structs.replace(plan, **change)
    return plan


def _fewer_notes(plan: PanelPlan, height: int, least: int) -> PanelPlan:
    excess = max(0, plan.height - height)
    return msgspec.structs.replace(plan, notes=max(least, plan.notes - excess))


def draw_scratchpad(state: UiState, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.scratchpad` rows: task, open questions, decisions, findings; the newest of each first."""
    pad = state.scratchpad
    files = len(pad.files_examined)
    counted = [count(pad.notes, "note")] if pad.notes else []
    counted += [count(files, "file")] if files else []
    head = spread(heading("SCRATCHPAD"), faint(" · ".join(counted)), width)
    if not pad.notes and not pad.task:
        empty = wrap(faint("Nothing noted yet. The agent writes here as it learns."), width, least=1)
        return fill([head, *(fit(row, width) for row in empty)], plan.scratchpad, width)
    task = fit(Content.styled(_flatten(pad.task) or "no task named yet", "$foreground"), width)
    return fill([head, task, *_draw_notes(pad, plan.notes, width)], plan.scratchpad, width)


def _draw_notes(pad: Scratchpad, rows: int, width: int) -> Iterable[Content]:
    kinds = (
        ("?", "bold $warning", "$foreground", pad.open_questions),
        ("◆", "$accent", "$foreground", pad.decisions),
        ("▪", "$info", "$muted", pad.findings),
    )
    found = [(mark, style, text, note) for mark, style, text, notes in kinds for note in reversed(notes)]
    for mark, style, text, note in found[: max(0, rows)]:
        yield fit(Content.assemble((mark, style), "  ", (_flatten(note.text), text)), width)


def _flatten(text: str) -> str:
    return flatten(text.replace("`", ""))


def draw_budget(state: UiState, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.budget` rows: session, today and steps against their limits, and the tier."""
    spend = state.spend
    title = heading("BUDGET") + faint(_explain_budget(spend))
    step = state.step if state.turn else 0
    known = (("session", spend.session), ("today", spend.day)) if spend.is_read else ()
    lines = [(label, *_meter_budget(spend, budget)) for label, budget in known]
    lines.append(("steps", _divide(step, state.steps_budget), str(step), str(state.steps_budget)))
    most = max(len(limit) for _, _, _, limit in lines)
    rows = [spread(title, draw_tier(spend), width)]
    for label, share, used, limit in lines:
        figure = Content.assemble((used.rjust(6), "bold $foreground"), (f" of {limit.ljust(most)}", "$muted"))
        line = draw_meter(share, max(0, width - 9 - figure.cell_length - 2), spend.warnings)
        rows.append(spread(muted(label.ljust(9)) + line, figure, width))
    return fill(rows, plan.budget, width)


def _explain_budget(spend: Spend) -> str:
    """What is particular about the figures, beside the heading."""
    if spend.as_if:
        return "  a rehearsal, not paid"
    if not spend.priced:
        return "  no price: tokens rule"
    return "" if spend.day_kept else "  today is not kept"


def _meter_budget(spend: Spend, budget: BudgetName) -> tuple[float, str, str]:
    used, limit = spend.amounts(budget)
    return _divide(used or 0.0, limit), *write_amounts(spend, budget)


def _divide(used: float, limit: float) -> float:
    return used / limit if limit else 0.0


def draw_confidence_block(state: UiState, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.confidence` rows: the last answer's own rating, where it stands, and why."""
    options = state.options
    review, send = options.confidence_review, options.confidence_send
    value = state.confidence.value if state.confidence else None
    rows = [spread(heading("CONFIDENCE"), draw_rating(state, wide=True), width)]
    rows.append(draw_confidence(value, width, review, send, state.route or "unrated"))
    if plan.axis:
        rows.append(draw_thresholds(width, review, send))
    if plan.reasoning and state.confidence and state.confidence.reasoning:
        rows.append(fit(Content.styled(_flatten(state.confidence.reasoning), "italic $muted"), width))
    elif plan.reasoning and state.route is None:
        rows.append(fit(faint("Not rated yet. Answers rate themselves."), width))
    return fill(rows, plan.confidence, width)


def draw_rating(state: UiState, wide: bool) -> Content:
    """`◐ 0.82  for you to review`; a missing rating is a word, never a number."""
    if state.route is None and state.confidence is None:
        return Content.styled("○ unrated" if not wide else "", "$faint")
    route = state.route or "unrated"
    mark, style, word = ROUTE_MARKS[route]
    if state.confidence is None:
        return Content.assemble((f"{mark} ", style), (word, "$muted"))
    figure = Content.assemble((f"{mark} ", style), (figures.score(state.confidence.value), "bold $foreground"))
    return figure + Content.styled(f"  {word}", "$foreground") if wide else figure


def draw_brings(state: UiState, width: int) -> Content:
    """What Compact would bring: figures once a plan was made, else how to see them."""
    plan, window = state.plan, state.window
    if window is None or not state.entries:
        return fit(faint("when the window fills"), width)
    if plan is None or plan.before != window.total:
        return fit(faint("each shows what it would bring first"), width)
    words = f"to ≈ {figures.tokens(plan.after)}"
    if plan.payback is not None:
        turns = max(1, round(plan.payback))
        words += f" · pays back after {count(turns, 'turn')}"
    return fit(Content.styled(words, "$muted"), width)
