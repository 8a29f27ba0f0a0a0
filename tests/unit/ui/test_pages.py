"""A long history is shown from its newest page on, and is whole soon after, as if it had been folded at once."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.bench import long_talk
from tests.ui.fake_client import FakeClient, state_of
from tests.unit.ui.test_reduce import EVENTS
from workbench.core import events as e
from workbench.core.notes import Note
from workbench.ui.reducer import EventReducer
from workbench.ui.state import Answer, UiState


def open_session(events: list[e.AnyEvent], page: int) -> tuple[EventReducer, UiState]:
    """A session of `events`, opened a page at a time."""
    stored = [e.Stamped(seq, 0.0, "s1", "t", event) for seq, event in enumerate(events, 1)]
    client = FakeClient(session_id="s1", stored=stored, busy=True)
    state = state_of(client)
    reducer = EventReducer(client, state, page)
    reducer.reload()
    return reducer, state


def say(reducer: EventReducer, events: list[e.AnyEvent], after: int) -> None:
    reducer.fold([e.Stamped(seq, 0.0, "s1", "t", event) for seq, event in enumerate(events, after + 1)])


def transcript(state: UiState) -> dict[str, Any]:
    """Everything that a state says of its transcript."""
    names = ("entries", "calls", "asked", "prompt_at", "starting_at", "retry_at", "compactions", "by_seq", "standing")
    return {name: getattr(state, name) for name in names}


@given(st.lists(EVENTS, max_size=25), st.lists(EVENTS, max_size=10), st.integers(1, 12))
def test_a_completed_page_is_the_whole_fold(before: list[e.AnyEvent], later: list[e.AnyEvent], page: int) -> None:
    turn: list[e.AnyEvent] = [e.TurnStarted(9, "again", 1)]
    events = [*before, *turn, *before, *turn]
    paged, state = open_session(events, page)
    whole, expected = open_session(events, page=1_000)
    shown = len(state.entries)
    say(paged, later, len(events))
    say(whole, later, len(events))
    added = len(state.entries) - shown
    more = paged.complete()
    assert transcript(state) == transcript(expected)
    assert more == len(expected.entries) - shown - added
    assert paged.whole is None


def test_the_first_page_knows_title_model_notes_and_the_newest_answer() -> None:
    talk = list(long_talk.talk(2_000))
    talk[2:2] = [e.SessionRenamed("another title"), e.ScratchpadChanged(Note("finding", "seen"))]
    reducer, state = open_session(talk, page=100)
    answer = next(entry for entry in reversed(state.entries) if isinstance(entry, Answer))
    assert answer.text.endswith(long_talk.LAST)
    assert (state.title, state.model, state.scratchpad.notes, state.turn) == ("another title", long_talk.MODEL, 1, 500)
    page = len(state.entries)
    assert page < 100
    assert reducer.complete() == 2_000 - page
    assert len(state.entries) == 2_000


def test_a_short_history_is_whole_at_once() -> None:
    reducer, state = open_session(list(long_talk.talk(40)), page=100)
    assert (reducer.whole, reducer.complete(), len(state.entries)) == (None, 0, 40)
