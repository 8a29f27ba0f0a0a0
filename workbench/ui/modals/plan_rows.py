"""Compaction and handoff plans in words and figures: bars, blocks, costs, sections, checks."""

from textual.content import Content

from workbench.core import figures
from workbench.core.plans import Checked, CompactionPlan, Fate, HandoffPlan, HandoffSection, PlanLine
from workbench.core.window import Section
from workbench.ui.draw.bar import draw_bar
from workbench.ui.draw.text import (
    bold,
    count,
    draw_choice,
    faint,
    heading,
    join,
    muted,
    name_key,
    plain,
    select,
    spread_title,
    wrap,
)

LABEL = 17
"""Cells before a bar: its name and its tokens."""
FATES: tuple[tuple[Fate, str, str, str], ...] = (
    ("kept", "●", "kept as it is", "$success"),
    ("brought back", "●", "brought back", "$success"),
    ("masked", "◑", "masked, a line each", "$info"),
    ("summarised", "◐", "summarised", "$info"),
    ("dropped", "○", "dropped", "$muted"),
)
STATES = {"done": ("✓", "$success"), "partly": ("◐", "$warning"), "missing": ("✗", "$error")}
REMARKS = {"done": "complete", "partly": "not complete", "missing": "nothing here yet"}
SHOWN = 4
"""Missing facts that are named; the rest are counted."""


def draw_bars(plan: CompactionPlan, width: int, apart: bool, patterns: bool) -> list[Content]:
    """The window before and after, to the same scale."""
    room, most = max(1, width - LABEL), max(plan.before, plan.after, 1)
    before = _draw_bar("before", plan.before, plan.sections_before, room, most, patterns)
    after = _draw_bar("after", plan.after, plan.sections_after, room, most, patterns)
    change = plan.after - plan.before
    sign, colour = ("+", "$warning") if change > 0 else ("−" if change else "+", "$success")
    gain = bold(f"{sign}{figures.tokens(abs(change))}", colour)
    if width - after.cell_length >= gain.cell_length + 2:
        after = after + "  " + gain
    return [before, Content(), after] if apart else [before, after]


Rows = list[tuple[PlanLine | None, Content]]
"""Each row with the line of the plan that it shows."""


def sort_lines(plan: CompactionPlan) -> list[PlanLine]:
    """The lines in the order of the screen."""
    return [line for fate, *_ in FATES for line in plan.lines if line.fate == fate]


def draw_blocks(plan: CompactionPlan, width: int, chosen: PlanLine | None = None) -> Rows:
    """What happens to every block, what the evidence index holds, and why this plan."""
    blocks = count(sum(count_entries(line) for line in plan.lines), "block")
    rows: Rows = [(None, heading(f"WHAT HAPPENS TO {blocks.upper()}"))]
    if not plan.lines:
        rows.append((None, faint("Nothing is in the window yet.")))
    for fate, mark, words, colour in FATES:
        lines = [line for line in plan.lines if line.fate == fate]
        if lines:
            rows += [*_draw_fate(plan, lines, f"{mark} {words}", colour, width, chosen), (None, Content())]
    below: list[Content] = []
    if plan.checked:
        below.append(heading("EVIDENCE INDEX") + "   " + faint("stays word for word"))
        below += [*draw_checks(plan.checked, width, "only in the journal"), Content()]
    if plan.why:
        below += [heading("WHY THIS PLAN"), *wrap(plain(plan.why), width)]
    rows += [(None, row) for row in below]
    return [(line, row.truncate(width, ellipsis=True)) for line, row in rows]


def draw_costs(plan: CompactionPlan, width: int) -> list[Content]:
    """What it costs now, what it saves later, and when it has paid for itself."""
    work = "one summary call" if plan.summarises else "no model is asked"
    rows = [
        heading("WHAT IT COSTS"),
        _draw_cost("now", bold(figures.dollars(plan.cost)), f"{work}, cache rewritten"),
        _draw_cost("later", _draw_saving(plan.saves), "a turn" if plan.saves is not None else ""),
        _draw_cost("pays back", bold(write_payback(plan)), "at once if the cache is cold" if plan.payback else ""),
    ]
    return [row.truncate(width, ellipsis=True) for row in rows]


def _draw_bar(name: str, tokens: int, sections: tuple[Section, ...], room: int, most: int, patterns: bool) -> Content:
    runs = [(section.name, section.tokens) for section in sections]
    cells = max(1, round(room * tokens / most)) if tokens else 0
    head = muted(f"{name:<8}") + bold(f"{figures.tokens(tokens):>7}") + "  "
    return head + draw_bar(runs, cells, patterns=patterns)


