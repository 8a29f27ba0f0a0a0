"""What the Messages API refuses, and what it takes."""

import copy

import pytest

from workbench.providers.rehearsal.validity import faults


def text(said):
    return {"type": "text", "text": said}


def use(id):
    return {"type": "tool_use", "id": id, "name": "read_file", "input": {}}


def result(id, content="x"):
    return {"type": "tool_result", "tool_use_id": id, "content": content}


MARK = {"type": "ephemeral"}
VALID = {
    "model": "rehearsal",
    "max_tokens": 100,
    "stream": True,
    "system": [{**text("You are"), "cache_control": MARK}],
    "tools": [{"name": "read_file", "description": "", "input_schema": {"type": "object"}, "cache_control": MARK}],
    "tool_choice": {"type": "none"},
    "messages": [
        {"role": "user", "content": [text("summary"), text("prompt")]},
        {"role": "assistant", "content": [text("two calls"), use("a"), use("b")]},
        {"role": "user", "content": [result("b"), result("a", [text("x")]), text("a notice")]},
        {"role": "user", "content": "and more"},
    ],
}


def broken(change):
    """A valid request after `change`."""
    body = copy.deepcopy(VALID)
    change(body)
    return body


def messages(*listed):
    return lambda body: body.update(messages=list(listed))


USER = {"role": "user", "content": "hello"}
CALLED = {"role": "assistant", "content": [use("a"), use("b")]}


def test_a_whole_request_is_taken():
    assert faults(VALID) == []


REFUSED = [
    (lambda body: body.pop("model"), "model: Field required"),
    (lambda body: body.update(max_tokens=-1), "max_tokens"),
    (lambda body: body.update(temperature=0.5), "temperature"),
    (lambda body: body.update(surprise=1), "surprise: Extra inputs"),
    (lambda body: body.update(thinking={"type": "enabled", "budget_tokens": 1024}), "thinking"),
    (lambda body: body.update(tool_choice={"type": "any"}), "tool_choice"),
    (lambda body: body.update(tool_choice={"type": "tool", "name": "read_file"}), "tool_choice"),
    (lambda body: body["tools"].append(dict(body["tools"][0])), "unique"),
    (lambda body: body["tools"].append({"name": "a b", "input_schema": {"type": "object"}}), "tools.1.custom.name"),
    (lambda body: body["tools"].append({"name": "c"}), "input_schema"),
    (lambda body: body.pop("tools"), "tool"),
    (lambda body: body.update(system=[text(" ")]), "system"),
    (messages(), "at least one message"),
    (messages({"role": "assistant", "content": "hi"}, USER), 'must use the "user" role'),
    (messages(USER, {"role": "assistant", "content": "half an ans"}), "prefill"),
    (messages({"role": "user", "content": []}), "non-empty content"),
    (messages({"role": "robot", "content": "x"}), "role"),
    (messages({**USER, "id": 1}), "Extra inputs"),
    (messages({"role": "user", "content": [text("")]}), "must be non-empty"),
    (messages({"role": "user", "content": [text(" \n")]}), "non-whitespace"),
    (messages({"role": "user", "content": [{**text("x"), "draft": True}]}), "draft"),
    (messages({"role": "user", "content": [use("a")]}), "cannot be in user messages"),
    (messages({"role": "user", "content": [{"type": "hologram"}]}), "hologram"),
    (
        messages(USER, {"role": "assistant", "content": [{"type": "thinking", "thinking": "", "signature": ""}]}, USER),
        "sig",
    ),
    (messages(USER, CALLED, USER), "without `tool_result` blocks immediately after: a, b"),
    (messages(USER, CALLED, {"role": "user", "content": [result("a")]}), "immediately after: b"),
    (messages(USER, CALLED, {"role": "user", "content": [result("a"), result("b"), result("c")]}), "unexpected"),
    (messages(USER, CALLED, {"role": "user", "content": [result("a"), result("a"), result("b")]}), "single result"),
    (messages(USER, CALLED, {"role": "user", "content": [text("x"), result("a"), result("b")]}), "must come before"),
    (messages({"role": "user", "content": [result("a")]}), "unexpected `tool_use_id`"),
    (messages(USER, CALLED), "prefill"),
    (
        messages(
            USER,
            CALLED,
            {"role": "user", "content": [result("a"), result("b")]},
            CALLED,
            {"role": "user", "content": [result("a"), result("b")]},
        ),
        "unique",
    ),
    (messages({"role": "user", "content": [{**text("x"), "cache_control": MARK}] * 3}), "A maximum of 4"),
    (messages({"role": "user", "content": [{**text("x"), "cache_control": {"type": "eternal"}}]}), "ephemeral"),
    (
        messages({"role": "user", "content": [{**text("x"), "cache_control": {**MARK, "ttl": "1h"}}]}),
        "must not come after",
    ),
    (messages(USER, {"role": "assistant", "content": [{**use("a"), "input": "{}"}]}, USER), "dictionary"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_a_broken_request_is_refused_with_its_reason(change, said):
    found = faults(broken(change))
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize("content", [None, 7, [None], [{}], {"type": "text"}])
def test_nonsense_is_refused_and_never_raises(content):
    assert faults({**VALID, "messages": [{"role": "user", "content": content}]})
    assert faults({**VALID, "messages": content})
