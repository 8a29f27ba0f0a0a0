"""The seam of seed §2: what a strategy sees of the window, what it may ask, and what it answers.

    WindowView ─▶ Strategy.plan ─▶ Draft ─▶ plan.build_plan: checks, costs, evidence, economics ─▶ CompactionPlan

A strategy chooses; what its choice costs and whether the API would accept it is worked out in one place for all.
Command line, dialog and settings read one list of names. A strategy of ours is a module of its name that defines
`STRATEGY`, and a line in `BUILT_IN`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Protocol

import msgspec

from workbench.core.conversation import Conversation
from workbench.core.decisions import Proposal
from workbench.core.entries import Entry, is_thinking
from workbench.core.errors import WorkbenchError
from workbench.core.messages import AnyPart, Text
from workbench.core.notes import Scratchpad
from workbench.core.plans import Fate
from workbench.core.ports import TextModel
from workbench.core.window import Block, Document, Mark, Window
from workbench.strategies.cut import is_prompt

BUILT_IN = ("auto", "summarise", "mask", "marked")
"""In the order in which they are offered; the names cost no import."""
_registered: dict[str, "Strategy"] = {}
TOKENS_A_SUMMARY_TOKEN = 20
"""What leaves, for each token of its summary, between the policy's limits."""


EVIDENCE_OF_REMOVED, EVIDENCE_OF_TRIGGER = 0.05, 0.25
"""The longest evidence index, as shares of all tokens removed so far and of the window's trigger."""
WORDS_OF_TRIGGER = 0.125
"""What of the person's own messages stays word for word, newest first, as a share of the window's trigger."""
Economics = Callable[[int, int, int, int], tuple[float | None, float | None, float | None]]
"""Tokens `(before, after, of the summary, unchanged front)` to dollars now, dollars saved a turn, turns to payback."""


def unpriced(before: int, after: int, summary: int, front: int) -> tuple[None, None, None]:
    """`Economics` where no price is known."""
    return None, None, None


