"""What the gate would say to a shell line, and why, without running it: `workbench explain`."""

from pathlib import Path
from typing import Any

import msgspec

from workbench.core.decisions import Proposal
from workbench.escalation.decision import Ask, Deny, Run
from workbench.escalation.effects import effects_of
from workbench.escalation.framework import Gate
from workbench.escalation.policy import EscalationPolicy
from workbench.escalation.rules import Grants


def explain(line: str, workspace: Path, policy: EscalationPolicy | None = None) -> dict[str, Any]:
    """`{"verdict": "allow|ask|deny", "rule", "because", "segment", "effects": […]}` for `line` run in `workspace`."""
    arguments = {"command": line}
    effects = effects_of("shell", arguments, workspace)
    gate = Gate(policy or EscalationPolicy())
    decision = gate.decide(Proposal("explain", "shell", arguments, effects), None, 1, 1, "", Grants(workspace))
    said = {"effects": list(msgspec.to_builtins(effects))}
    match decision:
        case Run(rule=rule):
            return {"verdict": "allow", "rule": rule, "because": "", "segment": ""} | said
        case Deny(rule=rule):
            return {"verdict": "deny", "rule": rule, "because": "a rule denies it", "segment": ""} | said
        case Ask():
            return {
                "verdict": "ask",
                "rule": decision.rule,
                "because": decision.because,
                "segment": decision.segment,
            } | said
