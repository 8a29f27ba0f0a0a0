"""The turn: one prompt to its final answer (design §4).

guards ─▶ request ─▶ stream ─▶ settle ─▶ calls? ─yes─▶ gate each ─▶ results ─▶ next step
                                            └─no──▶ assessment ─▶ route ─▶ TurnFinished
"""

import asyncio
import logging
from dataclasses import dataclass, field

import msgspec

from workbench.core import events as e
from workbench.core.decisions import Confidence, Route
from workbench.core.errors import ProviderFault, StoreFault
from workbench.core.messages import Part, RedactedThinking, Text, Thinking, ToolUse
from workbench.core.trailer import without_trailer
from workbench.core.usage import Usage
from workbench.engine.answer import score_answer
from workbench.engine.executor import ToolExecutor
from workbench.engine.guards import GUARDS, Finish, LastStep
from workbench.engine.meter import LiveMeter
from workbench.engine.model_call import ModelCall, Outcome, spoken
from workbench.engine.notice import GO_ON, LAST_STEP, turn_notice
from workbench.engine.recovery import close_calls
from workbench.engine.request import assembled
from workbench.engine.task_queue import unforeseen
from workbench.engine.turn_state import TurnState

log = logging.getLogger(__name__)

SILENCE = {
    "refusal": "The model declined to answer this.",
    "max_tokens": "The reply reached its limit before it said anything. Ask for a smaller step.",
    "model_context_window_exceeded": "The window was full before an answer came. F8 compacts it, F9 hands off.",
}
"""What stands in the place of an answer that has no text, by the model's stop reason."""


