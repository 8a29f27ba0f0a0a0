"""What a person reviews before it happens: compaction (seed §2) and handoff (seed §4).

Plan or draft, review, carry out or accept. Whatever a strategy does, the window can be made to fit.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from workbench import handoff
from workbench.caching import compute_payback
from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.entries import WORDS
from workbench.core.errors import ProviderFault, StoreFault, StrategyFault, WorkbenchError
from workbench.core.ids import new_plan_id
from workbench.core.plans import CompactionPlan, HandoffPlan
from workbench.core.ports import Clock, Prices, TextModel
from workbench.core.sent import SUMMARY_HEAD
from workbench.core.spend import Usage
from workbench.core.window import Document
from workbench.engine.session import Session
from workbench.strategies import CompactionPolicy, Strategy, WindowView, find_strategy
from workbench.strategies.plan import Economics, Pricing, build_plan, carry_memory, carry_over, remark

log = logging.getLogger(__name__)

MILLION = 1_000_000
UNCHANGED = "The window is as it was."
MOST_DOCUMENT_TOKENS = 4_000
GRACE_S = 1.0
"""Seconds that what was cancelled gets to end."""
Result = TypeVar("Result")


class NoModel:
    """`core.ports.TextModel` that answers nothing: a strategy does what it can without."""

    async def ask(self, system: str, prompt: str, max_tokens: int, purpose: str) -> str:
        """Raises ProviderFault."""
        raise ProviderFault("off", "No model is asked.")


@dataclass
class Compactor:
    """Makes plans for one session and carries them out. `plan` is the one under review."""

    session: Session
    model: TextModel
    policy: CompactionPolicy
    estimator: Estimator
    prices: Prices
    clock: Clock
    plan: CompactionPlan | None = None

    def find(self, name: str) -> Strategy:
        """The strategy of that name, or the settings' for none. Raises WorkbenchError with the names that there are."""
        return find_strategy(name or self.policy.strategy)

    async def review(self, strategy: Strategy, instructions: str = "") -> None:
        """Make a plan and tell it; says so where there is nothing to compact. Raises StrategyFault."""
        session, self.plan = self.session, None
        self.plan = await self._make_plan(strategy, self.model, instructions)
        if self.plan is None:
            session.emit(e.Noticed("nothing to compact yet", "info", "Everything in the window is recent or kept."))
            return
        session.emit(e.CompactionPlanned(self.plan))
        session.measure()

    async def automatic(self) -> None:
        """Compact without a dialog, at the trigger: it can be undone like any other.

        Where the chosen strategy fails or makes no room, the older part is summarised.
        """
        session, plan, summarise = self.session, None, find_strategy("summarise")
        try:
            plan = await self._make_plan(self.find(""), self.model)
            if plan is None or (plan.strategy != summarise.name and plan.after >= session.window().trigger):
                plan = await self._make_plan(summarise, self.model) or plan
        except StrategyFault as fault:
            session.emit(e.Noticed(fault.message, "warning", "The window is summarised without a model instead."))
            plan = await self._make_plan(summarise, NoModel())
        if plan is not None:
            session.emit(e.CompactionPlanned(plan, True))
            self._open(plan, plan.summary)

    def carry_out(self, id: str, summary: str | None) -> None:
        """Open the epoch of the plan under review. Raises WorkbenchError for another, or one that was overtaken."""
        plan = self.plan
        if plan is None or plan.id != id:
            raise WorkbenchError("that plan is not under review any more", "F8 makes a new one.")
        self._open(plan, plan.summary if summary is None else summary)

    def undo(self) -> None:
        """Bring back the window before the last compaction. Raises WorkbenchError when there is none."""
        session, conversation = self.session, self.session.conversation
        if not conversation.undo or conversation.epoch is None:
            raise WorkbenchError("there is no compaction to undo", "")
        self.plan = None
        session.emit(e.CompactionUndone(conversation.epoch.number + 1))
        session.measure()

    async def _make_plan(self, strategy: Strategy, model: TextModel, instructions: str = "") -> CompactionPlan | None:
        """What `strategy` would do. Raises StrategyFault for whatever goes wrong in it."""
        session, policy, name = self.session, self.policy, strategy.name
        view = WindowView.of(session.conversation, session.list_blocks(), session.scratchpad, instructions)
        try:
            draft = await finish_within(policy.deadline_s, name, strategy.plan(view, model, policy), self.clock)
            ledger, economics = session.ledger, self._economics()
            pricing = Pricing(self.estimator.count_part, ledger.ratio, economics, ledger.find_ratio)
            plan = build_plan(view, draft, name, policy, pricing)
        except (StoreFault, StrategyFault):
            raise
        except Exception as error:
            log.exception("the strategy %s failed", name)
            why = str(error) if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {error}"
            raise StrategyFault(f"the strategy {name} failed: {why}.", UNCHANGED) from error
        if plan is not None and draft.notice:
            session.emit(e.Noticed(draft.notice, "warning"))
        return plan

    def _open(self, plan: CompactionPlan, summary: str) -> None:
        self.plan = None  # it was made for the window that ends here
        session, conversation = self.session, self.session.conversation
        epoch = conversation.epoch
        if epoch is None:
            return
        memory = carry_memory(plan, epoch.memory)
        opened = msgspec.structs.replace(epoch, number=epoch.number + 1, memory=memory)
        if plan.summarises or summary != plan.summary:
            text = f"{summary.strip()}\n\n{plan.evidence}".strip()
            tokens = self.estimator.count(SUMMARY_HEAD + text) if text else 0
            opened = msgspec.structs.replace(opened, summary=text, summary_tokens=tokens)
        kept, replaced = carry_over(plan, conversation)
        session.emit(e.EpochOpened(opened, "compacted", kept, plan.before, plan.after, remark(plan), replaced))
        session.measure()

    def _economics(self) -> Economics:
        prices, model = self.prices, self.session.summary.model
        entry = prices.cost(model, Usage(input_tokens=MILLION // 10))
        reply = prices.cost(model, Usage(output_tokens=MILLION))
        read = prices.cost(model, Usage(cache_read_input_tokens=MILLION // 10))
        cold_at = self.session.window().cold_at
        warm = cold_at is not None and cold_at > self.clock.now()

        if entry is None or reply is None or read is None or not entry:
            return lambda before, after, summary, front: (None, None, None)
        dear, share = entry * 10, read / entry
        return lambda before, after, summary, front: compute_payback(
            before, after, summary, reply, dear, share, warm, front
        )


async def finish_within(seconds: float, name: str, work: Coroutine[object, object, Result], clock: Clock) -> Result:
    """What the strategy `name` gives. Raises StrategyFault after `seconds`; what does not stop then is left behind."""
    task, timer = asyncio.ensure_future(work), asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise StrategyFault(f"the strategy {name} did not finish within {seconds:.0f} s.", UNCHANGED)
        if task.cancelled():
            raise RuntimeError("it stopped itself")
        return task.result()
    finally:
        timer.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=GRACE_S)


class Handoffs:
    """Drafts documents of one session and accepts them. `draft` is the one under review."""

    def __init__(self, session: Session, model: TextModel, estimator: Estimator, clock: Clock, exports: Path) -> None:
        self._session, self._model, self._estimator = session, model, estimator
        self._clock, self._exports = clock, exports
        self.draft: HandoffPlan | None = None

    async def review(self) -> None:
        """Write a document and tell it."""
        session = self._session
        digest = handoff.collect_digest(session.events, session.conversation, session.scratchpad)
        system, prompt = handoff.build_prompt(digest, session.conversation.turn)
        text = ""
        try:
            text = await self._model.ask(system, prompt, MOST_DOCUMENT_TOKENS, "handoff")
        except ProviderFault as fault:
            log.warning("the handoff was written without a model: %s", fault)
            session.emit(e.Noticed("the model could not write it; this document is mechanical", "warning", str(fault)))
        total = session.window().total
        text = text or handoff.write_from_digest(digest)
        self.draft = handoff.build_plan(new_plan_id(), text, digest, total, self._estimator.count)
        session.emit(e.HandoffDrafted(self.draft))
        session.measure()

    def accept(self, id: str, document: str | None, to: str) -> Document:
        """Export the draft and tell the session that it was handed off. Raises WorkbenchError for another draft."""
        draft, session = self.draft, self._session
        if draft is None or draft.id != id:
            raise WorkbenchError("that document is not under review any more", "F9 drafts a new one.")
        text = draft.document if document is None else document
        path = self._export(text)
        session.emit(e.SessionHandedOff(text, self._estimator.count(text), to, path))
        self.draft = None
        memory = handoff.memory_text(text)
        said, tokens = f"handoff from {session.summary.title}", self._estimator.count(memory)
        return Document(said, "handoff", memory, tokens, content_class=WORDS)

    def _export(self, text: str) -> str:
        target = self._exports / handoff.export_name(self._session.summary.title, self._clock.now())
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            target.chmod(0o600)
        except OSError as error:
            raise WorkbenchError(f"the document could not be written to {target}: {error.strerror}") from error
        return str(target)
