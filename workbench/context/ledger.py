"""The window ledger: the one truth for what the next request holds (seed §1).

    events ─▶ anchors (what each block costs) ─▶ totals ─▶ read: sections, zones, cache, at the cost of what came since
                                             └─▶ blocks ─▶ measure: every block, with what is known of it

A fold of the journal: the same events give the same window, to the token.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from typing import Any, ClassVar

import msgspec

from workbench.context.anchors import Anchors, Key
from workbench.context.attention import Instructions
from workbench.context.blocks import Blocks, Piece, split_head
from workbench.context.references import References
from workbench.context.totals import Totals
from workbench.context.window import WindowPolicy, build_window, find_zones
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.entries import Entry, name_entry
from workbench.core.messages import RedactedThinking, Thinking, ToolResult, ToolUse
from workbench.core.models import TokenRatio
from workbench.core.window import Block, Mark, SectionName, Window

_THINKING = (Thinking, RedactedThinking)
_CALLS = (ToolUse, ToolResult)


class Ledger:
    """Measures the window; told of every stored event after the conversation was."""

    def __init__(self, policy: WindowPolicy) -> None:
        self.policy = policy
        """As far as the open model lets it be."""
        self._wanted = policy
        self._limits: dict[str, tuple[int | None, int | None]] = {}
        """What is known of each model: tokens of its window and of a reply."""
        self._anchors = Anchors(self._move)
        self._entered = 0
        """Entries of the conversation that were taken in."""
        self._order: list[Key] = []
        """The window's blocks, in order."""
        self._places: dict[Key, int] = {}
        """Where each of them stands that the totals have."""
        self._totals = Totals()
        self._model = ""
        self._head: tuple[Piece, ...] = ()
        self._blocks = Blocks()
        self._references = References()
        self._instructions = Instructions()
        self._cached = 0
        self._cold_at: float | None = None

    @property
    def ratio(self) -> float:
        """The open model's real tokens for each estimated one."""
        return self._anchors.ratio

    def find_ratio(self, content_class: str) -> float:
        """The same for text of one class."""
        return self._anchors.find_ratio(content_class)

    def learnt(self, model: str) -> Mapping[str, TokenRatio]:
        """The ratios of `model` by content class, as far as they are known here."""
        return self._anchors.learnt(model)

    def apply(self, stamped: e.Stamped, conversation: Conversation) -> None:
        """Fold one event in; call it after `conversation.apply` for the same event."""
        if handler := self.HANDLERS.get(type(stamped.event)):
            handler(self, stamped.seq or 0, stamped.event, conversation)

    def read(self, conversation: Conversation, live: int = 0) -> Window:
        """What the next request holds, without its blocks; `live` are the estimated tokens of a streaming reply."""
        totals, come = self._sum_up(conversation), _list_come(conversation)
        for entry in come:
            section: SectionName = "results" if isinstance(entry.part, ToolResult) else "history"
            totals.add(section, entry.role, entry.turn, self._anchors.tokens(_key(entry), entry))
        if live > 0:
            totals.add("history", "assistant", conversation.turn, live)
        running = conversation.turn if conversation.running else 0
        total = totals.total()
        cached = min(self._cached, total)
        exact = live <= 0 and (self._anchors.exact or not self._order)
        window = Window(
            size=self.policy.size,
            reserved=self.policy.reserve,
            trigger=self.policy.trigger,
            total=total,
            free=self.policy.size - self.policy.reserve - total,
            exact=exact and all(self._anchors.is_exact(_key(entry)) for entry in come),
            sections=totals.sections(running, cached),
            cached=cached,
            cold_at=self._cold_at if cached else None,
            outline=totals.outline(running),
            size_reason=self._explain_size(),
            turn=conversation.turn,
        )
        totals.drop(len(come) + (live > 0))
        return window

    def _sum_up(self, conversation: Conversation) -> Totals:
        """The sums, with what came since they were asked for last."""
        totals, known, head = self._totals, len(self._totals), len(self._head)
        tokens = self._anchors.tokens
        for place in range(known, len(self._order)):
            key = self._order[place]
            if place < head:
                piece = self._head[place]
                totals.add(piece.section, piece.role, 0, tokens(key))
            else:
                entry = conversation.entries[place - head]
                section: SectionName = "results" if isinstance(entry.part, _CALLS) else "history"
                totals.add(section, entry.role, entry.turn, tokens(key))
            self._places[key] = place
        return totals

    def _move(self, key: Key, tokens: int) -> None:
        if (place := self._places.get(key)) is not None:
            self._totals.set(place, tokens)

    def measure(self, conversation: Conversation, live: int = 0) -> Window:
        """What the next request holds, block by block, at the cost of all of them."""
        epoch, number = conversation.epoch, conversation.epoch.number if conversation.epoch else 1
        named = self._references.read(epoch, conversation.entries, conversation.proposals)
        blocks = [self._head_block(piece, conversation, number, named) for piece in self._head]
        come = _list_come(conversation)
        blocks += [self._block(entry, conversation, number, named) for entry in (*conversation.entries, *come)]
        if live > 0:
            turn = conversation.turn
            blocks.append(Block("live", "history", "assistant", live, False, turn, 0, "the reply", epoch=number))
        zones = find_zones(blocks)
        drifting = self._instructions.find_drifting(blocks, zones, conversation.archive)
        limits = self.policy, self._cached, self._cold_at, self._explain_size(), conversation.turn
        window = build_window(blocks, zones, drifting, *limits)
        self._blocks.remember(window.blocks)
        return window

    def knows(self, model: str) -> tuple[int | None, int | None]:
        """Tokens that `model` takes and that it replies with at most; None is not known."""
        return self._limits.get(model, (None, None))

    def _report_cache(self, _: int, event: e.CacheReported, __: Conversation) -> None:
        self._cached = event.read + event.written
        self._cold_at = event.cold_at if self._cached else None

    def _propose(self, _: int, event: e.ToolProposed, __: Conversation) -> None:
        self._blocks.add_proposal(event.proposal)
        self._references.tell(f"tool:{event.proposal.tool}", event.turn)

    def _lift(self, seq: int, event: e.BlockLifted, conversation: Conversation) -> None:
        self._instructions.lift(event.id, name_entry(seq))
        self._references.tell(event.id, conversation.turn)

    def _learn(self, _: int, event: e.LimitLearnt, __: Conversation) -> None:
        window, reply = self.knows(event.model)
        self._limits[event.model] = (event.window or window, event.reply or reply)
        self._fit()

    def _fit(self) -> None:
        self.policy = self._wanted.limit(*self.knows(self._model))

    def _explain_size(self) -> str:
        return self._wanted.explain(self.knows(self._model)[0])

    def _count(self, _: int, event: e.PromptCounted, __: Conversation) -> None:
        self._anchors.count(event.tokens)

    def _recall(self, _: int, event: e.RatiosRecalled, __: Conversation) -> None:
        self._anchors.recall(event.model, event.ratios)

    def _rebuild(self, _: int, __: e.EpochOpened | e.CompactionUndone, conversation: Conversation) -> None:
        """A new head: what stays unchanged keeps its cost and its cache, unless another model counts now."""
        self._model = conversation.epoch.model if conversation.epoch else ""
        if self._anchors.begin(self._model):
            self._cached = 0
        self._fit()
        before, self._head = self._order, tuple(split_head(conversation.epoch))
        self._order, self._entered = [], 0
        self._places, self._totals = {}, Totals()
        self._blocks.remember(())
        for piece in self._head:
            self._order.append(piece.key)
            self._anchors.take(piece.key, piece)
        self._enter(conversation.entries)
        shared = (
            new for old, new in takewhile(lambda pair: pair[0] == pair[1], zip(before, self._order, strict=False))
        )
        self._cached = min(self._cached, sum(map(self._anchors.tokens, shared)))

    def _enter_new(self, _: int, __: e.AnyEvent, conversation: Conversation) -> None:
        if self._entered < len(conversation.entries):
            self._enter(conversation.entries[self._entered :])

    def _enter(self, entries: Iterable[Entry]) -> None:
        take = self._anchors.take
        for entry in entries:
            self._entered += 1
            self._blocks.add_entry(entry)
            key = (entry.id, entry.content)
            self._order.append(key)
            take(key, entry)

    def _settle(self, seq: int, event: e.MessageAdded, conversation: Conversation) -> None:
        added = conversation.entries[self._entered :]
        reply = [entry for entry in added if entry.seq == seq]
        self._enter(added[: len(added) - len(reply)])
        if event.usage.prompt > 0 and not event.usage.estimated:
            self._anchors.anchor(event.usage.prompt)
            if event.usage.output_tokens:
                groups = _group_reply(event, reply)
                self._anchors.reply([({_key(entry): entry.tokens for entry in group}, cost) for group, cost in groups])
        self._enter(reply)

    HANDLERS: ClassVar[dict[type, Callable[["Ledger", int, Any, Conversation], None]]] = {
        e.TurnStarted: _enter_new,
        e.RequestSent: _enter_new,
        e.MessageAdded: _settle,
        e.CacheReported: _report_cache,
        e.ToolProposed: _propose,
        e.ToolFinished: _enter_new,
        e.ToolFailed: _enter_new,
        e.TurnFinished: _enter_new,
        e.TurnFailed: _enter_new,
        e.EpochOpened: _rebuild,
        e.CompactionUndone: _rebuild,
        e.LimitLearnt: _learn,
        e.PromptCounted: _count,
        e.RatiosRecalled: _recall,
        e.BlockLifted: _lift,
    }
    """What it does with each kind of event, told with its place; no other kind concerns it."""

    def _head_block(self, piece: Piece, conversation: Conversation, epoch: int, named: Mapping[str, int]) -> Block:
        tokens, exact = self._anchors.tokens(piece.key), self._anchors.is_exact(piece.key)
        mark: Mark = conversation.marks.get(piece.id, "pin" if piece.pinned else "")
        place = piece.id, piece.section, piece.role, tokens, exact, 0, conversation.head_seq, piece.label
        return Block(*place, mark=mark, epoch=epoch, referenced=named.get(piece.id, 0))

    def _block(self, entry: Entry, conversation: Conversation, epoch: int, named: Mapping[str, int]) -> Block:
        key, mark = _key(entry), conversation.marks.get(entry.id, "")
        tokens, exact = self._anchors.tokens(key, entry), self._anchors.is_exact(key)
        measured = conversation.section(entry), tokens, exact, epoch, mark, named.get(entry.id, 0)
        return self._blocks.build(entry, *measured)


def _group_reply(event: e.MessageAdded, reply: list[Entry]) -> list[tuple[list[Entry], int]]:
    """The reply's parts with what they cost together; thinking is reported apart."""
    output = event.usage.output_tokens
    thinking = min(output, event.usage.thinking_tokens)
    if not thinking:
        return [(reply, output)]
    thought = [entry for entry in reply if isinstance(entry.part, _THINKING)]
    spoken = [entry for entry in reply if not isinstance(entry.part, _THINKING)]
    if not thought:
        return [(reply, output - thinking)]
    return [(thought, thinking), (spoken, output - thinking)] if spoken else [(reply, output)]


def _key(entry: Entry) -> Key:
    return (entry.id, entry.content)


def _list_come(conversation: Conversation) -> list[Entry]:
    """What the next request holds besides: results that came while others are waited for, what was lifted since."""
    results = [conversation.results[call] for call in conversation.pending if call in conversation.results]
    return results + [msgspec.structs.replace(entry, turn=conversation.turn) for entry in conversation.waiting]
