"""Escalation requests: everything a person needs to decide, in the order in which they decide (seed §5)."""

import msgspec

from workbench.core.decisions import Confidence, EscalationRequest, Progress, Proposal
from workbench.core.figures import dollars, tokens
from workbench.escalation.policy import Ask


def build_request(
    decision: Ask,
    proposal: Proposal | None,
    progress: Progress,
    confidence: Confidence | None,
    id: str,
    question: str = "",
) -> EscalationRequest:
    """The request for a call that asks; the exact command that asks stands in its preview's `segment`."""
    if proposal and proposal.preview and decision.segment:
        preview = msgspec.structs.replace(proposal.preview, segment=decision.segment)
        proposal = msgspec.structs.replace(proposal, preview=preview)
    said = msgspec.structs.asdict(decision)
    del said["segment"]
    return EscalationRequest(
        id,
        **said,
        progress=progress,
        proposal=proposal.shorten() if proposal else None,
        confidence=confidence,
        editable=proposal is not None and decision.reason not in ("complexity", "cost"),
        question=question,
    )


def ask_for_budget(refusal: str, progress: Progress, id: str, question: str = "") -> EscalationRequest:
    """The cost trigger: `refusal` says which budget is used up. The message carries the work done so far."""
    asked = Ask(
        *("cost", "medium", "Go on past the budget?", refusal.strip().rstrip("."), "budget", work_so_far(progress)),
        reversible=False,
        not_offered="raise the budget instead",
    )
    return build_request(asked, None, progress, None, id, question)


def ask_what_was_meant(
    confidence: Confidence, threshold: float, progress: Progress, id: str, question: str
) -> EscalationRequest:
    """The confidence trigger for an answer: what it might have meant are the choices, `question` is what was asked."""
    message = "Which of these do you mean?" if confidence.alternatives else "What do you mean?"
    because = f"it rates its own answer {confidence.value:.2f}, below {threshold:.2f}"
    asked = Ask("confidence", "low", message, because, f"confidence below {threshold:.2f}", reversible=True)
    return build_request(asked, None, progress, confidence, id, question)


def work_so_far(progress: Progress) -> str:
    """`11 of 20 steps · 84k tokens · $0.42 · retry.py edited` (seed §5 `_generate_summary`)."""
    steps = f"{progress.steps} of {progress.step_budget} steps" if progress.step_budget else f"{progress.steps} steps"
    return " · ".join((steps, f"{tokens(progress.tokens)} tokens", dollars(progress.cost), *progress.notes))
