"""Thinking: one entry for what it thought before it spoke or acted."""

from workbench.core import events as e
from workbench.core.messages import Thinking
from workbench.ui.reduce.retries import note_answer
from workbench.ui.state import Change, Marker, Thought, UiState


def think(state: UiState, event: e.ThinkingArrived, at: float) -> Change:
    """It thinks on."""
    change = Change.STATUS if state.activity != "thinking" else Change.NOTHING
    state.activity = "thinking"
    change |= note_answer(state)
    if not event.text:
        return change
    if (thought := state.thinking) is None:
        return change | state.add(Thought(turn=event.turn, text=event.text, streaming=True, began=at))
    thought.text += event.text
    state.touched.add(len(state.entries) - 1)
    return change | Change.ENTRIES


def stop_thinking(state: UiState, at: float) -> Change:
    """It speaks, acts, or ended."""
    if (thought := state.thinking) is None:
        return Change.NOTHING
    thought.streaming, thought.seconds = False, max(0.0, at - thought.began)
    state.touched.add(len(state.entries) - 1)
    return Change.ENTRIES


def settle_thought(state: UiState, event: e.MessageAdded, at: float) -> Change:
    """All that it thought, where it was not seen to think: in a history, or from a model that tells it at the end."""
    change = stop_thinking(state, at)
    text = "\n\n".join(part.thinking.strip() for part in event.parts if isinstance(part, Thinking)).strip()
    before = _find_place(state)
    last = state.entries[before - 1] if before else None
    if not text:
        return change
    if isinstance(last, Thought) and last.turn == event.turn and last.began:
        last.text = text
        state.touched.add(before - 1)
        return change | Change.ENTRIES
    state.entries.insert(before, Thought(turn=event.turn, text=text))
    if before < len(state.entries) - 1:  # the answer that is still arriving stands after it
        state.touched.update((before, before + 1))
    return change | Change.ADDED | Change.ENTRIES


def _find_place(state: UiState) -> int:
    """Before the answer that is arriving, unless what came after it is known by its place: then at the end."""
    at, end = state.streaming_at, len(state.entries)
    if at is None or any(not isinstance(entry, Marker) or entry.key for entry in state.entries[at + 1 :]):
        return end
    return at
