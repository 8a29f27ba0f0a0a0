"""The day's ledger: what all processes of a user spend and have under way."""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import StoreFault
from workbench.core.spend import Amount, DayLimits, DayTotal, Reservation
from workbench.store.day_ledger import FILE, KEPT_DAYS, DayLedger

DAY = "2026-11-22"
LIMITS = DayLimits(20.0, 1_000_000)
SPEND = """
import sys
from pathlib import Path
from workbench.core.spend import Amount, DayLimits, Reservation
from workbench.store.day_ledger import DayLedger
ledger = DayLedger(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    number, _ = ledger.reserve("2026-11-22", "me", Amount(0.5, 3), DayLimits(20.0, 1_000_000))
    if number is not None:
        ledger.settle(Reservation("2026-11-22", "me", number), Amount(0.5, 3))
"""
HOLD = """
import sys, time
from pathlib import Path
from workbench.core.spend import Amount
from workbench.store.day_ledger import DayLedger
ledger = DayLedger(Path(sys.argv[1]))
ledger.reserve("2026-11-22", "me", Amount(15.0, 100), None)
print("held", flush=True)
time.sleep(600)
"""


def spend(ledger: DayLedger, usd: float, tokens: int, day: str = DAY, user: str = "me") -> None:
    """Reserve and settle one request."""
    number, _ = ledger.reserve(day, user, Amount(usd, tokens), None)
    assert number is not None
    ledger.settle(Reservation(day, user, number), Amount(usd, tokens))


def test_days_and_users_are_apart_and_requests_add_up(root):
    ledger = DayLedger(root)
    for usd, tokens, day, user in ((1.0, 10, DAY, "me"), (0.5, 5, DAY, "me"), (8.0, 80, DAY, "you")):
        spend(ledger, usd, tokens, day, user)
    spend(ledger, 4.0, 40, "2026-11-23")
    assert ledger.total(DAY, "me").settled == (1.5, 15)
    assert ledger.total(DAY, "you").settled == (8.0, 80)
    assert DayLedger(root).total("2026-11-23", "me") == DayTotal(Amount(4.0, 40))
    assert ledger.total(DAY, "nobody") == DayTotal()


def test_who_only_looks_makes_no_file(root):
    assert DayLedger(root / "none").total(DAY, "me") == DayTotal()
    assert not (root / "none").exists()


def test_what_does_not_fit_is_not_held_and_what_fits_to_the_cent_is(root):
    ledger = DayLedger(root)
    spend(ledger, 19.9, 10)
    assert ledger.reserve(DAY, "me", Amount(0.2, 1), LIMITS) == (None, DayTotal(Amount(19.9, 10)))
    number, before = ledger.reserve(DAY, "me", Amount(0.1, 1), LIMITS)
    assert (number is not None, before.own) == (True, (0.0, 0))
    assert ledger.total(DAY, "me") == DayTotal(Amount(19.9, 10), own=Amount(0.1, 1))
    assert ledger.reserve(DAY, "me", Amount(0.0, 1), DayLimits(0.0, 1_000))[0] is None


def test_a_request_counts_in_the_day_in_which_it_was_reserved(root):
    ledger = DayLedger(root)
    number, _ = ledger.reserve(DAY, "me", Amount(3.0, 30), LIMITS)
    assert number is not None
    spend(ledger, 1.0, 10, "2026-11-23")  # midnight has passed
    assert ledger.settle(Reservation(DAY, "me", number), Amount(2.0, 20)) == DayTotal(Amount(2.0, 20))
    assert ledger.total("2026-11-23", "me") == DayTotal(Amount(1.0, 10))


