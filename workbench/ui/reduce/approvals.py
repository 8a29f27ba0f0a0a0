"""What it asks: escalations, and what became of them."""

from workbench.core import events as e
from workbench.core.decisions import Answer, EscalationRequest
from workbench.ui.state import Asked, Change, Tool, UiState

WORDS: dict[Answer, str] = {
    "once": "once",
    "session": "this session",
    "edit": "edited",
    "reject": "rejected",
    "stop": "stopped here",
    "reply": "answered",
    "leave": "left it",
}
CHANGED = Change.ESCALATION | Change.STATUS | Change.ENTRIES


def raise_question(state: UiState, event: e.EscalationRaised, seq: int) -> Change:
    """It waits for an answer, and so does the call that it is about."""
    request = event.request
    state.escalations.append(request)
    if event.expires_at is not None:
        state.expires[request.id] = event.expires_at
    state.asked[request.id] = len(state.entries)
    state.activity = "waiting for you"
    index = state.calls.get(request.proposal.call_id) if request.proposal else None
    if index is not None and isinstance(tool := state.entries[index], Tool):
        tool.state = "waiting"
        state.touched.add(index)
    return CHANGED | state.add(Asked(seq, "results", message=_write_asked(request)))


def _write_asked(request: EscalationRequest) -> str:
    """The command, the file, or the message."""
    preview = request.proposal.preview if request.proposal else None
    if preview is None:
        return request.message
    return preview.text if preview.kind == "command" else preview.path or request.message


def resolve(state: UiState, event: e.EscalationResolved) -> Change:
    """Somebody answered."""
    verdict = event.verdict
    note = f": “{verdict.note}”" if verdict.note else ""
    if asked := _settle(state, event):
        asked.state, asked.allowed = "answered", verdict.allows
        asked.answer = f"{verdict.by}: {WORDS[verdict.answer]}{note}"
    return CHANGED


def expire(state: UiState, event: e.EscalationExpired) -> Change:
    """Nobody answered in time."""
    if asked := _settle(state, event):
        asked.state, asked.answer = "unanswered", "nobody answered; this is not a no"
    return CHANGED


def _settle(state: UiState, event: e.EscalationResolved | e.EscalationExpired) -> Asked | None:
    """Wait for it no longer; gives its entry."""
    state.escalations = [request for request in state.escalations if request.id != event.id]
    state.expires.pop(event.id, None)
    if not state.escalations:
        state.activity = "working" if state.running else ""
    index = state.asked.get(event.id)
    if index is None or not isinstance(asked := state.entries[index], Asked):
        return None
    asked.waited = event.waited
    state.touched.add(index)
    return asked
