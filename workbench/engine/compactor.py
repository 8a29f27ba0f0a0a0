"""Compaction as a person reviews it (seed §2): a plan, changes to it, carried out and undone; automatic at the trigger.

Whatever a strategy does, the window can be made to fit.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from workbench.caching import compute_payback
from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.errors import ProviderFault, StoreFault, StrategyFault, WorkbenchError
from workbench.core.figures import tokens
from workbench.core.plans import CompactionPlan, Fate
from workbench.core.ports import Clock, Prices, TextModel
from workbench.core.sent import SUMMARY_HEAD
from workbench.core.spend import Usage
from workbench.engine.brake import STOPPED, Brake
from workbench.engine.session import Session
from workbench.strategies import CompactionPolicy, Draft, Economics, Strategy, WindowView, find_strategy, unpriced
from workbench.strategies.plan import Pricing, build_plan, carry_memory, carry_over, remark
from workbench.strategies.probes import ask_model, probe_window, read_window, write_probes
from workbench.strategies.steering import move

log = logging.getLogger(__name__)

MILLION = 1_000_000
UNCHANGED = "The window is as it was."
OVERTAKEN = "that plan is not under review any more"
PROBE_MARGIN = 8_000
"""Tokens of a probe beside the window that it is about."""
GRACE_S = 1.0
"""Seconds that what was cancelled gets to end."""
Result = TypeVar("Result")
Work = Callable[[], Coroutine[object, object, None]]


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
    brake: Brake = field(default_factory=Brake)
    _made_of: tuple[WindowView, Draft] | None = None
    """What the plan was made of."""

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

    def change(self, id: str, fates: Mapping[str, Fate], summary: str | None) -> None:
        """Do other things with some blocks of the plan under review. Raises WorkbenchError for what cannot be done."""
        plan, made_of = self.plan, self._made_of
        if plan is None or plan.id != id or made_of is None:
            raise WorkbenchError(OVERTAKEN, "/compact makes a new one.")
        view, draft = made_of
        changed = move(view, draft, fates)
        if summary is not None:
            changed = msgspec.structs.replace(changed, summary=summary)
        again = build_plan(view, changed, plan.asked or plan.strategy, self.policy, self._price())
        if again is None:
            raise WorkbenchError("then nothing would be compacted", "esc leaves the window as it is.")
        if [(line.fate, line.ids) for line in again.lines] == [(line.fate, line.ids) for line in plan.lines]:
            raise WorkbenchError("that stays as it is", "Thinking always leaves, and only results can be masked.")
        self.plan, self._made_of = again, (view, changed)
        self.session.emit(e.CompactionPlanned(again))

    async def automatic(self) -> None:
        """Compact without a dialog, at the trigger: it can be undone like any other.

        Where the chosen strategy fails or makes no room, the older part is summarised. What would make the window no
        smaller is not done.
        """
        session, before = self.session, self.session.window()
        plan = await self._plan_automatically(before.trigger)
        if plan is not None and plan.after < plan.before:
            session.emit(e.CompactionPlanned(plan, True))
            self._open(plan, plan.summary)
            await self._ask_probes()
        elif plan is not None:
            kept = f"it would hold {tokens(plan.after)} instead of {tokens(plan.before)} tokens."
            session.emit(
                e.Noticed("compacting would not make the window smaller: nothing was changed", "warning", kept)
            )
        if self.brake.note(before, session.window()):
            session.emit(e.Noticed(STOPPED[0], "warning", STOPPED[1]))

    async def carry_out_marks(self) -> None:
        """Do what the person marked, where something is to do; a cold cache makes that free."""
        session = self.session
        if not session.conversation.marks:
            return
        plan = await self._make_plan(find_strategy("marked"), NoModel())
        if plan is not None and plan.after < plan.before:
            session.emit(e.CompactionPlanned(plan, True))
            self._open(plan, plan.summary)

    async def _plan_automatically(self, trigger: int) -> CompactionPlan | None:
        summarise = find_strategy("summarise")
        try:
            plan = await self._make_plan(self.find(""), self.model)
            if plan is None or (plan.strategy != summarise.name and plan.after >= trigger):
                plan = await self._make_plan(summarise, self.model) or plan
        except StrategyFault as fault:
            self.session.emit(e.Noticed(fault.message, "warning", "The window is summarised without a model instead."))
            plan = await self._make_plan(summarise, NoModel())
        return plan

    def carry_out(self, id: str, summary: str | None, start: Callable[[Work], object]) -> None:
        """Open the epoch of the plan under review; `start` begins what takes longer.

        Raises WorkbenchError for another plan, or one that was overtaken.
        """
        plan = self.plan
        if plan is None or plan.id != id:
            raise WorkbenchError(OVERTAKEN, "/compact makes a new one.")
        self.brake.release()
        self._open(plan, plan.summary if summary is None else summary)
        if self.policy.probe_model:
            start(self._ask_probes)

    def undo(self) -> None:
        """Bring back the window before the last compaction. Raises WorkbenchError when there is none."""
        session, conversation = self.session, self.session.conversation
        if not conversation.undo or conversation.epoch is None:
            raise WorkbenchError("there is no compaction to undo", "")
        self.plan = None
        self.brake.release()
        session.emit(e.CompactionUndone(conversation.epoch.number + 1))
        session.measure()

    def weigh_marks(self) -> CompactionPlan | None:
        """What the marks alone would do, made at once and told nobody; None where that is nothing."""
        return build_plan(self._view("", self._economics()), Draft({}), "marked", self.policy, self._price())

    async def _make_plan(self, strategy: Strategy, model: TextModel, instructions: str = "") -> CompactionPlan | None:
        """What `strategy` would do. Raises StrategyFault for whatever goes wrong in it."""
        session, policy, name = self.session, self.policy, strategy.name
        view = self._view(instructions, self._economics())
        try:
            draft = await finish_within(policy.deadline_s, name, strategy.plan(view, model, policy), self.clock)
            plan = await asyncio.to_thread(build_plan, view, draft, name, policy, self._price())
        except (StoreFault, StrategyFault):
            raise
        except Exception as error:
            log.exception("the strategy %s failed", name)
            why = str(error) if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {error}"
            raise StrategyFault(f"the strategy {name} failed: {why}.", UNCHANGED) from error
        self._made_of = (view, draft)
        if plan is not None and plan.notice:
            session.emit(e.Noticed(plan.notice, "warning"))
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
            size = self.estimator.count(SUMMARY_HEAD + text) if text else 0
            opened = msgspec.structs.replace(opened, summary=text, summary_tokens=size)
        kept, replaced = carry_over(plan, conversation)
        session.emit(e.EpochOpened(opened, "compacted", kept, plan.before, plan.after, remark(plan), replaced))
        if scores := probe_window(self._view())[1]:
            session.emit(e.CompactionProbed(opened.number, "code", scores))
        session.measure()

    def _price(self) -> Pricing:
        ledger = self.session.ledger
        return Pricing(self.estimator.count_part, ledger.ratio, ledger.find_ratio)

    async def _ask_probes(self) -> None:
        """Ask the model what the new window still answers, where the person wants that."""
        session, view = self.session, self._view()
        epoch = session.conversation.epoch
        if epoch is None or not self.policy.probe_model:
            return
        if not (probes := write_probes(probe_window(view)[0], session.conversation.archive)):
            return
        try:
            told = await ask_model(self.model, probes, read_window(view), view.window.size - PROBE_MARGIN)
            session.emit(e.CompactionProbed(epoch.number, "model", told))
        except ProviderFault as fault:
            session.emit(e.Noticed("the model could not be asked what it still knows", "info", str(fault)))

    def _view(self, instructions: str = "", economics: Economics = unpriced) -> WindowView:
        session = self.session
        return WindowView.of(session.conversation, session.list_blocks(), session.scratchpad, instructions, economics)

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
