"""Compaction and handoff plans as sentences, for somebody who has the screen read aloud: beside `plan_rows`."""

from workbench.core import figures
from workbench.core.plans import Checked, CompactionPlan, HandoffPlan, PlanLine
from workbench.core.window import Section
from workbench.ui.draw.text import count, flatten
from workbench.ui.draw.told import tell_chosen, tell_pieces
from workbench.ui.modals.plan_rows import FATES, REMARKS, SHOWN, count_entries, write_payback


def tell_sizes(plan: CompactionPlan) -> list[str]:
    """The window before and after."""
    change = plan.after - plan.before
    return [
        f"before: {_tell_sections(plan.before, plan.sections_before)}",
        f"after: {_tell_sections(plan.after, plan.sections_after)}",
        f"difference: {figures.tokens(abs(change))} tokens {'more' if change > 0 else 'less'}",
    ]


def _tell_sections(total: int, sections: tuple[Section, ...]) -> str:
    parts = [f"{section.name} {figures.tokens(section.tokens)}" for section in sections if section.tokens]
    return tell_pieces([f"{figures.tokens(total)} tokens", *parts])


def tell_blocks(plan: CompactionPlan, chosen: PlanLine | None = None) -> list[tuple[PlanLine | None, str]]:
    """What happens to every block, what the evidence index holds, and why this plan; each line with what it is of."""
    said: list[tuple[PlanLine | None, str]] = [
        (None, f"What happens to {count(sum(map(count_entries, plan.lines)), 'block')}:")
    ]
    said += [] if plan.lines else [(None, "Nothing is in the window yet.")]
    for fate, _, words, _ in FATES:
        lines = [line for line in plan.lines if line.fate == fate]
        if not lines:
            continue
        size = figures.tokens(sum(line.tokens for line in lines))
        after = plan.summary_tokens if fate == "summarised" else sum(line.after for line in lines)
        left = f" to {figures.tokens(after)}" if fate in ("summarised", "masked", "brought back") else ""
        said += [(None, f"{words}: {count(sum(map(count_entries, lines)), 'block')}, {size}{left} tokens")]
        said += [(line, tell_chosen(_tell_line(line), line is chosen)) for line in lines]
    below: list[str] = []
    if plan.checked:
        below += ["Evidence index, stays word for word:", *_tell_checks(plan.checked, "only in the journal")]
    below += [f"Why this plan: {plan.why}"] if plan.why else []
    return [*said, *((None, sentence) for sentence in below)]


def _tell_line(line: PlanLine) -> str:
    return tell_pieces([flatten(line.label), "pinned" if line.pinned else "", figures.tokens(line.tokens)])


def tell_costs(plan: CompactionPlan) -> list[str]:
    """What it costs now, what it saves later, and when it has paid for itself."""
    work = "one summary call" if plan.summarises else "no model is asked"
    saves, unit = "n/a", ""
    if plan.saves is not None:
        saves, unit = figures.dollars(abs(plan.saves)), " less a turn" if plan.saves >= 0 else " more a turn"
    return [
        f"costs now: {figures.dollars(plan.cost)}, {work}, cache rewritten",
        f"later: {saves}{unit}",
        tell_pieces([f"pays back: {write_payback(plan)}", "at once if the cache is cold" if plan.payback else ""]),
    ]


def _tell_checks(checked: tuple[Checked, ...], remark: str = "missing") -> list[str]:
    said = []
    for check in checked:
        short = check.total - check.found - check.by_id
        by_id = f", {check.by_id} by id" if check.by_id else ""
        lost = f", {short} {remark}" if short > 0 else ""
        said.append(f"{check.kind}: {check.found} of {check.total}{by_id}{lost}")
    return said


def tell_handoff(plan: HandoffPlan, chosen: int, missing: tuple[str, ...], opens: bool) -> list[tuple[str, str]]:
    """Each sentence with what a click on it does: sections, what is missing, what is left behind, what comes then."""
    said = [("", "Sections:")]
    for section in plan.sections:
        sentence = f"{section.number} {section.title}: {section.remark or REMARKS[section.state]}"
        said.append((str(section.number), tell_chosen(sentence, section.number == chosen)))
    if plan.checked:
        said += [("", "Checked against the journal:"), *(("", sentence) for sentence in _tell_checks(plan.checked))]
    said += [("add", f"missing: {fact}") for fact in missing[:SHOWN]]
    if more := len(missing) - SHOWN if len(missing) > SHOWN else 0:
        said.append(("", f"and {more} more are missing"))
    if missing:
        said.append(("add", "a adds what is missing"))
    elif any(check.missing for check in plan.checked):
        said.append(("", "the missing ones are added"))
    said += [("", f"left behind: {left}") for left in plan.left_behind]
    ways = (("open", "open it here, now", opens), ("save", "save it for later", not opens))
    return [*said, ("", "Then, o changes it:"), *((name, tell_chosen(way, taken)) for name, way, taken in ways)]
