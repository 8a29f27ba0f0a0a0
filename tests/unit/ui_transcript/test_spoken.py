"""The linear mode: every entry as a sentence, in the order in which it is read, and nothing that is not settled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.decisions import Confidence
from workbench.core.tools import FileChange
from workbench.ui.draw.runs import Styles
from workbench.ui.state import Answer, AnyEntry, Asked, Marker, Prompt, Thought, Tool, TurnEnd
from workbench.ui.transcript.layout import Layout
from workbench.ui.transcript.markdown import MarkdownRenderer
from workbench.ui.transcript.prose import read_prose
from workbench.ui.transcript.spoken import SpokenStream, draw_spoken, speak


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Prompt(text="explain it\n"), "you: explain it"),
        (Answer(text="It **does** this."), "answer: It does this."),
        (Answer(text="It", draft=True), "answer: It\nthe answer was stopped"),
        (Tool(name="read", summary="src/a.py", state="done", seconds=0.1), "read src/a.py, done, 0.1 s"),
        (Tool(name="read", summary="src/a.py", state="done", headline="120 lines"), "read src/a.py: 120 lines"),
        (Tool(name="run", summary="pytest", state="failed", headline="exit 1"), "run pytest, failed, exit 1"),
        (Tool(name="add_finding", summary="`a.py` is old", state="done", quiet=True), "add finding a.py is old"),
        (
            Tool(name="run", state="failed", output="Wrong arguments for `run`: `command` is needed.\nMore."),
            "run, failed, Wrong arguments for run: command is needed",
        ),
        (
            Tool(name="read", summary="a.py", state="failed", output="\nThere is no file a.py. Near: b.py"),
            "read a.py, failed, There is no file a.py",
        ),
        (Marker(title="It is busy.", detail="try 2 of 6"), "note: It is busy. try 2 of 6"),
        (Marker(title="compacted", key="↶", action="undone"), "note: compacted, undone"),
        (Asked(message="May it push?"), "asks: May it push?"),
        (Asked(message="May it push?", state="answered", allowed=True), "asks: May it push?\nyour answer: yes"),
        (Asked(message="May it?", state="answered", answer="you: once"), "asks: May it?\nyour answer: once"),
        (Thought(text="hm", seconds=75), "thought for 1 min 15 s, enter reads it"),
        (Marker(title="compacted", detail="4 kept", key="u", action="undo"), "note: compacted, 4 kept, u: undo"),
        (
            TurnEnd(steps=6, seconds=38, cost=0.11, confidence=Confidence(0.91, ""), route="sent"),
            "turn over, 6 steps, 38 s, costs 0.11 dollars, confidence 0.91, sent",
        ),
    ],
)
def test_who_says_it_comes_first(entry: AnyEntry, said: str) -> None:
    assert speak(entry) == said


def test_a_change_says_how_much_it_changed() -> None:
    change = FileChange("src/a.py", "", 3, 1)
    said = speak(Tool(name="edit", summary="src/a.py", state="done", changes=(change,)))
    assert said == "edit src/a.py: 3 lines added, 1 removed"


@pytest.mark.parametrize("state", ["proposed", "waiting", "running"])
def test_a_call_is_told_when_it_is_settled(state: str) -> None:
    assert speak(Tool(name="run", state=state)) == ""  # type: ignore[arg-type]


def test_an_answer_and_a_thought_are_told_when_they_are_whole() -> None:
    assert speak(Answer(text="It do", streaming=True)) == ""
    assert speak(Thought(text="hm", streaming=True)) == ""


def test_a_waiting_question_only_grows_when_it_is_answered() -> None:
    waiting = speak(Asked(message="May it?"))
    assert speak(Asked(message="May it?", state="unanswered")).startswith(waiting)


def test_markdown_is_read_without_its_signs_and_code_as_it_is() -> None:
    text = "# Plan\n- one `x`\n```python\ny = **z**\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n---\n__init__"
    assert read_prose(text).split("\n") == [
        "heading: Plan",
        "item: one x",
        "python code:",
        "y = **z**",
        "end of code.",
        "a, b",
        "a: 1, b: 2",
        "__init__",
    ]


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(read_prose(text), str)
    assert speak(Answer(text=text)).startswith("answer: ")


def test_nothing_stands_before_the_text() -> None:
    assert Layout([], lambda: 0.0, spoken=True).left == 0


STYLES = Styles({})
LINES = st.lists(
    st.sampled_from(
        [
            "",
            "  ",
            "one",
            "- item",
            "# Head",
            "```py",
            "```",
            "| a | b |",
            "|---|---|",
            "| 1 | 2 |",
            "---",
            "two words " * 9,
            "\r",
        ]
    )
    | st.text(max_size=12)
)


@given(LINES.map("\n".join), st.lists(st.integers(0, 400), max_size=8), st.integers(8, 60))
def test_an_answer_that_arrives_is_told_line_by_line_and_never_in_other_words(
    text: str, cuts: list[int], width: int
) -> None:
    stream = SpokenStream(MarkdownRenderer(width, STYLES, width))
    said: list[str] = []
    for cut in sorted({*cuts, len(text)}):
        stream.grow(text[:cut])
        now = [stream[row].text for row in range(len(stream))]
        assert now[: len(said)] == said
        said = now
    whole = [line.text for line in draw_spoken(Answer(text=text), width, STYLES)]
    assert whole[: len(said)] == said


def test_a_line_is_told_as_soon_as_it_has_ended() -> None:
    stream = SpokenStream(MarkdownRenderer(60, STYLES, 60))
    stream.grow("It does this.\nAnd th")
    assert [stream[row].text for row in range(len(stream))] == ["answer: It does this."]


@given(LINES.map("\n".join))
def test_no_two_blank_lines_and_no_two_blanks_outside_code(text: str) -> None:
    said = read_prose(text.replace("`", ""))
    assert "\n\n\n" not in said
    assert all("  " not in line for line in said.split("\n"))
