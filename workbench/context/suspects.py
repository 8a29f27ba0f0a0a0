"""The kinds of waste, each with its evidence (seed §1): the surest come first, and none is suspected twice.

read twice · changed since · near duplicate · never used · large block · fast growth · unused tools
"""

from collections.abc import Iterator
from statistics import median

import msgspec

from workbench.context.duplicates import Duplicates
from workbench.context.mentions import Followed, Mentions
from workbench.core.conversation import Conversation
from workbench.core.entries import Entry
from workbench.core.figures import percent
from workbench.core.figures import tokens as about
from workbench.core.inspection import FindingKind, Remedy
from workbench.core.messages import RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.core.reads import find_outdated_reads
from workbench.core.window import Block, Window

LEAST = 200
"""Tokens from which anything is worth a word."""
MASK = 50
"""Tokens that a masked result still takes: a line."""
NEVER, AT_ONCE, LATER = (3, 20), (5, 40), (8, 60)
"""Turns that ended, or requests, after which a result is not used any more: one that nothing ever named, one that was
named only in the turn that brought it, and one that was come back to."""
LARGE = 0.1
"""Of the window's size, what one block may take."""
USUAL_TURNS = 5
"""Turns before the last one that tell what is usual."""
SPREADS = 5.0
"""Median absolute deviations over the median from which a turn is out of the usual."""
LEAST_SPREAD = 0.2
"""Of the median, what a deviation counts at least: where all turns are alike the next one may still differ."""
LEAST_GROWTH = 0.02
"""Of the window's size, what a turn must bring over the usual."""
TOOL_TURNS = 8
"""Turns in which a tool could have been called."""
LEAST_TOOLS = 500
"""Tokens of definitions, from which it matters that they are not used."""
MOST_NAMES = 4


class Suspect(msgspec.Struct, frozen=True):
    """Blocks that may be waste, and what would free their room."""

    kind: FindingKind
    text: str
    ids: tuple[str, ...]
    tokens: int
    remedy: Remedy
    turn: int = 0


