"""The turn: one prompt to its final answer (design §4). It alone changes how the turn stands.

guards ─▶ request ─▶ stream ─▶ settle ─▶ calls? ─yes─▶ gate each ─▶ results ─▶ next step
                                            └─no──▶ assessment ─▶ route ─▶ TurnFinished
"""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import msgspec

from workbench.confidence import RoutePolicy
from workbench.core import events as e
from workbench.core.decisions import Confidence, Route
from workbench.core.errors import ProviderFault, StoreFault
from workbench.core.ids import begin_span
from workbench.core.messages import Part, RedactedThinking, Text, Thinking, ToolUse, without_trailer
from workbench.core.requests import DECLINED
from workbench.core.spend import Usage
from workbench.engine import guards as g
from workbench.engine.billing import LEAST_REPLY, Billing, BudgetExceeded
from workbench.engine.executor import PendingApprovals, ToolExecutor
from workbench.engine.model_call import CompleteReply, ModelAccess, ModelCall
from workbench.engine.prefix import prepare_request, report_cache
from workbench.engine.recovery import close_calls
from workbench.engine.repairs import Repairs
from workbench.engine.request import CALL_CUT, GO_ON, LAST_STEP, assemble_request, join_text, write_notice
from workbench.engine.session import Session
from workbench.engine.task_queue import describe_bug
from workbench.engine.waste import tell_waste

log = logging.getLogger(__name__)

SILENCE = {
    DECLINED: "The model declined to answer this.",
    "max_tokens": "The reply reached its limit before it said anything. Ask for a smaller step.",
    "model_context_window_exceeded": "The window was full before an answer came. /compact makes room.",
}
"""What stands in the place of an answer that has no text, by the model's stop reason."""


ENDINGS: dict[str, e.StopReason] = {
    "max_tokens": "cut",
    "model_context_window_exceeded": "cut",
    DECLINED: "error",
}
"""How a turn ends whose last reply was not whole, or none, by the model's stop reason."""


