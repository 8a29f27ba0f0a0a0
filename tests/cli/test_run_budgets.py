"""Budgets of headless runs, against a model on the loopback that has a price."""

import json
import os
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.paid_model import PROMPT, PaidModel, serve
from tests.cli.shop import PROGRAM, Shop
from workbench.core.spend import Usage
from workbench.cost import GenaiPrices

PRICED, UNPRICED = "claude-opus-5-5", "house-model-7b"
DAY_USD = 0.25


@pytest.fixture
def paid(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    """The model that `--provider endpoint` finds."""
    with serve() as model:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "loopback")
        yield model


def configure(shop: Shop, **budget: float) -> None:
    lines = "".join(f"{name} = {value}\n" for name, value in budget.items())
    (shop.config / "config.toml").write_text(f"[budget]\n{lines}")


def test_eight_runs_at_once_on_one_days_budget_go_past_it_by_one_reserved_call_at_most(
    shop: Shop, paid: PaidModel, tmp_path: Path
) -> None:
    configure(shop, day_usd=DAY_USD)
    running = [
        subprocess.Popen(
            [PROGRAM, "run", "hello", "--model", PRICED, "--sessions", tmp_path / f"{n}", "--output-format", "json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ,
        )
        for n in range(8)
    ]
    try:
        # Nobody is answered before each of the eight has either asked or given up: all of them are under way at once.
        while len(paid.asked) + sum(process.poll() is not None for process in running) < 8:
            time.sleep(0.05)
        paid.release.set()
        ended = [process.communicate() for process in running]
    finally:
        for process in running:
            process.kill()
    results = [json.loads(out) for out, _ in ended]
    prices = GenaiPrices()
    reserved = max(prices.cost(PRICED, Usage(2 * PROMPT, body["max_tokens"])) or 0.0 for body in paid.asked)
    assert sum(result["cost_usd"] for result in results) <= DAY_USD + reserved
    codes = Counter(process.returncode for process in running)
    assert codes[0] + codes[4] == 8
    assert min(codes[0], codes[4]) > 0
    refused = next(result["text"] for result in results if result["stop_reason"] == "budget")
    assert "day" in refused


def test_the_day_is_one_whatever_folder_the_sessions_are_in(shop: Shop, paid: PaidModel, tmp_path: Path) -> None:
    paid.release.set()
    configure(shop, day_usd=0.08)
    codes = [shop("run", "hello", "--model", PRICED, "--sessions", str(tmp_path / name)).code for name in "ab"]
    assert codes == [0, 4]
    assert not list(tmp_path.glob("a/*days*"))


@pytest.mark.parametrize("cap", ["--max-budget-usd", "session_usd", "day_usd"])
def test_a_dollar_cap_on_a_model_without_a_price_is_refused_before_the_first_request(
    shop: Shop, paid: PaidModel, cap: str
) -> None:
    given = [cap, "0.50"] if cap.startswith("--") else []
    if not given:
        configure(shop, **{cap: 0.5})
    ended = shop("run", "hello", "--model", UNPRICED, *given)
    assert (ended.code, ended.out, paid.asked) == (2, "", [])
    assert f"the price of {UNPRICED} is not known, so a cap of $0.50 cannot be kept" in ended.err
    assert "session_tokens" in ended.err
    assert shop.journals() == []


def test_with_a_token_cap_too_it_goes_and_says_in_one_line_which_budget_rules(shop: Shop, paid: PaidModel) -> None:
    paid.release.set()
    configure(shop, session_tokens=400_000)
    ended = shop("run", "hello", "--model", UNPRICED, "--max-budget-usd", "0.50", "--output-format", "json")
    assert (ended.code, ended.json["cost_usd"]) == (0, None)
    line = f"the token budget of 400k rules: the price of {UNPRICED} is not known"
    assert ended.err.count(line) == 1


def test_without_a_cap_of_ones_own_it_goes_and_the_token_budget_is_named(shop: Shop, paid: PaidModel) -> None:
    paid.release.set()
    ended = shop("run", "hello", "--model", UNPRICED)
    assert ended.code == 0
    assert "the token budget of 25M rules" in ended.err


def test_readers_never_open_the_spend_ledger(shop: Shop, paid: PaidModel) -> None:
    paid.release.set()
    session = shop("run", "hello", "--model", PRICED, "--output-format", "json").json["session_id"]
    ledger = Path(os.environ["XDG_DATA_HOME"]) / "workbench" / "spend.sqlite3"
    assert ledger.exists()
    ledger.write_bytes(b"nothing that could be read" * 100)
    for reader in (["window", session], ["sessions", "show", session], ["sessions", "export", session]):
        ended = shop(*reader)
        assert (ended.code, ended.err) == (0, "")
    assert list(ledger.parent.glob("*damaged*")) == []


def test_a_data_folder_that_cannot_be_written_is_said_once_and_the_run_goes_on(
    shop: Shop, paid: PaidModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paid.release.set()
    (tmp_path / "no-folder").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "no-folder"))
    ended = shop("run", "hello", "--model", PRICED)
    assert ended.code == 0
    assert ended.err.count("the day's budget cannot be kept") == 1
    configure(shop, day_usd=5.0)
    refused = shop("run", "hello", "--model", PRICED)
    assert refused.code == 4
    assert "The day's budget cannot be kept" in refused.out


def test_what_was_rehearsed_counts_against_no_cap_and_is_listed_apart(shop: Shop, paid: PaidModel) -> None:
    paid.release.set()
    session = shop("run", "what is in this project?", "--provider", "rehearsal", "--output-format", "json").json
    id, rehearsed = session["session_id"], session["cost_usd"]
    cap = ["--max-budget-usd", "0.16", "--output-format", "json"]
    real = shop("run", "hello", "--resume", id, "--provider", "endpoint", "--model", PRICED, *cap)
    assert (real.code, real.json["stop_reason"]) == (0, "done")
    (row,) = shop("sessions", "list", "--json").json
    assert row["as_if_usd"] == pytest.approx(rehearsed)
    assert row["usd"] == pytest.approx(real.json["cost_usd"])
    assert " as if" in shop("sessions", "list").out
