"""The real SDK, from a request to the deltas of its reply, against scripted servers in this process."""

import asyncio
from contextlib import aclosing

import pytest

from tests.fakes import FakeModels
from workbench.core.errors import ProviderFault
from workbench.core.messages import Opaque, Text, Thinking, ToolUse
from workbench.core.models import ModelFacts
from workbench.core.requests import CallDelta, Reply, ReplyBegan, TextDelta, ThinkingDelta
from workbench.providers.anthropic import MessagesModel

TOOLS = [{"name": "read_file", "description": "", "input_schema": {"type": "object", "properties": {}}}]


async def told(model, request):
    """All deltas until the reply or the fault, which comes last."""
    deltas = []
    try:
        async for delta in model.stream(request):
            deltas.append(delta)
    except ProviderFault as fault:
        deltas.append(fault)
    return deltas


def text_of(deltas):
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))


async def test_text_arrives_in_pieces_and_once_more_in_the_reply(scripted, asked):
    deltas = await told(scripted({"text": "One two three, and a line.\n\n- a list  \n"}), asked())
    assert isinstance(deltas[0], ReplyBegan)
    assert deltas[0].usage.input_tokens > 0
    assert len([delta for delta in deltas if isinstance(delta, TextDelta)]) > 3
    assert text_of(deltas) == "One two three, and a line.\n\n- a list  \n" == deltas[-1].text
    assert deltas[-1].stop_reason == "end_turn"
    assert deltas[-1].usage.output_tokens == 9
    assert deltas[-1].usage.input_tokens == deltas[0].usage.input_tokens


async def test_a_call_is_told_while_its_arguments_arrive_and_parsed_once_they_are_whole(scripted, asked):
    arguments = {"path": "src/ä.py", "lines": [1, 2], "deep": {"text": 'a "quoted" \n line' * 20}}
    step = {"text": "Reading.", "calls": [{"tool": "read_file", "arguments": arguments, "id": "toolu_a"}]}
    deltas = await told(scripted(step), asked(tools=TOOLS))
    sizes = [delta.size for delta in deltas if isinstance(delta, CallDelta)]
    assert sizes[0] == 0
    assert sizes == sorted(sizes)
    assert len(sizes) > 5
    assert deltas[-1].parts == (Text("Reading."), ToolUse("toolu_a", "read_file", arguments))
    assert deltas[-1].stop_reason == "tool_use"


async def test_a_call_cut_by_the_token_limit_is_dropped_and_its_text_kept(scripted, asked):
    call = {"tool": "read_file", "arguments": {"path": "a" * 200}}
    step = {"text": "Reading.", "calls": [call], "stop_reason": "max_tokens"}
    reply = (await told(scripted(step), asked(tools=TOOLS)))[-1]
    assert reply.parts == (Text("Reading."),)
    assert reply.stop_reason == "max_tokens"


async def test_a_call_that_the_server_ends_with_end_turn_counts_as_one(scripted, asked):
    step = {"calls": [{"tool": "read_file", "arguments": {}}], "stop_reason": "end_turn"}
    reply = (await told(scripted(step), asked(tools=TOOLS)))[-1]
    assert reply.stop_reason == "tool_use"
    assert reply.parts[0].input == {}


async def test_thinking_keeps_its_signature_and_can_be_sent_back(scripted, asked):
    model = scripted({"thinking": "Let me see what this is.", "text": "It is this."}, {"text": "Again."}, thinking=True)
    deltas = await told(model, asked())
    thought = deltas[-1].parts[0]
    assert isinstance(thought, Thinking)
    assert "".join(delta.text for delta in deltas if isinstance(delta, ThinkingDelta)) == thought.thinking
    block = {"type": "thinking", "thinking": thought.thinking, "signature": thought.signature}
    messages = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": [block, {"type": "text", "text": "It is this."}]},
        {"role": "user", "content": "And again"},
    ]
    assert (await told(model, asked(messages=messages)))[-1].text == "Again."
    messages[1]["content"][0] = block | {"thinking": "something else"}
    assert (await told(model, asked(messages=messages)))[-1].kind == "thinking"


