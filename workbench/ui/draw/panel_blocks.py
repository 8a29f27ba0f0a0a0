"""Blocks of the side panel: SCRATCHPAD, BUDGET, CONFIDENCE, and what the buttons would bring."""

from collections.abc import Iterable

from textual.content import Content

from workbench.core import figures
from workbench.core.notes import Scratchpad
from workbench.core.spend import BudgetName, Spend
from workbench.ui.draw.marks import ROUTE_MARKS, draw_tier
from workbench.ui.draw.meters import draw_confidence, draw_meter, draw_thresholds, write_amounts
from workbench.ui.draw.panel_plan import PanelPlan
from workbench.ui.draw.text import count, faint, fill, fit, flatten, heading, muted, spread, wrap
from workbench.ui.state import UiState


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
    """`text` in one line, without the backticks of inline code."""
    return flatten(text.replace("`", ""))


def draw_budget(state: UiState, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.budget` rows: session, today and steps against their limits, and the tier."""
    spend = state.spend
    title = heading("BUDGET") + (faint("  as if, nobody pays") if spend.as_if else Content())
    step = state.step if state.turn else 0
    # Dollars, or tokens where they are nearer to their limit or no price is known.
    session: BudgetName = "session_tokens" if spend.fullest == "session_tokens" or spend.usd is None else "session_usd"
    today: BudgetName = "day_tokens" if spend.fullest == "day_tokens" else "day_usd"
    lines = [
        ("session", *_meter_budget(spend, session)),
        ("today", *_meter_budget(spend, today)),
        ("steps", _divide(step, state.steps_budget), str(step), str(state.steps_budget)),
    ]
    most = max(len(limit) for _, _, _, limit in lines)
    rows = [spread(title, draw_tier(spend), width)]
    for label, share, used, limit in lines:
        figure = Content.assemble((used.rjust(6), "bold $foreground"), (f" of {limit.ljust(most)}", "$muted"))
        line = draw_meter(share, max(0, width - 9 - figure.cell_length - 2), spend.warnings)
        rows.append(spread(muted(label.ljust(9)) + line, figure, width))
    return fill(rows, plan.budget, width)


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
    figure = Content.assemble((f"{mark} ", style), (f"{state.confidence.value:.2f}", "bold $foreground"))
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
