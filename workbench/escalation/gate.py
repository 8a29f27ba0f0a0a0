"""The gate: each proposed call runs, is denied or asks, by checks in the order of the seed's flowchart (§5).

    deny_unmended ─▶ deny_by_rule ─▶ ask_always ─▶ ask_irreversible ─▶ ask_past_steps ─▶ ask_past_budget ─▶ ask_unsure
    ─▶ apply_rules

What denies stands first, since no answer to a question may let happen what a rule refuses.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from workbench.core.decisions import Confidence, Proposal, Reason, Urgency
from workbench.core.effects import ShellSegment
from workbench.escalation.always import explain_entry, find_segment, find_tool
from workbench.escalation.consequence import predict_change, predict_loss
from workbench.escalation.policy import ALWAYS_ASKED, Allow, Ask, Decision, Deny, EscalationPolicy
from workbench.escalation.rules import Grants, Rule


@dataclass(frozen=True)
class Case:
    """One proposed call, with all that the checks look at."""

    proposal: Proposal
    confidence: Confidence | None
    step: int
    step_budget: int
    refusal: str
    grants: Grants
    policy: EscalationPolicy
    answered: frozenset[Reason]

    @property
    def segment(self) -> ShellSegment | None:
        """The command that asks."""
        return self.proposal.line.asks if self.proposal.line else None

    @property
    def message(self) -> str:
        """What is asked of a person."""
        proposal = self.proposal
        match proposal.kind:
            case "run" if proposal.line is not None:
                return "Run this command?"
            case "edit":
                return "Write this file?" if proposal.verb == "write" else "Write these changes?"
            case "read" if proposal.verb:
                return f"{proposal.verb.capitalize()} {'this file' if proposal.verb == 'read' else 'these files'}?"
            case "note":
                return "Keep this note?"
        return f"Call {proposal.tool}?"

    @property
    def reversible(self) -> bool | None:
        """Whether it can be undone; None where nobody can tell."""
        proposal = self.proposal
        if any(not effect.reversible for effect in proposal.effects):
            return False
        if self.segment:
            return self.segment.reversible
        return True if proposal.compensation or proposal.reads_only else None

    def ask(
        self,
        reason: Reason,
        urgency: Urgency,
        because: str,
        rule: str,
        *,
        not_offered: str,
        session_scope: str = "",
        segment: ShellSegment | None = None,
    ) -> Ask:
        """A question about this call; about `segment` of its line where that is not the one that weighs most."""
        segment = segment or self.segment
        loss = predict_loss(segment, self.grants.workspace) if segment else predict_change(self.proposal)
        said = (reason, urgency, self.message, because, rule, loss, self.reversible, session_scope, not_offered)
        return Ask(*said, segment.text if segment else "")


Check = Callable[[Case], Decision | None]
"""One rule of the gate: a decision, or None to let the next one look."""


def deny_unmended(case: Case) -> Decision | None:
    """Refuses what is no read while nobody knows what the person's own rules refuse."""
    where = case.policy.blocked
    if not where or case.proposal.kind in ("read", "note"):
        return None
    because = f"your settings file {where} cannot be read; mend it first"
    text = f"Denied: {because}. Until then only reads run. Say so, and do not try another way."
    return Deny(text, "settings", because)


def deny_by_rule(case: Case) -> Decision | None:
    """Refuses what a deny rule names."""
    rule = _find_touching(case.policy.deny, case)
    text = f"The rule {rule} denies this call. Find another way, or say what you need."
    return Deny(text, rule) if rule else None


def ask_always(case: Case) -> Decision | None:
    """The safety trigger: what the always-escalate list names."""
    entry, segment = find_tool(case.proposal.tool, case.policy.always), case.segment
    if not entry and case.proposal.line and (found := find_segment(case.proposal.line, case.policy.always)):
        segment, entry = found
    if not entry:
        return None
    return case.ask(
        *("safety", "high", explain_entry(entry), entry + ALWAYS_ASKED),
        not_offered="it cannot be undone" if case.reversible is False else "it is always asked",
        segment=segment,
    )


def ask_irreversible(case: Case) -> Decision | None:
    """The safety trigger: what cannot be taken back."""
    if all(effect.reversible for effect in case.proposal.effects):
        return None
    why = case.segment.reason if case.segment else "it cannot be undone"
    return case.ask("safety", "medium", why, "what cannot be undone", not_offered="it cannot be undone")


def ask_past_steps(case: Case) -> Decision | None:
    """The complexity trigger: more steps than the turn was given."""
    if case.step <= case.step_budget or "complexity" in case.answered:
        return None
    return Ask(
        *("complexity", "medium", f"Go on past {case.step_budget} steps?"),
        because=f"it takes step {case.step} and the budget is {case.step_budget}",
        rule="step budget",
        consequence="a yes gives it more steps in this turn",
        reversible=True,
        not_offered="raise the step budget instead",
    )