def test_processes_that_spend_at_once_lose_nothing_and_stay_within_the_limit(root):
    running = [subprocess.Popen([sys.executable, "-c", SPEND, str(root), "15"]) for _ in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    assert DayLedger(root).total(DAY, "me") == DayTotal(Amount(20.0, 120))  # 40 of the 60 that were wanted


def test_what_a_killed_process_had_under_way_counts_no_more(root):
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        ledger = DayLedger(root)
        assert ledger.total(DAY, "me") == DayTotal(others=Amount(15.0, 100))
        assert ledger.reserve(DAY, "me", Amount(6.0, 1), LIMITS)[0] is None
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert ledger.total(DAY, "me") == DayTotal()
    assert ledger.reserve(DAY, "me", Amount(6.0, 1), LIMITS)[0] is not None
    assert len(list((root / "locks").glob("*.lock"))) == 1  # nobody's lock is left


def test_lock_files_of_killed_processes_are_swept_once_they_are_old_and_nobody_holds_them(root):
    (root / "locks").mkdir(parents=True)
    dead, young = (root / "locks" / f"spend-{name}.lock" for name in ("dead", "young"))
    alive = DayLedger(root)
    spend(alive, 1.0, 1)
    held = next((root / "locks").glob("spend-*.lock"))
    for path in (dead, young):
        path.touch()
    for path in (dead, held):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    other = DayLedger(root)
    spend(other, 1.0, 1)
    left = set((root / "locks").glob("spend-*.lock"))
    assert (dead in left, young in left, held in left) == (False, True, True)
    other.close()
    alive.close()
    assert set((root / "locks").glob("spend-*.lock")) == {young}


def test_a_file_without_tables_holds_nothing_and_the_first_reservation_makes_them(root):
    root.mkdir(exist_ok=True)
    (root / FILE).touch()
    ledger = DayLedger(root)
    assert ledger.total(DAY, "me") == DayTotal()
    spend(ledger, 1.0, 1)
    assert ledger.total(DAY, "me").settled == (1.0, 1)


def test_days_long_past_are_dropped_and_a_request_costs_the_same_whatever_was_spent(root):
    ledger = DayLedger(root)
    spend(ledger, 1.0, 1, "2026-08-01")
    spend(ledger, 1.0, 1, "2026-09-15")
    for _ in range(50):
        spend(ledger, 0.25, 1)
    with sqlite3.connect(root / FILE) as database:
        assert [day for (day,) in database.execute("SELECT day FROM days ORDER BY day")] == ["2026-09-15", DAY]
        assert database.execute("SELECT count(*) FROM held").fetchone() == (0,)
    database.close()
    assert KEPT_DAYS == 90
    assert (root / FILE).stat().st_size < 40_000


@pytest.mark.parametrize("amount", [Amount(float("nan"), 1), Amount(float("inf"), 1), Amount(-1.0, 1), Amount(1.0, -1)])
def test_what_is_no_amount_is_refused(root, amount):
    with pytest.raises(ValueError, match="no amount"):
        DayLedger(root).reserve(DAY, "me", amount, LIMITS)


def test_more_tokens_than_a_file_can_hold_are_counted_as_the_most_it_can(root):
    ledger = DayLedger(root)
    for _ in range(3):
        spend(ledger, 1.0, 10**30)
    assert ledger.total(DAY, "me").settled == (3.0, 10**15)


@pytest.mark.parametrize(
    "body", [b"this is no database, although it is long enough to be one" * 40, b"SQLite format 3\0"]
)
def test_a_damaged_ledger_is_kept_aside_said_once_and_the_day_goes_on(root, body):
    root.mkdir()
    (root / FILE).write_bytes(body)
    ledger = DayLedger(root)
    with pytest.raises(StoreFault, match="is damaged") as told:
        ledger.reserve(DAY, "me", Amount(1.0, 1), LIMITS)
    (aside,) = root.glob(f"{FILE}.damaged-*")
    assert aside.read_bytes() == body
    assert aside.name in told.value.hint
    spend(ledger, 1.0, 1)
    assert ledger.total(DAY, "me").settled == (1.0, 1)


def test_a_folder_that_cannot_be_made_is_a_fault_and_not_a_crash(root):
    root.mkdir()
    (root / "file").write_text("in the way")
    with pytest.raises(StoreFault, match="file"):
        DayLedger(root / "file" / "data").reserve(DAY, "me", Amount(1.0, 1), LIMITS)


def test_what_a_ledger_that_is_closed_had_reserved_lapses(root):
    first, second = DayLedger(root), DayLedger(root)
    first.reserve(DAY, "me", Amount(15.0, 1), LIMITS)
    assert second.reserve(DAY, "me", Amount(15.0, 1), LIMITS)[0] is None
    first.close()
    assert second.reserve(DAY, "me", Amount(15.0, 1), LIMITS)[0] is not None


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["reserve", "settle", "lapse"]), st.integers(0, 90)), max_size=25
)


@given(STEPS)
def test_in_whatever_order_processes_reserve_settle_and_end_the_limit_holds(steps):
    """Each request costs at most what was reserved for it: then not even one call goes past the limit."""
    limits = DayLimits(1.0, 100)
    with tempfile.TemporaryDirectory() as folder:
        ledgers = [DayLedger(Path(folder)) for _ in range(3)]
        under_way: list[list[tuple[int, int]]] = [[], [], []]
        settled = 0
        for who, what, tokens in steps:
            if what == "lapse":
                ledgers[who].close()
                ledgers[who], under_way[who] = DayLedger(Path(folder)), []
            elif what == "settle" and under_way[who]:
                number, reserved = under_way[who].pop()
                took = min(tokens, reserved)
                ledgers[who].settle(Reservation(DAY, "me", number), Amount(took / 100, took))
                settled += took
            elif what == "reserve":
                number, _ = ledgers[who].reserve(DAY, "me", Amount(tokens / 100, tokens), limits)
                held = sum(each for one in under_way for _, each in one)
                assert (number is not None) == (settled + held + tokens <= 100)
                under_way[who] += [(number, tokens)] if number is not None else []
            day = ledgers[who].total(DAY, "me")
            assert day.settled.tokens == settled
            assert day.settled.plus(day.own).plus(day.others).tokens <= 100
        for ledger in ledgers:
            ledger.close()
