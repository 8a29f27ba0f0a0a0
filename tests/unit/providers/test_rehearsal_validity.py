"""What the Messages API refuses, and what it takes."""

import copy

import pytest

from tests.media import block, gif, jpeg, pdf, png, webp
from workbench.providers.faults import parse_fault
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


SIGNED = {"type": "thinking", "thinking": "so", "signature": "made elsewhere"}


def holds(*listed):
    return messages({"role": "user", "content": list(listed)})


def answers(*listed):
    return messages(USER, {"role": "assistant", "content": list(listed)}, USER)


def source(**more):
    picture = block(png())
    return {**picture, "source": picture["source"] | more}


REFUSED += [
    (answers(text("x"), SIGNED), "messages.1: The final block in an assistant message cannot be `thinking`."),
    (answers(text("x"), {"type": "redacted_thinking", "data": "x"}), "cannot be `redacted_thinking`"),
    (answers({**SIGNED, "signature": ""}, text("x")), "messages.1.content.0: thinking.signature: Field required"),
    (answers({"type": "thinking", "signature": "s"}, text("x")), "thinking.thinking: Field required"),
    (answers({"type": "redacted_thinking"}, text("x")), "Invalid `data` in `redacted_thinking` block"),
    (answers({**SIGNED, "cache_control": MARK}, text("x")), "thinking.cache_control: Extra inputs"),
    (answers({**use("a"), "name": "a b"}), "tool_use.name: String should match pattern"),
    (answers({**use("a"), "id": ""}), "tool_use.id: String should match pattern"),
    (messages(USER, CALLED, {"role": "user", "content": [result("a!"), result("b")]}), "tool_use_id: String should"),
    (
        messages(
            USER, CALLED, {"role": "user", "content": [{**result("a", [block(png())]), "is_error": True}, result("b")]}
        ),
        "all content must be type `text` if `is_error` is true",
    ),
    (
        messages(USER, CALLED, {"role": "user", "content": [result("a", [text("x"), block(b"<html>")]), result("b")]}),
        "messages.2.content.0.tool_result.content.1.image.source.base64: Could not process image",
    ),
    (lambda body: body.update(thinking={"type": "deep"}), "Input tag 'deep'"),
    (lambda body: body["tools"][0]["input_schema"].update(anyOf=[]), "oneOf, allOf, or anyOf"),
    (holds(block(b"<html>Not found</html>")), "messages.0.content.0.image.source.base64: Could not process image"),
    (holds(block(png()[:60])), "Could not process image"),
    (holds(block(jpeg())), "Image does not match the provided media type image/png"),
    (holds(source(data="")), "image cannot be empty"),
    (holds(source(data="not base64!")), "Invalid base64 data"),
    (holds(source(media_type="image/bmp")), "media_type: Input should be 'image/png'"),
    (holds(source(type="telepathy")), "image.source: Input should be one of"),
    (holds({"type": "image"}), "image.source: Input should be one of"),
    (holds(block(png(padding=4_000_000))), "image exceeds 5 MB maximum: "),
    (holds(block(png(8_001, 1))), "exceed max allowed size: 8000 pixels"),
    (holds(*[block(png(2_001, 1))] * 21), "messages.0.content.20.image.source.base64.data: At least one of the"),
    (holds(*[block(png())] * 101), "too many images and documents: 101 + 0 > 100"),
    (holds(block(b"no pdf", "application/pdf")), "pdf.source.base64.data: The PDF specified was not valid."),
    (holds(block(pdf()[:80], "application/pdf")), "The PDF specified was not valid."),
    (holds(block(pdf(1, b"/Encrypt 9 0 R"), "application/pdf")), "The PDF specified is password protected."),
    (holds(*[block(pdf(51), "application/pdf")] * 2), "A maximum of 100 PDF pages may be provided."),
]
"""Refusals that the API's documentation, or its users' reports, tell."""


def test_media_that_the_api_takes_are_taken():
    kinds = (("image/png", png(2_001, 1)), ("image/jpeg", jpeg()), ("image/gif", gif()), ("image/webp", webp()))
    held = [block(data, kind) for kind, data in kinds] + [block(pdf(100), "application/pdf")]
    held += [{"type": "image", "source": {"type": "url", "url": "https://x/y.png"}}]
    held += [{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}]
    assert faults(broken(holds(*held, text("these?")))) == []


def test_a_larger_window_takes_six_times_as_many():
    body = broken(holds(*[block(pdf(60), "application/pdf")] * 2, *[block(png())] * 99))
    assert faults(body, 1_000_000) == []
    assert len(faults(body, 200_000)) == 2


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_a_broken_request_is_refused_with_its_reason(change, said):
    found = faults(broken(change))
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize("content", [None, 7, [None], [{}], {"type": "text"}])
def test_nonsense_is_refused_and_never_raises(content):
    assert faults({**VALID, "messages": [{"role": "user", "content": content}]})
    assert faults({**VALID, "messages": content})


@pytest.mark.parametrize(
    ("change", "kind", "place"),
    [
        (holds(text("x"), block(b"<html>")), "media", (0, 1)),
        (holds(block(png(8_001, 1))), "media", (0, 0)),
        (holds(block(pdf()[:80], "application/pdf")), "media", (0, 0)),
        (answers(text("x"), SIGNED), "thinking", (1,)),
        (answers({**SIGNED, "signature": ""}, text("x")), "thinking", (1, 0)),
        (messages({"role": "user", "content": [text("")]}), "invalid", (0, 0)),
    ],
)
def test_what_is_refused_here_reads_like_what_the_api_refuses(change, kind, place):
    (said, *_) = faults(broken(change))
    fault = parse_fault({"type": "error", "error": {"type": "invalid_request_error", "message": said}}, 400)
    assert (fault.kind, fault.refusal.place) == (kind, place)
