"""Faults and thinking in the state: all tries of a request are one line, all thinking before a reply is one entry."""

import pytest

from tests.unit.ui.test_reduce import Told, finished, message
from workbench.core import events as e
from workbench.core.decisions import Proposal
from workbench.core.messages import Text, Thinking
from workbench.core.spend import Usage
from workbench.ui.draw.runs import Styles
from workbench.ui.state import Answer, Marker, Thought
from workbench.ui.transcript.remarks import draw_marker

BEGUN = e.TurnStarted(1, "go", 1)


def tried(attempt: int, message: str = "the model is overloaded", delay: float = 7.0) -> e.RetryScheduled:
    return e.RetryScheduled(1, attempt, 6, delay, "overloaded", message)


def kinds(told: Told) -> list[str]:
    return [entry.kind if isinstance(entry, Marker) else type(entry).__name__ for entry in told.state.entries]


def test_five_tries_are_one_line_that_knows_all_of_them() -> None:
    told = Told()
    told(BEGUN, *(tried(n, f"fault {n}") for n in range(2, 7)))
    assert kinds(told) == ["Prompt", "retry"]
    assert told.last.tries == tuple(f"fault {n}" for n in range(2, 7))
    assert told.last.detail == "try 6 of 6"


def test_the_line_stands_below_what_each_try_had_said() -> None:
    told = Told()
    told(BEGUN, e.TextArrived(1, 1, "half"), tried(2), e.TextArrived(1, 1, "more"), tried(3))
    assert kinds(told) == ["Prompt", "Answer", "Answer", "retry"]
    told(e.TextArrived(1, 1, "whole"), message("whole"))
    assert kinds(told) == ["Prompt", "Answer", "Answer", "retry", "Answer"]
    marker = told.state.entries[3]
    assert isinstance(marker, Marker)
    assert (marker.detail, marker.due, marker.key, marker.level) == ("try 3 of 6, went through", 0.0, "", "warning")
    told(e.RequestSent(1, 2, "m", 10), tried(2), finished())
    assert kinds(told)[-2:] == ["retry", "TurnEnd"]


def test_a_turn_that_fails_after_its_tries_says_so_in_the_same_line() -> None:
    told = Told()
    told(BEGUN, tried(2), tried(3), e.TurnFailed(1, "overloaded", "it is still busy", "Wait a little."))
    assert kinds(told) == ["Prompt", "failed"]
    assert (told.last.title, told.last.detail) == ("it is still busy", "tried 3 times. Wait a little.")
    assert (told.last.key, told.last.action, told.state.failed_at) == ("r", "try again", 1)
    failed = told.last
    told(e.TurnStarted(2, "go", 1))
    assert (failed.key, told.state.failed_at) == ("", None)


def test_a_stop_while_it_waits_says_stopped() -> None:
    told = Told()
    told(BEGUN, tried(2), e.TurnFinished(1, "interrupted", "", 1, 2.0, Usage(), None))
    marker = told.state.entries[1]
    assert isinstance(marker, Marker)
    assert marker.detail == "try 2 of 6, stopped" and not marker.due


def test_what_was_stopped_while_it_waited_can_be_sent_again_until_another_turn_begins() -> None:
    told = Told()
    told(BEGUN, tried(2), e.TurnFinished(1, "interrupted", "", 1, 2.0, Usage(), None))
    marker = told.state.entries[1]
    assert isinstance(marker, Marker)
    assert (marker.key, marker.action, told.state.failed_at, told.state.retry_at) == ("r", "try again", 1, None)
    told(e.TurnStarted(2, "go", 1))
    assert (marker.key, told.state.failed_at) == ("", None)


def test_a_stop_of_an_answer_that_came_at_last_is_no_fault() -> None:
    told = Told()
    told(BEGUN, tried(2), e.TextArrived(1, 1, "At"), e.TurnFinished(1, "interrupted", "", 1, 2.0, Usage(), None))
    assert told.state.failed_at is None
    assert not any(entry.key for entry in told.state.entries if isinstance(entry, Marker))


def test_the_line_counts_down_and_is_one_line_whatever_was_said() -> None:
    marker = Marker(
        kind="retry", title="x" * 900, detail="try 3 of 6", due=107.0, key="r", action="try now", level="error"
    )
    for width in (20, 80, 140):
        for now in (100.0, 106.5, 200.0):
            lines = draw_marker(marker, width, Styles({}), now)
            assert len(lines) == 1 and len(lines[0].text) <= width
    assert draw_marker(marker, 80, Styles({}), 100.0)[0].text.startswith("┄┄ try 3 of 6 in 0:07 · xxx")
    assert draw_marker(marker, 80, Styles({}), 106.2)[0].text.startswith("┄┄ try 3 of 6 in 0:01")
    assert draw_marker(marker, 80, Styles({}), 108.0)[0].text.startswith("┄┄ try 3 of 6 now")
    assert draw_marker(marker, 80, Styles({}), 108.0)[0].text.endswith("┄ r try now")


def test_a_fault_with_much_to_say_is_cut_where_enter_reads_all() -> None:
    marker = Marker(kind="failed", title="it said " + "much " * 400, detail="hint", level="error")
    lines = draw_marker(marker, 60, Styles({}))
    assert len(lines) == 8 and lines[-1].text.endswith("enter reads all")


def reply(*parts: Text | Thinking) -> e.MessageAdded:
    return e.MessageAdded(1, 1, parts, tuple(1 for _ in parts), "end_turn", Usage())


@pytest.mark.parametrize("seen", [True, False])
def test_thinking_is_one_entry_before_the_answer_seen_live_or_read_from_a_history(seen: bool) -> None:
    told = Told()
    told(BEGUN)
    if seen:
        told(e.ThinkingArrived(1, 1, "Let me "), e.ThinkingArrived(1, 1, "see."), e.TextArrived(1, 1, "Yes"))
    told(reply(Thinking("Let me see.", "sig"), Text("Yes.")))
    thought, answer = told.state.entries[1:]
    assert isinstance(thought, Thought) and isinstance(answer, Answer)
    assert (thought.text, thought.streaming, answer.text) == ("Let me see.", False, "Yes.")


def test_thinking_that_is_told_at_the_end_stands_before_an_answer_that_streamed() -> None:
    told = Told()
    told(BEGUN, e.TextArrived(1, 1, "Yes"), reply(Thinking("Let me see.", "sig"), Text("Yes.")))
    assert [type(entry).__name__ for entry in told.state.entries] == ["Prompt", "Thought", "Answer"]
    assert not any(getattr(entry, "streaming", False) for entry in told.state.entries)


def test_thinking_that_was_stopped_thinks_no_more() -> None:
    told = Told()
    told(BEGUN, e.ThinkingArrived(1, 1, "Let me"), e.TurnFinished(1, "interrupted", "", 1, 2.0, Usage(), None))
    assert not any(getattr(entry, "streaming", False) for entry in told.state.entries)


def test_a_running_call_keeps_the_end_of_what_it_writes() -> None:
    told = Told()
    told(BEGUN, e.ToolProposed(1, 1, Proposal("c1", "run", {}, subject="x")), e.ToolStarted(1, "c1"))
    for _ in range(40):
        told(e.ToolOutputArrived("c1", "line\n" * 5_000))
    told(e.ToolOutputArrived("c1", "the end\n"))
    assert told.last.output.endswith("the end\n") and len(told.last.output) <= 200_000
