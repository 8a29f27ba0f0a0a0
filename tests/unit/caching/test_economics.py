"""When a rewrite of the prefix has paid for itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.caching import CacheRecord, compute_payback
from workbench.core.spend import Usage


@pytest.mark.parametrize(("ratio", "turns"), [(0.1, 3.9), (0.05, 6.6)])
def test_a_summary_of_150k_pays_back_as_measured(ratio, turns):
    assert round(compute_payback(150_000, 14_000, 4_000, 20, 4, ratio, warm=True)[2], 1) == turns


@pytest.mark.parametrize(("ratio", "turns"), [(0.1, 75), (0.05, 156)])
def test_clearing_20k_of_results_with_130k_behind_them_pays_back_as_measured(ratio, turns):
    assert round(compute_payback(150_000, 130_000, 0, 20, 4, ratio, warm=True)[2]) == turns


@pytest.mark.parametrize("summary", [0, 4_000])
def test_a_cold_cache_pays_at_once(summary):
    assert compute_payback(150_000, 14_000, summary, 20, 4, 0.05, warm=False)[2] == 0


def test_costs_are_dollars_at_prices_per_million():
    cost, saves, _ = compute_payback(150_000, 14_000, 4_000, 20, 4, 0.1, warm=True)
    assert cost == pytest.approx(0.06 + 0.08 + 0.07)  # the old prefix read, the summary, the new prefix written
    assert saves == pytest.approx(0.0544)


def test_what_stays_in_front_need_not_be_written_again():
    whole, front = (compute_payback(150_000, 130_000, 0, 20, 4, 0.1, warm=True, kept=kept)[2] for kept in (0, 100_000))
    assert front < whole


def test_what_saves_nothing_never_pays_back():
    assert compute_payback(10_000, 10_000, 500, 20, 4, 0.1, warm=True)[2] is None
    assert compute_payback(10_000, 12_000, 500, 20, 4, 0.1, warm=True)[2] is None


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**4), st.floats(0, 1), st.booleans())
def test_costs_and_savings_are_never_negative(before, after, summary, ratio, warm):
    cost, saves, turns = compute_payback(before, after, summary, 20, 4, ratio, warm)
    assert cost >= 0 <= saves
    assert turns is None or turns >= 0


def test_what_a_request_found_is_told_with_the_time_at_which_it_turns_cold():
    event = CacheRecord().report(Usage(100, 20, 900, 50), now=1_000.0)
    assert (event.read, event.written, event.uncached, event.cold_at) == (900, 50, 100, 1_300.0)


def test_where_nothing_is_cached_nothing_is_warm():
    assert CacheRecord().report(Usage(100, 20), now=1_000.0).cold_at == 1_000.0
