"""What is known of a model: asked of its endpoint once, learnt from refusals, kept between sessions."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.models import ModelFacts, TokenRatio
from workbench.providers import models as m
from workbench.providers.anthropic import MessagesModel, takes_thinking
from workbench.providers.models import EndpointModels, SessionMemory, combine, parse_facts
from workbench.store.known_models import KnownModels


def models_at(answer, memory=None):
    """Models of an endpoint whose every answer is `answer`, and the paths it was asked for."""
    import anthropic
    import httpx2

    asked = []

    async def serve(request):
        asked.append(request.url.path)
        told = answer(request) if callable(answer) else answer
        return await told if asyncio.iscoroutine(told) else told

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(serve))
    client = anthropic.AsyncAnthropic(api_key="k", base_url="http://x.invalid", http_client=http, max_retries=0)
    return EndpointModels(lambda: client, memory or SessionMemory()), asked, client


def info(**more):
    import httpx2

    return httpx2.Response(200, json={"id": "m", "type": "model", "display_name": "M", **more})


def test_a_rehearsal_keeps_nothing_of_what_its_tokens_are() -> None:
    memory = SessionMemory()
    memory.write_ratios("rehearsal", {"code": TokenRatio(0.5, 900.0)})
    assert memory.read_ratios("rehearsal") == {}


async def test_the_endpoint_is_asked_once_for_limits_line_and_capabilities():
    able = {"thinking": {"supported": True, "types": {"adaptive": {"supported": True}}}, "effort": {"supported": False}}
    models, asked, _ = models_at(info(max_input_tokens=48_508, max_tokens=8_000, line="opus", capabilities=able))
    assert models.facts("m") == ModelFacts()
    facts = await asyncio.gather(models.load("m"), models.load("m"))
    assert facts[0] == facts[1] == models.facts("m")
    assert facts[0] == ModelFacts(48_508, 8_000, True, False, None, "opus", "endpoint")
    assert asked == ["/v1/models/m"]


@pytest.mark.parametrize("status", [400, 401, 404, 405, 500])
async def test_an_endpoint_without_a_list_tells_nothing_and_fails_nothing(status):
    import httpx2

    models, asked, _ = models_at(httpx2.Response(status, text="<html>no</html>"))
    assert await models.load("m") == ModelFacts()
    assert await models.load("m") == ModelFacts()
    assert len(asked) == 1


async def test_an_endpoint_that_never_answers_delays_the_first_request_by_its_patience_alone(monkeypatch):
    monkeypatch.setattr(m, "PATIENCE_S", 0.02)

    async def never(request):
        await asyncio.Event().wait()

    models, _, _ = models_at(never)
    assert await asyncio.wait_for(models.load("m"), 5) == ModelFacts()


async def test_a_client_that_cannot_be_made_fails_nothing():
    def broken():
        raise ValueError("sk-secret")

    assert await EndpointModels(broken, SessionMemory()).load("m") == ModelFacts()


async def test_what_was_refused_outweighs_what_the_endpoint_promises():
    models, _, _ = models_at(info(max_input_tokens=1_000_000, max_tokens=128_000))
    models.learn("m", ModelFacts(window=48_508))
    facts = await models.load("m")
    assert (facts.window, facts.reply, facts.source) == (48_508, 128_000, "refusal")
    assert models.learn("m", ModelFacts(reply=8_000)).reply == 8_000
    assert models.facts("m").window == 48_508
    assert models.facts("other") == ModelFacts()


async def test_what_is_learnt_is_kept_per_endpoint_and_model(tmp_path: Path):
    first, _, _ = models_at(info(), KnownModels(tmp_path, "http://one"))
    first.learn("m", ModelFacts(window=48_508, thinking=False))
    again, _, _ = models_at(info(), KnownModels(tmp_path, "http://one"))
    assert again.facts("m") == ModelFacts(window=48_508, thinking=False, source="refusal")
    assert again.facts("other") == ModelFacts()
    elsewhere, _, _ = models_at(info(), KnownModels(tmp_path, "http://two"))
    assert elsewhere.facts("m") == ModelFacts()


@given(
    st.dictionaries(
        st.sampled_from([*m.WINDOWS, *m.REPLIES, "line", "capabilities"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda each: (
                st.lists(each, max_size=2) | st.dictionaries(st.sampled_from(["thinking", "types", "effort"]), each)
            ),
        ),
    )
)
def test_any_entry_of_a_list_gives_facts_that_can_be_relied_on(entry):
    facts = parse_facts(entry)
    assert all(limit is None or 0 < limit <= m.MOST for limit in (facts.window, facts.reply))
    assert facts.thinking in (None, True, False)


@given(*[st.builds(ModelFacts, st.none() | st.integers(1, 9), st.none() | st.integers(1, 9))] * 2)
def test_of_two_limits_the_smaller_one_holds(one, other):
    both = combine(one, other)
    assert both.window == min(filter(None, (one.window, other.window)), default=None)
    assert both.reply == min(filter(None, (one.reply, other.reply)), default=None)


@pytest.mark.parametrize(
    ("model", "known", "asks"),
    [
        ("claude-opus-5-5", None, True),
        ("anthropic/claude-sonnet-5-5", None, True),
        ("claude-opus-5-5", False, False),
        ("qwen3", None, False),
        ("qwen3", True, True),
    ],
)
def test_what_a_model_can_do_decides_what_is_asked_of_it(model, known, asks):
    assert takes_thinking(model, ModelFacts(thinking=known)) is asks


async def test_a_claude_at_any_address_is_asked_for_thinking(asked):
    import httpx2

    models, _, client = models_at(httpx2.Response(404))
    bodies = []

    async def watched(request):
        bodies.append(await request.aread())

    client._client.event_hooks = {"request": [watched]}
    with pytest.raises(Exception, match="404"):
        _ = [delta async for delta in MessagesModel(lambda: client, models).stream(asked(model="claude-opus-5-5"))]
    assert b'"adaptive"' in bodies[-1]


async def test_a_request_is_counted_where_it_would_be_answered(client_of, asked):
    client = client_of()
    models = EndpointModels(lambda: client, SessionMemory())
    assert await MessagesModel(lambda: client, models).count_request(asked("one two three")) > 2


async def test_an_endpoint_that_does_not_count_is_not_asked_again(asked):
    import httpx2

    models, paths, client = models_at(httpx2.Response(404))
    model = MessagesModel(lambda: client, models)
    assert await model.count_request(asked()) is None
    assert models.facts("rehearsal").counts is False
    before = len(paths)
    assert await model.count_request(asked()) is None
    assert len(paths) == before


@pytest.mark.parametrize("tokens", [-1, 1e300, "12", None, True])
async def test_an_absurd_count_counts_as_none(asked, tokens):
    import json

    import httpx2

    _, _, client = models_at(lambda request: httpx2.Response(200, text=json.dumps({"input_tokens": tokens})))
    assert (
        await MessagesModel(lambda: client, EndpointModels(lambda: client, SessionMemory())).count_request(asked())
        is None
    )


async def test_the_list_gives_names_in_its_order_and_what_each_can_do(client_of):
    client = client_of()
    models = EndpointModels(lambda: client, SessionMemory())
    listed = await models.list()
    assert listed == ("rehearsal", "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
    assert models.facts("claude-opus-5-5").window == 1_000_000
    assert models.facts("other") == ModelFacts()


async def test_a_strict_server_lists_its_models():
    from anthropic import AsyncAnthropic

    from tests.strict_api import StrictApi

    with StrictApi() as api:
        client = AsyncAnthropic(base_url=api.url, api_key="test", max_retries=0)
        models = EndpointModels(lambda: client, SessionMemory())
        assert await models.list() == ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
        assert models.facts("claude-haiku-5-5").window == api.endpoint.window
        await client.close()


@pytest.mark.parametrize("answer", ["<html>no</html>", "[]", "{}", '{"data": 7}', '{"data": [7, null, {"id": 1}]}'])
@pytest.mark.parametrize("status", [200, 404])
async def test_no_list_or_a_strange_one_is_empty(status, answer):
    import httpx2

    head = {"content-type": "application/json"}
    models, _, _ = models_at(lambda request: httpx2.Response(status, text=answer, headers=head))
    assert await models.list() == ()


async def test_a_list_that_never_comes_is_empty_too(monkeypatch):
    monkeypatch.setattr(m, "PATIENCE_S", 0.02)

    async def never(request):
        await asyncio.Event().wait()

    models, _, _ = models_at(never)
    assert await asyncio.wait_for(models.list(), 5) == ()


ENTRY = st.dictionaries(st.sampled_from(["id", "max_tokens"]), st.text() | st.none())


@given(st.lists(st.none() | st.integers() | ENTRY))
def test_any_list_gives_names_that_can_be_shown_and_sent(entries):
    found = m.parse_list(entries)
    assert all(name.isprintable() and name and " " not in name for name in found)
    assert len(m.parse_list([{"id": f"m{n}"} for n in range(500)])) == m.MOST_LISTED
