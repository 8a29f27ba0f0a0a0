"""A session's row, folded from its journal."""

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ui.test_reduce import EVENTS
from workbench.core import events as e
from workbench.core.decisions import Confidence
from workbench.core.notes import Note
from workbench.core.spend import Usage
from workbench.core.summary import SessionSummary, SummaryFold, summarise

MORE = st.one_of(
    EVENTS,
    st.sampled_from([0.2, 0.9]).map(lambda value: e.ConfidenceScored(1, Confidence(value))),
    st.sampled_from([None, 0.5]).map(lambda usd: e.BudgetSettled(1, 1, "m", Usage(5, 7), usd)),
    st.integers(1, 9).map(lambda prompt: e.MessageAdded(1, 1, (), (), "end_turn", Usage(prompt))),
    st.just(e.SessionOpened("t", "/work", "anthropic", "m")),
    st.just(e.SessionRenamed("another")),
    st.just(e.ScratchpadChanged(Note("task", "audit"))),
)


@given(st.lists(MORE, max_size=30))
def test_a_row_that_grows_with_its_session_is_at_each_event_the_row_of_its_journal(happened: list[e.AnyEvent]) -> None:
    events = [e.Stamped(seq, float(seq), "s", "t", event) for seq, event in enumerate(happened, 1)]
    growing = SummaryFold(SessionSummary("s"))
    for count, stamped in enumerate(events, 1):
        growing.apply(stamped)
        row = growing.read(events[:count])
        assert row == summarise(SessionSummary("s"), events[:count])
        assert (row.events, row.updated_at) == (count, stamped.at)


def test_a_row_says_what_happened_last_and_adds_up_what_was_spent() -> None:
    happened = (
        e.SessionOpened("t", "/work", "anthropic", "m"),
        e.TurnStarted(1, "go", 2),
        e.BudgetSettled(1, 1, "m", Usage(5, 7), 0.5),
        e.BudgetSettled(1, 2, "m", Usage(1, 1), 0.25),
        e.BudgetSettled(1, 2, "m", Usage(1, 1), None, as_if=True),
        e.MessageAdded(1, 2, (), (), "end_turn", Usage(9)),
        e.TurnFailed(1, "crash", "it stopped"),
    )
    row = summarise(SessionSummary("s"), [e.Stamped(n, float(n), "s", "t", event) for n, event in enumerate(happened)])
    assert (row.title, row.task, row.turns, row.state, row.window) == ("t", "go", 1, "failed", 9)
    assert (row.tokens, row.usd, row.as_if_usd, row.events) == (16, 0.75, None, 7)


def test_a_session_with_no_events_is_the_row_that_was_known_of_it() -> None:
    known = SessionSummary("s", updated_at=9.0)
    assert summarise(known, ()) == known
