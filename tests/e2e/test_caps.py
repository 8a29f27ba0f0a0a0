"""A cap holds at every attempt: in a retry, in mid-turn, in dollars and in tokens; what it ends has its own code."""

import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.strict_person import Desk, Ended
from tests.strict_api import Refuse, call, says

LONG = "of some words " * 2_400
IN_USD, OUT_USD = 4e-6, 20e-6
"""Dollars of a token, as the default model has them."""


@pytest.fixture(autouse=True)
def _retries_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "random", lambda: 0.0)


def paid(desk: Desk, share: float = 1.0) -> float:
    """Dollars that the server is owed, where each reply came through to `share` of it."""
    return sum(IN_USD * usage["input_tokens"] + OUT_USD * usage["output_tokens"] * share for usage in desk.api.paid)


def reserved(ended: Ended) -> float:
    """Dollars of the largest call that was reserved; 0 where none was."""
    return max((event["usd"] for event in ended.told("BudgetReserved")), default=0.0)


def ended_by_budget(ended: Ended) -> bool:
    return (ended.code, ended.result["stop_reason"]) == (4, "budget")


@pytest.mark.parametrize(
    ("share", "cap", "attempts"), [(0.9, 0.06, 1), (0.5, 0.3, 2), (0.1, 0.3, 4)], ids=["first", "second", "fourth"]
)
def test_a_stream_that_breaks_again_and_again_never_pays_past_the_cap_by_more_than_a_reserved_call(
    desk: Desk, share: float, cap: float, attempts: int
) -> None:
    desk.api.answers[:] = [says(LONG, cut_at=share)] * 12
    ended = desk.run("hi", "--max-budget-usd", str(cap))
    assert ended_by_budget(ended), ended.err
    assert len(desk.api.paid) == len(ended.told("BudgetReserved")) == attempts
    assert paid(desk, share) <= cap + reserved(ended)
    assert paid(desk, share) <= ended.result["cost_usd"] <= cap + reserved(ended)
    assert "budget" in ended.text


@pytest.mark.parametrize("share", [0.05, 0.9])
def test_five_streams_that_break_within_the_cap_are_a_fault_and_are_paid_for(desk: Desk, share: float) -> None:
    desk.api.answers[:] = [says(LONG, cut_at=share)] * 12
    ended = desk.run("hi", "--max-budget-usd", "3")
    assert (ended.code, ended.result["stop_reason"], len(desk.api.paid)) == (1, "error", 5)
    assert paid(desk, share) <= ended.result["cost_usd"] <= 3
    desk.api.answers.clear()
    assert desk.go_on().code == 0


def test_a_broken_reply_is_never_counted_for_more_than_the_request_allowed(desk: Desk) -> None:
    desk.api.answers[:] = [says("é" * 60_000, cut_at=0.95)] * 12
    ended = desk.run("hi", "--max-budget-usd", "0.06")
    (first, *_) = desk.api.requests
    settled = ended.told("BudgetSettled")
    assert settled
    assert all(event["usage"]["output_tokens"] <= first["max_tokens"] for event in settled)


def test_a_refusal_that_is_tried_again_costs_nothing_and_the_cap_still_ends_the_turn(desk: Desk) -> None:
    overloaded = Refuse(529, "overloaded_error", "Overloaded", {"retry-after": "0"})
    desk.api.answers[:] = [overloaded, says(LONG, cut_at=0.9), overloaded, *[says(LONG)] * 9]
    ended = desk.run("hi", "--max-budget-usd", "0.06")
    assert ended_by_budget(ended)
    assert len(desk.api.paid) == 1


@pytest.mark.parametrize(
    ("settings", "arguments"),
    [
        ("", ("--max-budget-usd", "0.1")),
        ("[budget]\nsession_usd = 0.1\n", ()),
        ("[budget]\nday_usd = 0.1\n", ()),
        ("[budget]\nsession_tokens = 40_000\n", ()),
        ("[budget]\nday_tokens = 40_000\n", ()),
    ],
    ids=["cap", "session-usd", "day-usd", "session-tokens", "day-tokens"],
)
def test_a_budget_that_ends_a_turn_after_calls_says_so_with_its_own_code(
    desk: Desk, settings: str, arguments: tuple[str, ...]
) -> None:
    if settings:
        desk.configure(settings)
    reads = [says(LONG[:4_000], call("read", f"toolu_{n}", file_path="README.md")) for n in range(30)]
    desk.api.answers[:] = reads
    ended = desk.run("read it again and again", *arguments)
    assert ended_by_budget(ended), ended.err
    assert ended.told("ToolFinished")
    assert 0 < len(desk.api.paid) < 12
    limit = "40k" if "tokens" in settings else "$0.10"
    whose = "day" if "day_" in settings else "session"
    assert f"{whose}'s {limit}" in ended.text or f"{whose}'s budget is spent: " in ended.text
    if limit == "40k":
        assert sum(usage["input_tokens"] + usage["output_tokens"] for usage in desk.api.paid) <= 40_000
    else:
        assert paid(desk) <= 0.1
    assert not desk.api.refusals


def test_a_token_budget_that_ends_in_a_retry_has_the_same_code(desk: Desk) -> None:
    desk.configure("[budget]\nsession_tokens = 16_000\n")
    desk.api.answers[:] = [says(LONG, cut_at=0.9)] * 12
    ended = desk.run("hi")
    assert ended_by_budget(ended)
    assert "tokens" in ended.text
    assert len(desk.api.paid) == 1


def test_runs_leave_no_lock_files_in_the_data_folder(desk: Desk) -> None:
    for _ in range(3):
        desk.installed("hi")
    assert not list(Path(desk.env["XDG_DATA_HOME"]).rglob("spend-*.lock"))


@pytest.mark.torture
def test_a_spend_ledger_that_is_held_is_named_on_stderr_and_then_waited_for(desk: Desk) -> None:
    desk.api.answers[:] = [says("one"), says("two")]
    assert desk.run("hi").code == 0
    (ledger,) = Path(desk.env["XDG_DATA_HOME"]).rglob("spend.sqlite3")
    with closing(sqlite3.connect(ledger, isolation_level=None, check_same_thread=False)) as database:
        database.execute("BEGIN IMMEDIATE")
        let_go = threading.Timer(4, database.rollback)
        let_go.start()
        ended = desk.run("hi again")
        let_go.join()
    assert ended.code == 0 and ended.text == "two"
    assert "waiting for another process of yours, which holds the spend ledger of the day" in ended.err
