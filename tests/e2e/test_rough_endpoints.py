"""Keys with a line's end, streams that are not quite the API's, endpoints without this or that."""

import json
from pathlib import Path

import pytest

from tests.e2e.strict_person import Desk
from tests.strict_api import Reply, call, says
from workbench.providers.rehearsal import sse


def stream(*deltas: str, start: str = '{"type":"text","text":""}') -> bytes:
    """A reply of one block whose deltas are JSON as written here."""
    scene = sse.Scene(({"type": "text", "text": "x"},))
    events = list(sse.events(scene, "msg_1", "claude-opus-5-5", {"input_tokens": 9, "output_tokens": 9}))
    head = b"".join(sse.frame(event) for event in events[:2])
    block = f'{{"type":"content_block_start","index":0,"content_block":{start}}}'
    parts = [block, *(f'{{"type":"content_block_delta","index":0,"delta":{delta}}}' for delta in deltas)]
    body = "".join(f"event: {json.loads(part)['type']}\ndata: {part}\n\n" for part in parts)
    return head + body.encode() + b"".join(sse.frame(event) for event in events[-3:])


def text_delta(text: str) -> str:
    return f'{{"type":"text_delta","text":"{text}"}}'


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (stream(text_delta("good "), text_delta("\\ud800"), text_delta(" end")), "good"),
        (stream(text_delta("good "), "null", text_delta("end")), "good"),
        (stream(text_delta("good "), '{"type":"text_delta","text":null}', text_delta("end")), "good"),
        (stream(text_delta("good "), '{"type":"new_delta","thing":1}', text_delta("end")), "good"),
        (stream(text_delta("good end")).replace(b"\n\n", b"\r\n\r\n"), "good"),
        (b": a comment\n\n" + stream(text_delta("good end")), "good"),
        (stream(text_delta("good end")) + b"event: odd\ndata: {}\n\n", "good"),
    ],
)
def test_a_stream_with_an_oddity_costs_what_cannot_be_read_of_it_and_no_more(desk: Desk, raw: bytes, kept: str) -> None:
    desk.api.answers[:] = [Reply(raw=raw)]
    ended = desk.run("hi")
    assert ended.code == 0, ended.err
    assert kept in ended.text
    assert len(desk.api.requests) == 1
    assert desk.go_on().code == 0
    assert not desk.api.refusals


@pytest.mark.parametrize("written", ['{"file_path": "a.py" x}', '["a.py"]', "a.py", '{"file_path": "a'])
def test_arguments_that_cannot_be_read_are_answered_and_the_reply_is_paid_for_once(desk: Desk, written: str) -> None:
    delta = json.dumps({"type": "input_json_delta", "partial_json": written})
    start = '{"type":"tool_use","id":"toolu_1","name":"read","input":{}}'
    desk.api.answers[:] = [Reply(raw=stream(delta, start=start)), says("I will not read it then.")]
    ended = desk.run("hi")
    assert ended.code == 0, ended.err
    assert "not read it" in ended.text and len(desk.api.paid) == 2
    call, result = (message["content"][-1] for message in desk.api.requests[1]["messages"][1:3])
    assert call["input"] == {} and result["is_error"] and "could not be read" in str(result["content"])
    assert desk.go_on().code == 0
    assert not desk.api.refusals


@pytest.mark.parametrize("raw", [b"", b"<html>", b"data: {\n\n", b'data: {"type":"message_start"}\n\n'])
def test_a_stream_that_is_none_is_blamed_on_the_server(desk: Desk, raw: bytes) -> None:
    desk.configure("[retry]\nattempts = 2\n")
    desk.api.answers[:] = [Reply(raw=raw)] * 5
    ended = desk.run("hi")
    assert ended.code == 1
    assert "could not be sent" not in ended.err
    assert "compact" not in ended.err
    desk.api.answers.clear()
    assert desk.go_on().code == 0


@pytest.mark.parametrize("end", ["\r", "\n", " \r\n", "\t"])
def test_a_key_with_an_end_of_line_is_taken_without_it_or_named_and_never_shown(desk: Desk, end: str) -> None:
    desk.api.endpoint.key = "sk-ant-secret-0123"
    desk.env["ANTHROPIC_API_KEY"] = desk.api.endpoint.key + end
    ended = desk.run("hi")
    if ended.code:
        assert "ANTHROPIC_API_KEY" in ended.err
    journals = Path(desk.env["WORKBENCH_SESSIONS"]).rglob("*")
    kept = b"".join(file.read_bytes() for file in journals if file.is_file())
    assert desk.api.endpoint.key not in ended.out + ended.err
    assert desk.api.endpoint.key.encode() not in kept


@pytest.mark.parametrize("address", ["localhost:9", "http//nowhere", "http://[::1", "ftp://x"])
def test_an_address_that_is_none_is_named_and_not_tried_again(desk: Desk, address: str) -> None:
    desk.env["ANTHROPIC_BASE_URL"] = address
    ended = desk.run("hi")
    assert ended.code in (1, 2)
    assert "ANTHROPIC_BASE_URL" in ended.err
    assert "RetryScheduled" not in ended.out


@pytest.mark.parametrize("events", [1, 2, 3, 5])
def test_an_overload_in_the_midst_of_a_reply_is_tried_again(desk: Desk, events: int) -> None:
    desk.api.answers[:] = [says("words that come in pieces and more", overloaded=events), says("whole")]
    ended = desk.run("hi")
    assert (ended.code, ended.text) == (0, "whole"), ended.err
    assert desk.go_on().code == 0
    assert not desk.api.refusals


def test_an_endpoint_without_models_and_count_tokens_serves_a_turn_with_tools(desk: Desk) -> None:
    desk.api.endpoint.models = desk.api.endpoint.counts = False
    desk.api.answers[:] = [says(call("read", "toolu_1", file_path="README.md"))]
    assert desk.run("read it").text == "ok"
    assert not [why for why in desk.api.refusals if "max_tokens" not in why]
