"""Escalation: when the agent stops and asks a person (seed §5).

Every proposed call passes the gate, which follows the seed's flowchart: always-escalate list, step budget, token and
cost budget, confidence, then the rules. What a call would do is read from its tool and arguments, a shell line command
by command, and a question carries all that a person needs to answer it.
"""

from workbench.escalation.gate import Gate, explain
from workbench.escalation.places import Roots, SearchBudget
from workbench.escalation.policy import (
    Allow,
    Approve,
    Ask,
    Decision,
    Deny,
    EscalationPolicy,
    answer,
    ask_for_budget,
    ask_for_room,
    ask_to_leave_out,
    ask_to_wait,
    ask_what_was_meant,
    build_request,
)
from workbench.escalation.rules import Grants, Rule
from workbench.escalation.shell import analyse

__all__ = [
    "Allow",
    "Approve",
    "Ask",
    "Decision",
    "Deny",
    "EscalationPolicy",
    "Gate",
    "Grants",
    "Roots",
    "Rule",
    "SearchBudget",
    "analyse",
    "answer",
    "ask_for_budget",
    "ask_for_room",
    "ask_to_leave_out",
    "ask_to_wait",
    "ask_what_was_meant",
    "build_request",
    "explain",
]
