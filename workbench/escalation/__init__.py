"""Escalation: when the agent stops and asks a person (seed §5).

Every proposed call passes the gate, which follows the seed's flowchart: always-escalate list, step budget, token and
cost budget, confidence, then the rules. What a call would do is read from its tool and arguments, a shell line command
by command, and a question carries all that a person needs to answer it.
"""

from workbench.escalation.decision import Ask, Decision, Deny, Run
from workbench.escalation.effects import effects_of
from workbench.escalation.explanation import explain
from workbench.escalation.framework import Gate
from workbench.escalation.policy import EscalationPolicy
from workbench.escalation.request import budget_exhausted, raised, step_budget, unsure_answer, work_so_far
from workbench.escalation.rules import Grants, Rule
from workbench.escalation.shell import Line, Segment, analyse
from workbench.escalation.unattended import Approve, answer

__all__ = [
    "Approve",
    "Ask",
    "Decision",
    "Deny",
    "EscalationPolicy",
    "Gate",
    "Grants",
    "Line",
    "Rule",
    "Run",
    "Segment",
    "analyse",
    "answer",
    "budget_exhausted",
    "effects_of",
    "explain",
    "raised",
    "step_budget",
    "unsure_answer",
    "work_so_far",
]
