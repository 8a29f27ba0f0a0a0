"""The requests of a session, folded from its journal: what each held, what was reported of it, what it cost (seed §1).

    RequestSent ─▶ a request ─▶ MessageAdded: its prompt, to the token ─▶ settled: its dollars
    EpochOpened, CompactionUndone, BlockLifted, DocumentAttached ─▶ what became of single blocks until then

Nothing is stored for it: the journal is folded again, up to the place that is asked for.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any, ClassVar, Literal

import msgspec

from workbench.context.ledger import Ledger
from workbench.context.window import WindowPolicy
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.entries import name_entry
from workbench.core.messages import RedactedThinking, Thinking
from workbench.core.reads import find_outdated_reads
from workbench.core.spend import Usage
from workbench.core.window import Epoch, Window

Became = Literal["masked", "summarised", "dropped", "brought back", "lifted", "attached"]
"""What became of a block, or how it came, where it was not simply said."""


class SentRequest(msgspec.Struct, frozen=True):
    """One request of a session."""

    number: int
    """1, 2, 3 … in the session; one that was refused and sent again has two."""
    turn: int
    step: int
    seq: int
    """The event that says that it was sent."""
    epoch: int
    window: Window
    """Exact where usage was reported; with blocks where they were asked for."""
    usage: Usage | None = None
    """As it was reported; None where no reply came."""
    usd: float | None = 0.0
    """Dollars of all its tries; None where a price was unknown."""
    as_if: bool = False
    became: dict[str, Became] = {}
    """What had become of single blocks, by id, where blocks were asked for."""

    @property
    def name(self) -> str:
        """`3.2`: turn and step."""
        return f"{self.turn}.{self.step}"


class RequestFold:
    """Folds a journal and keeps its requests. Changed by `apply`, which takes every event in its order."""

    def __init__(self, policy: WindowPolicy, in_blocks: Collection[int] = ()) -> None:
        """`in_blocks`: the numbers of the requests that are to be measured block by block."""
        self.requests: list[SentRequest] = []
        self._conversation, self._ledger, self._in_blocks = Conversation(), Ledger(policy), in_blocks
        self._became: dict[str, Became] = {}
        self._open = False
        """True from a request until its reply."""

    def apply(self, stamped: e.Stamped) -> None:
        """Fold one event in."""
        event, seq = stamped.event, stamped.seq or 0
        if isinstance(event, e.MessageAdded):
            self._count(stamped, event)
        before, epoch = self._conversation.entries, self._conversation.epoch
        self._conversation.apply(stamped)
        self._ledger.apply(stamped, self._conversation)
        if handler := self.HANDLERS.get(type(event)):
            handler(self, seq, event)
        if self._conversation.entries is not before:
            self._follow({entry.id: entry.content for entry in before}, epoch, event)

    def _send(self, seq: int, event: e.RequestSent) -> None:
        epoch, number = self._conversation.epoch, len(self.requests) + 1
        window, became = self._measure(number)
        at = (number, event.turn, event.step, seq, epoch.number if epoch else 1)
        self.requests.append(SentRequest(*at, window, became=became))
        self._open = True

    def _measure(self, number: int) -> tuple[Window, dict[str, Became]]:
        if number in self._in_blocks:
            return self._ledger.measure(self._conversation), dict(self._became)
        return self._ledger.read(self._conversation), {}

    def _count(self, stamped: e.Stamped, event: e.MessageAdded) -> None:
        """The reply says what its request held: known here before the reply itself is a part of the window."""
        if not self._open:
            return
        self._open = False
        if event.usage.prompt and not event.usage.estimated:
            counted = msgspec.structs.replace(stamped, event=e.PromptCounted(event.usage.prompt))
            self._ledger.apply(counted, self._conversation)
        window, became = self._measure(len(self.requests))
        self._change(window=window, became=became, usage=event.usage)

    def _settle(self, _: int, event: e.BudgetSettled) -> None:
        if not self.requests or event.child or event.purpose != "turn":
            return
        last = self.requests[-1]
        if (last.turn, last.step) == (event.turn, event.step):
            usd = None if last.usd is None or event.usd is None else last.usd + event.usd
            self._change(usd=usd, as_if=event.as_if)

    def _change(self, **changes: Any) -> None:
        self.requests[-1] = msgspec.structs.replace(self.requests[-1], **changes)

    def _follow(self, before: dict[str, str], epoch: Epoch | None, event: object) -> None:
        """What became of the entries when the window was put together anew; `epoch` is the one that ended."""
        conversation, now = self._conversation, {entry.id: entry.content for entry in self._conversation.entries}
        for id, content in now.items():
            if content:
                self._became[id] = "masked"
            elif id not in before or before[id]:
                self._became[id] = "brought back"
        earlier = ("", epoch.summary) if epoch else ("",)
        summarised = isinstance(event, e.EpochOpened) and event.epoch.summary not in earlier
        gone = [conversation.archive[id] for id in before if id not in now and id in conversation.archive]
        calls = find_outdated_reads(gone, conversation.proposals) if summarised else {}
        for entry in gone:
            call = getattr(entry.part, "tool_use_id", getattr(entry.part, "id", ""))
            thought = isinstance(entry.part, Thinking | RedactedThinking)
            left_out = thought or entry.notice or call in calls or conversation.marks.get(entry.id) == "drop"
            self._became[entry.id] = "dropped" if left_out or not summarised else "summarised"

    def _lift(self, seq: int, _: e.BlockLifted) -> None:
        self._became[name_entry(seq)] = "lifted"

    def _attach(self, seq: int, _: e.DocumentAttached) -> None:
        self._became[name_entry(seq)] = "attached"

    HANDLERS: ClassVar[dict[type, Callable[["RequestFold", int, Any], None]]] = {
        e.RequestSent: _send,
        e.BudgetSettled: _settle,
        e.BlockLifted: _lift,
        e.DocumentAttached: _attach,
    }


def fold_requests(
    events: Iterable[e.Stamped], policy: WindowPolicy, in_blocks: Collection[int] = ()
) -> tuple[SentRequest, ...]:
    """The requests of a session, in order; those with a number of `in_blocks` block by block."""
    fold = RequestFold(policy, in_blocks)
    for stamped in events:
        fold.apply(stamped)
    return tuple(fold.requests)
