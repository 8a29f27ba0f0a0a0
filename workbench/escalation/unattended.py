"""The answers of a run that nobody watches: `--approve never`, `reads` or `all`."""

from typing import Literal

from workbench.core.decisions import EscalationRequest, Verdict
from workbench.escalation.triggers import ALWAYS_ASKED

Approve = Literal["never", "reads", "all"]


def answer(request: EscalationRequest, mode: Approve) -> Verdict | None:
    """What `mode` says to `request`; None leaves it unanswered, which is not a no.

    `never` answers nothing. `reads` lets calls run whose effects are all reads, outside secret places. `all` lets
    every call run, but never what is on the always-escalate list, a budget or an answer of low confidence.
    """
    if mode == "never" or request.proposal is None or request.reason in ("complexity", "cost"):
        return None
    if request.rule.endswith(ALWAYS_ASKED):
        return None
    effects = request.proposal.effects
    only_reads = bool(effects) and all(effect.kind == "read" and not effect.secret for effect in effects)
    return Verdict("once", by=f"--approve {mode}") if mode == "all" or only_reads else None