def ask_past_budget(case: Case) -> Decision | None:
    """The cost trigger: tokens or money are used up."""
    if not case.refusal or "cost" in case.answered:
        return None
    return Ask(
        *("cost", "medium", "Go on past the budget?", _completes(case.refusal), "budget"),
        consequence="a yes spends more than was allowed",
        reversible=False,
        not_offered="raise the budget instead",
    )


def ask_unsure(case: Case) -> Decision | None:
    """The confidence trigger: the agent rates its own action below the threshold. Unrated is not low."""
    rated, least = case.confidence, case.policy.confidence_act
    if rated is None or rated.value >= least or "confidence" in case.answered:
        return None
    why = f"it rates its own action {rated.value:.2f}, below {least:.2f}"
    rule = f"confidence below {least:.2f}"
    return case.ask("confidence", "low", why, rule, not_offered="it was unsure of this one")


def apply_rules(case: Case) -> Decision | None:
    """Ask and allow rules, this session's grants, then the default policy (design: reads inside run, the rest asks)."""
    if rule := _find_touching(case.policy.ask, case):
        return _policy_ask(case, f"your rule {rule} says ask", rule)
    if rule := next((text for text in case.policy.allow if Rule.parse(text).covers(case.proposal)), ""):
        return Allow(rule)
    because, name = _default_reason(case)
    if not because:
        return Allow(name)
    if case.grants.covers(case.proposal):
        return Allow("allowed for this session")
    return _policy_ask(case, because, name)


CHECKS: tuple[Check, ...] = (
    *(
        deny_unmended,
        deny_by_rule,
        ask_always,
        ask_irreversible,
        ask_past_steps,
        ask_past_budget,
        ask_unsure,
        apply_rules,
    ),
)


def _default_reason(case: Case) -> tuple[str, str]:
    """Why the default policy asks, and the name of its rule; an empty reason when it lets the call run."""
    effects, line = case.proposal.effects, case.proposal.line
    if any(effect.secret for effect in effects):
        return "it touches a place where secrets are kept", "secrets"
    if any(effect.outside for effect in effects):
        return "it reaches outside the workspace", "outside the workspace"
    if all(effect.kind in ("read", "memory") for effect in effects) and (line is None or line.certain_read):
        return "", "memory" if effects and effects[0].kind == "memory" else "reads in the workspace"
    if line is not None:
        return (line.reason, "shell lines that are not certainly reads") if effects else ("", "nothing to run")
    if any(effect.kind == "unknown" for effect in effects):
        return "nobody can tell what it does", f"unknown tool {case.proposal.tool}"
    if any(map(case.grants.worktree.is_foreign, case.proposal.targets)):
        return "it edits a file you have open changes in", "edit dirty files"
    return "it changes a file", "edits in the workspace"


def _policy_ask(case: Case, because: str, rule: str) -> Ask:
    scope = case.grants.scope(case.proposal)
    return case.ask(*("policy", "low", because, rule), not_offered=scope.not_offered, session_scope=scope.says)


def _find_touching(rules: tuple[str, ...], case: Case) -> str:
    return next((text for text in rules if Rule.parse(text).touches(case.proposal)), "")


def _completes(sentence: str) -> str:
    """`sentence` without its full stop and with a small first letter, to stand after "asks because"."""
    bare = sentence.strip().rstrip(".")
    return bare[:1].lower() + bare[1:] if bare[1:2].islower() else bare


class Gate:
    """Decides about calls, one at a time; holds no state of its own.

    Raises ValueError at once for a rule that cannot be read, so that no call is ever decided by half a policy.
    """

    def __init__(self, policy: EscalationPolicy) -> None:
        self.policy = policy
        for text in (*policy.ask, *policy.allow, *policy.deny):
            Rule.parse(text)

    def describe_idle(self, tools: Collection[str]) -> list[str]:
        """A sentence for each rule that holds nothing back, since none of `tools` has its name."""
        policy, there = self.policy, ", ".join(tools)
        idle = (text for text in (*policy.deny, *policy.ask) if not Rule.parse(text).finds(tools))
        return [f"the rule {text} holds nothing back: no tool has its name. There are: {there}." for text in idle]

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
        case = Case(proposal, confidence, step, step_budget, refusal, grants, self.policy, answered)
        return next((decision for check in CHECKS if (decision := check(case))), Allow())


def explain(proposal: Proposal, workspace: Path, policy: EscalationPolicy) -> dict[str, Any]:
    """What the gate would say to `proposal`, rated by nobody and in a session that allowed nothing yet.

    `{"verdict": "allow|ask|deny", "rule", "because", "segment", "effects": […], "try": False}`
    """
    match Gate(policy).decide(proposal, None, 1, 1, "", Grants(workspace)):
        case Allow(rule=rule):
            said = ("allow", rule, "", "")
        case Deny(rule=rule, because=because):
            said = ("deny", rule, because, "")
        case Ask() as ask:
            said = ("ask", ask.rule, ask.because, ask.segment)
    verdict = dict(zip(("verdict", "rule", "because", "segment"), said, strict=True))
    return verdict | {"effects": list(msgspec.to_builtins(proposal.effects)), "try": False}
