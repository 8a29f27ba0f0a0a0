"""The conversation: a fold of the journal to the entries that the next request holds.

    EpochOpened ─▶ head (tools, system, memory, summary), which entries stay, and what they say from now on
    TurnStarted, RequestSent.notice ─▶ user text      MessageAdded ─▶ assistant parts
    ToolFinished, ToolFailed ─▶ results, entered in the order of their calls once the last has come

Every prefix of a journal folds to something `messages` can turn into a request that the Messages API accepts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, repeat
from typing import Any, ClassVar

import msgspec

from workbench.core import events as e
from workbench.core.decisions import Proposal
from workbench.core.encoding import encode
from workbench.core.messages import (
    AnyPart,
    Opaque,
    RedactedThinking,
    Role,
    Text,
    Thinking,
    ToolResult,
    ToolUse,
    wire,
)
from workbench.core.sent import SentMessages, put
from workbench.core.window import Epoch, Replacement, SectionName

INTERRUPTED = "Interrupted before it finished; nothing is known of its result."
INTERRUPTED_HARMLESS = "Interrupted before it finished; it is safe to call it again."


class Entry(msgspec.Struct, frozen=True):
    """One content block after the head, with where it came from."""

    id: str
    """`e12` or `e12.1`: the event, and the part's place in it."""
    seq: int
    turn: int
    step: int
    role: Role
    part: AnyPart
    tokens: int
    """Estimated when it was journalled."""
    draft: bool = False
    notice: bool = False
    content: str = ""
    """The replacement that it says, as JSON; empty where it says what was journalled. A cost belongs to id and this."""


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
        self._enter(Entry(name_entry(seq), seq, event.turn, 0, "user", Text(event.prompt), event.tokens))

    def _send(self, seq: int, event: e.RequestSent) -> None:
        self._close_pending(seq)
        self.step = event.step
        if event.notice:
            self.notice, text = event.notice, Text(event.notice)
            id, told = name_entry(seq), event.notice_tokens
            self._enter(Entry(id, seq, event.turn, event.step, "user", text, told, notice=True))

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
        self._add_result(seq, event.call_id, result, event.tokens)

    def _fail_call(self, seq: int, event: e.ToolFailed) -> None:
        self._add_result(seq, event.call_id, ToolResult(event.call_id, event.text, True), event.tokens)

    def _add_message(self, seq: int, event: e.MessageAdded) -> None:
        self._close_pending(seq)
        # A journal from outside may have tokens for fewer parts; a part without a figure counts as none.
        for place, (part, tokens) in enumerate(zip(event.parts, chain(event.tokens, repeat(0)), strict=False)):
            blank = isinstance(part, Text) and not part.text.strip()
            if blank or (isinstance(part, ToolUse) and part.id in self.call_ids):
                continue
            entry = Entry(f"e{seq}.{place}", seq, event.turn, event.step, "assistant", part, tokens, event.draft)
            self._enter(entry)
            if isinstance(part, ToolUse):
                self.pending[part.id] = part
                self.call_ids.add(part.id)

    def _add_result(self, seq: int, call_id: str, result: ToolResult, tokens: int) -> None:
        if call_id not in self.pending or call_id in self.results:
            return
        self.results[call_id] = Entry(name_entry(seq), seq, self.turn, self.step, "user", result, tokens)
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
            self.results[call.id] = Entry(f"e{seq}.{call.id}", seq, self.turn, self.step, "user", result, 16)
        self._enter_results()

    def _open_epoch(self, seq: int, event: e.EpochOpened) -> None:
        self._close_pending(seq)
        if self.epoch is not None:
            if event.reason == "compacted":
                self.undo.append((self.epoch, self.entries, len(self.archive)))
            elif event.reason == "repaired":
                self._mend(event.replaced)
            kept, told = set(event.kept), self._notices()
            stays = (entry for entry in self.archive.values() if entry.id in kept)
            self.entries = pair_up([_replace(entry, event.replaced.get(entry.id)) for entry in stays])
            if event.reason != "repaired" or self._notices() != told:
                self.notice = ""
        self.epoch, self.head_seq = event.epoch, seq

    def _notices(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.notice]

    def _mend(self, replaced: dict[str, Replacement]) -> None:
        """What was refused comes back with no undo either: neither the blocks nor thinking from before."""
        known = self.replaced
        new = {id: said for id, said in replaced.items() if known.get(id) != said and id in self.archive}
        self.archive.update((id, _replace(self.archive[id], said)) for id, said in new.items())
        self.undo = [
            (epoch, pair_up([_replace(entry, new.get(entry.id)) for entry in entries]), count)
            for epoch, entries, count in self.undo
        ]

    def _undo(self, seq: int, event: e.CompactionUndone) -> None:
        if not self.undo or self.epoch is None:
            return
        self._close_pending(seq)
        before, entries, known = self.undo.pop()
        new = set(islice(self.archive, known, None))
        since = [entry for entry in self.entries if entry.id in new]
        self.entries = pair_up(entries + since)
        model, tools = self.epoch.model, self.epoch.tools
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
    }
    """What it does with each kind of event, told with its place; no other kind concerns it."""


def name_entry(seq: int) -> str:
    """The id of the one entry that event `seq` made."""
    return f"e{seq}"


def _replace(entry: Entry, replacement: Replacement | None) -> Entry:
    if replacement is None or not can_replace(entry.part, replacement.part):
        return entry
    content = encode(replacement.part).decode()
    return msgspec.structs.replace(entry, part=replacement.part, tokens=replacement.tokens, content=content)


def can_replace(old: AnyPart, new: AnyPart) -> bool:
    """True where `new` can stand in the place of `old` in a valid request."""
    match old, new:
        case (ToolResult(tool_use_id=id), ToolResult(tool_use_id=other)) | (ToolUse(id=id), ToolUse(id=other)):
            return id == other
        case (Text() | Opaque(), Text(text=text)):
            return bool(text.strip())
    return False


def pair_up(entries: list[Entry]) -> list[Entry]:
    """`entries` without thinking, and without calls or results whose other half is missing."""
    calls = {entry.part.id for entry in entries if isinstance(entry.part, ToolUse)}
    results = {entry.part.tool_use_id for entry in entries if isinstance(entry.part, ToolResult)}
    whole = calls & results
    return [entry for entry in entries if _stays(entry.part, whole)]


def _stays(part: AnyPart, whole: set[str]) -> bool:
    match part:
        case Thinking() | RedactedThinking():
            return False
        case ToolUse(id=id) | ToolResult(tool_use_id=id):
            return id in whole
        case _:
            return True
