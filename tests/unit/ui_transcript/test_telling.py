"""The order in which a transcript is told: below what was told before, whatever ends when."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from tests.ui.fake_client import START, request, state_of
from workbench.core import events as e
from workbench.core.decisions import Proposal, Verdict
from workbench.core.messages import Text
from workbench.core.plans import Checked
from workbench.core.spend import Usage
from workbench.core.window import Epoch
from workbench.ui.draw.runs import Styles
from workbench.ui.reduce import reduce_event
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool, TurnEnd, UiState
from workbench.ui.transcript.layout import Layout
from workbench.ui.transcript.telling import Telling, find_action


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


def test_a_line_that_says_more_is_told_again_and_one_that_only_offers_less_is_not() -> None:
    line = Marker(title="compacted", key="u", action="undo")
    telling = Telling([line])
    told = telling.entries[0]
    line.detail = "3 of 3 facts"
    telling.take({0})
    assert [(each.detail, each.key) for each in telling.entries if isinstance(each, Marker)] == [
        ("", "u"),
        ("3 of 3 facts", "u"),
    ]
    line.key, line.action = "", ""
    telling.take({0})
    assert len(telling.entries) == 2 and isinstance(told, Marker)
    assert find_action(told, telling) == find_action(line, telling) == ""


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


def tell_of(state: UiState, name: str, words: str) -> e.AnyEvent:
    """An event of a turn as an engine would give it: a message that is whole says what was streamed of it."""
    said = state.streaming.text if state.streaming else words
    proposal = Proposal(name[-1], "read", {}, (), subject=words.strip(), verb="read")
    return {
        "begin": e.TurnStarted(1, words, 3),
        "text": e.TextArrived(1, 1, words),
        "think": e.ThinkingArrived(1, 1, words),
        "message": e.MessageAdded(1, 1, (Text(said),), (1,), "end_turn", Usage()),
        "retry": e.RetryScheduled(1, 2, 6, 1.0, "overloaded", "The model is overloaded."),
        "propose a": e.ToolProposed(1, 1, proposal),
        "propose b": e.ToolProposed(1, 1, proposal),
        "start a": e.ToolStarted(1, "a"),
        "end a": e.ToolFinished(1, "a", "read", words, 1, 0.0, "3 lines"),
        "end b": e.ToolFailed(1, "b", "read", "fault", words, 0.0),
        "ask": e.EscalationRaised(request(), START + 60),
        "answer": e.EscalationResolved("esc_1", Verdict("once")),
        "expire": e.EscalationExpired("esc_1"),
        "tier": e.TierChanged(2, "75 % is spent"),
        "end": e.TurnFinished(1, "done", said, 1, 2.0, Usage(), 0.1),
        "fail": e.TurnFailed(1, "overloaded", "The model is overloaded.", "It passes."),
        "undo": e.CompactionUndone(1),
        "compact": e.EpochOpened(Epoch(2, "m", "s", 1, ()), "compacted", (), 100, 10),
        "probe": e.CompactionProbed(2, "code", (Checked("paths", 1, 1),)),
    }[name]


BEGINS = {"propose a": "a", "propose b": "b", "ask": "ask"}
ENDS = {"end a": "a", "end b": "b", "answer": "ask", "expire": "ask"}


def in_order(events: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those that an engine can give: what ends has begun and ends once."""
    under_way: set[str] = set()
    for name, words in events:
        ending = ENDS.get(name) or ("a" if name == "start a" else "")
        if ending and ending not in under_way:
            continue
        if name in ENDS:
            under_way.discard(ending)
        if name in BEGINS:
            under_way.add(BEGINS[name])
        yield name, words


NAMES = (
    *["text"] * 6,
    "begin",
    "tier",
    "think",
    "message",
    "retry",
    "propose a",
    "propose b",
    "start a",
    "end a",
    "end b",
    "ask",
)
NAMES += ("answer", "expire", "tier", "end", "fail", "undo", "compact", "probe")
SAID = st.sampled_from(["one ", "two\n", "three\n\nfour ", "```\n", "| a |\n", "- b"])


@given(st.lists(st.tuples(st.sampled_from(NAMES), SAID), min_size=4, max_size=40))
def test_whatever_happens_no_line_that_was_told_is_told_in_other_words(events: list[tuple[str, str]]) -> None:
    state = state_of()
    telling = Telling(state.entries)
    page = Layout(telling.entries, lambda: START, spoken=True)
    page.dress(Styles({}), 80)
    told: list[str] = []
    for number, (name, words) in enumerate(in_order(events), 1):
        reduce_event(state, e.Stamped(number, START + number, "s", "t", tell_of(state, name, words)))
        changed = telling.take(state.touched)
        state.touched.clear()
        page.touch(changed)
        page.take()
        page.stream()
        now = [row.text for at in range(len(telling.entries)) for row in page.lay_out(at).lines]
        assert now[: len(told)] == told, (name, told, now)
        told = now
