"""The gate: each proposed call runs, is denied or asks, by the seed's decision flowchart (§5)."""

from pathlib import Path
from typing import Any, Literal

import msgspec

from workbench.core.decisions import Confidence, EscalationRequest, Proposal, Reason, Verdict
from workbench.escalation.policy import Allow, Ask, Decision, Deny, EscalationPolicy
from workbench.escalation.rules import Grants, Rule
from workbench.escalation.triggers import ALWAYS_ASKED, CHECKS, Case, Check

Approve = Literal["never", "reads", "all"]
"""Who answers in a run that nobody watches: nobody, or a yes to reads, or to all that may be said yes to."""


class Gate:
    """Decides about calls, one at a time; holds no state of its own.

    Raises ValueError at once for a rule that cannot be read, so that no call is ever decided by half a policy.
    """

    def __init__(self, policy: EscalationPolicy, checks: tuple[Check, ...] = CHECKS) -> None:
        self.policy = policy
        self._checks = checks
        for text in (*policy.ask, *policy.allow, *policy.deny):
            Rule.parse(text)

    def decide(
        self,
        proposal: Proposal,
        confidence: Confidence | None,
        step: int,
        step_budget: int,
        refusal: str,
        grants: Grants,
        answered: frozenset[Reason] = frozenset(),
    ) -> Decision:
        """What happens to `proposal` in step `step` of a turn that was given `step_budget` of them.

        `refusal`: the sentence of an exhausted budget, or empty. `confidence` None is unrated: it meets the rules.
        `answered`: reasons that a person already said yes to for this call; a yes to `complexity` or `cost` is about
        the turn and not about the call, so decide again with it. May ask git and the file system.
        """
        case = Case(proposal, confidence, step, step_budget, refusal, grants, self.policy, frozenset(answered))
        for check in self._checks:
            if decision := check.check(case):
                return decision
        return Allow()


def explain(proposal: Proposal, workspace: Path, policy: EscalationPolicy) -> dict[str, Any]:
    """What the gate would say to `proposal`, rated by nobody and in a session that allowed nothing yet.

    `{"verdict": "allow|ask|deny", "rule", "because", "segment", "effects": […], "try": False}`
    """
    match Gate(policy).decide(proposal, None, 1, 1, "", Grants(workspace)):
        case Allow(rule=rule):
            said = ("allow", rule, "", "")
        case Deny(rule=rule):
            said = ("deny", rule, "a rule denies it", "")
        case Ask() as ask:
            said = ("ask", ask.rule, ask.because, ask.segment)
    verdict = dict(zip(("verdict", "rule", "because", "segment"), said, strict=True))
    return verdict | {"effects": list(msgspec.to_builtins(proposal.effects)), "try": False}


def answer(request: EscalationRequest, mode: Approve) -> Verdict | None:
    """What `mode` says to `request` where nobody watches; None leaves it unanswered, which is not a no.

    `never` answers nothing. `reads` lets calls run whose effects are all reads, outside secret places. `all` lets
    every call run, but never a file tool outside the workspace and the folders added to it, nor what is on the
    always-escalate list, a budget or an answer of low confidence.
    """
    proposal = request.proposal
    if mode == "never" or proposal is None or request.reason in ("complexity", "cost"):
        return None
    if request.rule.endswith(ALWAYS_ASKED):
        return None
    effects = proposal.effects
    if proposal.kind in ("read", "edit") and any(effect.outside for effect in effects):
        return None
    only_reads = bool(effects) and all(effect.kind == "read" and not effect.secret for effect in effects)
    return Verdict("once", by=f"--approve {mode}") if mode == "all" or only_reads else None