@dataclass(kw_only=True)
class Turn(TurnState):
    """A running turn."""

    gate: ToolExecutor
    answered: str = ""
    """The answer, once it is there; what follows may still be stopped."""
    paused: bool = False
    began: float = 0.0
    first_event: int = 0
    exchange: ModelCall | None = field(default=None, repr=False)

    async def run(self, prompt: str) -> None:
        """Run the turn to its end; whatever happens it ends in TurnFinished or TurnFailed."""
        session = self.session
        session.new_trace()
        session.begin_day()
        self.number, self.began = session.conversation.turn + 1, self.parts.clock.monotonic()
        self.first_event, self.prompt = len(session.events), prompt
        session.emit(e.TurnStarted(self.number, prompt, self.parts.estimator.count(prompt)))
        try:
            await self._to_its_end()
        except StoreFault as fault:
            session.emit_anyway(e.TurnFailed(self.number, "store", fault.message, fault.hint))
            session.measure()
            return
        session.measure()
        session.remember()
        await session.sync()

    async def _to_its_end(self) -> None:
        session = self.session
        try:
            await self._steps()
        except asyncio.CancelledError:
            text = self._keep_draft("interrupted") or self.answered
            close_calls(session)
            self._finish("interrupted", text, "interrupted")
        except ProviderFault as fault:
            self._broke_off(fault.kind, fault.message, fault.hint)
        except StoreFault:
            raise
        except Exception as error:
            log.exception("a turn failed")
            self._broke_off("internal", unforeseen(error), "The log has the details.")

    def _broke_off(self, kind: str, message: str, hint: str) -> None:
        self._keep_draft("cut")
        close_calls(self.session)
        self.session.emit(e.TurnFailed(self.number, kind, message, hint))

    async def _steps(self) -> None:
        while True:
            if finish := await self._guard():
                return self._part_early(finish)
            outcome = await self._step()
            calls = self._calls(outcome)
            if outcome.reply.stop_reason == "pause_turn" and not self.last_step:
                self.paused = True
                continue
            if not calls:
                return await self._answer(outcome)
            self.session.measure()
            await self.gate.carry_out(self, calls)
            if self.farewell:
                return self._part_early(Finish("budget", self.farewell))
            self.session.measure()

    async def _guard(self) -> Finish | None:
        for guard in GUARDS:
            match await guard.check(self):
                case Finish() as finish:
                    return finish
                case LastStep():
                    self.last_step = True
        return None

    async def _step(self) -> Outcome:
        """One request and its message."""
        session = self.session
        self.step += 1
        notice = self._notice()
        room, tokens = self.room(), self.parts.estimator.count(notice)
        session.emit(e.RequestSent(self.number, self.step, self.model, room, notice, tokens, self.last_step))
        self.exchange = ModelCall(session, self.parts, self.number, self.step)
        request = assembled(session.conversation, room, tools_off=self.last_step)
        outcome = await self.exchange.send(request, LiveMeter(session, self.parts.clock, self.number, self.step))
        self._add(outcome.reply.parts, outcome.reply.stop_reason, outcome.reply.usage, outcome.reply.message_id)
        self.exchange = None
        return outcome

    def _notice(self) -> str:
        """What the newest user message says besides: volatile facts where they changed, and orders for this step."""
        fresh = self.step == 1 or not self.session.conversation.notice
        pieces = [turn_notice(self.session, self.parts.clock.now()) if fresh else ""]
        pieces += [GO_ON] if self.paused else []
        pieces += [LAST_STEP] if self.last_step else []
        self.paused = False
        return "\n\n".join(filter(None, pieces))

    def _calls(self, outcome: Outcome) -> list[ToolUse]:
        return [
            part for part in self._kept(outcome.reply.parts, outcome.reply.stop_reason) if isinstance(part, ToolUse)
        ]

    def _kept(self, parts: tuple[Part, ...], stop_reason: str) -> tuple[Part, ...]:
        """A cut reply's calls are partial and are never run; neither is a call that came with tools off."""
        if stop_reason == "tool_use" and not self.last_step:
            return parts
        kept = tuple(part for part in parts if not isinstance(part, ToolUse))
        thought_only = all(isinstance(part, Thinking | RedactedThinking) for part in kept)
        return () if thought_only else kept  # no message may end in thinking

    def _add(self, parts: tuple[Part, ...], stop: str, usage: Usage, message_id: str = "", draft: bool = False) -> None:
        kept = self._kept(parts, stop)
        if kept:
            tokens = tuple(self.parts.estimator.count_part(part) for part in kept)
            self.session.emit(e.MessageAdded(self.number, self.step, kept, tokens, stop, usage, message_id, draft))
        if usage.prompt and not draft:
            self.session.report_cache(usage)

    async def _answer(self, outcome: Outcome) -> None:
        text = without_trailer(spoken(outcome.reply.parts)).strip()
        if not text:
            text = SILENCE.get(outcome.reply.stop_reason, "The model ended its turn without an answer.")
            self._add((Text(text),), outcome.reply.stop_reason, Usage())
        self.answered = text
        self.session.measure()
        scored = await score_answer(self, outcome.confidence)
        self._finish(self.stop_reason, text, outcome.reply.stop_reason, outcome.confidence, scored)

    def _part_early(self, finish: Finish) -> None:
        """The turn ends without another request; what it says stays in the conversation."""
        self._add((Text(finish.text),), finish.reason, Usage())
        self._finish(finish.reason, finish.text, "")

    def _keep_draft(self, stop: str) -> str:
        """What had arrived of the reply, kept as a draft; its prompt is exact, its own tokens are not."""
        if self.exchange is None or not (text := self.exchange.draft.text):
            return ""
        began, self.exchange = self.exchange.draft.began, None
        usage = msgspec.structs.replace(began.usage, output_tokens=0) if began else Usage()
        self._add((Text(text),), stop, usage, began.message_id if began else "", True)
        return text

    def _finish(
        self, reason: e.StopReason, text: str, stop: str, confidence: Confidence | None = None, way: Route = "unrated"
    ) -> None:
        usage, cost = Usage(), 0.0
        unknown = False
        for stamped in self.session.events[self.first_event :]:
            if isinstance(settled := stamped.event, e.BudgetSettled):
                usage += settled.usage
                unknown = unknown or settled.usd is None
                cost += settled.usd or 0.0
        seconds = self.parts.clock.monotonic() - self.began
        price = None if unknown else cost
        self.session.emit(
            e.TurnFinished(self.number, reason, text, self.step, seconds, usage, price, stop, confidence, way)
        )
