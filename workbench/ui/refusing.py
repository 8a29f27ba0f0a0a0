"""What esc answers to a question that waits, what else it does, and how that is said. No Textual, no engine, no I/O."""

from dataclasses import dataclass
from typing import NamedTuple

from workbench.core.decisions import Answer, EscalationRequest
from workbench.ui.state import UiState


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


class EscWord(NamedTuple):
    """What esc does at the moment, for a key (`esc stop`) and in a sentence (`esc stops`)."""

    word: str
    does: str


def name_esc(state: UiState) -> EscWord | None:
    """What waits comes before a draft out of the queue, and that before the running turn; None where nothing is."""
    if state.escalations:
        refusal = find_refusal(state.escalations[0])
        return EscWord(refusal.word, refusal.does)
    if state.taken_back:
        return EscWord("remove", "removes the draft")
    return EscWord("stop", "stops") if state.running else None
