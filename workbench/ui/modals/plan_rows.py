"""A compaction plan in words and figures: bars, blocks, evidence, costs; pure functions of the width."""

from textual.content import Content

from workbench.core import figures
from workbench.core.plans import CompactionPlan, Fate, PlanLine
from workbench.core.window import Section
from workbench.ui.draw.bar import section_bar
from workbench.ui.modals.checks import checked_rows
from workbench.ui.modals.styled import bold, ends, faint, joined, muted, plain

LABEL = 17
"""Cells before a bar: its name and its tokens."""
FATES: tuple[tuple[Fate, str, str, str], ...] = (
    ("kept", "●", "kept as it is", "$success"),
    ("brought back", "●", "brought back", "$success"),
    ("masked", "◑", "masked, a line each", "$info"),
    ("summarised", "◐", "summarised", "$info"),
    ("dropped", "○", "dropped", "$muted"),
)


def bars(plan: CompactionPlan, width: int, apart: bool, patterns: bool) -> list[Content]:
    """The window before and after, to the same scale."""
    room, most = max(1, width - LABEL), max(plan.before, plan.after, 1)
    before = _bar("before", plan.before, plan.sections_before, room, most, patterns)
    after = _bar("after", plan.after, plan.sections_after, room, most, patterns)
    change = plan.after - plan.before
    gain = bold(_signed(change), "$success" if change <= 0 else "$warning")
    if width - after.cell_length >= gain.cell_length + 2:
        after = after + "  " + gain
    return [before, Content(), after] if apart else [before, after]


def blocks(plan: CompactionPlan, width: int) -> list[Content]:
    """What happens to every block, what the evidence index holds, and why this plan."""
    count = sum(_count(line) for line in plan.lines)
    rows = [bold(f"WHAT HAPPENS TO {count} {'BLOCK' if count == 1 else 'BLOCKS'}", "$muted")]
    if not plan.lines:
        rows.append(faint("Nothing is in the window yet."))
    for fate, mark, words, colour in FATES:
        lines = [line for line in plan.lines if line.fate == fate]
        if lines:
            rows += [*_fate(plan, lines, f"{mark} {words}", colour, width), Content()]
    if plan.checked:
        rows.append(bold("EVIDENCE INDEX", "$muted") + "   " + faint("stays word for word"))
        rows += [*checked_rows(plan.checked, width, "only in the journal"), Content()]
    if plan.why:
        rows += [bold("WHY THIS PLAN", "$muted"), *plain(plan.why).wrap(max(8, width))]
    return [row.truncate(width, ellipsis=True) for row in rows]


def costs(plan: CompactionPlan, width: int) -> list[Content]:
    """What it costs now, what it saves later, and when it has paid for itself."""
    rows = [
        bold("WHAT IT COSTS", "$muted"),
        _cost("now", bold(figures.dollars(plan.cost)), _work(plan)),
        _cost("later", _saving(plan.saves), "a turn" if plan.saves is not None else ""),
        _cost("pays back", bold(_payback(plan)), "at once if the cache is cold" if plan.payback else ""),
    ]
    return [row.truncate(width, ellipsis=True) for row in rows]


def _bar(name: str, tokens: int, sections: tuple[Section, ...], room: int, most: int, patterns: bool) -> Content:
    runs = [(section.name, section.tokens) for section in sections]
    cells = max(1, round(room * tokens / most)) if tokens else 0
    head = muted(f"{name:<8}") + bold(f"{figures.tokens(tokens):>7}") + "  "
    return head + section_bar(runs, cells, patterns=patterns)


def _fate(plan: CompactionPlan, lines: list[PlanLine], words: str, colour: str, width: int) -> list[Content]:
    count, total = sum(_count(line) for line in lines), sum(line.tokens for line in lines)
    figure = figures.tokens(total)
    if lines[0].fate == "summarised":
        figure += f" → {figures.tokens(plan.summary_tokens)}"
    elif lines[0].fate in ("masked", "brought back"):
        figure += f" → {figures.tokens(sum(line.after for line in lines))}"
    aside = faint(f"{count} {'block' if count == 1 else 'blocks'}")
    rows = [ends(joined([bold(words, colour), aside], "  "), bold(figure), width)]
    for line in lines:
        mark = plain("■ ", "$accent") if line.pinned else Content("  ")
        rows.append(ends(Content("  ") + mark + plain(line.label), muted(figures.tokens(line.tokens)), width))
    return rows


def _work(plan: CompactionPlan) -> str:
    return "one summary call, cache rewritten" if plan.summarises else "no model is asked, cache rewritten"


def _count(line: PlanLine) -> int:
    return max(1, len(line.ids))


def _signed(change: int) -> str:
    return f"{'−' if change < 0 else '+'}{figures.tokens(abs(change))}"


def _cost(label: str, figure: Content, aside: str) -> Content:
    return joined([muted(f"{label:<9}") + " " + figure, muted(aside)], "  ")


def _saving(saves: float | None) -> Content:
    if saves is None:
        return bold("n/a")
    return (
        bold(f"−{figures.dollars(saves)}", "$success")
        if saves >= 0
        else bold(f"+{figures.dollars(-saves)}", "$warning")
    )


def _payback(plan: CompactionPlan) -> str:
    if plan.cost is None or plan.saves is None:
        return "n/a: the price is unknown"
    if plan.payback is None:
        return "never" if plan.cost > 0 else "at once"
    turns = max(1, round(plan.payback))
    return f"after {turns} {'turn' if turns == 1 else 'turns'}" if plan.payback > 0 else "at once"
