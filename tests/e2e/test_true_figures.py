"""What a run says of its end, its money and its limits is so, whatever the server reports."""

import math

import pytest

from tests.e2e.strict_person import Desk
from tests.strict_api import Refuse, call, says

ABSURD = (954_817_987_592, -5, 1e300, "many", None, True, [1], {"tokens": 3})
LONG = "of some words " * 400


@pytest.mark.parametrize("figure", ABSURD, ids=repr)
@pytest.mark.parametrize("name", ["cache_read_input_tokens", "input_tokens", "output_tokens"])
def test_a_usage_that_cannot_be_is_set_aside(desk: Desk, name: str, figure: object) -> None:
    desk.api.answers[:] = [says("one", usage={name: figure})]
    ended = desk.run("hi")
    assert (ended.code, ended.text) == (0, "one"), ended.err
    assert 0 <= ended.result["cost_usd"] < 1
    assert all(0 <= tokens < 100_000 for tokens in ended.result["usage"].values())
    went_on = desk.go_on()
    assert (went_on.code, went_on.text) == (0, "ok"), went_on.err


def test_a_usage_that_cannot_be_is_told(desk: Desk) -> None:
    desk.api.answers[:] = [says("one", usage={"cache_read_input_tokens": 954_817_987_592})]
    ended = desk.run("hi")
    assert "usage" in ended.err
    assert "estimate" in ended.err


def test_what_one_session_learnt_of_a_tokenizer_the_next_one_begins_from(desk: Desk) -> None:
    desk.api.answers[:] = [says(LONG), says("ok")]
    first, second = desk.run("hi"), desk.run("hi")
    assert first.told("RatiosRecalled") == []
    learnt = second.told("RatiosRecalled")
    assert [event["model"] for event in learnt] == [second.told("RequestSent")[0]["model"]]
    assert all(0.3 <= each["ratio"] <= 3.0 for each in learnt[0]["ratios"].values())


NOTHING = {"input_tokens": 0, "output_tokens": 0}


@pytest.mark.parametrize("told", [NOTHING, dict.fromkeys(NOTHING), {"input_tokens": 1, "output_tokens": 1}], ids=repr)
def test_a_server_that_reports_no_usage_is_counted_by_estimate(desk: Desk, told: dict[str, int | None]) -> None:
    true: list[float] = []
    for usage in (None, told):
        desk.api.answers[:] = [says(LONG, usage=usage)]
        ended = desk.run("hi")
        assert ended.code == 0
        assert ("estimate" in ended.err) == (usage is told)
        true.append(ended.result["cost_usd"])
    assert true[0] / 2 < true[1] < true[0] * 2


def test_a_cap_holds_where_the_server_reports_no_usage_and_that_is_told_once(desk: Desk) -> None:
    desk.api.answers[:] = [says(call("read", f"toolu_{n}", file_path="README.md"), usage=NOTHING) for n in range(20)]
    ended = desk.run("read it again and again", "--max-budget-usd", "0.2")
    assert ended.code == 4, ended.result
    assert len(desk.api.requests) < 15
    assert ended.err.count("estimate") == 1


@pytest.mark.parametrize("stop", ["max_tokens", "model_context_window_exceeded"])
def test_an_answer_that_was_cut_does_not_pass_for_a_whole_one(desk: Desk, stop: str) -> None:
    desk.api.answers[:] = [says("half an ans", stop=stop)] * 20
    ended = desk.run("hi")
    assert ended.code == 1
    assert ended.result["stop_reason"] == "cut"
    assert ended.text.startswith("half an ans")
    desk.api.answers.clear()
    went_on = desk.go_on()
    assert (went_on.code, went_on.result["stop_reason"]) == (0, "done")


def test_an_installed_program_tells_an_answer_that_was_cut(desk: Desk) -> None:
    desk.api.answers[:] = [says("half an ans", stop="max_tokens")] * 20
    ended = desk.installed("hi")
    assert (ended.code, ended.result["stop_reason"]) == (1, "cut")


def test_a_call_that_was_cut_has_no_effect_and_is_not_taken_for_done(desk: Desk) -> None:
    cut = says("I write it.", call("write", "toolu_1", file_path="new.txt", content="x" * 400), stop="max_tokens")
    desk.api.answers[:] = [cut] * 20
    ended = desk.run("write new.txt", "--approve", "all")
    assert not (desk.project / "new.txt").exists()
    assert (ended.code, ended.result["stop_reason"]) == (1, "cut")
    desk.api.answers.clear()
    assert desk.go_on().code == 0
    assert not desk.api.refusals


def test_a_call_that_is_repeated_with_its_id_runs_once(desk: Desk) -> None:
    adds = call("shell", "toolu_1", command="echo x >> count.txt")
    desk.api.answers[:] = [says(adds, adds), says(adds)]
    desk.run("count", "--approve", "all")
    assert (desk.project / "count.txt").read_text() == "x\n"
    desk.api.answers.clear()
    assert desk.go_on().code == 0
    assert not desk.api.refusals


def test_a_cap_in_dollars_on_a_model_without_a_price_is_refused_before_the_first_request(desk: Desk) -> None:
    ended = desk.run("hi", "--model", "claude-nobody-knows-1", "--max-budget-usd", "0.5")
    assert ended.code != 0
    assert "price" in ended.err
    assert not desk.api.requests


def test_what_was_paid_is_what_the_result_says(desk: Desk) -> None:
    reads = says("I read.", call("read", "toolu_1", file_path="README.md"))
    desk.api.answers[:] = [reads, Refuse(529, "overloaded_error", "Overloaded", {"retry-after": "0"}), says(LONG)]
    ended = desk.run("read it")
    for name in ("input_tokens", "output_tokens"):
        assert ended.result["usage"][name] == sum(usage[name] for usage in desk.api.paid)
    true = sum(4e-6 * usage["input_tokens"] + 20e-6 * usage["output_tokens"] for usage in desk.api.paid)
    assert ended.result["cost_usd"] == pytest.approx(true, abs=1e-6)


@pytest.mark.parametrize("cap", ["nan", "inf", "-1"])
def test_a_cap_that_is_no_amount_is_refused(desk: Desk, cap: str) -> None:
    assert desk.run("hi", "--max-budget-usd", cap).code == 2
    assert not desk.api.requests


def test_a_wait_of_ten_minutes_is_named_and_not_waited_for(desk: Desk) -> None:
    desk.api.answers[:] = [Refuse(429, "rate_limit_error", "Slow down.", {"retry-after": "600"})] * 5
    ended = desk.run("hi")
    assert ended.code == 1
    assert "600" in ended.err or "10 min" in ended.err or "10:00" in ended.err
    assert len(desk.api.requests) == 1
    assert not [event for event in ended.told("RetryScheduled") if event["delay"] > 60]
    desk.api.answers.clear()
    assert desk.go_on().code == 0


def test_money_is_a_figure_that_can_be(desk: Desk) -> None:
    desk.api.answers[:] = [says("one", usage={"output_tokens": 1e300})]
    assert math.isfinite(desk.run("hi").result["cost_usd"])
    assert desk.run("tomorrow is not blocked").code == 0
