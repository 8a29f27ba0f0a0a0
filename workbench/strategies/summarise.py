"""Strategy A (seed §2A): the last messages stay word for word, what is older becomes a summary."""

from collections.abc import Mapping

from workbench.core.conversation import Entry
from workbench.core.errors import ProviderFault
from workbench.core.ports import TextModel
from workbench.strategies.cut import cut, paired
from workbench.strategies.strategy import BlockFate, CompactionPolicy, Draft, Strategy, WindowView, is_thinking

ROOM = (0.6, 0.9)
"""Shares of the trigger that may be full after a compaction, the best first: less room would soon compact again."""
MARGIN = 2_000
"""Tokens of a summary request beside its history and its answer."""


class Summarise:
    """Keeps the last `keep_last` messages (fewer where they would not leave room), the last request and what is pinned.

    Its fates need no model; the summary is written mechanically where the model cannot be asked.
    """

    name = "summarise"
    title = "summarise"
    help = "The last messages stay word for word; what is older becomes a summary, written by the model."

    async def plan(self, view: WindowView, model: TextModel, policy: CompactionPolicy) -> Draft:
        """Nothing where all that would leave is thinking."""
        start = find_tail(view, policy)
        fates = choose_fates(view, start)
        if not any(entry.id in fates for entry in view.entries[:start]):
            return Draft({})
        max_tokens = policy.summary_tokens(sum(view.tokens[id] for id in fates))
        try:
            return Draft(fates, await model.ask("", _prompt(view, fates, max_tokens), max_tokens, "summary"))
        except ProviderFault as fault:
            return Draft(fates, notice=f"the model could not summarise; this summary is mechanical. {fault}")


def find_tail(view: WindowView, policy: CompactionPolicy) -> int:
    """Where the tail starts: the longest that leaves room, by the first measure of room that any tail meets."""
    entries = {entry.id for entry in view.entries}
    head = sum(block.tokens for block in view.blocks if block.id not in entries and block.section != "summary")
    taken = head + policy.summary_max + policy.evidence_max
    starts = [cut(view.entries, keep) for keep in range(policy.keep_last, -1, -1)]
    sizes = [sum(view.tokens[id] for id in _kept(view, start)) for start in starts]
    for share in ROOM:
        for start, size in zip(starts, sizes, strict=True):
            if taken + size <= share * view.window.trigger:
                return start
    return starts[-1]


def choose_fates(view: WindowView, start: int) -> dict[str, BlockFate]:
    """What happens to each entry that does not stay when the tail starts at `start`."""
    from workbench.strategies.stale import empty_searches, stale_reads

    kept = _kept(view, start)
    stale, empty = stale_reads(view.entries, view.proposals), empty_searches(view.entries, view.proposals)

    def fate(entry: Entry) -> BlockFate:
        if is_thinking(entry):
            return BlockFate("dropped", "thinking")
        if entry.notice:
            return BlockFate("dropped", "outdated notice")
        if entry.id in stale:
            return BlockFate("dropped", "stale read")
        return BlockFate("dropped", "empty search") if entry.id in empty else BlockFate("summarised")

    return {entry.id: fate(entry) for entry in view.entries if entry.id not in kept}


def _kept(view: WindowView, start: int) -> set[str]:
    kept = {entry.id for entry in view.entries[start:] if not is_thinking(entry)}
    kept |= {entry.id for entry in view.entries if entry.id in view.pinned}
    if view.request:
        kept.add(view.request.id)
    return paired(kept, view.entries)


def _prompt(view: WindowView, fates: Mapping[str, BlockFate], max_tokens: int) -> str:
    from workbench.strategies.prompt import summary_prompt

    summarised = [entry for entry in view.entries if entry.id in fates and fates[entry.id].fate == "summarised"]
    room = max(view.window.size - max_tokens - MARGIN, view.window.size // 2)
    return summary_prompt(summarised, view.tokens, view.earlier, view.request_text, max_tokens, room)


STRATEGY: Strategy = Summarise()
