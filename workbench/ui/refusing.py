"""What esc answers to a question that waits, and how that is said. No Textual, no engine, no I/O."""

from dataclasses import dataclass

from workbench.core.decisions import Answer, EscalationRequest


@dataclass(frozen=True)
class Refusal:
    """The answer, and its word for a key (`esc reject`) and in a sentence (`esc rejects`)."""

    answer: Answer
    word: str
    does: str


CALL = Refusal("reject", "reject", "rejects")
LIMIT = Refusal("stop", "stop here", "stops here")
UNSURE = Refusal("leave", "leave it", "leaves it")


def find_refusal(request: EscalationRequest) -> Refusal:
    """A call that waits for a yes is rejected, at a limit the turn stops, what is unsure is left."""
    if request.reason in ("cost", "complexity"):
        return LIMIT
    return UNSURE if request.proposal is None else CALL
