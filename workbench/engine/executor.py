"""The gate: every call is proposed, judged and only then run (seed §5 flowchart; design §4).

reads that may run ─▶ together      everything else ─▶ one after another, asked about where the gate says so
to ask              ─▶ an event up, a command down, a future between them
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from workbench.confidence import take_confidence
from workbench.core import events as e
from workbench.core.decisions import EscalationRequest, Proposal, Reason, Verdict
from workbench.core.errors import WorkbenchError
from workbench.core.ids import begin_span, new_escalation_id
from workbench.core.messages import ToolUse
from workbench.core.ports import Clock
from workbench.core.tools import propose
from workbench.engine.billing import LEAST_REPLY, Billing
from workbench.engine.calls import CallRunner, Candidate, Toolbox, find_fault
from workbench.engine.dependencies import Unattended
from workbench.engine.guards import CallOutcome, TurnState, apply_call, write_farewell
from workbench.engine.request import measure_progress
from workbench.engine.session import Session
from workbench.escalation import Allow, Ask, Decision, Deny, Gate, Grants, build_request

REJECTED = "The developer rejected this call. It was not run."
UNANSWERED = "Nobody answered the approval in time, so this was not run. That is not a no: say what you would do next."
REPEATED = "This call was sent again under the id of one that ran in the step before; it was not run a second time."
WRITE_AGAIN = "Nothing was run. Call it again with one JSON object."
LIMIT = "Not run: the developer wants an answer now, with what there is."


class PendingApprovals:
    """Asks for all runs of a process, and waits for the answers. Pending, denied and expired are different states.

    What a child asks stands in its root's journal too: that is the one a person looks at.
    """

    def __init__(self, clock: Clock, expires_s: float, unattended: Unattended | None) -> None:
        self._clock, self._expires_s, self._unattended = clock, expires_s, unattended
        self._waiting: dict[str, asyncio.Future[Verdict]] = {}

    @property
    def attended(self) -> bool:
        """True where a person looks at what happens, and answers."""
        return self._unattended is None

    def resolve(self, id: str, verdict: Verdict) -> None:
        """Answer the escalation `id`. Raises WorkbenchError when it does not wait."""
        future = self._waiting.get(id)
        if future is None or future.done():
            raise WorkbenchError("nothing waits for this answer any more", "It was answered, or it expired.")
        future.set_result(verdict)

    async def ask(self, session: Session, request: EscalationRequest) -> Verdict | None:
        """The verdict on `request`; None when nobody answered in time, which is not a no."""
        if self._unattended is not None:
            _tell(session, e.EscalationRaised(request))
            verdict = self._unattended(request)
            _close(session, request, verdict, 0.0)
            return verdict
        asked_at = self._clock.monotonic()
        future: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = future
        expiry = asyncio.ensure_future(self._clock.sleep(self._expires_s))
        try:
            _tell(session, e.EscalationRaised(request, self._clock.now() + self._expires_s))
            waiting: set[asyncio.Future[Any]] = {future, expiry}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            verdict = future.result() if future.done() else None  # an answer counts, whatever came with it
            expiry.cancel()
            self._waiting.pop(request.id, None)
            _close(session, request, verdict, self._clock.monotonic() - asked_at)
        return verdict


def _keep_shown_version(edited: Proposal, shown: Proposal) -> Proposal:
    """`edited` as a change of the content that the person saw, where it is about the same file."""
    after, before = edited.preview, shown.preview
    if after is None or before is None or after.path != before.path or not after.version:
        return edited
    return msgspec.structs.replace(edited, preview=msgspec.structs.replace(after, version=before.version))


def _close(session: Session, request: EscalationRequest, verdict: Verdict | None, waited: float) -> None:
    if verdict is None:
        _tell(session, e.EscalationExpired(request.id, waited))
    else:
        _tell(session, e.EscalationResolved(request.id, verdict, waited))


def _tell(session: Session, event: e.AnyEvent) -> None:
    session.emit(event)
    if session.root is not session:
        session.root.emit(event)


@dataclass(frozen=True)
class ToolExecutor:
    """Judges the calls of a step and runs those that may. Grants last as long as the run."""

    session: Session
    billing: Billing
    approvals: PendingApprovals
    toolbox: Toolbox
    runner: CallRunner
    gate: Gate
    grants: Grants

    async def carry_out(
        self, turn: TurnState, calls: list[ToolUse], repeated: Collection[str] = ()
    ) -> list[CallOutcome]:
        """Answer every call, in order; mere reads that stand side by side run together. `repeated` ones do not run."""
        together: list[Candidate] = []
        outcomes: list[CallOutcome] = []
        for call in calls:
            with begin_span():
                candidate = await self._propose(turn, call, REPEATED if call.id in repeated else "")
                if candidate is None:
                    continue
                if not candidate.proposal.reads_only:
                    await self._run(together)
                    together = []
                cleared, outcome = await self._clear(turn, candidate)
                outcomes.append(outcome)
                turn = apply_call(turn, outcome)
                if cleared is None:
                    continue
                if cleared.proposal.reads_only:
                    together.append(cleared)
                else:
                    await self._run(together)
                    await self._run([cleared])
                    together = []
        await self._run(together)
        return outcomes

    async def _propose(self, turn: TurnState, call: ToolUse, wrong: str) -> Candidate | None:
        """Tell the proposal of `call`; an unknown tool, wrong arguments or what is `wrong` are answered at once."""
        tool = self.toolbox.get(call.name)
        arguments, confidence = take_confidence(call.input)
        cause = "invalid"
        if tool is None:
            wrong, cause = f"There is no tool `{call.name}`. There are: {', '.join(self.toolbox.names)}.", "unknown"
        elif call.fault:
            wrong = f"The arguments of `{call.name}` could not be read: {call.fault}. {WRITE_AGAIN}"
        elif unfit := find_fault(tool.schema, arguments):
            wrong = f"Wrong arguments for `{call.name}`: {unfit}."
        if tool is None or wrong:
            stands = Proposal(call.id, call.name, arguments)
            if tool is not None:
                stands = msgspec.structs.replace(stands, kind=tool.kind, verb=tool.verb)
            self.session.emit(e.ToolProposed(turn.number, turn.step, stands, None))
            self.runner.fail(call, cause, wrong)
            return None
        proposal = await asyncio.to_thread(propose, tool, call.id, arguments, dict(self.session.versions))
        self.session.emit(e.ToolProposed(turn.number, turn.step, proposal.shorten(), confidence))
        return Candidate(tool, msgspec.structs.replace(call, input=arguments), proposal, confidence)

    async def _clear(self, turn: TurnState, candidate: Candidate) -> tuple[Candidate | None, CallOutcome]:
        """Ask where the gate says so; no clearance when the call was answered instead of run."""
        call, outcome = candidate.call, CallOutcome()
        if turn.last_step:
            self.runner.fail(call, "limit", LIMIT)
            return None, outcome
        answered: frozenset[Reason] = frozenset()
        while True:
            decision = await self._decide(apply_call(turn, outcome), candidate, answered)
            if isinstance(decision, Allow):
                return candidate, outcome
            if isinstance(decision, Deny):
                self.runner.fail(call, "denied", decision.text)
                return None, outcome
            if fault := candidate.proposal.fault:  # a yes could not help it
                self.runner.fail(call, "fault", fault)
                return None, outcome
            request = self._build_request(turn, candidate, decision)
            verdict = await self.approvals.ask(self.session, request)
            if verdict is None or not verdict.allows:
                return None, self._refuse(candidate, decision, verdict, outcome)
            if verdict.arguments is not None:
                return await self._edit(turn, candidate, verdict.arguments), outcome
            if decision.reason not in ("complexity", "cost"):
                if verdict.answer == "session" and decision.session_scope:
                    self.grants.allow(candidate.proposal)
                return candidate, outcome
            outcome = self._raise_limit(request, outcome)
            answered |= {decision.reason}

    async def _decide(self, turn: TurnState, candidate: Candidate, answered: frozenset[Reason]) -> Decision:
        """What the gate says, off the event loop: it may ask git and the file system."""
        refused = "" if turn.over_budget else self.billing.refusal(LEAST_REPLY)
        asked = (candidate.proposal, candidate.confidence, turn.step, self.session.step_budget, refused)
        return await asyncio.to_thread(self.gate.decide, *asked, self.grants, answered)

    def _build_request(self, turn: TurnState, candidate: Candidate, decision: Ask) -> EscalationRequest:
        progress, id = measure_progress(self.session), new_escalation_id()
        request = build_request(decision, candidate.proposal, progress, candidate.confidence, id, turn.prompt)
        if decision.reason == "cost":
            request = msgspec.structs.replace(request, budget=self.billing.refusing(LEAST_REPLY))
        return request

    def _refuse(
        self, candidate: Candidate, decision: Ask, verdict: Verdict | None, outcome: CallOutcome
    ) -> CallOutcome:
        """No yes: the model reads why, and a limit that stays ends in an answer."""
        cause, text = ("unanswered", UNANSWERED) if verdict is None else ("rejected", REJECTED)
        if verdict is not None and verdict.note:
            text += f" Their note: {verdict.note}"
        limit = decision.reason in ("complexity", "cost")
        spent = decision.reason == "cost"
        self.runner.fail(candidate.call, "limit" if limit else cause, LIMIT if limit else text)
        return msgspec.structs.replace(
            outcome,
            limit_reached=limit,
            farewell=write_farewell(self.session, f"{decision.because}.") if spent else "",
            unanswered=verdict is None and not spent,
        )

    def _raise_limit(self, request: EscalationRequest, outcome: CallOutcome) -> CallOutcome:
        if request.reason == "cost":
            return msgspec.structs.replace(outcome, over_budget=self.billing.raise_limits(request.budget))
        more = self.gate.policy.steps_budget
        self.session.emit(e.BudgetRaised(steps=self.session.step_budget + more))
        return outcome

    async def _edit(self, turn: TurnState, candidate: Candidate, arguments: dict[str, Any]) -> Candidate | None:
        """The person's own arguments: asked about no more, but they must fit, and no rule may deny them."""
        call = msgspec.structs.replace(candidate.call, input=arguments)
        if wrong := find_fault(candidate.tool.schema, arguments):
            self.runner.fail(call, "invalid", f"The developer's edit does not fit: {wrong}.")
            return None
        proposal = await asyncio.to_thread(propose, candidate.tool, call.id, arguments, dict(self.session.versions))
        proposal = _keep_shown_version(proposal, candidate.proposal)
        edited = replace(candidate, call=call, proposal=proposal, edited=True)
        decision = await self._decide(turn, edited, frozenset())
        if isinstance(decision, Deny):
            self.runner.fail(call, "denied", decision.text)
            return None
        return edited

    async def _run(self, cleared: list[Candidate]) -> None:
        """Run what may run, each in its own span."""
        try:
            async with asyncio.TaskGroup() as group:
                runs = [group.create_task(self.runner.run(each), context=each.context) for each in cleared]
        except BaseExceptionGroup as several:  # a disk that refuses refuses them all
            raise several.exceptions[0] from several
        if changes := [change for run in runs for change in run.result()]:
            await asyncio.to_thread(self.grants.worktree.note, changes)
