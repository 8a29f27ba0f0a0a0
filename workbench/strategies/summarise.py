"""Strategy A (seed §2A): the last messages stay word for word, what is older becomes a summary."""

from workbench.core import figures
from workbench.core.conversation import Conversation, Entry
from workbench.core.messages import RedactedThinking, Text, Thinking
from workbench.core.plans import PlanLine
from workbench.core.window import Block, Window
from workbench.strategies.cut import cut, is_prompt, paired
from workbench.strategies.draft import CompactionPolicy, Draft
from workbench.strategies.lines import Group, plan_lines, why
from workbench.strategies.prompt import summary_prompt
from workbench.strategies.stale import empty_searches, stale_reads

ROOM = (0.6, 0.9)
"""Shares of the trigger that may be full after a compaction, the best first: less room would soon compact again."""
MARGIN = 2_000
"""Tokens of a summary request beside its history and its answer."""


def draft(conversation: Conversation, window: Window, policy: CompactionPolicy) -> Draft | None:
    """What a compaction would keep, summarise and drop; None when there is nothing to compact.

    Kept are the last `keep_last` messages (fewer where they would not leave room), the last request and what is pinned.
    Needs no model and no counter: the window's own figures are used.
    """
    chosen = _Choice(conversation, window, policy)
    if not chosen.leaving:
        return None
    replaced = sum(chosen.tokens[entry.id] for entry in chosen.leaving)
    max_tokens = policy.summary_tokens(replaced)
    earlier = conversation.epoch.summary if conversation.epoch else ""
    request = chosen.request.part.text if chosen.request and isinstance(chosen.request.part, Text) else ""
    summarised = [entry for entry in chosen.leaving if chosen.fates[entry.id][0] == "summarised"]
    room = max(window.size - max_tokens - MARGIN, window.size // 2)
    lines = chosen.lines()
    return Draft(
        lines=lines,
        leaving=tuple(chosen.leaving),
        prompt=summary_prompt(summarised, chosen.tokens, earlier, request, max_tokens, room),
        max_tokens=max_tokens,
        evidence_tokens=max(policy.summary_min, min(policy.evidence_max, replaced // 10)),
        before=sum(line.tokens for line in lines),
        earlier=earlier,
        request=request,
        why=why(lines, figures.tokens),
    )


class _Choice:
    """Every entry's fate, for the largest tail that leaves room."""

    def __init__(self, conversation: Conversation, window: Window, policy: CompactionPolicy) -> None:
        self._window = window
        self.entries = conversation.entries
        self.tokens = {entry.id: entry.tokens for entry in self.entries}
        self.tokens |= {block.id: block.tokens for block in window.blocks}
        self.request = next((entry for entry in reversed(self.entries) if is_prompt(entry)), None)
        self._pinned = {block.id for block in window.blocks if block.pinned}
        self._stale = stale_reads(self.entries)
        self._empty = empty_searches(self.entries)
        self._ids = frozenset(entry.id for entry in (*self.entries, *conversation.results.values()))
        self._static = sum(b.tokens for b in window.blocks if b.id not in self._ids and b.section != "summary")
        self.start = self._cut(policy)
        kept = self._kept(self.start)
        self.fates = {entry.id: self._fate(entry, index, kept) for index, entry in enumerate(self.entries)}
        before = [entry for entry in self.entries[: self.start] if self.fates[entry.id][0] != "kept"]
        self.leaving = [e for e in self.entries if self.fates[e.id][0] != "kept"] if before else []

    def lines(self) -> tuple[PlanLine, ...]:
        """What happens to each block of the window."""
        tail = self.entries[self.start : self.start + 1]
        return plan_lines(self._blocks(), self._group, self._ids, not tail or is_prompt(tail[0]))

    def _blocks(self) -> tuple[Block, ...]:
        """The window's blocks; one that was measured without some entry still accounts for it."""
        known = {block.id for block in self._window.blocks}
        missing = [entry for entry in self.entries if entry.id not in known]
        return self._window.blocks + tuple(
            Block(entry.id, "history", entry.role, entry.tokens, False, entry.turn, entry.seq) for entry in missing
        )

    def _group(self, block: Block) -> Group:
        if block.id in self.fates:
            return self.fates[block.id]
        if block.section == "summary":
            return ("summarised", "summary")
        return ("kept", "static") if block.turn == 0 else ("kept", "tail")

    def _cut(self, policy: CompactionPolicy) -> int:
        """Where the tail starts: the longest that leaves room, by the first measure of room that any tail meets."""
        taken = self._static + policy.summary_max + policy.evidence_max
        starts = [cut(self.entries, keep) for keep in range(policy.keep_last, -1, -1)]
        sizes = [sum(self.tokens[id] for id in self._kept(start)) for start in starts]
        for share in ROOM:
            for start, size in zip(starts, sizes, strict=True):
                if taken + size <= share * self._window.trigger:
                    return start
        return starts[-1]

    def _kept(self, start: int) -> set[str]:
        kept = {entry.id for entry in self.entries[start:] if not _is_thinking(entry)}
        kept |= {entry.id for entry in self.entries if entry.id in self._pinned}
        if self.request:
            kept.add(self.request.id)
        return paired(kept, self.entries)

    def _fate(self, entry: Entry, index: int, kept: set[str]) -> Group:
        if _is_thinking(entry):
            return ("dropped", "thinking")
        if entry.id in kept:
            return ("kept", self._keeping(entry, index))
        if entry.notice:
            return ("dropped", "notices")
        if entry.id in self._stale:
            return ("dropped", "stale")
        return ("dropped", "empty") if entry.id in self._empty else ("summarised", "turns")

    def _keeping(self, entry: Entry, index: int) -> str:
        if self.request and entry.id == self.request.id:
            return "request"
        return "tail" if index >= self.start else "pinned"


def _is_thinking(entry: Entry) -> bool:
    return isinstance(entry.part, Thinking | RedactedThinking)