class Suspects:
    """Looks through one window."""

    def __init__(self, window: Window, conversation: Conversation, mentions: Mentions, duplicates: Duplicates) -> None:
        self._window, self._conversation = window, conversation
        self._mentions, self._duplicates = mentions, duplicates
        self._entries = {entry.id: entry for entry in conversation.entries}
        self._blocks = {block.id: block for block in window.blocks if block.id in self._entries}
        self._pairs = self._pair()
        self._free = set(self._blocks)
        """Blocks that may still be suspected: nobody marked them, no finding has them, and they could leave."""
        for id, block in self._blocks.items():
            if block.mark:
                self._free.difference_update(self._find_pair(id))
        self._free.discard(next((e.id for e in reversed(conversation.entries) if e.is_prompt), ""))
        self._ended = conversation.turn - conversation.running

    def find(self) -> Iterator[Suspect]:
        """Every suspect, in the order of the kinds."""
        yield from self._find_outdated()
        yield from self._find_duplicates()
        yield from self._find_unnamed()
        yield from self._find_large()
        yield from self._find_growth()
        yield from self._find_idle_tools()

    def _take(self, kind: FindingKind, text: str, ids: tuple[str, ...], remedy: Remedy) -> Iterator[Suspect]:
        """The suspect of these blocks, where all of them are free and it matters."""
        blocks = [self._blocks[id] for id in ids]
        tokens = sum(block.tokens for block in blocks) - (MASK if remedy == "mask" else 0)
        if tokens >= LEAST and self._free.issuperset(ids):
            self._free.difference_update(ids)
            yield Suspect(kind, text, ids, tokens, remedy, blocks[-1].turn)

    def _find_outdated(self) -> Iterator[Suspect]:
        """Reads that a later one repeats, and of files that were changed: just now it may still be of use for that."""
        pairs = self._pairs
        for call, by in find_outdated_reads(self._conversation.entries, self._conversation.proposals).items():
            pair, later = pairs.get(call, ()), pairs.get(by.call_id, ())
            if len(pair) != 2 or len(later) != 2 or not all(map(self._stays, later)):
                continue
            read, at = self._blocks[pair[1]], self._blocks[later[1]].turn
            if by.kind != "edit":
                text = f"{_name(read)} was read again {_say_when(at, read)}."
                yield from self._take("read twice", text, pair, "drop")
            elif read.turn < at <= self._ended or at < self._ended:
                text = f"{_name(read)} is not what the file says any more: it was changed {_say_when(at, read)}."
                yield from self._take("changed since", text, pair, "drop")

    def _find_duplicates(self) -> Iterator[Suspect]:
        for id, by in self._duplicates.later.items():
            if id in self._free and self._stays(by):
                block, later = self._blocks[id], self._blocks[by]
                text = f"{_name(block)} says almost the same as {_name(later)}."
                yield from self._take("near duplicate", text, (id,), self._choose_remedy(id))

    def _find_unnamed(self) -> Iterator[Suspect]:
        """Results that nothing names: no later message or call ever did, or not for long."""
        for id, followed in self._mentions.results.items():
            if id not in self._free or not self._is_quiet(followed, self._blocks[id].referenced):
                continue
            name = _name(self._blocks[id])
            since = f"nothing has named it since turn {followed.turn}."
            text = f"{name}: {since if followed.named else 'nothing that was said since names it.'}"
            yield from self._take("never used", text, (id,), "mask")

    def _is_quiet(self, followed: Followed, referenced: int) -> bool:
        named = AT_ONCE if followed.turn == followed.came else LATER
        turns, requests = named if followed.named else NEVER
        return (
            self._ended - max(followed.turn, referenced) >= turns
            or self._mentions.requests - followed.request >= requests
        )

    def _find_large(self) -> Iterator[Suspect]:
        """One block that takes too much, and that nobody had said again on purpose."""
        most = LARGE * self._window.size
        for id, block in self._blocks.items():
            if id in self._free and block.tokens > most and not self._entries[id].notice:
                share = percent(block.tokens / self._window.size)
                text = f"{_name(block)} takes {about(block.tokens)}, {share} of the window."
                yield from self._take("large block", text, (id,), self._choose_remedy(id))

    def _find_growth(self) -> Iterator[Suspect]:
        """The last turn that ended, against those before it; all that was journalled counts, whatever left since."""
        grown: dict[int, int] = {}
        for entry in self._conversation.archive.values():
            if not entry.notice and entry.turn <= self._ended:
                grown[entry.turn] = grown.get(entry.turn, 0) + entry.tokens
        brought, turn = grown.pop(self._ended, 0), self._ended
        if len(grown) < USUAL_TURNS:
            return
        usual = median(grown.values())
        spread = max(median(abs(each - usual) for each in grown.values()), LEAST_SPREAD * usual)
        if brought - usual < max(SPREADS * spread, LEAST_GROWTH * self._window.size):
            return
        results = sorted(self._list_results(turn), key=lambda block: -block.tokens)
        ids, freed = list[str](), 0
        for block in results:
            if freed < brought - usual and block.tokens >= LEAST:
                ids.append(block.id)
                freed += block.tokens - MASK
        text = f"Turn {turn} brought about {about(brought)}; a usual turn brings {about(usual)}"
        text += f". The most of it is {_name(results[0], turn=False)} ({about(results[0].tokens)})." if ids else "."
        tokens = freed if ids else min(self._count_free(turn), round(brought - usual))
        if tokens >= LEAST:
            self._free.difference_update(ids)
            yield Suspect("fast growth", text, tuple(ids), tokens, "mask" if ids else "none", turn)

    def _list_results(self, turn: int) -> Iterator[Block]:
        for id in self._free:
            if self._blocks[id].turn == turn and self._choose_remedy(id) == "mask":
                yield self._blocks[id]

    def _count_free(self, turn: int) -> int:
        return sum(self._blocks[id].tokens for id in self._free if self._blocks[id].turn == turn)

    def _find_idle_tools(self) -> Iterator[Suspect]:
        """Definitions that were never used although they could have been, long enough."""
        conversation = self._conversation
        called = {call.tool for call in conversation.proposals.values()}
        called |= {entry.part.name for entry in conversation.archive.values() if isinstance(entry.part, ToolUse)}
        tools = [block for block in self._window.blocks if block.section == "tools"]
        idle = [block for block in tools if block.id.removeprefix("tool:") not in called]
        tokens = sum(block.tokens for block in idle)
        if tokens < LEAST_TOOLS or (turns := self._count_turns(idle)) < TOOL_TURNS:
            return
        names = [block.label for block in idle]
        listed = ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if (more := len(names) - MOST_NAMES) > 0 else "")
        text = f"{len(idle)} of {len(tools)} tools were not called in {turns} turns: {listed}."
        yield Suspect("unused tools", text, tuple(block.id for block in idle), tokens, "none")

    def _count_turns(self, tools: list[Block]) -> int:
        """Turns that ended while all of `tools` were there, as far as the epochs that are still known tell."""
        before = [epoch for epoch, _, _ in self._conversation.undo]
        names = {block.label for block in tools}
        if all(names <= {tool.name for tool in epoch.tools} for epoch in before):
            first = before[0].number if before else self._conversation.epoch.number if self._conversation.epoch else 1
            if first == 1:
                return self._ended
        since = (e.turn for e in self._conversation.archive.values() if e.seq > self._conversation.head_seq)
        return max(0, self._ended - min(since, default=self._ended) + 1)

    def _pair(self) -> dict[str, tuple[str, ...]]:
        """Blocks of each call and then its result, by the call's id."""
        pairs: dict[str, tuple[str, ...]] = {}
        for entry in self._entries.values():
            if entry.id not in self._blocks:
                continue
            match entry.part:
                case ToolUse(id=call) | ToolResult(tool_use_id=call):
                    pairs[call] = (*pairs.get(call, ()), entry.id)
        return pairs

    def _find_pair(self, id: str) -> tuple[str, ...]:
        """The block and, of a call or a result, the other half: what is said of one holds for both."""
        match self._entries[id].part:
            case ToolUse(id=call) | ToolResult(tool_use_id=call):
                return self._pairs.get(call, (id,))
        return (id,)

    def _stays(self, id: str) -> bool:
        """True for a block that stands in the window whole and is not marked to leave it."""
        block = self._blocks.get(id)
        return block is not None and not self._entries[id].content and block.mark not in ("drop", "mask")

    def _choose_remedy(self, id: str) -> Remedy:
        return _choose_remedy(self._entries[id])


def _choose_remedy(entry: Entry) -> Remedy:
    match entry.part:
        case ToolResult():
            return "none" if entry.content else "mask"
        case Thinking() | RedactedThinking():
            return "compact"
        case Text():
            return "drop"
    return "drop"


def _say_when(turn: int, block: Block) -> str:
    return "in the same turn" if turn == block.turn else f"in turn {turn}"


def _name(block: Block, *, turn: bool = True) -> str:
    """`read src/app.py (turn 3)`; what was said stands in quotes."""
    label = block.label if block.section == "results" else f"“{block.label}”"
    return f"{label} (turn {block.turn})" if turn else label
