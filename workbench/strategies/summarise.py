"""Strategy A (seed §2A): the last messages stay word for word, what is older becomes a summary.

What nobody needs any more is not even summarised: reads that a later read or change of the file replaced, and searches
that found nothing. What a call did is what its tool said in the proposal; a call without one is left alone.
"""

import re
from collections.abc import Mapping, Sequence, Set

from workbench.core.decisions import Proposal
from workbench.core.entries import Entry, is_thinking
from workbench.core.errors import ProviderFault
from workbench.core.messages import ToolResult
from workbench.core.ports import TextModel
from workbench.core.reads import find_outdated_reads
from workbench.strategies.cut import complete_pairs, find_cut, find_pairs, is_prompt
from workbench.strategies.strategy import BlockFate, CompactionPolicy, Draft, Strategy, WindowView

ROOM = (0.6, 0.9)
"""Shares of the trigger that may be full after a compaction, the best first: less room would soon compact again."""
MARGIN = 2_000
"""Tokens of a summary request beside its history and its answer."""

_NOTHING = re.compile(
    r"^\W*(?:no|nothing|0|none|zero)\b(?:\s+\w+)?\s*(?:match|hit|result|file|found|such|entr|line|$)", re.I
)


class Summarise:
    """Keeps the last `keep_last` messages (fewer where they would not leave room), the last request, and of the
    person's earlier messages the newest that fit into their share.

    Its fates need no model; the summary is written mechanically where the model cannot be asked.
    """

    name = "summarise"
    title = "summarise"
    help = "The last messages stay word for word; what is older becomes a summary, written by the model."

    async def plan(self, view: WindowView, model: TextModel, policy: CompactionPolicy) -> Draft:
        """Nothing where all that would leave is thinking."""
        start = find_tail(view, policy)
        fates = choose_fates(view, start, policy)
        if not any(entry.id in fates for entry in view.entries[:start]):
            return Draft({})
        max_tokens = policy.summary_tokens(sum(view.tokens[id] for id in fates))
        try:
            text = await model.ask("", _write_prompt(view, fates, max_tokens), max_tokens, "summary")
        except ProviderFault as fault:
            return Draft(fates, notice=f"the model could not summarise; this summary is mechanical. {fault}")
        if not text:
            return Draft(fates, notice="the summary is empty, so a mechanical one stands in its place")
        return Draft(fates, text)


def find_tail(view: WindowView, policy: CompactionPolicy) -> int:
    """Where the tail starts: the longest that leaves room, by the first measure of room that any tail meets.

    What a running turn has just got back stays where a request can hold it at all: it was asked for, and not yet read.
    """
    entries = {entry.id for entry in view.entries}
    head = sum(block.tokens for block in view.blocks if block.id not in entries and block.section != "summary")
    removed = sum(view.tokens[id] for id in entries) + sum(entry.tokens for entry in view.left.values())
    taken = head + policy.summary_max + policy.evidence_tokens(removed, view.window.trigger)
    words = find_words(view, policy)
    least = 2 if view.running and view.entries and isinstance(view.entries[-1].part, ToolResult) else 0
    starts = [find_cut(view.entries, keep) for keep in range(max(policy.keep_last, least), least - 1, -1)]
    sizes = [sum(view.tokens[id] for id in _keep(view, start, words)) for start in starts]
    for share in ROOM:
        for start, size in zip(starts, sizes, strict=True):
            if taken + size <= share * view.window.trigger:
                return start
    too_large = least and taken + sizes[-1] > view.window.size - view.window.reserved
    return find_cut(view.entries, 0) if too_large else starts[-1]


def find_words(view: WindowView, policy: CompactionPolicy) -> set[str]:
    """Ids of the person's own messages that stay word for word: the newest that fit into their share of the window."""
    room, kept = policy.words_tokens(view.window.trigger), set[str]()
    for entry in reversed(view.entries):
        if is_prompt(entry) and view.tokens[entry.id] <= room and view.marks.get(entry.id) != "drop":
            kept.add(entry.id)
            room -= view.tokens[entry.id]
    return kept


def choose_fates(view: WindowView, start: int, policy: CompactionPolicy) -> dict[str, BlockFate]:
    """What happens to each entry that does not stay when the tail starts at `start`."""
    kept = _keep(view, start, find_words(view, policy))
    reasons = dict.fromkeys(find_empty_searches(view.entries, view.proposals), "empty search")
    reasons |= dict.fromkeys(find_stale_reads(view.entries, view.proposals), "stale read")
    reasons |= {entry.id: "outdated notice" for entry in view.entries if entry.notice and not entry.restated}
    reasons |= {entry.id: "thinking" for entry in view.entries if is_thinking(entry)}
    return {
        entry.id: BlockFate("dropped", reasons[entry.id]) if entry.id in reasons else BlockFate("summarised")
        for entry in view.entries
        if entry.id not in kept
    }


def find_stale_reads(entries: Sequence[Entry], proposals: Mapping[str, Proposal]) -> set[str]:
    """Entry ids of calls and results of reads whose file was read again or changed later."""
    return _find_entries(entries, set(find_outdated_reads(entries, proposals)))


def find_empty_searches(entries: Sequence[Entry], proposals: Mapping[str, Proposal]) -> set[str]:
    """Entry ids of calls and results of reads that were about no one file and found nothing."""
    results = [entry.part for entry in entries if isinstance(entry.part, ToolResult) and _found_nothing(entry.part)]
    calls = [call for result in results if (call := proposals.get(result.tool_use_id))]
    return _find_entries(entries, {call.call_id for call in calls if call.kind == "read" and not call.file})


def _found_nothing(result: ToolResult) -> bool:
    """True for a result that is blank, or says `no matches` in some wording."""
    text = result.text.strip()
    return not result.media and (not text or (len(text) < 200 and bool(_NOTHING.match(text))))


def _find_entries(entries: Sequence[Entry], calls: set[str]) -> set[str]:
    pairs = find_pairs(entries)
    return set[str]().union(*(pairs[call] for call in calls))


def _keep(view: WindowView, start: int, words: Set[str]) -> set[str]:
    kept = {entry.id for entry in view.entries[start:] if not is_thinking(entry)} | words
    if view.request:
        kept.add(view.request.id)
    return complete_pairs(kept, view.entries)


def _write_prompt(view: WindowView, fates: Mapping[str, BlockFate], max_tokens: int) -> str:
    from workbench.strategies.summary import write_prompt

    gone = {id for id, fate in fates.items() if fate.fate == "summarised"}
    last = max((place for place, entry in enumerate(view.entries) if entry.id in gone), default=0)
    before = view.entries[: last + 1]
    summarised = [entry for entry in before if entry.id in gone or (is_prompt(entry) and entry is not view.request)]
    room = max(view.window.size - max_tokens - MARGIN, view.window.size // 2)
    return write_prompt(summarised, view.tokens, view.earlier, view.request_text, max_tokens, room, view.instructions)


STRATEGY: Strategy = Summarise()
