"""How long to wait before a failed request is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.reliability import LONGEST_WAIT, RetryPolicy, compute_delay


def test_the_ceiling_doubles_up_to_the_cap():
    waits = [compute_delay(attempt, None, RetryPolicy(), lambda: 1.0) for attempt in range(1, 8)]
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_jitter_is_full():
    assert compute_delay(3, None, RetryPolicy(), lambda: 0.0) == 0
    assert compute_delay(3, None, RetryPolicy(), lambda: 0.5) == 2


def test_the_server_is_obeyed_without_jitter():
    assert compute_delay(1, 7.5, RetryPolicy(), lambda: 0.0) == 7.5
    assert compute_delay(1, 0.0, RetryPolicy(), lambda: 1.0) == 0


def test_a_server_is_never_asked_earlier_than_it_wants():
    assert compute_delay(1, 86_400, RetryPolicy(), lambda: 0.0) == 86_400


@given(st.integers(-5, 10_000), st.none() | st.floats(-10, LONGEST_WAIT), st.floats(-1, 2))
def test_every_wait_of_our_own_is_within_reason(attempt, retry_after, jitter):
    assert 0 <= compute_delay(attempt, retry_after, RetryPolicy(), lambda: jitter) <= LONGEST_WAIT
