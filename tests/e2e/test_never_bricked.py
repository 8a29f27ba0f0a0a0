"""After whatever a server refuses, the next turn succeeds, and nobody had to know why."""

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.e2e.strict_person import Desk, Ended
from tests.strict_api import Refuse, Reply, call, says, thinking
from tests.strict_rules import Body, Endpoint, count

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
"""A picture that every decoder takes."""


def well(ended: Ended, text: str = "ok") -> Ended:
    """A run that ended with an answer."""
    assert (ended.code, ended.text) == (0, text), (ended.result, ended.err)
    return ended


def repairs(ended: Ended) -> list[str]:
    return [event["repair"] for event in ended.told("RequestRepaired")]


def reads(name: str) -> Reply:
    return says(call("read", "toolu_1", file_path=name))


def holds_media(body: Body) -> bool:
    return '"base64"' in repr(body).replace("'", '"')


# --- a block that is not taken ------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("shot.png", b"<!doctype html><title>404</title>"),
        ("shot.png", PIXEL[:-20]),
        ("shot.png", PIXEL.replace(b"IDAT", b"IDAX")),
        ("shot.jpg", PIXEL[:8] + b"\0" * 50),
        ("shot.gif", b""),
        ("shot.webp", b"RIFF"),
        ("paper.pdf", b"no paper"),
    ],
)
def test_a_file_that_is_no_picture_never_ends_a_session(desk: Desk, name: str, data: bytes) -> None:
    (desk.project / name).write_bytes(data)
    desk.api.answers[:] = [reads(name)]
    well(desk.run("look at it"))
    refused = len(desk.api.refusals)
    well(desk.go_on())
    assert refused <= 1
    assert len(desk.api.refusals) == refused


@pytest.mark.parametrize(
    "words",
    [
        "Could not process image",
        "messages.2.content.0.tool_result.content.0.image.source.base64.data: Could not process image",
        "messages.0.content.0: image exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes",
    ],
)
def test_a_picture_that_the_server_does_not_take_becomes_a_note_and_is_sent_once_more(desk: Desk, words: str) -> None:
    (desk.project / "shot.png").write_bytes(PIXEL)
    desk.api.endpoint.rule = lambda body: words if holds_media(body) else ""
    desk.api.answers[:] = [reads("shot.png")]
    ended = well(desk.run("look at it"))
    assert repairs(ended) == ["drop_block"]
    assert "is left out of the window" in ended.err
    assert desk.api.refusals == [words]
    well(desk.go_on())
    assert desk.api.refusals == [words]


def test_a_sound_picture_stays_where_it_is(desk: Desk) -> None:
    (desk.project / "shot.png").write_bytes(PIXEL)
    desk.api.answers[:] = [reads("shot.png")]
    well(desk.run("look at it"))
    well(desk.go_on())
    assert not desk.api.refusals
    assert holds_media(desk.api.requests[-1])


# --- thinking that another key signed -----------------------------------------


def test_a_session_goes_on_where_another_key_signs(desk: Desk) -> None:
    desk.api.answers[:] = [
        says(thinking("hm"), call("read", "toolu_1", file_path="README.md")),
        says(thinking("so"), "one"),
    ]
    well(desk.run("first"), "one")
    desk.api.endpoint.secret = "two"
    desk.api.answers[:] = [says(thinking("new"), "two")]
    ended = well(desk.go_on(), "two")
    assert repairs(ended) == ["drop_thinking"]
    assert len(desk.api.refusals) == 1
    well(desk.go_on())
    assert len(desk.api.refusals) == 1


def test_a_key_that_changes_within_a_turn_does_not_end_it(desk: Desk) -> None:
    def changed(body: Body) -> Reply:
        desk.api.endpoint.secret = "two"
        return says(thinking("so"), call("read", "toolu_2", file_path="README.md"))

    desk.api.answers[:] = [says(thinking("hm"), call("read", "toolu_1", file_path="README.md")), changed]
    well(desk.run("first"))
    well(desk.go_on())
    assert len(desk.api.refusals) <= 2


def test_an_endpoint_that_takes_no_thinking_at_all_is_served(desk: Desk) -> None:
    desk.api.answers[:] = [says(thinking("hm"), "one")]
    well(desk.run("first"), "one")
    desk.api.endpoint.thinks = desk.api.endpoint.effort = False
    desk.api.endpoint.secret = "two"
    well(desk.go_on())
    refused = len(desk.api.refusals)
    well(desk.go_on())
    assert len(desk.api.refusals) == refused