async def test_a_block_of_an_unknown_kind_is_kept_as_it_came(scripted, asked):
    strange = {"type": "hologram", "projection": {"depth": 3}}
    reply = (await told(scripted({"blocks": [strange, {"type": "text", "text": "There."}]}), asked()))[-1]
    assert reply.parts == (Opaque(strange), Text("There."))


async def test_reported_usage_is_read_with_its_cache_split_and_thinking(scripted, asked):
    usage = {
        "input_tokens": 10,
        "output_tokens": 50,
        "cache_read_input_tokens": 900,
        "cache_creation_input_tokens": 300,
        "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200},
        "output_tokens_details": {"thinking_tokens": 20},
    }
    read = (await told(scripted({"text": "Yes.", "usage": usage}), asked()))[-1].usage
    assert (read.prompt, read.output_tokens, read.cache_creation_1h_tokens, read.thinking_tokens) == (1210, 50, 200, 20)


FAULTS_BEFORE = [
    ({"status": 429, "retry_after": 7, "message": "Slow down"}, "rate_limit", True),
    ({"status": 529}, "overloaded", True),
    ({"status": 500}, "server", True),
    ({"status": 408}, "server", True),
    ({"status": 401, "message": "invalid x-api-key"}, "auth", False),
    ({"status": 403}, "auth", False),
    ({"status": 402}, "spend", False),
    ({"status": 404, "message": "model: gone"}, "not_found", False),
    ({"status": 413}, "too_long", False),
    ({"status": 422}, "invalid", False),
    ({"status": 400, "message": "messages: something"}, "invalid", False),
    ({"status": 400, "message": "prompt is too long: 210000 tokens > 200000 maximum"}, "too_long", False),
    ({"status": 400, "message": "Your credit balance is too low"}, "spend", False),
    ({"kind": "connection"}, "connection", True),
]


@pytest.mark.parametrize(("fault", "kind", "retryable"), FAULTS_BEFORE)
async def test_a_fault_before_the_reply_is_classified_with_a_hint(scripted, asked, fault, kind, retryable):
    (raised,) = await told(scripted({"fault": {"phase": "before", **fault}}), asked())
    assert (raised.kind, raised.retryable) == (kind, retryable)
    assert raised.hint
    assert raised.retry_after == fault.get("retry_after")
    assert fault.get("message", "") in str(raised)


@pytest.mark.parametrize("phase", ["head", "mid", "end"])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "error"}, "overloaded"),
        ({"kind": "error", "type": "api_error"}, "server"),
        ({"kind": "error", "type": "rate_limit_error"}, "rate_limit"),
        ({"kind": "drop"}, "cut"),
        ({"kind": "eof"}, "cut"),
        ({"kind": "stall"}, "stalled"),
    ],
)
async def test_a_fault_in_the_midst_keeps_what_had_arrived(scripted, asked, phase, fault, kind):
    step = {"text": "one two three four", "fault": {"phase": phase, "after": 2, **fault}}
    deltas = await told(scripted(step, {"text": "Better."}, stall_s=0.3), asked())
    assert deltas[-1].kind == kind
    assert deltas[-1].retryable
    assert isinstance(deltas[0], ReplyBegan)
    assert text_of(deltas) == {"head": "", "mid": "one two", "end": "one two three four"}[phase]


async def test_the_request_after_a_fault_is_answered(scripted, asked):
    model = scripted({"fault": {"phase": "before"}}, {"text": "Better."})
    assert (await told(model, asked()))[-1].kind == "overloaded"
    assert (await told(model, asked()))[-1].text == "Better."


async def test_a_head_that_never_comes_is_stalled(scripted, asked):
    (fault,) = await told(scripted({"text": "late", "delay": 30}, stall_s=0.3), asked())
    assert fault.kind == "stalled"


async def test_a_slow_reader_is_not_taken_for_a_slow_server(scripted, asked):
    pieces = []
    async for delta in scripted({"text": "one two three"}, stall_s=0.05).stream(asked()):
        await asyncio.sleep(0.03)
        pieces.append(delta)
    assert isinstance(pieces[-1], Reply)


async def test_cancelling_ends_the_request_at_once(scripted, asked):
    model = scripted({"text": "word " * 50, "pace": 200, "fault": {"phase": "mid", "after": 3, "kind": "stall"}})
    heard = asyncio.Event()

    async def listen():
        async for delta in model.stream(asked()):
            if isinstance(delta, TextDelta):
                heard.set()

    task = asyncio.create_task(listen())
    await heard.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)