class CompactionPolicy(msgspec.Struct, frozen=True):
    """How much stays word for word, how long a summary may be, and which strategy compacts when none is named."""

    keep_last: int = 10
    """Messages that stay as they are."""
    summary_min: int = 500
    """Tokens that a summary may always have."""
    summary_max: int = 2_000
    """Tokens of the longest summary."""
    strategy: str = "auto"
    probe_model: bool = False
    """Whether the model too is asked, after each compaction, what it still knows; it costs a request."""
    deadline_s: float = 300.0
    """Seconds that a strategy may take, its requests included."""

    def summary_tokens(self, leaving: int) -> int:
        """The summary's limit, by the tokens that it replaces."""
        return max(self.summary_min, min(self.summary_max, leaving // TOKENS_A_SUMMARY_TOKEN))

    def evidence_tokens(self, removed: int, trigger: int) -> int:
        """The evidence index's limit, by all tokens that were removed so far and the trigger of the window."""
        return int(min(EVIDENCE_OF_REMOVED * removed, EVIDENCE_OF_TRIGGER * trigger))

    def words_tokens(self, trigger: int) -> int:
        """How much of the person's own messages stays word for word, by the trigger of the window."""
        return int(WORDS_OF_TRIGGER * trigger)


@dataclass(frozen=True)
class WindowView:
    """What a strategy may see."""

    window: Window
    """As it was measured, with its trigger."""
    blocks: tuple[Block, ...]
    """The window's, and one for each entry that came after it was measured."""
    entries: tuple[Entry, ...]
    """The conversation as the window holds it, oldest first."""
    left: Mapping[str, Entry]
    """What the window holds no more or only masked, by id, as it was journalled; it can be brought back."""
    tokens: Mapping[str, int]
    """Of each block, by id."""
    marks: Mapping[str, Mark]
    """What the person said of blocks, by id; a plan obeys it whatever a strategy drafts."""
    memory: tuple[Document, ...]
    """The documents of the epoch's memory."""
    attached: Mapping[str, Document]
    """Reference documents that still stand in the conversation, by the entry that says them."""
    request: Entry | None
    """The person's last request; it stays word for word."""
    earlier: str
    """The summary that stands in the window, with its evidence index."""
    proposals: Mapping[str, Proposal]
    """What each call's tool said of it, by call id; a call may lack one."""
    scratchpad: Scratchpad
    running: int
    """The turn that runs; 0 between turns."""
    instructions: str = ""
    """What the person asked this compaction to heed, in their words."""
    economics: Economics = unpriced
    """What a change of the window costs and saves."""

    @classmethod
    def of(
        cls,
        conversation: Conversation,
        window: Window,
        scratchpad: Scratchpad,
        instructions: str = "",
        economics: Economics = unpriced,
    ) -> "WindowView":
        """The view of a conversation and its window."""
        entries, epoch = tuple(conversation.entries), conversation.epoch
        known, inside = {block.id for block in window.blocks}, {entry.id for entry in entries if not entry.content}
        blocks = window.blocks + tuple(
            Block(entry.id, conversation.section(entry), entry.role, entry.tokens, False, entry.turn, entry.seq)
            for entry in entries
            if entry.id not in known
        )
        return cls(
            window=window,
            blocks=blocks,
            entries=entries,
            left={id: e for id, e in conversation.archive.items() if id not in inside and not is_thinking(e)},
            tokens={block.id: block.tokens for block in blocks},
            marks=dict(conversation.marks),
            memory=epoch.memory if epoch else (),
            attached=conversation.attached,
            request=next((entry for entry in reversed(entries) if is_prompt(entry)), None),
            earlier=epoch.summary if epoch else "",
            proposals=conversation.proposals,
            scratchpad=scratchpad,
            running=conversation.turn if conversation.running else 0,
            instructions=instructions,
            economics=economics,
        )

    @property
    def pinned(self) -> frozenset[str]:
        """Ids of the blocks that stay word for word."""
        return frozenset(id for id, mark in self.marks.items() if mark == "pin")

    def find_returning(self, draft: "Draft") -> list[Entry]:
        """The entries that `draft` brings back into the window, beside those that only speak again."""
        inside = {entry.id for entry in self.entries}
        return [self.left[id] for id, f in draft.fates.items() if f.fate == "brought back" and id not in inside]

    @property
    def request_text(self) -> str:
        """The last request's words."""
        return self.request.part.text if self.request and isinstance(self.request.part, Text) else ""


class BlockFate(msgspec.Struct, frozen=True):
    """What happens to one block."""

    fate: Fate
    reason: str = ""
    """What such blocks are, in the singular: `stale read`; empty for the words of whole turns."""
    part: AnyPart | None = None
    """What a masked one says instead: of the same kind, for the same call."""


class Draft(msgspec.Struct, frozen=True):
    """A strategy's answer. One that changes nothing says that there is nothing to compact."""

    fates: Mapping[str, BlockFate]
    """By entry id; what is not named is kept."""
    summary: str = ""
    """Of the summarised blocks and of the earlier summary, which it replaces; empty to write it without a model."""
    why: str = ""
    """A sentence for the person, where there is more to say than what takes the room."""
    strategy: str = ""
    """The one that really made it, where the strategy that was asked passed the work on."""
    notice: str = ""
    """What went otherwise than it should have."""


class Strategy(Protocol):
    """Makes room in a window. Registered by name; nobody else knows it."""

    @property
    def name(self) -> str:
        """On the command line, in settings and on plans."""

    @property
    def title(self) -> str:
        """A word or two for the dialog."""

    @property
    def help(self) -> str:
        """One sentence: what it does."""

    async def plan(self, view: WindowView, model: TextModel, policy: CompactionPolicy) -> Draft:
        """What to do with the window. Changes nothing itself; whatever it raises leaves the window as it is.

        It runs on the event loop: what takes long is awaited, and ends when it is cancelled.
        """


def register(strategy: Strategy) -> Callable[[], None]:
    """Add one that is made elsewhere; returns how to take it away. Raises ValueError where its name is taken."""
    if strategy.name in names():
        raise ValueError(f"there is a strategy {strategy.name} already")
    _registered[strategy.name] = strategy
    return partial(_registered.__delitem__, strategy.name)


def names() -> tuple[str, ...]:
    """Every name, in the order in which they are offered."""
    return (*BUILT_IN, *_registered)


def choices() -> tuple[tuple[str, str, str], ...]:
    """Name, title and help of each."""
    return tuple((each.name, each.title, each.help) for each in map(find_strategy, names()))


def find_strategy(name: str) -> Strategy:
    """The strategy of that name. Raises WorkbenchError with the names that there are."""
    if name in BUILT_IN:
        strategy: Strategy = import_module(f"workbench.strategies.{name}").STRATEGY
        return strategy
    if name not in _registered:
        raise WorkbenchError(f"there is no strategy {name!r}.", f"There are: {', '.join(names())}.")
    return _registered[name]


def shorten(text: str, limit: int) -> str:
    """`text` on one line, cut with `…` after `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