@dataclass
class Turn:
    """A running turn. `state` is how it stands; whoever else looks at it changes nothing."""

    session: Session
    billing: Billing
    access: ModelAccess
    guards: tuple[g.Guard, ...]
    executor: ToolExecutor
    approvals: PendingApprovals
    route_policy: RoutePolicy
    repairs: Repairs
    """What helps this turn over refusals; it compacts, too."""
    state: g.TurnState = field(default_factory=lambda: g.TurnState(0, ""))
    _answered: str = ""
    """The answer, once it is there; what follows may still be stopped."""
    _began: float = 0.0
    _first_event: int = 0
    _call: ModelCall | None = field(default=None, repr=False)

    async def run(self, prompt: str) -> g.TurnState:
        """Run the turn to its end, which is TurnFinished or TurnFailed whatever happens; how it stands then."""
        session = self.session
        session.begin_trace()
        await self.billing.look()
        self.state = g.TurnState(session.conversation.turn + 1, prompt)
        self._began, self._first_event = self.access.clock.monotonic(), len(session.events)
        with begin_span():
            session.emit(e.TurnStarted(self.state.number, prompt, *self.access.estimator.measure(prompt)))
            try:
                await self._run_to_its_end()
            except StoreFault as fault:
                session.emit_anyway(e.TurnFailed(self.state.number, "store", fault.message, fault.hint))
                session.measure()
                return self.state
            session.measure()
        session.remember()
        await session.sync()
        if self.approvals.attended:
            await tell_waste(session, self.billing.prices)
        return self.state

    async def _run_to_its_end(self) -> None:
        session = self.session
        try:
            await self._take_steps()
        except asyncio.CancelledError:
            text = self._keep_draft("interrupted") or self._answered
            close_calls(session)
            self._finish("interrupted", text, "interrupted")
        except ProviderFault as fault:
            self._break_off(fault.kind, fault.message, fault.hint)
        except StoreFault:
            raise
        except Exception as error:
            log.exception("a turn failed")
            self._break_off("internal", describe_bug(error), "The log has the details.")

    def _break_off(self, kind: str, message: str, hint: str) -> None:
        self._keep_draft("cut")
        close_calls(self.session)
        self.session.emit(e.TurnFailed(self.state.number, kind, message, hint))

    async def _take_steps(self) -> None:
        while True:
            for guard in self.guards:
                if finish := await self._ask(guard):
                    return self._part_early(finish)
            try:
                outcome = await self._take_step()
            except BudgetExceeded as exceeded:  # nothing was sent: the guards ask for more
                self._change(refused=exceeded.message, step=self.state.step - 1)
                continue
            if outcome is None:
                continue
            reply = outcome.reply
            calls = [part for part in self._keep(reply.parts, reply.stop_reason) if isinstance(part, ToolUse)]
            if reply.stop_reason == "pause_turn" and not self.state.last_step:
                self._change(order=GO_ON)
                continue
            if outcome.lost_call and not (self.state.shortened or self.state.last_step):
                self._change(order=CALL_CUT, shortened=True)
                continue
            if not calls:
                return await self._answer(outcome)
            self.session.measure()
            for became in await self.executor.carry_out(self.state, calls, outcome.repeated):
                self.state = g.apply_call(self.state, became)
            if self.state.farewell:
                return self._part_early(g.Finish("budget", self.state.farewell))
            self.session.measure()

    def _change(self, **changes: Any) -> None:
        self.state = msgspec.structs.replace(self.state, **changes)

    async def _ask(self, guard: g.Guard) -> g.Finish | None:
        """Do what `guard` says until it lets the step go, or the turn end."""
        while True:
            match guard.check(self.state):
                case g.Proceed():
                    return None
                case g.Finish() as finish:
                    return finish
                case g.CompactFirst():
                    await self.repairs.compact()
                    self._change(counted=False)
                case g.CountFirst():
                    self._change(counted=True)
                    await self._count()
                case g.Degrade(tier=tier, reason=reason):
                    self._change(tier=tier)
                    self.session.root.emit(e.TierChanged(tier, reason))
                case g.Escalate(request=request, otherwise=otherwise, then=then):
                    verdict = await self.approvals.ask(self.session, request)
                    if verdict is None or not verdict.allows:
                        return otherwise
                    if then == "relieve":
                        self.repairs.leave_out()
                        self._change(relieved=True)
                    else:
                        self._change(tier=0, refused="", over_budget=self.billing.raise_limits(request.budget))
                case g.LastStep(limit=limit):
                    self._reach_limit(limit)

    async def _count(self) -> None:
        """Ask the endpoint what the next prompt holds; where it does not say, the estimate stands."""
        request = assemble_request(self.session.conversation, LEAST_REPLY)
        if (tokens := await self.access.counter.count_request(request)) is not None:
            self.session.emit(e.PromptCounted(tokens))

    def _reach_limit(self, limit: int) -> None:
        turn = self.state
        if turn.step:
            self.session.emit(e.TurnLimitReached(turn.number, limit))
        asked = turn.stop_reason != "done"  # a question that nobody answered says more
        self._change(last_step=True, stop_reason=turn.stop_reason if asked or not turn.step else "turn_limit")

    async def _take_step(self) -> CompleteReply | None:
        """One request and its message; None where it was refused and repaired: the step is still to be taken."""
        session, notice = self.session, self._write_notice()
        before = self.state
        self._change(step=self.state.step + 1, order="")
        turn, room, tokens = self.state, self.billing.room(), self.access.estimator.count(notice)
        with begin_span():
            model = session.summary.model
            session.emit(e.RequestSent(turn.number, turn.step, model, room, notice, tokens, turn.last_step))
            self._call = ModelCall(session, self.billing, self.access, shows=True)
            now, off = self.access.clock.now(), turn.last_step
            request = prepare_request(session, self.billing.prices, now, room, tools_off=off)
            try:
                outcome = await self._call.send(request, over_budget=turn.over_budget)
            except ProviderFault as fault:
                if self._call.draft.text or not await self.repairs.mend(fault, request, turn.prompt):
                    raise
                self.state = before
                return None
            reply = outcome.reply
            self._add(reply.parts, reply.stop_reason, reply.usage, reply.message_id)
            if reply.usage.prompt:
                session.prefix.reply = reply.message_id
                report_cache(session, reply.usage, self.access.clock.now(), reply.diagnosis)
            self._call = None
        return outcome

    def _write_notice(self) -> str:
        """What the newest user message says besides: volatile facts where they changed, and orders for this step."""
        fresh = self.state.step == 0 or not self.session.conversation.notice
        pieces = [write_notice(self.session, self.access.clock.now()) if fresh else ""]
        pieces += [self.state.order]
        pieces += [LAST_STEP] if self.state.last_step else []
        return "\n\n".join(filter(None, pieces))

    def _keep(self, parts: tuple[Part, ...], stop_reason: str) -> tuple[Part, ...]:
        """A cut reply's calls are partial and are never run; neither is a call that came with tools off."""
        if stop_reason == "tool_use" and not self.state.last_step:
            return parts
        kept = tuple(part for part in parts if not isinstance(part, ToolUse))
        thought_only = all(isinstance(part, Thinking | RedactedThinking) for part in kept)
        return () if thought_only else kept  # no message may end in thinking

    def _add(self, parts: tuple[Part, ...], stop: str, usage: Usage, message_id: str = "", draft: bool = False) -> None:
        turn, kept = self.state, self._keep(parts, stop)
        if kept:
            tokens, classes = zip(*(self.access.estimator.measure_part(part) for part in kept), strict=True)
            said = kept, tokens, stop, usage, message_id, draft, classes
            self.session.emit(e.MessageAdded(turn.number, turn.step, *said))

    async def _answer(self, outcome: CompleteReply) -> None:
        session, reply = self.session, outcome.reply
        text = without_trailer(join_text(reply.parts)).strip()
        if not text:
            text = SILENCE.get(reply.stop_reason, "The model ended its turn without an answer.")
            self._add((Text(text),), reply.stop_reason, Usage())
        self._answered = text
        session.measure()
        if outcome.confidence is not None:
            session.emit(e.ConfidenceScored(self.state.number, outcome.confidence))
        way, asked = g.route_answer(self.state, session, outcome.confidence, self.route_policy)
        session.emit(e.AnswerRouted(self.state.number, way))
        if asked is not None:
            verdict = await self.approvals.ask(session, asked)
            if verdict is None:
                self._change(stop_reason="escalation")
            elif verdict.answer == "reply":
                self._change(follow_up=verdict.note)
        if self.state.stop_reason == "done":
            self._change(stop_reason=ENDINGS.get(reply.stop_reason, "done"))
        if reply.stop_reason == DECLINED:
            self.repairs.drop_turn()
        self._finish(self.state.stop_reason, text, reply.stop_reason, outcome.confidence, way)

    def _part_early(self, finish: g.Finish) -> None:
        """The turn ends without another request; what it says stays in the conversation, with what had arrived."""
        self._keep_draft("cut")
        self._add((Text(finish.text),), finish.reason, Usage())
        self._finish(finish.reason, finish.text, "")

    def _keep_draft(self, stop: str) -> str:
        """What had arrived of the reply, kept as a draft; its prompt is exact, its own tokens are not."""
        if self._call is None or not (text := self._call.draft.text):
            return ""
        began, self._call = self._call.draft.began, None
        usage = msgspec.structs.replace(began.usage, output_tokens=0) if began else Usage()
        self._add((Text(text),), stop, usage, began.message_id if began else "", True)
        return text

    def _finish(
        self, reason: e.StopReason, text: str, stop: str, confidence: Confidence | None = None, way: Route = "unrated"
    ) -> None:
        turn, seconds = self.state, self.access.clock.monotonic() - self._began
        usage, cost = self.session.add_up(self._first_event)
        self.session.emit(
            e.TurnFinished(turn.number, reason, text, turn.step, seconds, usage, cost, stop, confidence, way)
        )
