"""From a draft to the plan that a person reviews (seed §2): what is checked and worked out alike for every strategy."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from workbench.core.conversation import Conversation
from workbench.core.entries import WORDS, Entry, is_thinking, write_text
from workbench.core.ids import new_plan_id
from workbench.core.messages import AnyPart, Text, ToolResult, ToolUse
from workbench.core.plans import STAYING, Checked, CompactionPlan
from workbench.core.sent import SUMMARY_HEAD
from workbench.core.window import SECTIONS, Block, Document, Replacement, Section, SectionName, Window
from workbench.strategies.earlier import split_index
from workbench.strategies.evidence import Evidence, count_facts, gather_evidence
from workbench.strategies.grouping import explain, group_blocks
from workbench.strategies.index import HEAD, write_index
from workbench.strategies.steering import KEPT, find_unpinned, move_pinned, steer
from workbench.strategies.strategy import BlockFate, CompactionPolicy, Draft, WindowView
from workbench.strategies.summary import write_mechanically
from workbench.strategies.validity import check_draft, find_wrong

STATIC = frozenset({"tools", "system", "memory"})
SUMMARY = "summary"
"""Section and id of the block that holds the earlier summary."""


@dataclass(frozen=True)
class Pricing:
    """What a plan's figures come from."""

    estimate: Callable[[AnyPart], int]
    """Tokens of a part, before the correction."""
    ratio: float
    """The ledger's correction of all content classes together."""
    find_ratio: Callable[[str], float] | None = None
    """The ledger's correction of one class, so that the plan and the window after it agree; None where it has none."""

    def tokens(self, part: AnyPart) -> int:
        """Of what a compaction itself says, as the ledger will count it."""
        return self.correct(self.estimate(part), WORDS)

    def correct(self, tokens: int, content_class: str) -> int:
        """Of what was estimated so before."""
        return round(tokens * (self.find_ratio(content_class) if self.find_ratio else self.ratio))


def build_plan(
    view: WindowView, draft: object, asked: str, policy: CompactionPolicy, pricing: Pricing
) -> CompactionPlan | None:
    """The plan of what the strategy `asked` drafted; None where it changes nothing.

    Thinking always leaves; a summary that is missing is written mechanically. Raises StrategyFault for a draft that
    cannot be carried out.
    """
    drafted = check_draft(view, steer(view, check_draft(view, draft, asked)), asked)
    removed = find_unpinned(view)
    if not removed and all(fate.fate == "kept" for fate in drafted.fates.values()):
        return None
    fates, blocks = _complete_fates(view, drafted)
    fates |= dict.fromkeys(removed, BlockFate("dropped", "document"))
    moved = move_pinned(view, fates, {block.id: block.label for block in blocks})
    fates |= dict.fromkeys(moved, KEPT)
    leaving = [entry for entry in view.entries if fates[entry.id].fate not in STAYING]
    window_text = _read_window(view, fates, moved.values())
    if any(fate.fate == "summarised" for fate in fates.values()):
        text, notice = _write_summary(view, drafted, leaving, policy, pricing)
        index, checked = _write_evidence(view, leaving, f"{text}\n\n{window_text}", policy, pricing)
        written = pricing.tokens(Text(f"{SUMMARY_HEAD}{text}\n\n{index}".strip()))
    else:
        (text, index), notice, checked, written = split_index(view.earlier), "", (), 0
    after = {block.id: _estimate_after(view, block, fates[block.id], pricing) for block in blocks}
    after |= {id: pricing.correct(document.tokens, document.content_class) for id, document in moved.items()}
    lines = group_blocks(view, blocks, fates, after)
    sections = _sum_sections(blocks, after, written, view.window, moved)
    before, total = sum(line.tokens for line in lines), sum(section.tokens for section in sections)
    stays = {id for id, fate in fates.items() if fate.fate == "kept" and id not in moved}
    unchanged = takewhile(lambda block: block.cached and block.id in stays, view.blocks)
    cost, saves, payback = view.economics(before, total, written, sum(block.tokens for block in unchanged))
    made_by = drafted.strategy or asked
    return CompactionPlan(
        id=new_plan_id(),
        strategy=made_by,
        before=before,
        after=total,
        sections_before=view.window.sections,
        sections_after=sections,
        lines=lines,
        summary=text,
        summary_tokens=written or view.tokens.get(SUMMARY, 0),
        evidence=index,
        checked=checked,
        cost=cost,
        saves=saves,
        payback=payback,
        why=f"{drafted.why} {explain(lines)}".strip(),
        notice=f"{drafted.notice} {notice}".strip(),
        asked=asked if asked != made_by else "",
        replaced={id: Replacement(f.part, pricing.estimate(f.part)) for id, f in fates.items() if f.part is not None},
        moved=tuple(moved.values()),
        removed=tuple(sorted(removed)),
    )


def remark(plan: CompactionPlan) -> str:
    """`12 masked, 4 decisions, 11 paths kept`, for the marker in the transcript; empty where nothing was counted."""
    counts = {checked.kind: checked.found for checked in plan.checked}
    kept = [
        f"{count} {kind if count != 1 else kind[:-1]}"
        for kind in ("decisions", "paths", "requests", "commands")
        if (count := counts.get(kind))
    ]
    changed = [
        f"{count} {fate}"
        for fate in ("masked", "brought back")
        if (count := sum(len(line.ids) for line in plan.lines if line.fate == fate))
    ]
    return ", ".join([*changed, *kept[:2]]) + (" kept" if kept else "")


