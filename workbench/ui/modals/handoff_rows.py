"""The left column of the handoff review: sections, checks, what stays behind, what happens then; pure."""

from textual.content import Content

from workbench.core.plans import HandoffPlan, HandoffSection
from workbench.ui.modals.checks import checked_rows
from workbench.ui.modals.styled import bold, ends, faint, muted, plain

STATES = {"done": ("✓", "$success"), "partly": ("◐", "$warning"), "missing": ("✗", "$error")}
SHOWN = 4
"""Missing facts that are named; the rest are counted."""


def section_rows(section: HandoffSection, chosen: bool, width: int) -> list[Content]:
    """Number, title and mark, and the remark below."""
    mark, colour = STATES[section.state]
    title = bold(section.title) if chosen else plain(section.title)
    rows = [ends(bold(f"{section.number} ", "$accent") + title, plain(mark, colour), width)]
    rows += [Content("  ") + line for line in muted(section.remark or _remark(section)).wrap(max(8, width - 2))]
    if not chosen:
        return rows
    return [row.pad_right(max(0, width - row.cell_length)).stylize_before("on $select") for row in rows]


def check_rows(plan: HandoffPlan, missing: tuple[str, ...], width: int) -> list[Content]:
    """Facts counted against the journal, and the missing ones by name."""
    if not plan.checked:
        return []
    rows = [Content(), bold("CHECKED AGAINST THE JOURNAL", "$muted"), *checked_rows(plan.checked, width)]
    add = bold("a", "$accent") + " " + muted("add")
    for place, fact in enumerate(missing[:SHOWN]):
        head = plain("missing ", "$warning") if place == 0 else Content(" " * 8)
        rows.append(ends(head + plain(fact), add if place == 0 else Content(), width))
    if len(missing) > SHOWN:
        rows.append(faint(f"        and {len(missing) - SHOWN} more"))
    if not missing and any(check.missing for check in plan.checked):
        rows.append(plain("✓ ", "$success") + muted("the missing ones are added"))
    return rows


def left_rows(plan: HandoffPlan, width: int) -> list[Content]:
    """What it leaves out on purpose."""
    if not plan.left_behind:
        return []
    lines = [muted("○ ") + muted(left) for left in plan.left_behind]
    return [Content(), bold("LEFT BEHIND", "$muted"), *(line.truncate(width, ellipsis=True) for line in lines)]


def then_rows(opens: bool) -> list[Content]:
    """What happens after it."""
    now = (plain("◉ ", "$accent") if opens else muted("○ ")) + plain("open it here, now")
    later = (muted("○ ") if opens else plain("◉ ", "$accent")) + plain("save it for later")
    return [Content(), bold("THEN", "$muted") + "   " + bold("o", "$accent") + " " + muted("changes it"), now, later]


def _remark(section: HandoffSection) -> str:
    return {"done": "complete", "partly": "not complete", "missing": "nothing here yet"}[section.state]
