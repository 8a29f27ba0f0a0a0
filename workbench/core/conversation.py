"""The conversation: a fold of the journal to the entries that the next request holds.

    EpochOpened ─▶ head (tools, system, memory, summary), which entries stay, and what they say from now on
    TurnStarted, RequestSent.notice ─▶ user text      MessageAdded ─▶ assistant parts
    ToolFinished, ToolFailed ─▶ results, entered in the order of their calls once the last has come
    BlockLifted, DocumentAttached ─▶ user text that waits for the next request

Every prefix of a journal folds to something `messages` can turn into a request that the Messages API accepts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, repeat
from typing import Any, ClassVar

import msgspec

from workbench.core import events as e
from workbench.core.decisions import Proposal
from workbench.core.entries import WORDS, Entry, is_thinking, name_entry, pair_up, replace_part
from workbench.core.messages import Text, ToolResult, ToolUse, wire
from workbench.core.sent import SentMessages, put
from workbench.core.window import Document, Epoch, Mark, Replacement, SectionName, wrap_document

INTERRUPTED = "Interrupted before it finished; nothing is known of its result."
INTERRUPTED_HARMLESS = "Interrupted before it finished; it is safe to call it again."


@dataclass
class Conversation:
    """The state that request, window, compaction and handoff share. Mutated only by `apply`."""

    epoch: Epoch | None = None
    entries: list[Entry] = field(default_factory=list)
    archive: dict[str, Entry] = field(default_factory=dict)
    """Every entry of the session by its id, as it was journalled and in order, whether the window holds it or not."""
    turn: int = 0
    running: bool = False
    step: int = 0
    pending: dict[str, ToolUse] = field(default_factory=dict)
    """Calls of the newest message, in order; a call stays here until all of them are answered."""
    results: dict[str, Entry] = field(default_factory=dict)
    """Answers to pending calls that have come."""
    call_ids: set[str] = field(default_factory=set)
    """Every call of the session, in whatever epoch: ids are never used twice."""
    proposals: dict[str, Proposal] = field(default_factory=dict)
    """What was said of each call, by its id; with a person's own arguments where they changed them."""
    notice: str = ""
    """The last volatile notice sent in this epoch, or before a repair that left all notices as they were."""
    undo: list[tuple[Epoch, list[Entry], int]] = field(default_factory=list)
    """Windows before each compaction, newest last, with how many entries the archive had then."""
    marks: dict[str, Mark] = field(default_factory=dict)
    """What the person said of blocks, by their ids: the next compaction obeys it."""
    attached: dict[str, Document] = field(default_factory=dict)
    """Reference documents by the id of the entry that says them until they move into the memory."""
    waiting: list[Entry] = field(default_factory=list)
    """What was lifted or attached and stands in the next request, before its notice."""
    head_seq: int = 0
    sent: SentMessages = field(default_factory=SentMessages, repr=False, compare=False)
    """The messages as they were sent, as far as they go."""

    @property
    def replaced(self) -> dict[str, Replacement]:
        """What entries of the window say instead of what was journalled, by their ids."""
        return {entry.id: Replacement(entry.part, entry.tokens) for entry in self.entries if entry.content}

    @property
    def unanswered(self) -> list[ToolUse]:
        """Calls that have no result yet."""
        return [call for id, call in self.pending.items() if id not in self.results]

    def interrupted(self, call_id: str) -> str:
        """What the model reads of a call that was broken off: whether it may simply be made again."""
        proposal = self.proposals.get(call_id)
        return INTERRUPTED_HARMLESS if proposal is not None and proposal.idempotent else INTERRUPTED

    def apply(self, stamped: e.Stamped) -> None:
        """Fold one event in; those that do not concern the conversation change nothing."""
        if handler := self.HANDLERS.get(type(stamped.event)):
            handler(self, stamped.seq or 0, stamped.event)

    def section(self, entry: Entry) -> SectionName:
        """Where in the window `entry` counts."""
        if isinstance(entry.part, ToolUse | ToolResult):
            return "results"
        if self.running and entry.turn == self.turn and entry.role == "user":
            return "current"
        return "history"

    def messages(self) -> list[dict[str, Any]]:
        """The entries as the API's `messages`: summary first, same roles merged, every call answered in order.

        The messages in the list are shared with earlier and later requests, and must not be changed.
        """
        wired = self.sent.extend(self.epoch, self.entries)
        answers = (
            self.results[call].part if call in self.results else ToolResult(call, self.interrupted(call), True)
            for call in self.pending
        )
        put(wired, "user", [wire(answer) for answer in answers])
        return wired

    def find(self, place: Sequence[int]) -> Entry | None:
        """The entry whose block a refusal of the newest request names: message and block. None where none is meant."""
        return self.archive.get(self.sent.find_origin(place))

    def _enter(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.archive[entry.id] = entry

    def _start_turn(self, seq: int, event: e.TurnStarted) -> None:
        self._close_pending(seq)
        self.turn, self.step, self.running = event.turn, 0, True
        id, asked, kind = name_entry(seq), Text(event.prompt), event.content_class
        self._enter(Entry(id, seq, event.turn, 0, "user", asked, event.tokens, False, False, "", kind))

    def _send(self, seq: int, event: e.RequestSent) -> None:
        self._close_pending(seq)
        self.step = event.step
        for entry in self.waiting:
            self._enter(msgspec.structs.replace(entry, turn=event.turn, step=event.step))
        self.waiting.clear()
        if event.notice:
            self.notice, text = event.notice, Text(event.notice)
            id, told = name_entry(seq), event.notice_tokens
            self._enter(Entry(id, seq, event.turn, event.step, "user", text, told, notice=True, content_class=WORDS))

    def _end_turn(self, seq: int, _: e.TurnFinished | e.TurnFailed) -> None:
        self._close_pending(seq)
        self.running = False

    def _propose(self, _: int, event: e.ToolProposed) -> None:
        self.proposals[event.proposal.call_id] = event.proposal

    def _start_call(self, _: int, event: e.ToolStarted) -> None:
        id = event.call_id
        if event.proposal is not None:
            self.proposals[event.proposal.call_id] = event.proposal
        elif event.arguments is not None and id in self.proposals:
            self.proposals[id] = self.proposals[id].edit(event.arguments)

    def _finish_call(self, seq: int, event: e.ToolFinished) -> None:
        result = ToolResult(event.call_id, event.text, event.error, event.media)
        self._add_result(seq, event.call_id, result, event.tokens, event.content_class)

    def _fail_call(self, seq: int, event: e.ToolFailed) -> None:
        result = ToolResult(event.call_id, event.text, True)
        self._add_result(seq, event.call_id, result, event.tokens, event.content_class)

    def _add_message(self, seq: int, event: e.MessageAdded) -> None:
        self._close_pending(seq)
        # A journal from outside may have tokens for fewer parts; a part without a figure counts as none.
        tokens, classes = chain(event.tokens, repeat(0)), chain(event.classes, repeat(""))
        for place, (part, count, kind) in enumerate(zip(event.parts, tokens, classes, strict=False)):
            blank = isinstance(part, Text) and not part.text.strip()
            if blank or (isinstance(part, ToolUse) and part.id in self.call_ids):
                continue
            id, turn, step, draft = f"e{seq}.{place}", event.turn, event.step, event.draft
            self._enter(Entry(id, seq, turn, step, "assistant", part, count, draft, False, "", kind))
            if isinstance(part, ToolUse):
                self.pending[part.id] = part
                self.call_ids.add(part.id)

    def _add_result(self, seq: int, call_id: str, result: ToolResult, tokens: int, kind: str) -> None:
        if call_id not in self.pending or call_id in self.results:
            return
        id, turn, step = name_entry(seq), self.turn, self.step
        self.results[call_id] = Entry(id, seq, turn, step, "user", result, tokens, False, False, "", kind)
        if len(self.results) == len(self.pending):
            self._enter_results()

    def _enter_results(self) -> None:
        for call in self.pending:
            self._enter(self.results[call])
        self.pending.clear()
        self.results.clear()

    def _close_pending(self, seq: int) -> None:
        """A journal of an older version may lack the closing events; the fold answers for them."""
        if not self.pending:
            return
        for call in self.unanswered:
            result = ToolResult(call.id, self.interrupted(call.id), True)
            at = f"e{seq}.{call.id}", seq, self.turn, self.step
            self.results[call.id] = Entry(*at, "user", result, 16, content_class=WORDS)
        self._enter_results()

    def _mark(self, _: int, event: e.BlockMarked) -> None:
        self.marks.pop(event.id, None)
        if event.mark == "drop" and any(entry.id == event.id for entry in self.waiting):
            self.waiting = [entry for entry in self.waiting if entry.id != event.id]
        elif event.mark:
            self.marks[event.id] = event.mark

    def _lift(self, seq: int, event: e.BlockLifted) -> None:
        self._wait(seq, event.text, event.tokens, event.content_class)

    def _attach(self, seq: int, event: e.DocumentAttached) -> None:
        said = event.document
        self._wait(seq, wrap_document(said), said.tokens, said.content_class)
        self.marks[name_entry(seq)] = "pin"
        self.attached[name_entry(seq)] = event.document

    def _wait(self, seq: int, text: str, tokens: int, kind: str) -> None:
        at = name_entry(seq), seq, self.turn, self.step
        self.waiting.append(Entry(*at, "user", Text(text), tokens, notice=True, content_class=kind, restated=True))

    def _open_epoch(self, seq: int, event: e.EpochOpened) -> None:
        self._close_pending(seq)
        if self.epoch is not None:
            if event.reason == "compacted":
                self.undo.append((self.epoch, self.entries, len(self.archive)))
            elif event.reason == "repaired":
                self._mend(event.replaced)
            kept, told = set(event.kept), self._notices()
            stays = (entry for entry in self.archive.values() if entry.id in kept)
            self.entries = pair_up([replace_part(entry, event.replaced.get(entry.id)) for entry in stays])
            if event.reason != "repaired" or self._notices() != told:
                self.notice = ""
        self.epoch, self.head_seq = event.epoch, seq

    def _notices(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.notice]

    def _mend(self, replaced: dict[str, Replacement]) -> None:
        """What was refused comes back with no undo either: neither the blocks nor thinking from before."""
        known = self.replaced
        new = {id: said for id, said in replaced.items() if known.get(id) != said and id in self.archive}
        self.archive.update((id, replace_part(self.archive[id], said)) for id, said in new.items())
        self.undo = [
            (epoch, pair_up([replace_part(entry, new.get(entry.id)) for entry in entries]), count)
            for epoch, entries, count in self.undo
        ]

    def _undo(self, seq: int, event: e.CompactionUndone) -> None:
        if not self.undo or self.epoch is None:
            return
        self._close_pending(seq)
        before, entries, known = self.undo.pop()
        new = set(islice(self.archive, known, None))
        since = [entry for entry in self.entries if entry.id in new]
        model, tools = self.epoch.model, self.epoch.tools
        alike = (before.model, before.provider, before.tools) == (model, self.epoch.provider, tools)
        # Thinking is signed over all that stands before it, which is what it was; another model could not read it.
        self.entries = pair_up(entries + since, {entry.id for entry in entries if is_thinking(entry)} if alike else ())
        self.epoch = msgspec.structs.replace(before, number=event.epoch, model=model, tools=tools)
        self.notice, self.head_seq = "", seq

    HANDLERS: ClassVar[dict[type, Callable[["Conversation", int, Any], None]]] = {
        e.TurnStarted: _start_turn,
        e.RequestSent: _send,
        e.MessageAdded: _add_message,
        e.ToolProposed: _propose,
        e.ToolStarted: _start_call,
        e.ToolFinished: _finish_call,
        e.ToolFailed: _fail_call,
        e.TurnFinished: _end_turn,
        e.TurnFailed: _end_turn,
        e.EpochOpened: _open_epoch,
        e.CompactionUndone: _undo,
        e.BlockMarked: _mark,
        e.BlockLifted: _lift,
        e.DocumentAttached: _attach,
    }
    """What it does with each kind of event, told with its place; no other kind concerns it."""