def _draw_fate(
    plan: CompactionPlan, lines: list[PlanLine], words: str, colour: str, width: int, chosen: PlanLine | None
) -> Rows:
    figure = figures.tokens(sum(line.tokens for line in lines))
    if lines[0].fate == "summarised":
        figure += f" → {figures.tokens(plan.summary_tokens)}"
    elif lines[0].fate in ("masked", "brought back"):
        figure += f" → {figures.tokens(sum(line.after for line in lines))}"
    aside = faint(count(sum(count_entries(line) for line in lines), "block"))
    rows: Rows = [(None, spread_title(join([bold(words, colour), aside], "  "), bold(figure), width))]
    for line in lines:
        mark = plain("■ ", "$accent") if line.pinned else Content("  ")
        row = spread_title(Content("  ") + mark + plain(line.label), muted(figures.tokens(line.tokens)), width)
        rows.append((line, select(row, width) if line is chosen else row))
    return rows


def count_entries(line: PlanLine) -> int:
    """How many blocks a line stands for."""
    return max(1, len(line.ids))


def _draw_cost(label: str, figure: Content, aside: str) -> Content:
    return join([muted(f"{label:<9}") + " " + figure, muted(aside)], "  ")


def _draw_saving(saves: float | None) -> Content:
    if saves is None:
        return bold("n/a")
    sign, colour = ("−", "$success") if saves >= 0 else ("+", "$warning")
    return bold(f"{sign}{figures.dollars(abs(saves))}", colour)


def write_payback(plan: CompactionPlan) -> str:
    """`after 4 turns`."""
    if plan.cost is None or plan.saves is None:
        return "n/a: the price is unknown"
    if plan.payback is None:
        return "never" if plan.cost > 0 else "at once"
    return f"after {count(max(1, round(plan.payback)), 'turn')}" if plan.payback > 0 else "at once"


def draw_checks(checked: tuple[Checked, ...], width: int, remark: str = "") -> list[Content]:
    """`11 of 11  paths  ✓`: numbers in a column of their own; what is missing says so with `remark`."""
    counts = [f"{check.found} of {check.total}" for check in checked]
    widest = max(map(len, counts), default=0)
    rows = []
    for check, counted in zip(checked, counts, strict=True):
        short = check.total - check.found - check.by_id
        if short > 0:
            mark = plain(f"! {short} {remark}" if remark else "!", "$warning")
        elif check.by_id:
            mark = muted(f"{check.by_id} by id ") + plain("✓", "$success")
        else:
            mark = plain("✓", "$success")
        rows.append(spread_title(bold(f"{counted:>{widest}}") + "  " + plain(check.kind), mark, width))
    return rows


def draw_section(section: HandoffSection, chosen: bool, width: int) -> list[Content]:
    """Number, title and mark, and the remark below."""
    mark, colour = STATES[section.state]
    title = bold(section.title) if chosen else plain(section.title)
    rows = [spread_title(bold(f"{section.number} ", "$accent") + title, plain(mark, colour), width)]
    rows += [Content("  ") + line for line in wrap(muted(section.remark or REMARKS[section.state]), width - 2)]
    if not chosen:
        return rows
    return [select(row, width) for row in rows]


def draw_checked(plan: HandoffPlan, missing: tuple[str, ...], width: int, key: str) -> list[Content]:
    """Facts counted against the journal, and the missing ones by name, with the `key` that adds them."""
    if not plan.checked:
        return []
    rows = [Content(), heading("CHECKED AGAINST THE JOURNAL"), *draw_checks(plan.checked, width)]
    add = name_key(key, "add")
    for place, fact in enumerate(missing[:SHOWN]):
        head = plain("missing ", "$warning") if place == 0 else Content(" " * 8)
        rows.append(spread_title(head + plain(fact), add if place == 0 else Content(), width))
    if len(missing) > SHOWN:
        rows.append(faint(f"        and {len(missing) - SHOWN} more"))
    if not missing and any(check.missing for check in plan.checked):
        rows.append(plain("✓ ", "$success") + muted("the missing ones are added"))
    return rows


def draw_left_behind(plan: HandoffPlan, width: int) -> list[Content]:
    """What it leaves out on purpose."""
    if not plan.left_behind:
        return []
    lines = [muted("○ ") + muted(left) for left in plan.left_behind]
    return [Content(), heading("LEFT BEHIND"), *(line.truncate(width, ellipsis=True) for line in lines)]


def draw_next(opens: bool, key: str) -> list[Content]:
    """What happens after it, with the `key` that changes it."""
    now, later = draw_choice(opens, "open it here, now"), draw_choice(not opens, "save it for later")
    return [Content(), heading("THEN") + "   " + name_key(key, "changes it"), now, later]