async def test_leaving_the_stream_closes_the_response(scripted, asked, client_of):
    client = client_of({"text": "word " * 50})
    closed = []

    async def watched(response):
        close = response.aclose

        async def aclose():
            closed.append(True)
            await close()

        response.aclose = aclose

    client._client.event_hooks = {"response": [watched]}
    async with aclosing(MessagesModel(lambda: client, FakeModels()).stream(asked())) as deltas:
        async for _ in deltas:
            break
    assert closed


async def test_tools_off_still_sends_the_tools_but_allows_no_call(scripted, asked, client_of):
    bodies = []

    async def watched(request):
        import json

        bodies.append((json.loads(request.content), request.headers))

    client = client_of({"text": "No calls.", "repeat": 0})
    client._client.event_hooks = {"request": [watched]}
    model = MessagesModel(lambda: client, FakeModels(rehearsal=ModelFacts(thinking=True)))
    await told(model, asked(tools=TOOLS, tools_off=True, purpose="summary"))
    await told(model, asked(tools=TOOLS))
    (off, head), (on, _) = bodies
    assert off["tools"] == on["tools"] == TOOLS
    assert off["tool_choice"] == {"type": "none"}
    assert "tool_choice" not in on
    assert "thinking" not in off
    assert on["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert head["x-workbench-purpose"] == "summary"
    assert off["stream"]


async def test_a_bad_script_is_told_and_not_played(tmp_path, asked, time):
    from workbench.providers.anthropic import MessagesModel
    from workbench.providers.rehearsal.transport import rehearsal_client

    (tmp_path / "bad.json").write_text("{\n  nonsense")
    script = tmp_path / "bad.json"
    model = MessagesModel(lambda: rehearsal_client(tmp_path, script=script, count=len, now=time), FakeModels())
    (fault,) = await told(model, asked())
    assert fault.kind == "local"
    assert "bad.json:2" in str(fault)


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        ("text/html", b"<html>It works!</html>", "invalid"),
        ("application/json", b'{"type": "message"}', "invalid"),
        ("text/event-stream", b"", "cut"),
        ("text/event-stream", b"data: <oops>\n\n", "server"),
        ("text/event-stream", b'data: {"type": "content_block_delta"}\n\n', "cut"),
        ("text/event-stream", b"data: 7\n\n: comment\n\n", "cut"),
    ],
)
async def test_an_answer_that_is_no_stream_of_events_is_told(asked, head, body, kind):
    import anthropic
    import httpx2

    def answer(request):
        return httpx2.Response(200, headers={"content-type": head}, content=body)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    client = anthropic.AsyncAnthropic(api_key="k", base_url="http://x.invalid", http_client=http)
    model = MessagesModel(lambda: client, FakeModels())
    (fault,) = await told(model, asked())
    assert fault.kind == kind


async def test_a_model_that_refuses_thinking_is_asked_again_without(client_of, asked):
    refusal = {"fault": {"phase": "before", "status": 400, "message": "adaptive thinking is not supported"}}
    models = FakeModels(rehearsal=ModelFacts(thinking=True))
    client = client_of(refusal, {"text": "plain", "repeat": 0})
    model = MessagesModel(lambda: client, models)
    assert (await told(model, asked()))[-1].text == "plain"
    assert models.facts("rehearsal").thinking is False
    assert (await told(model, asked()))[-1].text == "plain"
    assert len(models.taught) == 1


@pytest.mark.parametrize(
    ("words", "known", "answered"),
    [
        ("I do not know this field", None, True),
        ("I do not know this field", True, False),
        ("messages.0.content.0: no", None, False),
    ],
)
async def test_where_thinking_was_a_guess_a_refusal_that_says_no_more_is_followed_by_a_request_without(
    client_of, asked, words, known, answered
):
    refusal = {"fault": {"phase": "before", "status": 422, "message": words}}
    client, models = client_of(refusal, {"text": "plain"}), FakeModels(**{"claude-x": ModelFacts(thinking=known)})
    last = (await told(MessagesModel(lambda: client, models), asked(model="claude-x")))[-1]
    assert isinstance(last, Reply) is answered
    assert bool(models.taught) is answered
