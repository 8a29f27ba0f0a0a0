"""Faults: one line for all tries of a request, which says when the next one is, and what became of them."""

from workbench.core import events as e
from workbench.ui.reduce.markers import offer
from workbench.ui.state import Answer, Change, Marker, Thought, UiState

STOPPED = "stopped"
"""How tries end that a person would not wait for."""


def wait_to_retry(state: UiState, event: e.RetryScheduled, seq: int, at: float) -> Change:
    """A try failed, and another follows: the line of the one before says so."""
    state.activity = "waiting to try again"
    change = Change.STATUS | Change.ENTRIES | discard_streamed(state)
    marker = _take_line(state)
    added = Change.NOTHING
    if marker is None:
        marker = Marker(seq, turn=event.turn, kind="retry", level="error")
        added = state.add(marker)
        state.retry_at = len(state.entries) - 1
    marker.title, marker.detail = event.message, f"try {event.attempt} of {event.of}"
    marker.due = at + event.delay
    offer(state, state.entries.index(marker), "retry", "try now")
    marker.tries = (*marker.tries, event.message)
    return change | added


def note_answer(state: UiState) -> Change:
    """Something comes of a try: nothing waits, and the key that would have ended the wait goes."""
    index = state.retry_at
    if index is None or not isinstance(marker := state.entries[index], Marker) or not marker.due:
        return Change.NOTHING
    marker.due = 0.0
    offer(state, index)
    return Change.ENTRIES


def end_retries(state: UiState, outcome: str) -> Change:
    """The tries are over: `outcome` says how. What was stopped while it waited can be sent again, as what failed."""
    index, state.retry_at = state.retry_at, None
    if index is None or not isinstance(marker := state.entries[index], Marker):
        return Change.NOTHING
    waited = marker.due > 0
    marker.level, marker.detail, marker.due = "warning", f"{marker.detail}, {outcome}", 0.0
    if waited and outcome == STOPPED:
        _offer_again(state, index)
    else:
        offer(state, index)
    return Change.ENTRIES


def fail_turn(state: UiState, event: e.TurnFailed, seq: int) -> Change:
    """The turn broke off; where it had been tried before, the same line says so."""
    marker, detail, added = _take_line(state), event.hint, Change.NOTHING
    if marker is None:
        added = state.add(marker := Marker(seq, turn=event.turn))
    else:
        detail = f"tried {len(marker.tries) + 1} times. {event.hint}".rstrip()
    marker.kind, marker.level, marker.title, marker.detail = "failed", "error", event.message, detail
    marker.tries, marker.due = (*marker.tries, event.message), 0.0
    state.retry_at = None
    _offer_again(state, len(state.entries) - 1)
    return Change.ENTRIES | added


def _offer_again(state: UiState, index: int) -> None:
    """The turn whose fault stands at `index` can be sent again, until another begins."""
    state.failed_at = index
    offer(state, index, "retry", "try again")


def begin_again(state: UiState) -> None:
    """Another turn begins: what failed before is offered no more."""
    if state.failed_at is not None:
        offer(state, state.failed_at)
        state.failed_at = None


def _take_line(state: UiState) -> Marker | None:
    """The line of the tries so far, moved below what they had said; None where there is none."""
    index = state.retry_at
    if index is None or not isinstance(marker := state.entries[index], Marker):
        return None
    after = state.entries[index + 1 :]
    if not all(isinstance(entry, Answer | Thought) for entry in after):
        return None
    if after and index < state.placed:
        return None
    state.entries[index:] = [*after, marker]
    state.touched.update(range(index, len(state.entries)))
    state.retry_at = len(state.entries) - 1
    return marker


def discard_streamed(state: UiState) -> Change:
    """What a broken attempt had said is not in the window: what follows begins anew."""
    at, answer = state.streaming_at, state.streaming
    if at is None or answer is None:
        return Change.NOTHING
    answer.streaming, answer.draft, answer.broken, answer.in_window = False, True, True, False
    state.touched.add(at)
    return Change.ENTRIES | Change.TAIL
