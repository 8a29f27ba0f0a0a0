"""The window ledger: the one truth for what the next request holds (seed §1).

    reported prompt ─▶ anchor: the blocks sent cost exactly that; the difference goes to those not yet exact
    reported output ─▶ the reply's parts, exact too
    all that came since ─▶ estimate × the model's correction, learnt from the anchors

A fold of the journal: the same events give the same window, to the token. `read` answers from running sums, at the
cost of what came since; `measure` lists every block.
"""

from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any, ClassVar

from workbench.context.blocks import Blocks, Piece, split_head
from workbench.context.correction import Correction, is_plausible, share_out
from workbench.context.totals import Totals
from workbench.context.window import WindowPolicy, build_window
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.entries import Entry
from workbench.core.messages import RedactedThinking, Thinking, ToolResult, ToolUse
from workbench.core.window import Block, Mark, SectionName, Window

Key = tuple[str, str]
"""What a cost belongs to: an id and what stands there, so that a masked entry does not cost what its original did."""
_THINKING = (Thinking, RedactedThinking)


class Ledger:
    """Measures the window; told of every stored event after the conversation was."""

    def __init__(self, policy: WindowPolicy) -> None:
        self.policy = policy
        """As far as the open model lets it be."""
        self._wanted = policy
        self._limits: dict[str, tuple[int | None, int | None]] = {}
        """What is known of each model: tokens of its window and of a reply."""
        self._exact: dict[Key, int] = {}
        """Tokens from reported usage, of all blocks that ever were; an undo finds them again."""
        self._open: dict[Key, int] = {}
        """Estimates of the blocks in the window that no usage has covered yet."""
        self._reply: list[Key] = []
        """The last reply's parts: exact by its output, not yet seen in a prompt."""
        self._settled = 0
        """Sum of the exact blocks in the window."""
        self._estimated = 0
        """Sum of the open ones' estimates."""
        self._agrees = True
        """False while the last report is not what the blocks that were sent sum up to: their total is approximate."""
        self._entered = 0
        """Entries of the conversation that were taken in."""
        self._order: list[Key] = []
        """The window's blocks, in order."""
        self._places: dict[Key, int] = {}
        """Where each of them stands that the totals have."""
        self._totals = Totals()
        self._model = ""
        self._correction = Correction()
        self._corrections = {self._model: self._correction}
        self._head: tuple[Piece, ...] = ()
        self._blocks = Blocks()
        self._cached = 0
        self._cold_at: float | None = None

    @property
    def ratio(self) -> float:
        """The open model's real tokens for each estimated one."""
        return self._correction.ratio

    def apply(self, stamped: e.Stamped, conversation: Conversation) -> None:
        """Fold one event in; call it after `conversation.apply` for the same event."""
        if handler := self.HANDLERS.get(type(stamped.event)):
            handler(self, stamped.seq or 0, stamped.event, conversation)

    def read(self, conversation: Conversation, live: int = 0) -> Window:
        """What the next request holds, without its blocks; `live` are the estimated tokens of a streaming reply."""
        totals, come = self._sum_up(conversation), _list_come(conversation)
        for entry in come:
            section: SectionName = "results" if isinstance(entry.part, ToolResult) else "history"
            totals.add(section, entry.role, entry.turn, self._tokens(_key(entry), entry.tokens))
        if live > 0:
            totals.add("history", "assistant", conversation.turn, live)
        running = conversation.turn if conversation.running else 0
        total = totals.total()
        cached = min(self._cached, total)
        window = Window(
            size=self.policy.size,
            reserved=self.policy.reserve,
            trigger=self.policy.trigger,
            total=total,
            free=self.policy.size - self.policy.reserve - total,
            exact=live <= 0 and self._agrees and not self._open and all(_key(entry) in self._exact for entry in come),
            sections=totals.sections(running, cached),
            cached=cached,
            cold_at=self._cold_at if cached else None,
            outline=totals.outline(running),
            size_reason=self._explain_size(),
        )
        totals.drop(len(come) + (live > 0))
        return window

    def _sum_up(self, conversation: Conversation) -> Totals:
        """The sums, with what came since they were asked for last."""
        totals, known = self._totals, len(self._totals)
        for place in range(known, len(self._order)):
            key = self._order[place]
            if place < len(self._head):
                piece = self._head[place]
                totals.add(piece.section, _head_role(piece), 0, self._tokens(key, piece.estimate))
            else:
                entry = conversation.entries[place - len(self._head)]
                section: SectionName = "results" if isinstance(entry.part, ToolUse | ToolResult) else "history"
                totals.add(section, entry.role, entry.turn, self._tokens(key, entry.tokens))
            self._places[key] = place
        return totals

    def measure(self, conversation: Conversation, live: int = 0) -> Window:
        """What the next request holds, block by block, at the cost of all of them."""
        number = conversation.epoch.number if conversation.epoch else 1
        blocks = [self._head_block(piece, conversation, number) for piece in self._head]
        come = _list_come(conversation)
        blocks += [self._block(entry, conversation, number) for entry in (*conversation.entries, *come)]
        if live > 0:
            turn = conversation.turn
            blocks.append(Block("live", "history", "assistant", live, False, turn, 0, "the reply", epoch=number))
        agrees, reason = self._agrees, self._explain_size()
        window = build_window(blocks, self.policy, self._cached, self._cold_at, reason, agrees=agrees)
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

    def _learn(self, _: int, event: e.LimitLearnt, __: Conversation) -> None:
        window, reply = self.knows(event.model)
        self._limits[event.model] = (event.window or window, event.reply or reply)
        self._fit()

    def _fit(self) -> None:
        self.policy = self._wanted.limit(*self.knows(self._model))

    def _explain_size(self) -> str:
        return self._wanted.explain(self.knows(self._model)[0])

    def _count(self, _: int, event: e.PromptCounted, conversation: Conversation) -> None:
        """The next request holds exactly so many tokens, if that can be."""
        if is_plausible(event.tokens, self._settled + self._estimated * self.ratio):
            self._anchor(event.tokens)

    def _rebuild(self, _: int, __: e.EpochOpened | e.CompactionUndone, conversation: Conversation) -> None:
        """A new head: what stays unchanged keeps its cost and its cache, unless another model counts now."""
        model = conversation.epoch.model if conversation.epoch else ""
        if model != self._model:
            self._exact.clear()
            self._cached = 0
        self._model, self._correction = model, self._corrections.setdefault(model, Correction())
        self._fit()
        before, self._head = self._order, tuple(split_head(conversation.epoch))
        self._order, self._reply, self._settled, self._entered = [], [], 0, 0
        self._open, self._estimated = {}, 0
        self._places, self._totals = {}, Totals()
        self._blocks.remember(())
        for piece in self._head:
            self._take(piece.key, piece.estimate)
        self._enter(conversation.entries)
        shared = (
            new for old, new in takewhile(lambda pair: pair[0] == pair[1], zip(before, self._order, strict=False))
        )
        self._cached = min(self._cached, sum(self._tokens(key, self._open.get(key, 0)) for key in shared))

    def _enter_new(self, _: int, __: e.AnyEvent, conversation: Conversation) -> None:
        if self._entered < len(conversation.entries):
            self._enter(conversation.entries[self._entered :])

    def _enter(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._entered += 1
            self._blocks.add_entry(entry)
            self._take(_key(entry), entry.tokens)

    def _take(self, key: Key, estimate: int) -> None:
        self._order.append(key)
        if key in self._exact:
            self._settled += self._exact[key]
        else:
            self._open[key] = estimate
            self._estimated += estimate

    def _settle(self, seq: int, event: e.MessageAdded, conversation: Conversation) -> None:
        added = conversation.entries[self._entered :]
        reply = [entry for entry in added if entry.seq == seq]
        self._enter(added[: len(added) - len(reply)])
        if event.usage.prompt > 0 and not event.usage.estimated:
            self._anchor(event.usage.prompt)
            self._divide(event, reply)
        self._enter(reply)

    def _anchor(self, prompt: int) -> None:
        """The blocks of the window together cost `prompt`: what is new has the difference, or the last reply with it.

        A prompt that cost less than what is known of it is not that of this window (it went without tools, or somebody
        counts otherwise); no block moves then, those that are open stay estimates, and the total is approximate until
        a report agrees again.
        """
        rest, estimated = prompt - self._settled, self._estimated
        expected = estimated * self.ratio
        if self._open and is_plausible(rest, expected):
            self._set(list(self._open), rest, list(self._open.values()))
            self._correction.learn(rest, estimated)
        elif self._reply and is_plausible(rest + (replied := self._replied()), expected + replied):
            keys = [*self._reply, *self._open]
            self._set(keys, rest + replied, [self._tokens(key, self._open.get(key, 0)) for key in keys])
        elif self._open and rest > expected:
            self._set(list(self._open), rest, list(self._open.values()))
        elif self._open or rest:
            self._agrees = False
            return
        self._open, self._estimated, self._reply, self._settled, self._agrees = {}, 0, [], prompt, True

    def _replied(self) -> int:
        return sum(self._exact[key] for key in self._reply)

    def _set(self, keys: list[Key], total: int, weights: list[int]) -> None:
        shares = share_out(total, weights)
        self._exact.update(zip(keys, shares, strict=True))
        if self._places:
            for key, tokens in zip(keys, shares, strict=True):
                if (place := self._places.get(key)) is not None:
                    self._totals.set(place, tokens)

    def _divide(self, event: e.MessageAdded, reply: list[Entry]) -> None:
        """The reply's tokens over its parts; thinking is reported apart."""
        output = event.usage.output_tokens
        if not output:
            return
        groups = [(reply, output)]
        if thinking := min(output, event.usage.thinking_tokens):
            thought = [entry for entry in reply if isinstance(entry.part, _THINKING)]
            spoken = [entry for entry in reply if not isinstance(entry.part, _THINKING)]
            if not thought:
                groups = [(reply, output - thinking)]
            elif spoken:
                groups = [(thought, thinking), (spoken, output - thinking)]
        for entries, tokens in groups:
            self._set([_key(entry) for entry in entries], tokens, [entry.tokens for entry in entries])
        self._reply = [_key(entry) for entry in reply]

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
    }
    """What it does with each kind of event, told with its place; no other kind concerns it."""

    def _tokens(self, key: Key, estimate: int) -> int:
        return self._exact[key] if key in self._exact else round(estimate * self.ratio)

    def _head_block(self, piece: Piece, conversation: Conversation, epoch: int) -> Block:
        tokens, exact = self._tokens(piece.key, piece.estimate), piece.key in self._exact
        role, words, seq = _head_role(piece), piece.label, conversation.head_seq
        mark: Mark = conversation.marks.get(piece.id, "pin" if piece.pinned else "")
        return Block(piece.id, piece.section, role, tokens, exact, 0, seq, words, mark=mark, epoch=epoch)

    def _block(self, entry: Entry, conversation: Conversation, epoch: int) -> Block:
        key = _key(entry)
        tokens, exact = self._tokens(key, entry.tokens), key in self._exact
        mark: Mark = conversation.marks.get(entry.id, "")
        return self._blocks.build(entry, conversation.section(entry), tokens, exact, epoch, mark)


def _key(entry: Entry) -> Key:
    return (entry.id, entry.content)


def _head_role(piece: Piece) -> str:
    return "user" if piece.section == "summary" else "system"


def _list_come(conversation: Conversation) -> list[Entry]:
    """What the next request holds besides: results that came while others are waited for, what was lifted since."""
    results = [conversation.results[call] for call in conversation.pending if call in conversation.results]
    return results + conversation.waiting
