"""Scripts: which step a request plays, and what is told of a bad file."""

import json

import pytest

from workbench.confidence import read_assessment
from workbench.core.errors import SettingsFault
from workbench.providers.rehearsal.script import Script, load


@pytest.fixture
def written(tmp_path):
    """A script file with this content."""

    def write(content):
        path = tmp_path / "play.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def played(script: Script, *said: str) -> list[str | None]:
    """The texts of the steps that these prompts play."""
    steps = [script.next(text) for text in said]
    return [step and step.text for step in steps]


def test_steps_play_in_order_and_then_the_agent_answers(written):
    assert played(load(written([{"text": "one"}, {"text": "two"}])), "a", "b", "c") == ["one", "two", None]


def test_a_step_waits_for_the_request_that_it_matches(written):
    script = load(written({"steps": [{"text": "summary", "match": "Summarise"}, {"text": "any"}]}))
    assert played(script, "hello", "Summarise this", "hello") == ["any", "summary", None]


def test_a_step_can_match_a_purpose(written):
    script = load(written([{"text": "title", "match": "title"}]))
    assert script.next("hello", "turn") is None
    assert script.next("hello", "title")


def test_a_step_repeats_as_often_as_it_says(written):
    assert played(load(written([{"text": "a", "repeat": 2}, {"text": "b", "repeat": 0}])), *"12345") == list("aabbb")


def test_a_step_becomes_wire_blocks_with_a_trailer_and_calls(written):
    step = {
        "thinking": "hm",
        "text": "Yes.",
        "confidence": {"value": 0.7, "reasoning": "why"},
        "calls": [{"tool": "run"}],
    }
    script = load(written([step, {**step, "calls": [], "confidence": 2}]))
    scene = script.scene(script.next(""))
    assert [block["type"] for block in scene.blocks] == ["thinking", "text", "tool_use"]
    assert scene.stop_reason == "tool_use"
    assert read_assessment(scene.blocks[1]["text"]).value == 0.7
    other = script.scene(script.next(""))
    assert other.stop_reason == "end_turn"
    assert read_assessment(other.blocks[1]["text"]) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"steps": [\n  {"text": "a",}\n]}', "play.json:2"),
        ("7", "play.json"),
        ([{"text": "a"}, {"txet": "b"}], "step 2"),
        ([{"text": 7}], "step 1"),
        ([{}], "says nothing"),
        ([{"fault": {"phase": "later"}}], "step 1"),
        ([{"text": "a", "fault": {"phase": "mid", "kind": "connection"}}], "does not go with"),
        ([{"text": "a", "fault": {"phase": "before", "kind": "drop"}}], "does not go with"),
        ([{"blocks": [{"text": "a"}]}], "needs a type"),
    ],
)
def test_a_bad_script_names_the_file_and_the_place(written, content, said):
    with pytest.raises(SettingsFault, match=said) as raised:
        load(written(content))
    assert "play.json" in raised.value.where
    assert "WORKBENCH_REHEARSAL" in raised.value.hint


def test_a_missing_script_is_told(tmp_path):
    with pytest.raises(SettingsFault, match="cannot be read"):
        load(tmp_path / "none.json")