# --- limits -------------------------------------------------------------------


@pytest.mark.parametrize("models", [True, False], ids=["told", "learnt"])
def test_a_reply_limit_is_told_or_learnt_once_and_kept(desk: Desk, models: bool) -> None:
    desk.api.endpoint.most, desk.api.endpoint.models = 8_000, models
    well(desk.run("hi"))
    assert len(desk.api.refusals) == (0 if models else 1)
    well(desk.go_on())
    well(desk.run("another session"))
    assert len(desk.api.refusals) == (0 if models else 1)
    assert desk.api.requests[-1]["max_tokens"] <= 8_000


@pytest.mark.parametrize("models", [True, False], ids=["told", "not told"])
def test_what_a_model_can_do_decides_what_is_asked_of_it(desk: Desk, models: bool) -> None:
    desk.api.endpoint.thinks = desk.api.endpoint.effort = False
    desk.api.endpoint.models = models
    well(desk.run("hi"))
    refused = len(desk.api.refusals)
    assert refused <= (0 if models else 2)
    well(desk.go_on())
    assert len(desk.api.refusals) == refused


@pytest.mark.parametrize(
    "words",
    [
        "messages.0.content.0.text.cache_control: Extra inputs are not permitted",
        "system.0.cache_control: Extra inputs are not permitted",
        "extraneous key [cache_control] is not permitted",
        "Prompt caching is not supported for this model",
    ],
)
def test_a_server_that_takes_no_cache_marks_is_served_and_asked_once(desk: Desk, words: str) -> None:
    desk.api.endpoint.rule = lambda body: words if "cache_control" in repr(body) else ""
    desk.api.endpoint.thinks = desk.api.endpoint.models = False
    desk.api.answers[:] = [says(call("read", "toolu_1", file_path="README.md"))]
    well(desk.run("hi"))
    assert desk.api.refusals.count(words) == 1
    well(desk.go_on())
    well(desk.run("another session"))
    assert desk.api.refusals.count(words) == 1


def test_a_server_that_tells_that_its_model_thinks_is_asked_to(desk: Desk) -> None:
    well(desk.run("hi"))
    assert desk.api.requests[-1]["thinking"]["type"] == "adaptive"


@pytest.mark.parametrize("said", [None, 1_000_000], ids=["told", "lied about"])
@pytest.mark.parametrize("counts", [True, False], ids=["counted", "estimated"])
def test_a_session_outgrows_a_small_window_and_goes_on(desk: Desk, said: int | None, counts: bool) -> None:
    (desk.project / "AGENTS.md").write_text("Always say please.\n")
    small = desk.api.endpoint
    small.window, small.said_window, small.counts, small.most = 14_000, said, counts, 4_000
    for turn in range(5):
        desk.api.answers[:] = [says(f"answer {turn} " + "of some words " * 600)]
        ended = desk.run(f"question {turn}", *(["--continue"] if turn else []))
        assert ended.code == 0, (turn, ended.result, ended.err, desk.api.refusals)
    well(desk.go_on("the last question"))
    last = repr(desk.api.requests[-1])
    assert "the last question" in last
    assert "Always say please." in last
    assert count(desk.api.requests[-1]) <= small.window
    assert len(desk.api.refusals) <= 1 + bool(said)


def test_a_window_that_fills_in_mid_turn_is_compacted_there(desk: Desk) -> None:
    for name in "abcd":
        (desk.project / f"{name}.txt").write_text(f"{name} says something of note\n" * 400)
    desk.api.endpoint.window, desk.api.endpoint.models, desk.api.endpoint.most = 12_000, False, 2_000
    desk.api.answers[:] = [says(call("read", f"toolu_{name}", file_path=f"{name}.txt")) for name in "abcd"]
    well(desk.run("read all four and compare"))
    assert "read all four and compare" in repr(desk.api.requests[-1])
    well(desk.go_on())
    assert len(desk.api.refusals) <= 4


def test_a_prompt_larger_than_the_window_is_not_sent_and_the_next_one_is(desk: Desk) -> None:
    desk.api.endpoint.window = 12_000
    well(desk.run("hi"))
    sent = len(desk.api.requests)
    ended = desk.go_on("words and more words " * 5_000)
    assert ended.code != 0
    assert len(desk.api.requests) == sent
    assert "window" in ended.err
    well(desk.go_on("and a short one"))
    assert not desk.api.refusals


# --- answers that are declined ------------------------------------------------


