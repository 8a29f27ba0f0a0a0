"""A request either begins with all of the one before it, or the place where it differs is named to the byte."""

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from workbench.caching import PrefixBreak, find_break, place_breakpoints
from workbench.core.requests import ModelRequest

BLOCK = st.builds(lambda text: {"type": "text", "text": text}, st.text(min_size=1, max_size=12))
TALK = st.lists(st.lists(BLOCK, min_size=1, max_size=4), min_size=1, max_size=6)


def request(talk: list[list[dict[str, object]]], system: str = "You are", marks: bool = True) -> ModelRequest:
    messages = [{"role": ("user", "assistant")[at % 2], "content": blocks} for at, blocks in enumerate(talk)]
    parts = [{"type": "text", "text": system}], [{"name": "read"}], messages
    system_parts, tools, wired = place_breakpoints(*parts, has_summary=False) if marks else parts
    return ModelRequest("opus", 100, system_parts, wired, tools)


@given(TALK, TALK)
def test_what_only_grows_is_never_broken_wherever_its_marks_stand(talk, more) -> None:
    grown = copy.deepcopy(talk) + more
    assert find_break(request(talk), request(grown)) is None
    assert find_break(request(talk, marks=False), request(grown)) is None


@given(TALK, st.data())
def test_one_changed_character_is_found_where_it_is(talk, data) -> None:
    at = data.draw(st.integers(0, len(talk) - 1))
    block = data.draw(st.integers(0, len(talk[at]) - 1))
    changed = copy.deepcopy(talk)
    changed[at][block]["text"] += "!"
    found = find_break(request(talk), request(changed))
    assert found is not None
    assert (found.part, found.message, found.block) == ("messages", at, block)
    said = json.dumps(talk[at][block], ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert found.byte == len(said) - 2, "up to the quote that closed the text"


def test_tools_system_and_model_are_named() -> None:
    one = request([[{"type": "text", "text": "a"}]])
    assert find_break(one, request([[{"type": "text", "text": "a"}]], system="You were")) == PrefixBreak(
        "system", 0, 0, 30
    )
    other = ModelRequest("opus", 100, one.system, one.messages, [{"name": "write"}])
    assert find_break(one, other) == PrefixBreak("tools", 0, 0, 10)
    assert find_break(one, ModelRequest("haiku", 100, one.system, one.messages, one.tools)) == PrefixBreak(
        "model", 0, 0, 0
    )


def test_a_request_that_lost_its_end_is_broken_there() -> None:
    talk = [[{"type": "text", "text": "a"}], [{"type": "text", "text": "b"}]]
    assert find_break(request(talk), request(talk[:1])) == PrefixBreak("messages", 1, 0, 0)
