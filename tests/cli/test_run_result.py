"""What a run comes to: its stop reason, its exit code and what is said beside its answer."""

import pytest

from tests.cli.shop import Shop
from workbench.cli.result import Result
from workbench.core import events as e
from workbench.core.events import Stamped
from workbench.core.spend import Usage


def finished(stop: e.StopReason, model: str = "end_turn", text: str = "so far") -> Result:
    """The result of a turn that ended so."""
    result = Result()
    event = e.TurnFinished(1, stop, text, 1, 0.1, Usage(), 0.0, model)
    result.take(Stamped(1, 0.0, "1a2b", "t", event))
    return result


@pytest.mark.parametrize(
    ("stop", "code"),
    [("done", 0), ("turn_limit", 0), ("cut", 1), ("error", 1), ("escalation", 3), ("budget", 4)],
)
def test_each_stop_reason_has_its_exit_code(stop: e.StopReason, code: int) -> None:
    result = finished(stop)
    assert (result.exit_code, result.document()["stop_reason"], result.document()["text"]) == (code, stop, "so far")


def test_a_cut_answer_is_kept_and_said_to_be_cut() -> None:
    result = finished("cut", "max_tokens")
    assert result.document()["model_stop_reason"] == "max_tokens"
    assert any("cut off (max_tokens)" in said for said in result.remarks())


def test_a_model_that_declines_is_an_error_with_its_words_kept(shop: Shop) -> None:
    script = [{"text": "I would rather not.", "stop_reason": "refusal"}]
    ended = shop("run", "hi", "--output-format", "json", script=script)
    assert ended.code == 1
    result = ended.json
    assert (result["stop_reason"], result["model_stop_reason"]) == ("error", "refusal")
    assert result["error"]["kind"] == "refused"
    assert result["text"] == "I would rather not."
    ended = shop("run", "hi", script=script)
    assert (ended.code, ended.out) == (1, "I would rather not.\n")
    assert "declined" in ended.err


def test_a_stop_after_the_end_of_the_turn_changes_nothing() -> None:
    result = finished("done")
    result.interrupt("1a2b")
    assert result.stop_reason == "done"
    stopped = Result()
    stopped.interrupt("1a2b")
    assert (stopped.stop_reason, stopped.session) == ("interrupted", "1a2b")
