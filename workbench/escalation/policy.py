"""When to ask, as settings fill it; what the gate says to a call; and the request that a person decides (seed §5)."""

from typing import Literal

import msgspec

from workbench.core.decisions import Confidence, EscalationRequest, Progress, Proposal, Reason, Urgency, Verdict
from workbench.core.figures import dollars, span, tokens
from workbench.core.spend import BudgetName
from workbench.escalation.always import COMMAND_FORMS, SEED_ACTIONS

Approve = Literal["never", "reads", "all"]
"""Who answers in a run that nobody watches: nobody, or a yes to reads, or to all that may be said yes to."""
ALWAYS_ASKED = ", always asked"
"""Ends the rule of an escalation that the always-escalate list raised."""


class EscalationPolicy(msgspec.Struct, frozen=True):
    """When the agent stops to ask (seed §5)."""

    confidence_act: float = 0.7
    """An action rated below this asks; 0.0 to 1.0."""
    steps_budget: int = 15
    """Steps of a turn after which it asks before going on."""
    expires_s: float = 600.0
    """Seconds after which a question counts as unanswered."""
    quiet_s: float = 0.4
    """Seconds without a key before a question opens."""
    always: tuple[str, ...] = (*SEED_ACTIONS, *COMMAND_FORMS)
    """Tools and command forms that ask whatever was allowed (see `always`)."""
    ask: tuple[str, ...] = ()
    """Rules that ask, such as `shell(git push*)`."""
    allow: tuple[str, ...] = ()
    """Rules that let run what would ask."""
    deny: tuple[str, ...] = ()
    """Rules that refuse; nothing overrides them."""
    blocked: str = ""
    """Where the person's settings are broken, so that what they refuse is not known; nothing but reads runs then."""


class Allow(msgspec.Struct, frozen=True):
    """It may happen. `rule` names what allows it."""

    rule: str = ""


class Deny(msgspec.Struct, frozen=True):
    """It must not happen; the model reads `text`."""

    text: str
    rule: str
    because: str = "a rule denies it"


class Ask(msgspec.Struct, frozen=True):
    """A person decides. The fields are those of `EscalationRequest`; `segment` goes into the preview."""

    reason: Reason
    urgency: Urgency
    message: str
    because: str
    rule: str
    consequence: str = ""
    reversible: bool | None = None
    session_scope: str = ""
    not_offered: str = ""
    segment: str = ""
    """The exact command of a shell line that asks."""


Decision = Allow | Deny | Ask


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


def ask_for_budget(
    refusal: str, budget: BudgetName, progress: Progress, id: str, question: str = ""
) -> EscalationRequest:
    """The cost trigger: `refusal` says how far `budget` is used up. The message carries the work done so far."""
    asked = Ask(
        *("cost", "medium", "Go on past the budget?", refusal.strip().rstrip("."), "budget", _sum_up(progress)),
        reversible=False,
        not_offered="raise the budget instead",
    )
    return msgspec.structs.replace(build_request(asked, None, progress, None, id, question), budget=budget)


LEAVES_OUT = "what stands in the window"
"""The rule of a question whose yes only leaves something out of the window: nothing is done and nothing lost by it."""


def ask_for_room(message: str, progress: Progress, id: str, question: str = "") -> EscalationRequest:
    """The cost trigger where the window is full after it was compacted (seed §5), with the work done so far."""
    text = "The window is full. Go on without its largest parts?"
    asked = Ask("cost", "medium", text, message, LEAVES_OUT, _sum_up(progress), reversible=True)
    said = build_request(asked, None, progress, None, id, question)
    return msgspec.structs.replace(said, yes="leaves its largest results out; the journal keeps them")


def ask_to_leave_out(message: str, progress: Progress, id: str, question: str = "") -> EscalationRequest:
    """After a refusal that no repair mended: whether to go on with nothing but the words that were said."""
    text = "The request was refused. Go on with the words alone?"
    asked = Ask("complexity", "medium", text, message.rstrip("."), LEAVES_OUT, _sum_up(progress), reversible=True)
    said = build_request(asked, None, progress, None, id, question)
    return msgspec.structs.replace(said, yes="leaves calls, results and files out, and sends it again")


def ask_to_wait(message: str, wait: float, progress: Progress, id: str, question: str = "") -> EscalationRequest:
    """A server that asks for a long wait: whether to wait `wait` seconds."""
    text = f"The model server asks to wait {span(wait)}. Wait?"
    asked = Ask("complexity", "low", text, message.rstrip("."), "a long wait", _sum_up(progress), reversible=True)
    said = build_request(asked, None, progress, None, id, question)
    return msgspec.structs.replace(said, yes=f"tries again in {span(wait)}; esc stops it")


def ask_what_was_meant(
    confidence: Confidence, threshold: float, progress: Progress, id: str, question: str
) -> EscalationRequest:
    """The confidence trigger for an answer: what it might have meant are the choices, `question` is what was asked."""
    message = "Which of these do you mean?" if confidence.alternatives else "What do you mean?"
    because = f"it rates its own answer {confidence.value:.2f}, below {threshold:.2f}"
    asked = Ask("confidence", "low", message, because, f"confidence below {threshold:.2f}", reversible=True)
    return build_request(asked, None, progress, confidence, id, question)


def _sum_up(progress: Progress) -> str:
    """`11 of 20 steps · 84k tokens · $0.42 · retry.py edited` (seed §5 `_generate_summary`)."""
    return " · ".join(
        (progress.write_steps(), f"{tokens(progress.tokens)} tokens", dollars(progress.cost), *progress.notes)
    )


def answer(request: EscalationRequest, mode: Approve) -> Verdict | None:
    """What `mode` says to `request` where nobody watches; None leaves it unanswered, which is not a no.

    A yes that only leaves something out of the window is given in every mode. `never` answers nothing else. `reads`
    lets calls run whose effects are all reads, outside secret places. `all` lets every call run, but never a file tool
    outside the workspace and the folders added to it, nor what is on the always-escalate list, a budget or an answer
    of low confidence.
    """
    proposal = request.proposal
    if request.rule == LEAVES_OUT:
        return Verdict("once", by=f"--approve {mode}")
    if mode == "never" or proposal is None or request.reason in ("complexity", "cost"):
        return None
    if request.rule.endswith(ALWAYS_ASKED):
        return None
    effects = proposal.effects
    if proposal.kind in ("read", "edit") and any(effect.outside for effect in effects):
        return None
    only_reads = bool(effects) and all(effect.kind == "read" and not effect.secret for effect in effects)
    return Verdict("once", by=f"--approve {mode}") if mode == "all" or only_reads else None
