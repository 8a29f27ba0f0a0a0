"""Everything about a call: what it touches and every argument."""

import json

from workbench.core.decisions import EscalationRequest
from workbench.core.effects import Effect
from workbench.ui.modals.facts import Fact
from workbench.ui.modals.styled import joined, muted, plain


def details(request: EscalationRequest) -> tuple[Fact, ...]:
    """Rows for tool, trigger, effects, arguments and what you asked."""
    rows = [Fact("asked by", plain(f"{request.reason} trigger"))]
    if request.question:
        rows.append(Fact("you asked", plain(f"“{request.question}”")))
    proposal = request.proposal
    if proposal is None:
        return tuple(rows)
    rows.insert(0, Fact("tool", joined([plain(proposal.tool, "$info"), muted(proposal.call_id)], "  ")))
    label = "effects"
    for effect in proposal.effects:
        rows.append(
            Fact(label, joined([plain(effect.kind), plain(", ".join(effect.targets)), muted(_remarks(effect))]))
        )
        label = ""
    rows.append(Fact("arguments", plain(json.dumps(proposal.arguments, indent=2, ensure_ascii=False))))
    return tuple(rows)


def _remarks(effect: Effect) -> str:
    remarks = ["outside the workspace"] if effect.outside else []
    remarks += ["a place for secrets"] if effect.secret else []
    remarks += [] if effect.reversible else ["cannot be undone"]
    return ", ".join(remarks)
