"""What it asks: escalations, and what became of them."""

from typing import Literal

from workbench.core import events as e
from workbench.core.decisions import Answer, EscalationRequest, Verdict
from workbench.ui.entries import Asked, Tool
from workbench.ui.state import Change, Model, add

WORDS: dict[Answer, str] = {
    "once": "once",
    "session": "this session",
    "edit": "edited",
    "reject": "rejected",
    "reply": "answered",
    "leave": "left it",
}
NOBODY = "nobody answered; this is not a no"


def asked(model: Model, stamped: e.Stamped) -> Change:
    """Fold an escalation, its answer or its expiry."""
    match stamped.event:
        case e.EscalationRaised() as event:
            return _raise(model, event, stamped.seq or 0)
        case e.EscalationResolved() as event:
            verdict = event.verdict
            return _answer(model, event.id, "answered", _said(verdict), verdict.allows, event.waited)
        case e.EscalationExpired() as event:
            return _answer(model, event.id, "unanswered", NOBODY, False, event.waited)
    return Change.NOTHING


def _raise(model: Model, event: e.EscalationRaised, seq: int) -> Change:
    request = event.request
    model.escalations.append(request)
    if event.expires_at is not None:
        model.expires[request.id] = event.expires_at
    model.asked[request.id] = len(model.entries)
    model.activity = "waiting for you"
    if request.proposal and request.proposal.call_id in model.calls:
        _wait(model, request.proposal.call_id)
    entry = Asked(seq, "results", id=request.id, reason=request.reason, message=asked_words(request))
    return Change.ESCALATION | Change.STATUS | Change.ENTRIES | add(model, entry)


def asked_words(request: EscalationRequest) -> str:
    """What the transcript says was asked: the command, the file, or the message."""
    preview = request.proposal.preview if request.proposal else None
    if preview is None:
        return request.message
    return preview.text if preview.kind == "command" else preview.path or request.message


def _said(verdict: Verdict) -> str:
    note = f": “{verdict.note}”" if verdict.note else ""
    return f"{verdict.by}: {WORDS[verdict.answer]}{note}"


def _wait(model: Model, call_id: str) -> None:
    index = model.calls[call_id]
    tool = model.entries[index]
    if isinstance(tool, Tool):
        tool.state = "waiting"
        model.touched.add(index)


def _answer(
    model: Model, id: str, state: Literal["answered", "unanswered"], answer: str, allowed: bool, waited: float
) -> Change:
    model.escalations = [request for request in model.escalations if request.id != id]
    model.expires.pop(id, None)
    index = model.asked.get(id)
    if index is not None and isinstance(entry := model.entries[index], Asked):
        entry.state, entry.answer, entry.allowed, entry.waited = state, answer, allowed, waited
        model.touched.add(index)
    if not model.escalations:
        model.activity = "working" if model.running else ""
    return Change.ESCALATION | Change.STATUS | Change.ENTRIES
