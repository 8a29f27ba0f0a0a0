"""Which budget of a session and of a day is shown, the same on the strip and in the panel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.spend import Spend


@pytest.mark.parametrize(
    ("spend", "shown"),
    [
        (Spend(usd=1.0, limit_usd=5.0, tokens=10, limit_tokens=100), "session_usd"),
        (Spend(usd=1.0, limit_usd=5.0, tokens=30, limit_tokens=100), "session_tokens"),
        (Spend(usd=1.0, limit_usd=5.0, tokens=20, limit_tokens=100), "session_usd"),  # as full: dollars
        (Spend(limit_usd=5.0, limit_tokens=100), "session_usd"),  # nothing is spent yet
        (Spend(usd=None, limit_usd=5.0, tokens=1, limit_tokens=100), "session_tokens"),  # what it cost is not known
        (Spend(usd=4.0, limit_usd=5.0, limit_tokens=100, priced=False), "session_tokens"),  # nor what it will cost
        (Spend(usd=4.0, as_if_usd=0.5, as_if=True, limit_usd=5.0, tokens=20, limit_tokens=100), "session_tokens"),
        (Spend(usd=None, as_if_usd=2.0, as_if=True, limit_usd=5.0, tokens=20, limit_tokens=100), "session_usd"),
        (Spend(day_usd=30.0, day_limit_usd=40.0, day_tokens=9, day_limit_tokens=10), "session_usd"),  # not the day's
    ],
)
def test_the_fuller_of_the_session_s_budgets_is_shown_and_tokens_where_dollars_are_not_known(
    spend: Spend, shown: str
) -> None:
    assert spend.session == shown


@pytest.mark.parametrize(
    ("spend", "shown"),
    [
        (Spend(day_usd=30.0, day_limit_usd=40.0, day_tokens=9, day_limit_tokens=10), "day_tokens"),
        (Spend(day_usd=30.0, day_limit_usd=40.0, day_tokens=7, day_limit_tokens=10), "day_usd"),
        (Spend(usd=None, day_usd=30.0, day_limit_usd=40.0, day_tokens=7, day_limit_tokens=10), "day_usd"),
        (Spend(day_usd=30.0, day_limit_usd=40.0, day_limit_tokens=10, priced=False), "day_tokens"),
    ],
)
def test_the_fuller_of_the_day_s_budgets_is_shown(spend: Spend, shown: str) -> None:
    assert spend.day == shown


cents, counts = st.integers(0, 10_000), st.integers(0, 10_000)
limits = st.integers(1, 10_000)


@given(cents, limits, counts, limits)
def test_what_is_shown_is_never_the_emptier_one(usd: int, most: int, tokens: int, limit: int) -> None:
    spend = Spend(usd=float(usd), limit_usd=float(most), tokens=tokens, limit_tokens=limit)
    day = Spend(day_usd=float(usd), day_limit_usd=float(most), day_tokens=tokens, day_limit_tokens=limit)
    for reading, shown in ((spend, spend.session), (day, day.day)):
        used, of = reading.amounts(shown)
        assert (used or 0) / of >= max(usd / most, tokens / limit) - 1e-9
        assert shown.endswith("tokens") == (tokens * most > usd * limit)
