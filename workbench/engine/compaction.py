"""Compaction (seed §2): plan, review, carry out, undo. Whatever a strategy does, the window can be made to fit."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from workbench.caching import compute_payback
from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.clock import Clock
from workbench.core.conversation import SUMMARY_HEAD
from workbench.core.errors import ProviderFault, StoreFault, StrategyFault, WorkbenchError
from workbench.core.plans import CompactionPlan
from workbench.core.ports import Prices, TextModel
from workbench.core.usage import Usage
from workbench.engine.session import Session
from workbench.strategies import CompactionPolicy, Strategy, WindowView, find_strategy
from workbench.strategies.plan import Economics, Pricing, build_plan, carry_over, remark

log = logging.getLogger(__name__)

MILLION = 1_000_000
UNCHANGED = "The window is as it was."
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

    async def review(self, strategy: Strategy) -> None:
        """Make a plan and tell it; says so where there is nothing to compact. Raises StrategyFault."""
        session, self.plan = self.session, None
        self.plan = await self._make_plan(strategy, self.model)
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

    async def _make_plan(self, strategy: Strategy, model: TextModel) -> CompactionPlan | None:
        """What `strategy` would do. Raises StrategyFault for whatever goes wrong in it."""
        session, policy, name = self.session, self.policy, strategy.name
        view = WindowView.of(session.conversation, session.window(), session.scratchpad)
        try:
            draft = await finish_within(policy.deadline_s, strategy.plan(view, model, policy), self.clock)
            plan = build_plan(view, draft, name, policy, self._pricing())
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

    def _open(self, plan: CompactionPlan, summary: str) -> None:
        self.plan = None  # it was made for the window that ends here
        session, conversation = self.session, self.session.conversation
        epoch = conversation.epoch
        if epoch is None:
            return
        opened = msgspec.structs.replace(epoch, number=epoch.number + 1)
        if plan.summarises or summary != plan.summary:
            text = f"{summary.strip()}\n\n{plan.evidence}".strip()
            tokens = self.estimator.count(SUMMARY_HEAD + text) if text else 0
            opened = msgspec.structs.replace(opened, summary=text, summary_tokens=tokens)
        kept, replaced = carry_over(plan, conversation)
        session.emit(e.EpochOpened(opened, "compacted", kept, plan.before, plan.after, remark(plan), replaced))
        session.measure()

    def _pricing(self) -> Pricing:
        return Pricing(self.estimator.count_part, self.session.ledger.ratio, self._economics())

    def _economics(self) -> Economics:
        prices, model = self.prices, self.session.summary.model
        entry = prices.cost(model, Usage(input_tokens=MILLION // 10))
        reply = prices.cost(model, Usage(output_tokens=MILLION))
        read = prices.cost(model, Usage(cache_read_input_tokens=MILLION // 10))
        cold_at = self.session.window().cold_at
        warm = cold_at is not None and cold_at > self.clock.now()

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
