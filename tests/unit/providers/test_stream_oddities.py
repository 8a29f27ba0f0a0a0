"""Streams that are not what the Messages API sends: what came is kept, and nothing is paid for twice."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeModels
from workbench.core.errors import ProviderFault
from workbench.core.messages import Opaque, Text, Thinking, ToolUse
from workbench.core.requests import Reply, TextDelta
from workbench.core.spend import Usage
from workbench.providers.accumulation import MOST_TOKENS, Accumulation, parse_usage
from workbench.providers.anthropic import MessagesModel
from workbench.providers.frames import Frames, decode_json

BEGIN = {"type": "message_start", "message": {"id": "m", "model": "x", "usage": {"input_tokens": 7}}}
START = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
STOP = {"type": "content_block_stop", "index": 0}
FINAL = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}}
END = {"type": "message_stop"}


def piece(text, index=0):
    return {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}


def grown_from(*events):
    grown = Accumulation("x")
    deltas = grown.feed(list(events))
    return grown, "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


def wire(*events):
    return "".join(f"data: {each if isinstance(each, str) else json.dumps(each)}\n\n" for each in events).encode()


async def answer(body, asked):
    """The deltas of a reply with this body, and how often it was asked for."""
    import anthropic
    import httpx2

    def serve(request):
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(serve))
    client = anthropic.AsyncAnthropic(api_key="k", base_url="http://x.invalid", http_client=http, max_retries=0)
    deltas = []
    try:
        async for delta in MessagesModel(lambda: client, FakeModels()).stream(asked()):
            deltas.append(delta)
    except ProviderFault as fault:
        deltas.append(fault)
    return deltas


async def test_half_a_character_costs_that_character_and_not_the_reply(asked):
    body = wire(BEGIN, START, piece("a\ud800b"), piece("\ud83d"), piece("\ude00"), STOP, FINAL, END)
    assert rb"\ud800" in body
    reply = (await answer(body, asked))[-1]
    assert reply.parts == (Text("a\N{REPLACEMENT CHARACTER}b\N{GRINNING FACE}"),)


async def test_halves_of_characters_are_cleaned_wherever_they_stand(asked):
    blocks = [
        {"type": "thinking", "thinking": "t\ud800", "signature": "s\ud800"},
        {"type": "tool_use", "id": "i\ud800", "name": "n\ud800", "input": {"k\ud800": ["\ud800"]}},
        {"type": "hologram", "deep": {"\ud800": "\ud800"}},
    ]
    starts = [{"type": "content_block_start", "index": n, "content_block": block} for n, block in enumerate(blocks)]
    reply = (await answer(wire(BEGIN, *starts, FINAL, END), asked))[-1]
    bad = "\N{REPLACEMENT CHARACTER}"
    assert reply.parts == (
        Thinking(f"t{bad}", f"s{bad}"),
        ToolUse(f"i{bad}", f"n{bad}", {f"k{bad}": [bad]}),
        Opaque({"type": "hologram", "deep": {bad: bad}}),
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "content_block_delta", "index": 0, "delta": None},
        {"type": "content_block_delta", "index": 0},
        {"type": "message_delta", "delta": None, "usage": None},
        {"type": "what", "is": ["this"]},
        {"type": None},
        {},
        {"type": "content_block_stop", "index": 99},
        {"type": "message_start", "message": None},
        {"type": "message_start", "message": {"usage": "none"}},
        piece(None),
        piece(""),
        "[DONE]",
        "7",
        "null",
    ],
)
async def test_an_event_that_carries_nothing_costs_nothing(asked, odd):
    reply = (await answer(wire(BEGIN, START, piece("Hel"), odd, piece("lo"), STOP, FINAL, END), asked))[-1]
    assert isinstance(reply, Reply)
    assert reply.parts == (Text("Hello"),)
    assert reply.usage == Usage(7, 3)


@pytest.mark.parametrize(
    "odd",
    [
        "<html>",
        '{"type": "content_block_delta", "ind',
        piece(5),
        piece(["x"]),
        piece("x", index=99),
        piece("x", index="0"),
        piece("x", index=[0]),
        {"type": "content_block_delta", "index": 0, "delta": "text"},
        {"type": "content_block_delta", "index": 0, "delta": {}},
        {"type": "content_block_start", "index": 1, "content_block": None},
        {"type": "content_block_start", "index": 1, "content_block": {"text": "no type"}},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": 5}},
        {"type": "message_delta", "delta": {"stop_reason": 5}},
        {"type": "message_delta", "delta": "end_turn"},
        '{"a":' * 50_000,
    ],
)
async def test_a_reply_of_which_a_part_cannot_be_read_is_the_servers_fault_and_what_came_is_told(asked, odd):
    *deltas, fault = await answer(wire(BEGIN, START, piece("so far"), odd, piece("lost"), STOP, FINAL, END), asked)
    assert "".join(delta.text for delta in deltas if isinstance(delta, TextDelta)) == "so far"
    assert (fault.kind, fault.retryable) == ("server", True)
    assert "could not be sent" not in fault.message


CALL = {"type": "content_block_start", "index": 1, "content_block": {"type": "tool_use", "id": "t", "name": "run"}}


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        (
            '{"command": "ls" "cwd": "."}',
            'Expecting \',\' delimiter at character 18 of 28, in \'{"command": "ls" "cwd"',
        ),
        ('{"command": "l', "Unterminated string"),
        ("ls -l", "Expecting value at character 1 of 5, in 'ls -l'"),
        ('["ls"]', "not a JSON object but '[\"ls\"]'"),
        ("null", "not a JSON object but 'null'"),
        ('{"a":' * 50_000, "nested too deeply"),
        ('{"a": "\\ud800" x}', "Expecting"),
    ],
)
async def test_arguments_that_cannot_be_read_cost_that_call_and_not_the_reply(asked, written, wrong):
    arguments = {
        "type": "content_block_delta",
        "index": 1,
        "delta": {"type": "input_json_delta", "partial_json": written},
    }
    body = wire(
        BEGIN, START, piece("I look."), STOP, CALL, arguments, {"type": "content_block_stop", "index": 1}, FINAL, END
    )
    reply = (await answer(body, asked))[-1]
    text, call = reply.parts
    assert (text, reply.stop_reason, reply.usage) == (Text("I look."), "tool_use", Usage(7, 3))
    assert (call.id, call.name, call.input) == ("t", "run", {})
    assert wrong in call.fault and len(call.fault) < 300


@pytest.mark.parametrize(
    "after", ["<html>", piece(5), {"type": "error", "error": {"type": "overloaded_error"}}, ": bye"]
)
async def test_a_reply_that_has_arrived_is_not_paid_for_twice_whatever_follows(asked, after):
    for end in ((END, after), (after,), ()):
        reply = (await answer(wire(BEGIN, START, piece("Whole."), STOP, FINAL, *end), asked))[-1]
        assert isinstance(reply, Reply), end
        assert reply.parts == (Text("Whole."),)


def test_a_reply_that_was_not_told_to_end_is_not_taken_for_whole():
    assert not grown_from(BEGIN, START, piece("a"), STOP)[0].arrived
    assert not grown_from(BEGIN, START, piece("a"), FINAL)[0].arrived
    assert not grown_from({**BEGIN, "message": {"stop_reason": "end_turn"}}, START, piece("a"), STOP)[0].arrived


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()), max_size=4),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=3), each, max_size=3),
    max_leaves=4,
)
KINDS = st.sampled_from(["text", "thinking", "redacted_thinking", "tool_use", "hologram"])
DELTAS = st.sampled_from(["text_delta", "input_json_delta", "thinking_delta", "signature_delta", "citations_delta"])
FIELDS = ("text", "thinking", "signature", "data", "id", "name", "input", "partial_json", "stop_reason")
REST = ["message", "delta", "usage", "error", "index"]
REPORTS = [*Usage.__struct_fields__, "cache_creation", "ephemeral_1h_input_tokens"]
BLOCKS = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4)
HEADS = st.sampled_from(["message_start", "message_delta", "message_stop", "content_block_stop", "error", "ping"])


def start(kind, index, rest):
    return {"type": "content_block_start", "index": index, "content_block": {"type": kind} | rest}


def grow(kind, index, rest):
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind} | rest}


EVENTS = st.one_of(
    st.builds(start, KINDS | JSON, st.integers(0, 2) | JSON, BLOCKS),
    st.builds(grow, DELTAS | JSON, st.integers(0, 2) | JSON, BLOCKS),
    st.builds(lambda head, rest: {"type": head} | rest, HEADS, st.dictionaries(st.sampled_from(REST), JSON)),
    st.sampled_from([BEGIN, START, piece("x"), STOP, FINAL, END]),
    st.dictionaries(st.text(max_size=3), JSON),
)


@given(st.lists(EVENTS, max_size=12))
def test_any_events_in_any_order_are_a_reply_or_a_fault_of_the_server(events):
    grown = Accumulation("x")
    try:
        grown.feed(Frames().feed(wire(*events)))
        for part in grown.reply.parts:
            json.dumps(part.data if isinstance(part, Opaque) else str(part), ensure_ascii=False).encode()
    except ProviderFault as fault:
        assert fault.kind == "server"
    if grown.failure:
        assert grown.failure.message


@given(st.binary(max_size=80))
def test_any_bytes_are_read_without_a_failure(body):
    frames = Frames()
    assert all(isinstance(event, dict) for event in frames.feed(b"data:" + body) + frames.close())


@pytest.mark.parametrize(
    ("payload", "value"),
    [(b'{"a": NaN}', {"a": None}), (b'"\xff"', "\N{REPLACEMENT CHARACTER}"), ('{"a": 1}', {"a": 1})],
)
def test_json_is_read_as_far_as_it_can_be(payload, value):
    assert decode_json(payload) == value


@pytest.mark.parametrize("figure", [954_817_987_592, -1, 1e300, math.nan, math.inf, 0.5, "12", True, [3], {}])
@pytest.mark.parametrize("name", ["input_tokens", "output_tokens", "cache_read_input_tokens"])
def test_a_figure_that_cannot_be_is_set_aside_and_the_report_is_no_measure(name, figure):
    usage = parse_usage({"input_tokens": 5, "output_tokens": 2} | {name: figure})
    assert usage.estimated
    assert usage.total <= 7


@pytest.mark.parametrize("usage", [{"input_tokens": 950_000}, {"output_tokens": 128_000.0}, {"input_tokens": None}, {}])
def test_what_a_window_of_a_million_can_hold_is_believed(usage):
    assert not parse_usage(usage | {"cache_creation": "?", "output_tokens_details": None}).estimated


@given(st.dictionaries(st.sampled_from(REPORTS), JSON))
def test_no_report_gives_a_figure_that_is_none(report):
    usage = parse_usage(report)
    assert all(0 <= getattr(usage, name) <= 2 * MOST_TOKENS for name in usage.__struct_fields__)
