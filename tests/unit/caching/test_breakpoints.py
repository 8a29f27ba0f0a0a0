"""Where the cache marks stand."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.caching import place_breakpoints
from workbench.providers.rehearsal.prefix import PrefixCache

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


def calls(*numbers):
    return [{"type": "tool_use", "id": f"t{n}", "name": "a", "input": {}} for n in numbers]


def results(*numbers):
    return [{"type": "tool_result", "tool_use_id": f"t{n}", "content": "x"} for n in numbers]


def test_many_calls_at_once_get_a_mark_from_which_the_request_before_is_found(request_parts):
    system, tools, messages = request_parts
    many = [
        {"role": "assistant", "content": calls(*range(30))},
        {"role": "user", "content": results(*range(30))},
    ]
    system, tools, wired = place_breakpoints(system, tools, messages + many, has_summary=True)
    assert [marked(message["content"]) for message in wired] == [[0], [], [], [18], [29]]
    assert (marked(tools), marked(system)) == ([], [1]), "four in all: the system's covers the tools"


@given(st.lists(st.integers(1, 45), min_size=1, max_size=6), st.booleans(), st.sampled_from(["5m", "1h"]))
def test_each_request_reads_all_that_the_one_before_wrote(steps, has_summary, ttl):
    now = 1_000.0
    cache = PrefixCache(lambda text: 40 + len(text), lambda: now)
    system, tools = [text("You are " + "x" * 600)], [{"name": "a"}]
    messages = [{"role": "user", "content": [text("summary"), text("prompt")]}]
    written = 0
    for step, count in enumerate([0, *steps]):
        if step:
            numbers = range(step * 100, step * 100 + count)
            messages = [*messages, {"role": "assistant", "content": calls(*numbers)}]
            messages = [*messages, {"role": "user", "content": results(*numbers)}]
        s, t, m = place_breakpoints(system, tools, messages, has_summary, ttl)
        assert sum(map(len, map(marked, [s, t, *(message["content"] for message in m)]))) <= 4
        used = cache.charge({"model": "m", "system": s, "tools": t, "messages": m})
        assert used["cache_read_input_tokens"] >= written
        assert used["input_tokens"] == 0, "the whole prompt is in the cache"
        written = used["cache_read_input_tokens"] + used["cache_creation_input_tokens"]
        assert used["cache_creation"]["ephemeral_1h_input_tokens"] == (
            0 if ttl == "5m" else used["cache_creation_input_tokens"]
        )
