"""What the cache should have held, why it did not, and how long it is asked to hold."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.caching import CacheRecord
from workbench.caching.lifetime import choose_ttl
from workbench.core import events as e
from workbench.core.spend import Usage
from workbench.core.window import Epoch

EPOCH = Epoch(2, "opus", "You are", 100, ())


def follow(*told: tuple[float, e.AnyEvent]) -> CacheRecord:
    record = CacheRecord()
    for at, event in told:
        record.apply(e.Stamped(1, at, "s", "t", event))
    return record


def sent(at: float) -> tuple[float, e.AnyEvent]:
    return at, e.RequestSent(1, 1, "opus", 100)


def left(at: float, tokens: int = 50_000) -> tuple[float, e.AnyEvent]:
    return at, e.CacheReported(0, tokens, 10, at + 300)


def used(read: int, written: int = 2_000) -> Usage:
    return Usage(10, 20, read, written)


def test_a_request_that_reads_what_was_left_misses_nothing() -> None:
    reported = follow(left(0), sent(10)).report(used(50_000), 12)
    assert (reported.missed, reported.why, reported.cold_at) == (0, "", 312)


def test_one_that_came_too_late_found_it_cold() -> None:
    reported = follow(left(0), sent(301)).report(used(0, 52_000), 305)
    assert (reported.missed, reported.why) == (50_000, "cold")


def test_one_that_was_sent_in_time_and_answered_late_was_not_cold() -> None:
    assert follow(left(0), sent(290)).report(used(0, 52_000), 320).why == "unknown"


def test_another_epoch_explains_a_miss_and_only_the_first_one() -> None:
    opened = (5.0, e.EpochOpened(EPOCH, "compacted"))
    record = follow(left(0), opened, sent(10))
    reported = record.report(used(4_000, 9_000), 12)
    assert (reported.missed, reported.why) == (9_010, "compacted"), "what the shorter prompt could have read at most"
    record.apply(e.Stamped(2, 12, "s", "t", reported))
    assert record.report(used(0, 13_000), 20).why == "unknown"


def test_a_prefix_that_changed_within_an_epoch_is_named_as_such() -> None:
    broken = (9.0, e.PrefixBroken(1, 1, "system", 0, 0, 120))
    assert follow(left(0), broken, sent(10)).report(used(0, 50_000), 12).why == "changed"


def test_an_undone_compaction_explains_a_miss() -> None:
    assert follow(left(0), (5.0, e.CompactionUndone(3)), sent(6)).report(used(0, 60_000), 7).why == "undone"


def test_five_minutes_unless_the_persons_pauses_are_longer() -> None:
    ratio = lambda: 0.1  # noqa: E731 - a price
    assert choose_ttl([20, 40, 60, 10], 80_000, 3_000, ratio) == "5m"
    assert choose_ttl([400, 700, 30, 900], 80_000, 3_000, ratio) == "1h"
    assert choose_ttl([9_000, 8_000, 7_200], 80_000, 3_000, ratio) == "5m", "an hour is not enough either"
    assert choose_ttl([400, 700], 80_000, 3_000, ratio) == "5m", "two pauses tell little"
    assert choose_ttl([400, 20, 20, 20], 2_000, 6_000, ratio) == "5m", "little would be lost"


@given(st.lists(st.floats(0, 10_000), min_size=3, max_size=20), st.integers(1, 10**6), st.integers(0, 10**5))
def test_the_choice_is_never_the_dearer_one(pauses: list[float], prefix: int, fresh: int) -> None:
    def bill(lives: float, write: float) -> float:
        return sum(0.1 * prefix + write * fresh if pause < lives else write * (prefix + fresh) for pause in pauses)

    costs = {"5m": bill(300, 1.25), "1h": bill(3_600, 2.0)}
    assert costs[choose_ttl(pauses, prefix, fresh, lambda: 0.1)] == min(costs.values())


def test_pauses_are_those_between_an_answer_and_the_next_prompt() -> None:
    ended = e.TurnFinished(1, "done", "", 1, 0.1, Usage(), None)
    record = follow((0, e.TurnStarted(1, "a", 1)), (50, ended), (110, e.TurnStarted(2, "b", 1)), (120, ended))
    assert list(record.pauses) == [60]


def test_the_time_to_live_changes_only_where_that_costs_nothing() -> None:
    long = [(at, event) for n in range(4) for at, event in [
        (n * 1_000.0, e.TurnStarted(n, "a", 1)),
        (n * 1_000.0 + 10, e.TurnFinished(n, "done", "", 1, 0.1, Usage(), None)),
    ]]  # fmt: skip
    record = follow(*long, left(3_010))
    record.choose_ttl(3_020, lambda: 0.1)
    assert record.ttl == "5m", "it is warm: other marks would write all of it again"
    record.choose_ttl(4_000, lambda: 0.1)
    assert record.ttl == "1h"