def decline(body: Body) -> Reply:
    """What the API does: it declines every request that still holds what it once declined."""
    return says("I ca", stop="refusal") if "forbidden" in repr(body["messages"]) else says("ok")


def decline_after_reading(body: Body) -> Reply:
    asked = repr(body["messages"][-1])
    return says(call("read", "toolu_1", file_path="notes.txt")) if "read it" in asked else decline(body)


@pytest.mark.parametrize(
    ("answer", "prompt"),
    [(decline, "the forbidden thing"), (decline_after_reading, "read it")],
    ids=["prompt", "result"],
)
def test_what_a_model_declined_is_left_out_and_the_next_prompt_is_answered(
    desk: Desk, answer: Callable[[Body], Reply], prompt: str
) -> None:
    (desk.project / "notes.txt").write_text("the forbidden thing\n")
    desk.api.answers[:] = [answer] * 9
    well(desk.run("remember: blue"))
    ended = desk.go_on(prompt)
    assert ended.code == 1
    assert "declined" in ended.err
    assert repairs(ended) == ["drop_turn"]
    well(desk.go_on("and now?"))
    assert "remember: blue" in repr(desk.api.requests[-1])
    well(desk.go_on())


# --- what is said -------------------------------------------------------------


@pytest.mark.parametrize(
    "refusal",
    [
        Refuse(401, "authentication_error", "invalid x-api-key"),
        Refuse(403, "permission_error", "Your API key does not have permission to use the specified resource."),
        Refuse(404, "not_found_error", "model: claude-none"),
        Refuse(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
        Refuse(400, "invalid_request_error", "tools.0.custom.name: String should match pattern"),
        Refuse(500, "api_error", "Internal server error", {"retry-after": "0"}),
        Refuse(529, "overloaded_error", "Overloaded", {"retry-after": "0"}),
    ],
    ids=lambda refusal: refusal.type,
)
def test_what_is_advised_helps_and_the_next_turn_succeeds(desk: Desk, refusal: Refuse) -> None:
    desk.api.answers[:] = [refusal] * 5
    ended = desk.run("hi")
    assert ended.code == 1
    assert refusal.message.rstrip(".") in ended.err
    assert "ompact" not in ended.err
    assert "new session" not in ended.err
    desk.api.answers.clear()
    well(desk.go_on())


# --- replies that break off ---------------------------------------------------

SHAPES = {
    "thinking, text, thinking": says(thinking("first of all"), "some words", thinking("and then")),
    "thinking, text, blank": says(thinking("first"), "some words", thinking("then"), "\n"),
    "thinking, call": says(thinking("first"), call("read", "toolu_1", file_path="README.md")),
    "thinking": says(thinking("nothing but thought, which goes on for a while")),
}


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_reply_that_breaks_off_anywhere_leaves_a_session_that_goes_on(desk: Desk, shape: str, share: float) -> None:
    desk.configure("[retry]\nattempts = 2\n")
    desk.api.answers[:] = [replace(SHAPES[shape], cut_at=share)] * 2
    desk.run("hi")
    desk.api.answers.clear()
    well(desk.go_on())
    assert not desk.api.refusals


@pytest.mark.parametrize(
    "blocks",
    [
        [thinking("hm"), "\n"],
        [thinking("hm")],
        ["words", thinking("hm")],
        ["words", thinking("hm"), " \n "],
        [thinking("hm"), "", "words", ""],
        [thinking("hm"), call("read", "toolu_1", file_path="README.md"), "\n"],
    ],
    ids=repr,
)
@pytest.mark.parametrize("stop", ["pause_turn", "max_tokens", "refusal", "model_context_window_exceeded", ""])
def test_whatever_a_reply_holds_the_next_request_is_taken(desk: Desk, blocks: list[str], stop: str) -> None:
    desk.api.answers[:] = [says(*blocks, stop=stop)]
    desk.run("hi")
    desk.api.answers.clear()
    well(desk.go_on())
    assert not desk.api.refusals


def test_an_installed_program_goes_on_after_a_refusal(desk: Desk) -> None:
    (desk.project / "shot.png").write_bytes(b"<!doctype html>")
    desk.api.endpoint = Endpoint(most=8_000, models=False)
    desk.api.answers[:] = [says(thinking("hm"), call("read", "toolu_1", file_path="shot.png"))]
    first = desk.installed("look at it")
    assert (first.code, first.text) == (0, "ok"), first.out + first.err
    desk.api.endpoint.secret = "two"
    second = desk.installed("go on", "--continue")
    assert (second.code, second.text) == (0, "ok"), second.out + second.err
