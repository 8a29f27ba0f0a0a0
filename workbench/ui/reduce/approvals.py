"""What it asks: escalations, and what became of them."""

from typing import Literal

from workbench.core import events as e
from workbench.core.decisions import Answer, EscalationRequest, Verdict
from workbench.ui.state import Asked, Change, Tool, UiState

WORDS: dict[Answer, str] = {
    "once": "once",
    "session": "this session",
    "edit": "edited",
    "reject": "rejected",
    "reply": "answered",
    "leave": "left it",
}
NOBODY = "nobody answered; this is not a no"


def reduce_approval(state: UiState, stamped: e.Stamped) -> Change:
    """Fold an escalation, its answer or its expiry."""
    match stamped.event:
        case e.EscalationRaised() as event:
            return _raise(state, event, stamped.seq or 0)
        case e.EscalationResolved() as event:
            verdict = event.verdict
            return _answer(state, event.id, "answered", _said(verdict), verdict.allows, event.waited)
        case e.EscalationExpired() as event:
            return _answer(state, event.id, "unanswered", NOBODY, False, event.waited)
    return Change.NOTHING


def _raise(state: UiState, event: e.EscalationRaised, seq: int) -> Change:
    request = event.request
    state.escalations.append(request)
    if event.expires_at is not None:
        state.expires[request.id] = event.expires_at
    state.asked[request.id] = len(state.entries)
    state.activity = "waiting for you"
    if request.proposal and request.proposal.call_id in state.calls:
        _wait(state, request.proposal.call_id)
    entry = Asked(seq, "results", id=request.id, reason=request.reason, message=asked_words(request))
    return Change.ESCALATION | Change.STATUS | Change.ENTRIES | state.add(entry)


def asked_words(request: EscalationRequest) -> str:
    """What the transcript says was asked: the command, the file, or the message."""
    preview = request.proposal.preview if request.proposal else None
    if preview is None:
        return request.message
    return preview.text if preview.kind == "command" else preview.path or request.message


def _said(verdict: Verdict) -> str:
    note = f": “{verdict.note}”" if verdict.note else ""
    return f"{verdict.by}: {WORDS[verdict.answer]}{note}"


def _wait(state: UiState, call_id: str) -> None:
    index = state.calls[call_id]
    tool = state.entries[index]
    if isinstance(tool, Tool):
        tool.state = "waiting"
        state.touched.add(index)


def _answer(
    state: UiState, id: str, outcome: Literal["answered", "unanswered"], answer: str, allowed: bool, waited: float
) -> Change:
    state.escalations = [request for request in state.escalations if request.id != id]
    state.expires.pop(id, None)
    index = state.asked.get(id)
    if index is not None and isinstance(entry := state.entries[index], Asked):
        entry.state, entry.answer, entry.allowed, entry.waited = outcome, answer, allowed, waited
        state.touched.add(index)
    if not state.escalations:
        state.activity = "working" if state.running else ""
    return Change.ESCALATION | Change.STATUS | Change.ENTRIES
