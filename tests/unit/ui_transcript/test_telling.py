"""The order in which a transcript is told: below what was told before, whatever ends when."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool, TurnEnd
from workbench.ui.transcript.telling import Telling


def test_calls_side_by_side_are_told_as_they_end() -> None:
    first, second = Tool(name="read", state="running"), Tool(name="list", state="running")
    telling = Telling([Prompt(text="go"), first, second])
    assert len(telling.entries) == 1
    second.state = "done"
    assert telling.take({2}) == set()
    first.state = "failed"
    assert telling.take({1}) == set()
    assert telling.entries[1:] == [second, first]


def test_an_answer_is_told_while_it_arrives_and_what_comes_meanwhile_waits_for_its_end() -> None:
    answer, marker = Answer(text="It", streaming=True), Marker(kind="tier", title="tier thrifty")
    source: list[AnyEntry] = [answer]
    telling = Telling(source)
    source.append(marker)
    telling.take(())
    assert telling.entries == [answer]
    answer.streaming = False
    assert telling.take({0}) == {0}
    assert telling.entries == [answer, marker]


def test_a_question_and_a_try_are_told_once_it_is_known_what_became_of_them() -> None:
    asked, tried = Asked(message="May it?"), Marker(kind="retry", level="error")
    telling = Telling([asked, tried, Thought(streaming=True)])
    assert telling.entries == []
    asked.state, tried.level = "answered", "warning"
    telling.take({0, 1})
    assert telling.entries == [asked, tried]


def test_a_prompt_that_was_sent_is_told_once() -> None:
    source: list[AnyEntry] = [Prompt(text="go", starting=True)]
    telling = Telling(source)
    source[0] = begun = Prompt(text="go", turn=1)
    assert telling.take({0}) == {0}
    assert telling.entries == [begun] and telling.entries[0] is begun
    assert telling.take({0}) == {0}


def test_a_prompt_that_was_taken_back_is_noticed() -> None:
    source: list[AnyEntry] = [Prompt(text="go", starting=True)]
    telling = Telling(source)
    source.pop()
    assert telling.lost


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["running", "done", "failed"]))))
def test_what_was_told_keeps_its_place(ends: list[tuple[int, str]]) -> None:
    source: list[AnyEntry] = [Tool(name=str(place), state="running") for place in range(9)]
    source.append(TurnEnd())
    telling = Telling(source)
    for place, state in ends:
        entry = source[place]
        if isinstance(entry, Tool) and entry.state == "running":
            entry.state = state  # type: ignore[assignment]
        before = list(telling.entries)
        telling.take({place})
        assert all(old is new for old, new in zip(before, telling.entries, strict=False))
    assert len({id(entry) for entry in telling.entries}) == len(telling.entries)
