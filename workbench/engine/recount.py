"""What the next request holds before any report says it: opened with what is known, counted where it is answered.

    another session learnt ─▶ RatiosRecalled ─▶ EpochOpened ─▶ PromptCounted, where the endpoint counted just that
    after opening, a compaction, another model ─▶ the window of the next prompt, counted in the background

A turn never waits for a count: it begins, and the count is left.
"""

import asyncio
import logging
from dataclasses import dataclass

import msgspec

from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.entries import pair_up
from workbench.core.events import Bus
from workbench.core.ports import RuntimeInfo
from workbench.core.sent import put
from workbench.core.tools import ToolSpec
from workbench.core.window import Document, Epoch
from workbench.engine.billing import LEAST_REPLY
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.limits import learn_limits
from workbench.engine.request import assemble_request, draft_epoch, ensure_epoch, keep_model
from workbench.engine.session import Session

log = logging.getLogger(__name__)

Files = tuple[tuple[str, str], ...]
"""Instruction files, name and text."""
Held = tuple[Epoch, tuple[tuple[str, str], ...]]
"""What a count was of: the head without its number, and what stands after it."""


@dataclass
class Recount:
    """The window of one session between turns. `ready` is set once what is slow was loaded: nothing counts before."""

    session: Session
    deps: EngineDependencies
    ready: asyncio.Event
    _work: asyncio.Task[None] | None = None
    _counted: tuple[Held, int] | None = None
    _kept: dict[str, float] | None = None
    """The ratios that were kept last, to a hundredth."""

    @property
    def wanted(self) -> bool:
        """True where a count would tell something, and may: no report covers what the next prompt finds."""
        session = self.session
        if not self.ready.is_set() or session.read_only or session.conversation.running:
            return False
        epoch = session.conversation.epoch
        return epoch is None or epoch.model != keep_model(self.deps.facts, session).model or not session.window().exact

    def begin(self, tools: tuple[ToolSpec, ...], files: Files) -> None:
        """Look ahead and have it counted, in the background; a count that is under way is left."""
        self.stop()
        if self.wanted:
            self._work = asyncio.get_running_loop().create_task(self._try(tools, files))

    def stop(self) -> None:
        """Leave the count that is under way."""
        if self._work is not None:
            self._work.cancel()

    async def idle(self) -> None:
        """Wait until no count is under way."""
        if self._work is not None:
            await asyncio.wait({self._work})

    async def open(
        self, facts: RuntimeInfo, tools: tuple[ToolSpec, ...], files: Files, handed: tuple[Document, ...]
    ) -> None:
        """Open the epoch of the next prompt where it is another than the last, with all that is known of its costs."""
        self.stop()
        session, models = self.session, self.deps.models
        if not session.ledger.learnt(facts.model) and (known := models.ratios(facts.model)):
            session.emit(e.RatiosRecalled(facts.model, dict(known)))
        ensure_epoch(session, draft_epoch(session, facts, files, tools, self.deps.estimator, handed))
        self._take_count()
        await learn_limits(session, models)

    async def keep_ratios(self) -> None:
        """Keep what this session learnt of its model, for others, where it is news."""
        model = self.session.summary.model
        learnt = self.session.ledger.learnt(model)
        rounded = {kind: round(each.ratio, 2) for kind, each in learnt.items()}
        if learnt and rounded != self._kept:
            self._kept = rounded
            await asyncio.to_thread(self.deps.models.keep_ratios, model, learnt)

    async def _try(self, tools: tuple[ToolSpec, ...], files: Files) -> None:
        try:
            await self._look_ahead(tools, files)
        except Exception:  # it is for a better figure alone
            log.exception("the window could not be counted ahead")

    async def _look_ahead(self, tools: tuple[ToolSpec, ...], files: Files) -> None:
        session, deps = self.session, self.deps
        facts = keep_model(deps.facts, session)
        epoch = await asyncio.to_thread(draft_epoch, session, facts, files, tools, deps.estimator)
        if not session.begun:
            session.ahead = _preview(session, deps, [e.EpochOpened(epoch)])
            session.measure()
        next_one = _prospect(session.conversation, epoch)
        request = assemble_request(next_one, LEAST_REPLY)
        messages = list(request.messages)
        put(messages, "user", [{"type": "text", "text": "."}])  # no request ends with the model's own words
        tokens = await deps.counter.count_request(msgspec.structs.replace(request, messages=messages))
        if tokens is None or session.conversation.running:
            return
        self._counted = _hold(next_one), tokens - 1
        if not session.begun:
            session.ahead = _preview(session, deps, [e.EpochOpened(epoch), e.PromptCounted(tokens - 1)])
            session.measure()
        elif self._take_count():
            session.measure()

    def _take_count(self) -> bool:
        """Tell the count that was made of just what the window holds now; True where there is one."""
        at = self.session.conversation
        if self._counted is None or at.epoch is None or self._counted[0] != _hold(at):
            return False
        (_, tokens), self._counted = self._counted, None
        self.session.emit(e.PromptCounted(tokens))
        return True


def _prospect(at: Conversation, epoch: Epoch) -> Conversation:
    """The conversation as the next prompt finds it: in another epoch no thinking is left."""
    if at.epoch is epoch:
        return at
    return Conversation(epoch, pair_up(at.entries))


def _hold(at: Conversation) -> Held:
    if at.epoch is None:
        raise ValueError("no epoch is open")
    head = msgspec.structs.replace(at.epoch, number=0, provider="")
    return head, tuple((entry.id, entry.content) for entry in at.entries)


def _preview(session: Session, deps: EngineDependencies, begins: list[e.AnyEvent]) -> Session:
    """What a session that has no events yet would begin with, to read its window; nothing of it is stored."""
    facts = keep_model(deps.facts, session)
    known, limits = dict(deps.models.ratios(facts.model)), deps.models.facts(facts.model)
    opened: list[e.AnyEvent] = [e.SessionOpened("", facts.workspace, facts.provider, facts.model, facts.as_if)]
    opened += [e.RatiosRecalled(facts.model, known)] if known else []
    opened += [e.LimitLearnt(facts.model, limits.window, limits.reply)]
    ahead = Session(session.id, deps, Bus())
    for seq, event in enumerate([*opened, *begins], 1):
        ahead.fold(e.Stamped(seq, 0.0, session.id, session.trace, event))
    return ahead
