"""Where the cache marks stand."""

import copy

import pytest

from workbench.caching import place_breakpoints

MARK = {"type": "ephemeral"}


def text(said):
    return {"type": "text", "text": said}


def marked(blocks):
    """The places that carry a mark."""
    return [place for place, block in enumerate(blocks) if "cache_control" in block]


@pytest.fixture
def request_parts():
    system = [text("You are"), text("memory")]
    tools = [{"name": "a"}, {"name": "b"}]
    messages = [
        {"role": "user", "content": [text("summary"), text("prompt")]},
        {"role": "assistant", "content": [text("calling"), {"type": "tool_use", "id": "t", "name": "a", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "x"}, text("notice")]},
    ]
    return system, tools, messages


def test_four_marks_stand_on_tools_system_summary_and_tail(request_parts):
    system, tools, messages = place_breakpoints(*request_parts, has_summary=True)
    assert (marked(tools), marked(system)) == ([1], [1])
    assert [marked(message["content"]) for message in messages] == [[0], [], [1]]
    assert tools[1]["cache_control"] == MARK


def test_nothing_that_was_passed_in_is_changed(request_parts):
    before = copy.deepcopy(request_parts)
    place_breakpoints(*request_parts, has_summary=True)
    assert before == request_parts


def test_without_a_summary_three_are_enough(request_parts):
    _, _, messages = place_breakpoints(*request_parts, has_summary=False)
    assert [marked(message["content"]) for message in messages] == [[], [], [1]]


def test_messages_that_grow_are_marked_at_their_new_end_only(request_parts):
    system, tools, messages = request_parts
    place_breakpoints(system, tools, messages, has_summary=True)
    longer = [*messages, {"role": "assistant", "content": [text("done")]}, {"role": "user", "content": [text("more")]}]
    _, _, wired = place_breakpoints(system, tools, longer, has_summary=True)
    assert [marked(message["content"]) for message in wired] == [[0], [], [], [], [0]]


def test_blocks_that_may_not_carry_a_mark_are_passed_over():
    content = [text("said"), text(""), {"type": "thinking", "thinking": "", "signature": "s"}]
    _, _, messages = place_breakpoints([], [], [{"role": "user", "content": content}], has_summary=False)
    assert marked(messages[0]["content"]) == [0]


def test_the_tail_is_in_the_newest_user_message_even_when_another_follows():
    messages = [{"role": "user", "content": "asked"}, {"role": "assistant", "content": [text("draft")]}]
    _, _, wired = place_breakpoints([], [], messages, has_summary=False)
    assert wired[0]["content"] == [{**text("asked"), "cache_control": MARK}]
    assert marked(wired[1]["content"]) == []


def test_an_empty_request_stays_empty():
    assert place_breakpoints([], [], [], has_summary=True) == ([], [], [])
