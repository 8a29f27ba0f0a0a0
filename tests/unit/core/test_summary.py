"""A session's row, folded from its journal one by one or at once."""

from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.ui.test_reduce import EVENTS
from workbench.core import events as e
from workbench.core.decisions import Confidence
from workbench.core.notes import Note
from workbench.core.spend import Usage
from workbench.core.summary import SessionSummary, fold_summaries, fold_summary

MORE = st.one_of(
    EVENTS,
    st.sampled_from([0.2, 0.9]).map(lambda value: e.ConfidenceScored(1, Confidence(value))),
    st.sampled_from([None, 0.5]).map(lambda usd: e.BudgetSettled(1, 1, "m", Usage(5, 7), usd)),
    st.integers(1, 9).map(lambda prompt: e.MessageAdded(1, 1, (), (), "end_turn", Usage(prompt))),
    st.just(e.SessionOpened("t", "/work", "anthropic", "m")),
    st.just(e.SessionRenamed("another")),
    st.just(e.ScratchpadChanged(Note("task", "audit"))),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(MORE, max_size=30))
def test_a_journal_folds_at_once_to_the_row_that_it_folds_to_one_by_one(happened: list[e.AnyEvent]) -> None:
    events = [e.Stamped(seq, float(seq), "s", "t", event) for seq, event in enumerate(happened, 1)]
    assert fold_summaries(SessionSummary("s"), events) == reduce(fold_summary, events, SessionSummary("s"))
