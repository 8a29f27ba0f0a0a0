"""The gate: each proposed call runs, is denied or asks, by the seed's decision flowchart (§5)."""

from workbench.core.decisions import Confidence, Proposal, Reason
from workbench.escalation.decision import Decision, Run
from workbench.escalation.policy import EscalationPolicy
from workbench.escalation.rules import Grants, Rule
from workbench.escalation.triggers import CHECKS, Case, Check


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
        return Run()
