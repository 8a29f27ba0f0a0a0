"""The other blocks of the side panel: SCRATCHPAD, BUDGET, CONFIDENCE, and what the buttons would bring."""

from collections.abc import Iterable

from textual.content import Content

from workbench.core import figures
from workbench.core.notes import Note, Scratchpad
from workbench.core.spend import Spend
from workbench.ui.board import Board
from workbench.ui.draw.lines import confidence_line, confidence_words, meter_line
from workbench.ui.draw.marks import ROUTE_MARKS, tier_boxes
from workbench.ui.draw.plan import PanelPlan
from workbench.ui.draw.rows import blank, fitted, spread
from workbench.ui.draw.window import HEADING

TIER_MARKS = (0.75, 0.9)
"""Where a budget line is marked: thrifty and direct (design §7 `tiers`)."""


def filled(rows: list[Content], height: int, width: int) -> list[Content]:
    """Exactly `height` rows."""
    return [*rows[:height], *(blank(width) for _ in range(height - len(rows)))]


def scratchpad_block(board: Board, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.scratchpad` rows: task, open questions, decisions, findings; the newest of each first."""
    pad = board.model.scratchpad
    files = len(pad.files_examined)
    counted = [_counted(pad.notes, "note")] if pad.notes else []
    counted += [_counted(files, "file")] if files else []
    head = spread(Content.styled("SCRATCHPAD", HEADING), Content.styled(" · ".join(counted), "$faint"), width)
    if not pad.notes and not pad.task:
        empty = wrapped("Nothing noted yet. The agent writes here as it learns.", width, "$faint")
        return filled([head, *empty], plan.scratchpad, width)
    task = fitted(Content.styled(_line(pad.task) or "no task named yet", "$foreground"), width)
    notes = [_note(mark, style, text, note, width) for mark, style, text, note in _chosen(pad, plan.notes)]
    return filled([head, task, *notes], plan.scratchpad, width)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _chosen(pad: Scratchpad, rows: int) -> Iterable[tuple[str, str, str, Note]]:
    kinds = (
        ("?", "bold $warning", "$foreground", pad.open_questions),
        ("◆", "$accent", "$foreground", pad.decisions),
        ("▪", "$info", "$muted", pad.findings),
    )
    all_notes = [(mark, style, text, note) for mark, style, text, notes in kinds for note in reversed(notes)]
    return all_notes[: max(0, rows)]


def _note(mark: str, style: str, text: str, note: Note, width: int) -> Content:
    return fitted(Content.assemble((mark, style), "  ", (_line(note.text), text)), width)


def _line(text: str) -> str:
    """`text` in one line, without the backticks of inline code."""
    return " ".join(figures.visible(text).replace("`", "").split())


def wrapped(text: str, width: int, style: str) -> list[Content]:
    """`text` in rows of `width` cells."""
    return [fitted(line, width) for line in Content.styled(text, style).wrap(max(1, width))]


def budget_block(board: Board, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.budget` rows: session, today and steps against their limits, and the tier."""
    spend, model = board.model.spend, board.model
    title = Content.styled("BUDGET", HEADING)
    if spend.as_if:
        title += Content.styled("  as if, nobody pays", "$faint")
    lines = [_session(spend), _today(spend), _steps(model.step if model.turn else 0, board.steps_budget)]
    most = max(len(limit) for _, _, _, limit in lines)
    rows = [spread(title, tier_boxes(spend.tier), width)]
    rows += [_meter(label, share, used, limit.ljust(most), width) for label, share, used, limit in lines]
    return filled(rows, plan.budget, width)


Metered = tuple[str, float, str, str]
"""Label, share, used and limit as they are written."""


def _session(spend: Spend) -> Metered:
    """Dollars, or tokens where they are nearer to their limit or no price is known."""
    if spend.fullest == "session_tokens" or spend.usd is None:
        return "session", _share(spend.tokens, spend.limit_tokens), *_tokens(spend.tokens, spend.limit_tokens)
    return "session", _share(spend.usd, spend.limit_usd), figures.dollars(spend.usd), figures.limit(spend.limit_usd)


def _today(spend: Spend) -> Metered:
    if spend.fullest == "day_tokens":
        used, limit = spend.day_tokens, spend.day_limit_tokens
        return "today", _share(used, limit), *_tokens(used, limit)
    used_usd, limit_usd = spend.day_usd, spend.day_limit_usd
    return "today", _share(used_usd, limit_usd), figures.dollars(used_usd), figures.limit(limit_usd)


def _tokens(used: int, limit: int) -> tuple[str, str]:
    return figures.tokens(used), figures.tokens(limit)


def _steps(step: int, budget: int) -> Metered:
    return "steps", _share(step, budget), str(step), str(budget)


def _share(used: float, limit: float) -> float:
    return used / limit if limit else 0.0


def _meter(label: str, share: float, used: str, limit: str, width: int) -> Content:
    figure = Content.assemble((used.rjust(6), "bold $foreground"), (f" of {limit}", "$muted"))
    line = max(0, width - 9 - figure.cell_length - 2)
    left = Content.assemble((label.ljust(9), "$muted"), meter_line(share, line, TIER_MARKS))
    return spread(left, figure, width)


def confidence_block(board: Board, width: int, plan: PanelPlan) -> list[Content]:
    """`plan.confidence` rows: the last answer's own rating, where it stands, and why."""
    model, options = board.model, board.options
    review, send = options.confidence_review, options.confidence_send
    value = model.confidence.value if model.confidence else None
    rows = [spread(Content.styled("CONFIDENCE", HEADING), rating(board, wide=True), width)]
    rows.append(confidence_line(value, width, review, send, model.route or "unrated"))
    if plan.axis:
        rows.append(confidence_words(width, review, send))
    if plan.reasoning and model.confidence and model.confidence.reasoning:
        rows.append(fitted(Content.styled(_line(model.confidence.reasoning), "italic $muted"), width))
    elif plan.reasoning and model.route is None:
        rows.append(fitted(Content.styled("Not rated yet. Answers rate themselves.", "$faint"), width))
    return filled(rows, plan.confidence, width)


def rating(board: Board, wide: bool) -> Content:
    """`◐ 0.82  for you to review`; a missing rating is a word, never a number."""
    model = board.model
    if model.route is None and model.confidence is None:
        return Content.styled("○ unrated" if not wide else "", "$faint")
    route = model.route or "unrated"
    mark, style, word = ROUTE_MARKS[route]
    if model.confidence is None:
        return Content.assemble((f"{mark} ", style), (word, "$muted"))
    figure = Content.assemble((f"{mark} ", style), (f"{model.confidence.value:.2f}", "bold $foreground"))
    return figure + Content.styled(f"  {word}", "$foreground") if wide else figure


def brings(board: Board, width: int) -> Content:
    """What Compact would bring: figures once a plan was made, else how to see them."""
    plan, window = board.model.plan, board.model.window
    if window is None or not board.model.entries:
        return fitted(Content.styled("when the window fills", "$faint"), width)
    if plan is None or plan.before != window.total:
        return fitted(Content.styled("each shows what it would bring first", "$faint"), width)
    words = f"to ≈ {figures.tokens(plan.after)}"
    if plan.payback is not None:
        turns = max(1, round(plan.payback))
        words += f" · pays back after {_counted(turns, 'turn')}"
    return fitted(Content.styled(words, "$muted"), width)
