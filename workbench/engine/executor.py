"""The gate: every call is proposed, judged and only then run (seed §5 flowchart; design §4).

reads that may run ─▶ together      everything else ─▶ one after another, asked about where the gate says so
"""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from workbench.confidence import take_confidence
from workbench.core import events as e
from workbench.core.decisions import Confidence, Proposal, Reason, Verdict
from workbench.core.ids import new_escalation_id
from workbench.core.messages import ToolUse
from workbench.core.tools import propose
from workbench.engine.approvals import PendingApprovals
from workbench.engine.arguments import fault
from workbench.engine.calls import Candidate, fail, run_call
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.guards import allow_more, farewell
from workbench.engine.model_call import refusal
from workbench.engine.notice import progress
from workbench.engine.request import LEAST_REPLY
from workbench.engine.toolbox import Toolbox
from workbench.engine.turn_state import TurnState
from workbench.escalation import Ask, Decision, Deny, Gate, Grants, Run, build_request

REJECTED = "The developer rejected this call. It was not run."
UNANSWERED = "Nobody answered the approval in time, so this was not run. That is not a no: say what you would do next."
LIMIT = "Not run: the developer wants an answer now, with what there is."


class ToolExecutor:
    """Judges the calls of a step and runs those that may. Grants last as long as the session is open."""

    def __init__(self, parts: EngineDependencies, toolbox: Toolbox, verdicts: PendingApprovals) -> None:
        self._parts, self._toolbox, self._verdicts = parts, toolbox, verdicts
        self._gate = Gate(parts.policies.escalation)
        self.grants = Grants(Path(parts.facts.workspace))

    def forget(self) -> None:
        """Take back all that was allowed "this session": another one begins."""
        self.grants = Grants(Path(self._parts.facts.workspace))

    async def carry_out(self, turn: TurnState, calls: list[ToolUse]) -> None:
        """Answer every call, in order; mere reads that stand side by side run together."""
        together: list[Candidate] = []
        for call in calls:
            candidate = await self._candidate(turn, call)
            if candidate is None:
                continue
            if not candidate.proposal.reads_only:
                await self._run(turn, together)
                together = []
            cleared = await self._clear(turn, candidate)
            if cleared is None:
                continue
            if cleared.proposal.reads_only:
                together.append(cleared)
            else:
                await self._run(turn, together)
                await self._run(turn, [cleared])
                together = []
        await self._run(turn, together)

    async def _candidate(self, turn: TurnState, call: ToolUse) -> Candidate | None:
        """The proposal of `call`; an unknown tool or wrong arguments are answered at once."""
        tool = self._toolbox.get(call.name)
        arguments, confidence = take_confidence(call.input)
        stripped = msgspec.structs.replace(call, input=arguments)
        if tool is None:
            self._propose(turn, Proposal(call.id, call.name, arguments), None)
            names = ", ".join(self._toolbox.names)
            fail(turn.session, self._parts, call, "unknown", f"There is no tool `{call.name}`. There are: {names}.")
            return None
        if wrong := fault(tool.schema, arguments):
            self._propose(turn, Proposal(call.id, call.name, arguments), None)
            fail(turn.session, self._parts, call, "invalid", f"Wrong arguments for `{call.name}`: {wrong}.")
            return None
        proposal = await asyncio.to_thread(propose, tool, call.id, arguments)
        self._propose(turn, proposal, confidence)
        return Candidate(tool, stripped, proposal, confidence)

    @staticmethod
    def _propose(turn: TurnState, proposal: Proposal, confidence: Confidence | None) -> None:
        turn.session.emit(e.ToolProposed(turn.number, turn.step, proposal.shorten(), confidence))

    async def _clear(self, turn: TurnState, candidate: Candidate) -> Candidate | None:
        """Ask where the gate says so; None when the call was answered instead of run."""
        session, call = turn.session, candidate.call
        if turn.last_step:
            fail(session, self._parts, call, "limit", LIMIT)
            return None
        answered: frozenset[Reason] = frozenset()
        while True:
            decision = await self._decide(turn, candidate, answered)
            if isinstance(decision, Run):
                return candidate
            if isinstance(decision, Deny):
                fail(session, self._parts, call, "denied", decision.text)
                return None
            verdict = await self._ask(turn, candidate, decision)
            if verdict is None or not verdict.allows:
                self._refuse(turn, candidate, decision, verdict)
                return None
            if verdict.arguments is not None:
                return await self._edit(turn, candidate, verdict.arguments)
            if decision.reason not in ("complexity", "cost"):
                if verdict.answer == "session" and decision.session_scope:
                    self.grants.allow(candidate.proposal)
                return candidate
            self._raise_limit(turn, decision)
            answered |= {decision.reason}

    async def _decide(self, turn: TurnState, candidate: Candidate, answered: frozenset[Reason]) -> Decision:
        """What the gate says, off the event loop: it may ask git and the file system."""
        return await asyncio.to_thread(
            self._gate.decide,
            candidate.proposal,
            candidate.confidence,
            turn.step,
            turn.session.step_budget,
            "" if turn.over_budget else refusal(turn.session, self._parts, turn.model, LEAST_REPLY),
            self.grants,
            answered,
        )

    async def _ask(self, turn: TurnState, candidate: Candidate, decision: Ask) -> Verdict | None:
        request = build_request(
            decision,
            candidate.proposal,
            progress(turn.session),
            candidate.confidence,
            new_escalation_id(),
            turn.prompt,
        )
        return await self._verdicts.ask(turn.session, request)

    def _refuse(self, turn: TurnState, candidate: Candidate, decision: Ask, verdict: Verdict | None) -> None:
        """No yes: the model reads why, and a limit that stays ends in an answer."""
        cause = "unanswered" if verdict is None else "rejected"
        text = UNANSWERED if verdict is None else REJECTED
        if verdict is not None and verdict.note:
            text += f" Their note: {verdict.note}"
        if decision.reason == "complexity":
            turn.last_step, cause, text = True, "limit", LIMIT
        elif decision.reason == "cost":
            turn.last_step, cause, text = True, "limit", LIMIT
            turn.farewell = farewell(turn, decision.message)
        if verdict is None and decision.reason != "cost":
            turn.stop_reason = "escalation"
        fail(turn.session, self._parts, candidate.call, cause, text)

    def _raise_limit(self, turn: TurnState, decision: Ask) -> None:
        if decision.reason == "cost":
            allow_more(turn)
            return
        steps = turn.session.step_budget + self._parts.policies.escalation.steps_budget
        turn.session.emit(e.BudgetRaised(steps=steps))

    async def _edit(self, turn: TurnState, candidate: Candidate, arguments: dict[str, Any]) -> Candidate | None:
        """The person's own arguments: asked about no more, but they must fit, and no rule may deny them."""
        call = msgspec.structs.replace(candidate.call, input=arguments)
        if wrong := fault(candidate.tool.schema, arguments):
            fail(turn.session, self._parts, call, "invalid", f"The developer's edit does not fit: {wrong}.")
            return None
        proposal = await asyncio.to_thread(propose, candidate.tool, call.id, arguments)
        edited = Candidate(candidate.tool, call, proposal, candidate.confidence, True)
        decision = await self._decide(turn, edited, frozenset())
        if isinstance(decision, Deny):
            fail(turn.session, self._parts, call, "denied", decision.text)
            return None
        return edited

    async def _run(self, turn: TurnState, cleared: list[Candidate]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                runs = [group.create_task(run_call(turn.session, self._parts, each)) for each in cleared]
        except BaseExceptionGroup as several:  # a disk that refuses refuses them all
            raise several.exceptions[0] from several
        if changes := [change for run in runs for change in run.result()]:
            await asyncio.to_thread(self.grants.worktree.note, changes)
