"""The spend ledger (seed §9): four budgets, the fullest sets the tier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import events as e
from workbench.core.spend import Amount, DayTotal, Usage
from workbench.cost import BudgetPolicy, GenaiPrices, SpendLedger, choose_tier

POLICY = BudgetPolicy(session_usd=5.0, session_tokens=1_000, day_usd=20.0, day_tokens=10_000)


def reserved(tokens: int = 100, usd: float | None = 0.5, child: str = "") -> e.BudgetReserved:
    return e.BudgetReserved(1, 1, tokens, usd, child)


def settled(
    tokens: int = 100, usd: float | None = 0.5, as_if: bool = False, cached: int = 0, child: str = ""
) -> e.BudgetSettled:
    return e.BudgetSettled(1, 1, "m", Usage(tokens - cached, 0, cached), usd, as_if, child=child)


def ledger(*events: e.AnyEvent, as_if: bool = False, day: tuple[float, int] = (0.0, 0)) -> SpendLedger:
    spend = SpendLedger(POLICY, as_if, DayTotal(Amount(*day)))
    for seq, event in enumerate(events, 1):
        spend.apply(e.Stamped(seq, 0.0, "s", "t", event))
    return spend


FINISHED = e.TurnFinished(1, "done", "", 1, 1.0, Usage(), 0.0)


def test_a_reservation_is_shown_and_does_not_move_the_tier():
    reading = ledger(reserved(990, 4.9)).reading()
    assert (reading.reserved_tokens, reading.reserved_usd) == (990, 4.9)
    assert (reading.tokens, reading.tier, reading.share) == (0, 1, 0.0)


def test_settling_clears_the_reservation_and_counts_session_and_day():
    reading = ledger(reserved(), settled(300, 1.0), day=(2.0, 500)).reading()
    assert (reading.reserved_tokens, reading.reserved_usd) == (0, 0.0)
    assert (reading.usd, reading.tokens, reading.day_usd, reading.day_tokens) == (1.0, 300, 3.0, 800)


def test_what_children_have_under_way_is_held_until_each_of_them_settles_or_ends():
    spend = ledger(reserved(400, 1.0, "a"), reserved(300, 1.0, "b"), reserved(100, 0.5))
    assert (spend.reading().reserved_tokens, spend.reading().reserved_usd) == (800, 2.5)
    assert spend.refusal(201, 0.1).endswith("0 of the session's 1k tokens are spent, with 800 reserved by others.")
    assert spend.refusal(200, 0.1) == ""
    for event, held in (
        (settled(50, 0.1, child="a"), 400),
        (FINISHED, 300),
        (e.SubtaskFinished("b", "research", "interrupted", ""), 0),
    ):
        spend.apply(e.Stamped(9, 0.0, "s", "t", event))
        assert spend.reading().reserved_tokens == held
    assert spend.reading().tokens == 50


@pytest.mark.parametrize("end", [FINISHED, e.TurnFailed(1, "server", "gone")])
def test_the_end_of_a_turn_clears_what_was_reserved(end):
    assert ledger(reserved(), end).reading().reserved_tokens == 0


@pytest.mark.parametrize(
    ("events", "day", "fullest", "tier"),
    [
        ([settled(10, 4.0)], (0.0, 0), "session_usd", 2),
        ([settled(950, 0.1)], (0.0, 0), "session_tokens", 3),
        ([settled(10, 0.1)], (19.9, 0), "day_usd", 4),
        ([settled(10, 0.1)], (0.0, 9_000), "day_tokens", 3),
    ],
)
def test_the_fullest_of_the_four_budgets_sets_the_tier(events, day, fullest, tier):
    reading = ledger(*events, day=day).reading()
    assert (reading.fullest, reading.tier) == (fullest, tier)


def test_where_a_price_is_unknown_dollars_are_unknown_and_the_tokens_rule():
    spend = ledger(settled(800, None))
    reading = spend.reading()
    assert (reading.usd, reading.fullest, reading.tier) == (None, "session_tokens", 2)
    assert spend.refusal(100, None) == ""
    assert "tokens" in spend.refusal(300, None)


def test_dollars_known_to_be_spent_still_count_beside_an_unknown_price():
    spend = ledger(settled(1, 4.9), settled(1, None))
    assert spend.reading().usd is None
    assert spend.reading().tier == 3
    assert spend.refusal(1, 0.2) != ""


def test_money_of_a_rehearsal_fills_the_session_and_never_the_day():
    spend = ledger(settled(10, 4.6, as_if=True), as_if=True, day=(19.99, 9_999))
    reading = spend.reading()
    assert (reading.usd, reading.as_if_usd, reading.own_usd) == (0.0, 4.6, 4.6)
    assert (reading.day_usd, reading.day_tokens) == (19.99, 9_999)
    assert (reading.as_if, reading.fullest, reading.tier) == (True, "session_usd", 3)
    assert spend.refusal(10, 0.1) == ""
    assert "as if" in spend.refusal(10, 1.0)


PAST = [settled(600, 4.9, as_if=True), settled(10, 1.0)]


def test_what_was_rehearsed_counts_against_no_real_budget_once_a_key_is_there():
    spend = ledger(*PAST)
    reading = spend.reading()
    assert (reading.usd, reading.as_if_usd, reading.own_usd) == (1.0, 4.9, 1.0)
    assert (reading.tokens, reading.day_usd, reading.day_tokens, reading.tier) == (10, 1.0, 10, 1)
    assert spend.refusal(400, 3.9) == ""


def test_what_was_paid_is_never_listed_as_if_in_a_rehearsal():
    spend = ledger(*PAST, as_if=True)
    reading = spend.reading()
    assert (reading.usd, reading.own_usd, reading.tokens) == (1.0, 4.9, 600)
    assert spend.refusal(1, 0.2) == "The request may take $0.20 as if, and $4.90 of the session's $5.00 as if is spent."


def test_raising_sets_the_new_limits_and_leaves_the_others():
    reading = ledger(settled(10, 5.0), e.BudgetRaised(usd=10.0)).reading()
    assert (reading.limit_usd, reading.limit_tokens, reading.tier) == (10.0, 1_000, 1)


def test_a_refusal_names_the_limit_and_the_figures():
    assert ledger(settled(100, 4.8)).refusal(10, 0.4) == (
        "The request may take $0.40, and $4.80 of the session's $5.00 is spent."
    )
    assert ledger(settled(1_000, 0.1)).refusal(10, 0.0) == "The session's budget is spent: 1k of 1k tokens."
    assert ledger(day=(20.0, 0)).refusal(10, 0.1) == "The day's budget is spent: $20.00 of $20.00."


def test_a_request_that_just_fits_may_go():
    assert ledger(settled(900, 4.5)).refusal(100, 0.5) == ""


def test_cents_that_add_up_to_the_limit_reach_the_last_tier():
    assert ledger(*[settled(1, 0.1)] * 50).reading().tier == 4


def test_a_limit_of_nothing_allows_nothing():
    spend = SpendLedger(BudgetPolicy(session_usd=0.0), as_if=False)
    assert spend.reading().tier == 4
    assert spend.refusal(1, 0.0) != ""


def test_a_new_day_begins_with_what_the_day_holds():
    spend = ledger(settled(10, 1.0))
    spend.begin_day(DayTotal(Amount(0.25, 3)))
    assert (spend.reading().day_usd, spend.reading().day_tokens, spend.reading().usd) == (0.25, 3, 1.0)


def test_the_cached_share_is_of_all_prompt_tokens():
    assert ledger(settled(100, 0.1, cached=60), settled(100, 0.1, cached=90)).reading().cached_share == 0.75


def test_what_other_processes_have_under_way_is_held_against_the_day_alone():
    spend = ledger()
    spend.begin_day(DayTotal(Amount(15.0, 0), others=Amount(4.0, 0)))
    assert spend.refusal(1, 1.0) == ""
    assert spend.refusal(1, 1.01).endswith("$15.00 of the day's $20.00 is spent, with $4.00 reserved by others.")
    assert spend.reading().tier == 2


def test_a_typical_turn_is_the_median_of_the_sessions_turns_and_says_how_many_are_left():
    spend = ledger(*(each for usd in (0.1, 0.2, 3.0) for each in (settled(30, usd), FINISHED)))
    reading = spend.reading()
    assert (round(reading.turn_usd, 9), reading.turn_tokens, reading.fullest) == (0.2, 30, "session_usd")
    assert reading.turns_left(reading.fullest) == 8  # 1.70 of 5.00 are left
    assert ledger().reading().turns_left("session_usd") is None


def test_an_ordinary_morning_of_three_hundred_short_exchanges_is_within_the_defaults():
    """Each reads a prefix of 40,000 tokens from the cache, adds a few hundred and answers in two hundred."""
    spend, prices = SpendLedger(BudgetPolicy(), as_if=False), GenaiPrices()
    for seq in range(300):
        usage = Usage(200, 200, 40_000, 400)
        event = e.BudgetSettled(seq, 1, "claude-opus-5-5", usage, prices.cost("claude-opus-5-5", usage))
        spend.apply(e.Stamped(seq, 0.0, "s", "t", event))
        assert not spend.refusal(41_024, 0.18)  # a prompt that is cached is reserved as if it were not
    assert spend.reading().tokens == 300 * 40_800


@pytest.mark.parametrize("usd", [float("nan"), float("inf"), -float("inf")])
def test_a_journal_with_an_amount_that_is_no_number_still_folds(usd):
    reading = ledger(settled(10, usd), settled(10, 1.0)).reading()
    assert (reading.usd, reading.day_usd, reading.tier) == (None, 1.0, 1)


CHILDREN = st.sampled_from(["", "a", "b"])
EVENTS = st.one_of(
    st.builds(reserved, st.integers(0, 500), st.none() | st.floats(0, 3), CHILDREN),
    st.builds(settled, st.integers(0, 500), st.none() | st.floats(0, 3), st.booleans(), child=CHILDREN),
    st.just(FINISHED),
    st.builds(e.BudgetRaised, st.none() | st.floats(1, 50), st.none() | st.integers(1, 5_000)),
)


@given(st.lists(EVENTS, max_size=30), st.booleans())
def test_tokens_only_grow_and_the_day_never_outruns_the_session(events, as_if):
    spend = SpendLedger(POLICY, as_if)
    before = 0
    for seq, event in enumerate(events, 1):
        spend.apply(e.Stamped(seq, 0.0, "s", "t", event))
        reading = spend.reading()
        assert before <= reading.tokens
        assert reading.day_tokens <= reading.tokens
        assert 1 <= reading.tier <= 4
        before = reading.tokens


def test_a_reading_tells_what_another_yes_adds_however_often_the_limit_was_raised():
    reading = ledger(e.BudgetRaised(10.0, 2_000)).reading()
    assert (reading.limit_usd, reading.more_usd) == (10.0, POLICY.session_usd)
    assert (reading.limit_tokens, reading.more_tokens) == (2_000, POLICY.session_tokens)
    assert (reading.warnings, reading.tier_name) == (POLICY.tiers[:2], "full")


@pytest.mark.parametrize(
    ("share", "number"), [(0.0, 1), (0.7499, 1), (0.75, 2), (0.8999, 2), (0.9, 3), (0.999, 3), (1.0, 4), (7.5, 4)]
)
def test_a_threshold_belongs_to_the_tier_that_it_begins(share, number):
    assert choose_tier(share, BudgetPolicy()) == number


def test_settings_move_the_thresholds():
    assert choose_tier(0.5, BudgetPolicy(tiers=(0.2, 0.5, 0.8))) == 3
