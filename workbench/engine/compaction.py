"""Compaction (seed §2A): plan, review, carry out, undo. The plan never depends on a model being there."""

import logging
from collections.abc import Callable

import msgspec

from workbench.caching import payback
from workbench.core import events as e
from workbench.core.conversation import SUMMARY_HEAD
from workbench.core.epoch import Epoch
from workbench.core.errors import ProviderFault, WorkbenchError
from workbench.core.plans import CompactionPlan
from workbench.core.usage import Usage
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.model_call import InternalModel
from workbench.engine.session import Session
from workbench.strategies import Draft, Economics, draft, finished, gathered, remark, still_kept, truncated

log = logging.getLogger(__name__)

MILLION = 1_000_000


class Compactor:
    """Makes plans and carries them out. `plan` is the one under review."""

    def __init__(self, session: Session, model: InternalModel, parts: EngineDependencies) -> None:
        self._session, self._model, self._parts = session, model, parts
        self.plan: CompactionPlan | None = None

    async def review(self, strategy: str) -> None:
        """Make a plan and tell it; says so where there is nothing to compact."""
        session = self._session
        self.plan = await self._planned(session, strategy)
        if self.plan is None:
            session.emit(e.Noticed("nothing to compact yet", "info", "Everything in the window is recent or kept."))
            return
        session.emit(e.CompactionPlanned(self.plan))
        session.measure()

    async def automatic(self) -> None:
        """Compact without a dialog, at the trigger: it can be undone like any other."""
        session = self._session
        plan = await self._planned(session, "auto")
        if plan is not None:
            session.emit(e.CompactionPlanned(plan, True))
            self._open(session, plan, plan.summary)

    def carry_out(self, id: str, summary: str | None) -> None:
        """Open the epoch of the plan under review. Raises WorkbenchError for another, or one that was overtaken."""
        plan = self.plan
        if plan is None or plan.id != id:
            raise WorkbenchError("that plan is not under review any more", "F8 makes a new one.")
        self._open(self._session, plan, plan.summary if summary is None else summary)

    def undo(self) -> None:
        """Bring back the window before the last compaction. Raises WorkbenchError when there is none."""
        session, conversation = self._session, self._session.conversation
        if not conversation.undo or conversation.epoch is None:
            raise WorkbenchError("there is no compaction to undo", "")
        self.plan = None
        session.emit(e.CompactionUndone(conversation.epoch.number + 1))
        session.measure()

    async def _planned(self, session: Session, strategy: str) -> CompactionPlan | None:
        policy = self._parts.policies.compaction
        window = session.window()
        drafted = draft(session.conversation, window, policy)
        if drafted is None:
            return None
        evidence = gathered(drafted.leaving, session.scratchpad)
        summary = await self._summary(session, drafted)
        plan = finished(drafted, summary, evidence, window, self._counted(session), self._economics(session))
        return msgspec.structs.replace(plan, strategy=strategy)

    async def _summary(self, session: Session, drafted: Draft) -> str:
        if self._model.refusal(drafted.max_tokens):
            return truncated(drafted)
        try:
            return await self._model.ask(drafted.prompt, drafted.max_tokens, "summary") or truncated(drafted)
        except ProviderFault as fault:
            log.warning("the summary was made without a model: %s", fault)
            session.emit(e.Noticed("the model could not summarise; this summary is mechanical", "warning", str(fault)))
            return truncated(drafted)

    def _open(self, session: Session, plan: CompactionPlan, summary: str) -> None:
        self.plan = None  # it was made for the window that ends here
        epoch = session.conversation.epoch
        if epoch is None:
            return
        text = f"{summary.strip()}\n\n{plan.evidence}".strip()
        opened = Epoch(
            epoch.number + 1,
            epoch.model,
            epoch.system,
            epoch.system_tokens,
            epoch.tools,
            epoch.memory,
            text,
            self._parts.estimator.count(SUMMARY_HEAD + text),
        )
        kept = still_kept(plan, session.conversation.entries)
        session.emit(e.EpochOpened(opened, "compacted", kept, plan.before, plan.after, remark(plan)))
        session.measure()

    def _counted(self, session: Session) -> Callable[[str], int]:
        """Tokens by estimate, corrected as the ledger learnt, so that the plan and the window after it agree."""
        ratio = session.ledger.ratio
        return lambda text: round(self._parts.estimator.count(text) * ratio)

    def _economics(self, session: Session) -> Economics:
        prices, model = self._parts.prices, session.summary.model
        entry = prices.cost(model, Usage(input_tokens=MILLION // 10))
        reply = prices.cost(model, Usage(output_tokens=MILLION))
        read = prices.cost(model, Usage(cache_read_input_tokens=MILLION // 10))
        cold_at = session.window().cold_at
        warm = cold_at is not None and cold_at > self._parts.clock.now()

        def economics(before: int, after: int, summary_tokens: int) -> tuple[float | None, float | None, float | None]:
            if entry is None or reply is None or read is None or not entry:
                return None, None, None
            return payback(before, after, summary_tokens, reply, entry * 10, read / entry, warm)

        return economics
