"""Faults by their cause, and events cut out of bytes."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import ProviderFault
from workbench.providers.accumulation import Accumulation
from workbench.providers.faults import as_fault, parse_fault, retry_after
from workbench.providers.frames import Frames


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ConnectError("refused"), "connection"),
        (httpx2.ConnectTimeout("slow"), "connection"),
        (httpx2.ReadTimeout("silence"), "stalled"),
        (httpx2.RemoteProtocolError("dropped"), "cut"),
        (httpx2.ReadError("reset"), "cut"),
        (ConnectionResetError("reset"), "cut"),
        (msgspec.DecodeError("bad"), "server"),
        (KeyError("index"), "server"),
        (TypeError("Could not resolve authentication method."), "auth"),
        (ValueError("what"), "local"),
        (httpx2.LocalProtocolError("Illegal header value b'sk-secret'"), "local"),
        (httpx2.UnsupportedProtocol("Request URL is missing a protocol"), "local"),
        (httpx2.InvalidURL("Invalid port"), "local"),
        (UnicodeEncodeError("ascii", "sk-secr\xe9t", 7, 8, "ordinal not in range"), "local"),
    ],
)
def test_what_the_transport_raises_is_classified(error, kind):
    fault = as_fault(error)
    assert fault.kind == kind
    assert fault.message
    assert "sk-" not in str(fault)
    assert not (kind == "local" and fault.retryable)
    assert as_fault(fault) is fault


def test_a_spend_limit_is_not_worth_another_try_although_it_is_a_429():
    body = {"error": {"type": "rate_limit_error", "message": "The contract's limit is reached"}}
    fault = parse_fault(body, 429, {"retry-after": "5"}, "contract_spend_limit_reached")
    assert (fault.kind, fault.retryable) == ("spend", False)


@pytest.mark.parametrize("body", [None, "oops", [], {"error": "text"}, {"error": {"message": None}}])
def test_an_error_without_the_usual_body_still_says_something(body):
    assert "502" in parse_fault(body, 502).message


def test_the_wait_asked_for_is_read_in_all_its_forms():
    assert retry_after({"retry-after-ms": "1500"}) == 1.5
    assert retry_after({"retry-after": "7"}) == 7
    soon = retry_after({"retry-after": format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)})
    assert soon is not None
    assert 0 <= soon <= 60
    for nonsense in ("", "soon", "-1", "nan", "inf"):
        assert retry_after({"retry-after": nonsense}) is None
    assert retry_after({}) is None


def wire(events, newline="\n"):
    return "".join(f"event: {e['type']}{newline}data: {json.dumps(e)}{newline}{newline}" for e in events).encode()


@given(st.lists(st.text(), max_size=6), st.sampled_from(["\n", "\r\n"]), st.data())
def test_events_are_found_however_the_bytes_are_cut(texts, newline, data):
    events = [{"type": "x", "text": text} for text in texts]
    body = wire(events, newline)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=12)))
    frames = Frames()
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
        found += frames.feed(body[start:end])
    assert found + frames.close() == events


def test_comments_other_fields_split_data_and_done_are_understood():
    frames = Frames()
    body = b': hello\nid: 7\nretry: 5\ndata: {"type":\ndata: "x"}\n\ndata: [DONE]\n\ndata: {"type": "y"}'
    assert frames.feed(body) == [{"type": "x"}]
    assert frames.close() == [{"type": "y"}]


def test_data_that_is_no_json_is_an_error_in_its_place():
    before, error = Frames().feed(b'data: {"type": "x"}\n\ndata: <html>\n\n')
    assert before == {"type": "x"}
    assert parse_fault(error).kind == "server"


def test_text_of_one_chunk_becomes_one_delta():
    grown = Accumulation("m")
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    piece = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "ab "}}
    assert [delta.text for delta in grown.feed([start, piece, piece, {"type": "ping"}, piece])] == ["ab ab ab "]


def test_text_before_an_error_of_the_same_chunk_is_told():
    grown = Accumulation("m")
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "so far"}}
    deltas = grown.feed([start, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}])
    assert [delta.text for delta in deltas] == ["so far"]
    assert isinstance(grown.failure, ProviderFault)
    assert grown.failure.kind == "overloaded"
