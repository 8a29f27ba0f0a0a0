"""What it says: streamed, then settled by the complete message."""

from workbench.core import events as e
from workbench.core.messages import Text
from workbench.core.trailer import without_trailer
from workbench.ui.state import Answer, Change, UiState

CUT = "cut"
"""The stop reason of a draft that broke off."""


def reduce_message(state: UiState, stamped: e.Stamped) -> Change:
    """Fold a piece of what it says, or the complete message."""
    last = state.entries[-1] if state.entries else None
    match stamped.event:
        case e.TextArrived() as event:
            status = Change.STATUS if state.activity != "answering" else Change.NOTHING
            state.activity = "answering"
            if isinstance(last, Answer) and last.streaming:
                last.text += event.text
                return Change.TAIL | status
            return status | state.add(Answer(turn=event.turn, text=event.text, streaming=True))
        case e.ThinkingArrived():
            changed = state.activity != "thinking"
            state.activity = "thinking"
            return Change.STATUS if changed else Change.NOTHING
        case e.MessageAdded() as event:
            return _settle_answer(state, event, stamped.seq or 0)
    return Change.NOTHING


def _settle_answer(state: UiState, event: e.MessageAdded, seq: int) -> Change:
    """The complete message takes the place of what was streamed."""
    text = shown_text(event)
    last = state.entries[-1] if state.entries else None
    if isinstance(last, Answer) and last.streaming:
        last.streaming, last.draft, last.seq = False, event.draft, seq
        last.broken = event.stop_reason == CUT
        if text:
            last.text = text
        state.touched.add(len(state.entries) - 1)
        return Change.TAIL | Change.ENTRIES
    if not text:
        return Change.NOTHING
    return state.add(Answer(seq=seq, turn=event.turn, text=text, draft=event.draft, broken=event.stop_reason == CUT))


def shown_text(event: e.MessageAdded) -> str:
    """The message's text without its assessment trailer."""
    whole = "".join(part.text for part in event.parts if isinstance(part, Text))
    text = without_trailer(whole).strip("\n")
    return text if text.strip() else ""


def discard_streamed(state: UiState) -> Change:
    """What a broken attempt had said is not in the window: what follows begins anew."""
    last = state.entries[-1] if state.entries else None
    if not isinstance(last, Answer) or not last.streaming:
        return Change.NOTHING
    last.streaming, last.draft, last.broken, last.in_window = False, True, True, False
    state.touched.add(len(state.entries) - 1)
    return Change.ENTRIES | Change.TAIL
