"""Compaction (seed §2): plan, review, carry out, undo. Whatever a strategy does, the window can be made to fit."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import TypeVar

import msgspec

from workbench.caching import compute_payback
from workbench.core import events as e
from workbench.core.clock import Clock
from workbench.core.conversation import SUMMARY_HEAD
from workbench.core.errors import ProviderFault, StoreFault, StrategyFault, WorkbenchError
from workbench.core.plans import CompactionPlan
from workbench.core.ports import TextModel
from workbench.core.usage import Usage
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.model_call import ask, question, refusal
from workbench.engine.session import Session
from workbench.strategies import Strategy, WindowView, find_strategy
from workbench.strategies.plan import Economics, Pricing, build_plan, carry_over, remark

log = logging.getLogger(__name__)

MILLION = 1_000_000
UNCHANGED = "The window is as it was."
GRACE_S = 1.0
"""Seconds that what was cancelled gets to end."""
Result = TypeVar("Result")


class SessionModel:
    """`core.ports.TextModel`: the open epoch's model on the session's bill, with its retries and its trace."""

    def __init__(self, session: Session, parts: EngineDependencies) -> None:
        self._session, self._parts = session, parts

    async def ask(self, system: str, prompt: str, max_tokens: int, purpose: str) -> str:
        """The answer. Raises ProviderFault, `spend` where the budget has no room for it."""
        epoch = self._session.conversation.epoch
        model = epoch.model if epoch else self._parts.facts.model
        if refused := refusal(self._session, self._parts, model, max_tokens):
            raise ProviderFault("spend", refused)
        return await ask(self._session, self._parts, question(model, system, prompt, max_tokens, purpose))


class NoModel:
    """`core.ports.TextModel` that answers nothing: a strategy does what it can without."""

    async def ask(self, system: str, prompt: str, max_tokens: int, purpose: str) -> str:
        """Raises ProviderFault."""
        raise ProviderFault("off", "No model is asked.")


class Compactor:
    """Makes plans and carries them out. `plan` is the one under review."""

    def __init__(self, parts: EngineDependencies) -> None:
        self._parts = parts
        self.plan: CompactionPlan | None = None

    def find(self, name: str) -> Strategy:
        """The strategy of that name, or the settings' for none. Raises WorkbenchError with the names that there are."""
        return find_strategy(name or self._parts.policies.compaction.strategy)

    async def review(self, session: Session, strategy: Strategy) -> None:
        """Make a plan and tell it; says so where there is nothing to compact. Raises StrategyFault."""
        self.plan = None
        self.plan = await self._make_plan(session, strategy, SessionModel(session, self._parts))
        if self.plan is None:
            session.emit(e.Noticed("nothing to compact yet", "info", "Everything in the window is recent or kept."))
            return
        session.emit(e.CompactionPlanned(self.plan))
        session.measure()

    async def automatic(self, session: Session) -> None:
        """Compact without a dialog, at the trigger: it can be undone like any other.

        Where the chosen strategy fails or makes no room, the older part is summarised.
        """
        plan, model, summarise = None, SessionModel(session, self._parts), find_strategy("summarise")
        try:
            plan = await self._make_plan(session, self.find(""), model)
            if plan is None or (plan.strategy != summarise.name and plan.after >= session.window().trigger):
                plan = await self._make_plan(session, summarise, model) or plan
        except StrategyFault as fault:
            session.emit(e.Noticed(fault.message, "warning", "The window is summarised without a model instead."))
            plan = await self._make_plan(session, summarise, NoModel())
        if plan is not None:
            session.emit(e.CompactionPlanned(plan, True))
            self._open(session, plan, plan.summary)

    def carry_out(self, session: Session, id: str, summary: str | None) -> None:
        """Open the epoch of the plan under review. Raises WorkbenchError for another, or one that was overtaken."""
        plan = self.plan
        if plan is None or plan.id != id:
            raise WorkbenchError("that plan is not under review any more", "F8 makes a new one.")
        self._open(session, plan, plan.summary if summary is None else summary)

    def undo(self, session: Session) -> None:
        """Bring back the window before the last compaction. Raises WorkbenchError when there is none."""
        conversation = session.conversation
        if not conversation.undo or conversation.epoch is None:
            raise WorkbenchError("there is no compaction to undo", "")
        self.plan = None
        session.emit(e.CompactionUndone(conversation.epoch.number + 1))
        session.measure()

    async def _make_plan(self, session: Session, strategy: Strategy, model: TextModel) -> CompactionPlan | None:
        """What `strategy` would do. Raises StrategyFault for whatever goes wrong in it."""
        policy, name = self._parts.policies.compaction, strategy.name
        view = WindowView.of(session.conversation, session.window(), session.scratchpad)
        try:
            draft = await finish_within(policy.deadline_s, strategy.plan(view, model, policy), self._parts.clock)
            plan = build_plan(view, draft, name, policy, self._pricing(session))
        except TooLate as error:
            message = f"the strategy {name} did not finish within {policy.deadline_s:.0f} s."
            raise StrategyFault(message, UNCHANGED) from error
        except (StoreFault, StrategyFault):
            raise
        except Exception as error:
            log.exception("the strategy %s failed", name)
            why = str(error) if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {error}"
            raise StrategyFault(f"the strategy {name} failed: {why}.", UNCHANGED) from error
        if plan is not None and draft.notice:
            session.emit(e.Noticed(draft.notice, "warning"))
        return plan

    def _open(self, session: Session, plan: CompactionPlan, summary: str) -> None:
        self.plan = None  # it was made for the window that ends here
        epoch, conversation = session.conversation.epoch, session.conversation
        if epoch is None:
            return
        opened = msgspec.structs.replace(epoch, number=epoch.number + 1)
        if plan.summarises or summary != plan.summary:
            text = f"{summary.strip()}\n\n{plan.evidence}".strip()
            tokens = self._parts.estimator.count(SUMMARY_HEAD + text) if text else 0
            opened = msgspec.structs.replace(opened, summary=text, summary_tokens=tokens)
        kept, replaced = carry_over(plan, conversation)
        session.emit(e.EpochOpened(opened, "compacted", kept, plan.before, plan.after, remark(plan), replaced))
        session.measure()

    def _pricing(self, session: Session) -> Pricing:
        return Pricing(self._parts.estimator.count_part, session.ledger.ratio, self._economics(session))

    def _economics(self, session: Session) -> Economics:
        prices, model = self._parts.prices, session.summary.model
        entry = prices.cost(model, Usage(input_tokens=MILLION // 10))
        reply = prices.cost(model, Usage(output_tokens=MILLION))
        read = prices.cost(model, Usage(cache_read_input_tokens=MILLION // 10))
        cold_at = session.window().cold_at
        warm = cold_at is not None and cold_at > self._parts.clock.now()

        def work_out(
            before: int, after: int, summary: int, front: int
        ) -> tuple[float | None, float | None, float | None]:
            if entry is None or reply is None or read is None or not entry:
                return None, None, None
            return compute_payback(before, after, summary, reply, entry * 10, read / entry, warm, front)

        return work_out


class TooLate(Exception):
    """The deadline came first."""


async def finish_within(seconds: float, work: Coroutine[object, object, Result], clock: Clock) -> Result:
    """What `work` gives. Raises TooLate after so many seconds of `clock`; what does not stop then is left behind."""
    task, timer = asyncio.ensure_future(work), asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise TooLate
        if task.cancelled():
            raise RuntimeError("it stopped itself")
        return task.result()
    finally:
        timer.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=GRACE_S)
