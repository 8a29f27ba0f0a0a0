"""A draft with its summary: the plan that a person reviews (seed §2A)."""

from collections.abc import Callable, Iterable

from workbench.core.conversation import SUMMARY_HEAD, Entry
from workbench.core.ids import new_plan_id
from workbench.core.plans import CompactionPlan
from workbench.core.window import SECTIONS, Section, Window
from workbench.strategies.draft import Draft
from workbench.strategies.evidence import Evidence
from workbench.strategies.truncate import truncated

Economics = Callable[[int, int, int], tuple[float | None, float | None, float | None]]
"""`(before, after, summary tokens)` to dollars now, dollars saved a turn, and turns until it has paid for itself."""

STATIC = frozenset({"tools", "system", "memory"})


def finished(
    draft: Draft,
    summary: str,
    evidence: Evidence,
    window: Window,
    count: Callable[[str], int],
    economics: Economics,
) -> CompactionPlan:
    """The plan of `draft` with its summary; a blank one is written mechanically. The fates sum to `before`."""
    summary = summary.strip() or truncated(draft)
    whole = evidence.including(draft.earlier)
    index = whole.as_markdown(draft.evidence_tokens)
    summary_tokens = count(f"{SUMMARY_HEAD}{summary}\n\n{index}".strip())
    sections = _after(draft, window, summary_tokens)
    after = sum(section.tokens for section in sections)
    cost, saves, payback = economics(draft.before, after, summary_tokens)
    return CompactionPlan(
        id=new_plan_id(),
        strategy=draft.strategy,
        before=draft.before,
        after=after,
        sections_before=window.sections,
        sections_after=sections,
        lines=draft.lines,
        summary=summary,
        summary_tokens=summary_tokens,
        evidence=index,
        checked=whole.checked(f"{summary}\n\n{index}\n\n{draft.request}"),
        cost=cost,
        saves=saves,
        payback=payback,
        why=draft.why,
    )


def remark(plan: CompactionPlan) -> str:
    """`4 decisions, 11 paths kept`, for the marker in the transcript; empty where there was nothing to count."""
    counts = {checked.kind: checked.found for checked in plan.checked}
    words = [
        f"{counts[kind]} {kind if counts[kind] != 1 else kind[:-1]}"
        for kind in ("decisions", "paths", "requests", "commands")
        if counts.get(kind)
    ]
    return f"{', '.join(words[:2])} kept" if words else ""


def still_kept(plan: CompactionPlan, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Ids of the entries that stay, in order: those the plan keeps, and all that came after it was made."""
    gone = {id for line in plan.lines if line.fate != "kept" for id in line.ids}
    return tuple(entry.id for entry in entries if entry.id not in gone)


def _after(draft: Draft, window: Window, summary_tokens: int) -> tuple[Section, ...]:
    """The sections as they will be; of the cache only the unchanged head stays of use."""
    gone = {id for line in draft.lines if line.fate != "kept" for id in line.ids}
    totals = dict.fromkeys(SECTIONS, 0)
    for block in window.blocks:
        if block.section != "summary" and block.id not in gone:
            totals[block.section] += block.tokens
    totals["summary"] = summary_tokens
    cached = {section.name: section.cached for section in window.sections if section.name in STATIC}
    return tuple(Section(name, totals[name], cached.get(name, 0)) for name in SECTIONS)