def carry_over(plan: CompactionPlan, conversation: Conversation) -> tuple[tuple[str, ...], dict[str, Replacement]]:
    """Ids of the entries that stand afterwards, in order, and what masked ones say.

    What came after the plan was made stays; what was masked before stays masked unless the plan brings it back.
    """
    gone = {id for line in plan.lines if line.fate not in STAYING for id in line.ids}
    back = {id for line in plan.lines if line.fate == "brought back" for id in line.ids}
    moved = {document.id for document in plan.moved}
    stays = {entry.id for entry in conversation.entries} - gone - moved | back
    replaced = {id: said for id, said in conversation.replaced.items() if id not in back} | plan.replaced
    return (
        tuple(id for id in conversation.archive if id in stays),
        {id: said for id, said in replaced.items() if id in stays},
    )


def carry_memory(plan: CompactionPlan, memory: tuple[Document, ...]) -> tuple[Document, ...]:
    """The memory of the epoch that `plan` opens."""
    return tuple(document for document in memory if document.id not in plan.removed) + plan.moved


def _complete_fates(view: WindowView, draft: Draft) -> tuple[dict[str, BlockFate], list[Block]]:
    """A fate for every block, and the blocks: those of the window, and those that come back to it."""
    blocks = list(view.blocks)
    for entry in view.find_returning(draft):
        section: SectionName = "results" if isinstance(entry.part, ToolUse | ToolResult) else "history"
        blocks.append(Block(entry.id, section, entry.role, 0, False, entry.turn, entry.seq))
    fates = {block.id: draft.fates.get(block.id, KEPT) for block in blocks}
    fates |= {entry.id: BlockFate("dropped", "thinking") for entry in view.entries if is_thinking(entry)}
    if SUMMARY in fates and any(fate.fate == "summarised" for fate in fates.values()):
        fates[SUMMARY] = BlockFate("summarised")
    return fates, blocks


def _write_summary(
    view: WindowView, draft: Draft, leaving: Sequence[Entry], policy: CompactionPolicy, pricing: Pricing
) -> tuple[str, str]:
    """The draft's summary, or a mechanical one where there is none that can be used; and what was wrong with it."""
    gone, text = sum(view.tokens[entry.id] for entry in leaving) + view.tokens.get(SUMMARY, 0), draft.summary.strip()
    wrong = find_wrong(text, pricing.tokens(Text(text)), gone) if text else ""
    if text and not wrong:
        return text, ""
    notice = f"the summary {wrong}, so a mechanical one stands in its place" if wrong else ""
    return write_mechanically(view, leaving, policy.summary_tokens(gone)), notice


def _write_evidence(
    view: WindowView, leaving: Sequence[Entry], window: str, policy: CompactionPolicy, pricing: Pricing
) -> tuple[str, tuple[Checked, ...]]:
    """The index of what `window`, the text that stands afterwards, misses; and the facts counted in both."""
    removed = {entry.id: entry.tokens for entry in (*view.left.values(), *leaving)}
    limit = policy.evidence_tokens(sum(removed.values()), view.window.trigger)
    evidence = gather_evidence(leaving, view)
    if carried := [fact.text for fact in evidence.facts if fact.carried]:
        limit += sum(pricing.estimate(Text(text)) + 4 for text in [*carried, HEAD])
    missing = evidence.find_missing(window)
    index = write_index(evidence, missing, limit, lambda text: pricing.estimate(Text(text)))
    still = Evidence(missing).find_missing(index)
    return index, count_facts(evidence.facts, set(still), f"{index}\n{window}")


def _read_window(view: WindowView, fates: Mapping[str, BlockFate], moved: Iterable[Document]) -> str:
    """What stands beside the summary afterwards, as text."""
    parts = [(entry, fates.get(entry.id, KEPT)) for entry in view.entries]
    said = [write_text(fate.part or entry.part) for entry, fate in parts if fate.fate in STAYING]
    return "\n".join([*said, *(document.text for document in (*view.memory, *moved))])


def _estimate_after(view: WindowView, block: Block, fate: BlockFate, pricing: Pricing) -> int:
    match fate.fate:
        case "kept":
            return block.tokens
        case "masked" if fate.part is not None:
            return pricing.tokens(fate.part)
        case "brought back":
            return pricing.correct(view.left[block.id].tokens, view.left[block.id].content_class)
    return 0


def _sum_sections(
    blocks: Sequence[Block], after: Mapping[str, int], written: int, now: Window, moved: Collection[str]
) -> tuple[Section, ...]:
    """The sections as they will be, with the part of the cache that stays of use."""
    totals = dict.fromkeys(SECTIONS, 0) | {"summary": written}
    for block in blocks:
        totals["memory" if block.id in moved else block.section] += after[block.id]
    cached = {section.name: section.cached for section in now.sections if section.name in STATIC}
    return tuple(Section(name, totals[name], cached.get(name, 0)) for name in SECTIONS)
