"""The tests' own Messages API refuses what the real one refuses, and binds thinking to what it followed."""

import copy
from typing import Any

import pytest
from anthropic import APIStatusError, AsyncAnthropic, BadRequestError

from tests.strict_api import StrictApi, call, says, thinking
from tests.strict_rules import Body, Endpoint, refusals

HEAD: Body = {"model": "claude-x", "max_tokens": 500, "messages": [{"role": "user", "content": "hi"}]}
TOOLS = [{"name": "read", "description": "Reads.", "input_schema": {"type": "object", "properties": {}}}]


def picture(data: str) -> Body:
    source = {"type": "base64", "media_type": "image/png", "data": data}
    return HEAD | {"messages": [{"role": "user", "content": [{"type": "image", "source": source}]}]}


@pytest.mark.parametrize(
    ("body", "endpoint", "words"),
    [
        (HEAD | {"max_tokens": 32_000}, Endpoint(most=8_000), "max_tokens: 32000 > 8000, which is the maximum allowed"),
        (HEAD, Endpoint(window=5), "prompt is too long: "),
        (HEAD | {"thinking": {"type": "adaptive"}}, Endpoint(thinks=False), "thinking is not supported"),
        (HEAD | {"output_config": {"effort": "low"}}, Endpoint(effort=False), "does not support the effort"),
        (picture("bm8gcGljdHVyZQ=="), Endpoint(), "ould not process image"),
        (HEAD, Endpoint(rule=lambda body: "no hello"), "no hello"),
    ],
)
def test_what_the_model_cannot_take_is_refused_in_its_words(body: Body, endpoint: Endpoint, words: str) -> None:
    assert words in next(refusals(body, endpoint))


def test_what_it_can_take_is_not_refused() -> None:
    assert not list(refusals(HEAD, Endpoint()))


async def conversation(api: StrictApi) -> Body:
    """Two replies with thinking over the SDK, and the next request as it should be."""
    client = AsyncAnthropic(base_url=api.url, api_key="test", max_retries=0)
    body = copy.deepcopy(HEAD) | {"tools": TOOLS, "system": "Be brief."}
    for _ in range(2):
        async with client.messages.stream(**body) as stream:
            reply = await stream.get_final_message()
        content: list[dict[str, Any]] = [block.to_dict() for block in reply.content]
        calls = [block["id"] for block in content if block["type"] == "tool_use"]
        results = [{"type": "tool_result", "tool_use_id": id, "content": "read"} for id in calls]
        body["messages"] += [{"role": "assistant", "content": content}]
        body["messages"] += [{"role": "user", "content": [*results, {"type": "text", "text": "go on"}]}]
    await client.close()
    return body


async def test_thinking_is_bound_to_all_that_it_followed() -> None:
    with StrictApi(says(thinking("a"), call("read", "toolu_1")), says(thinking("b"), "two")) as api:
        body = await conversation(api)
        assert not list(refusals(body, api.endpoint))
        for change in (
            {"system": "Be long."},
            {"tools": []},
            {"messages": [{"role": "user", "content": "hello"}, *body["messages"][1:]]},
        ):
            assert any("signature" in why or "tools" in why for why in refusals(body | change, api.endpoint))
        other = Endpoint(secret="two")
        assert next(refusals(body, other)) == "messages.1.content.0: Invalid `signature` in `thinking` block"
        marked = copy.deepcopy(body)
        marked["messages"][-1]["content"][-1]["cache_control"] = {"type": "ephemeral"}
        assert not list(refusals(marked, api.endpoint))


async def test_what_was_paid_and_refused_is_kept() -> None:
    with StrictApi(endpoint=Endpoint(most=100)) as api:
        client = AsyncAnthropic(base_url=api.url, api_key="test", max_retries=0)
        with pytest.raises(BadRequestError, match="maximum allowed number of output tokens"):
            await client.messages.create(**HEAD)
        reply = await client.messages.create(**(HEAD | {"max_tokens": 100}))
        await client.close()
        assert reply.usage.input_tokens == api.paid[0]["input_tokens"]
        assert (len(api.requests), len(api.refusals), len(api.paid)) == (2, 1, 1)


async def test_a_request_of_more_than_32_megabytes_is_refused_whatever_it_asks_for() -> None:
    assert Endpoint().most_bytes == 32 * 1024 * 1024
    with StrictApi(endpoint=Endpoint(most_bytes=1_000)) as api:
        client = AsyncAnthropic(base_url=api.url, api_key="test", max_retries=0)
        await client.messages.create(**HEAD)
        large = HEAD | {"messages": [{"role": "user", "content": "word " * 200}]}
        for ask in (
            client.messages.create(**large),
            client.messages.count_tokens(model="m", messages=large["messages"]),
        ):
            with pytest.raises(APIStatusError, match="Request exceeds the maximum size") as raised:
                await ask
            assert (raised.value.status_code, raised.value.type) == (413, "request_too_large")
        await client.close()
    assert (len(api.requests), len(api.paid), len(api.refusals)) == (1, 1, 2)


async def test_tokens_are_counted_as_they_are_paid_and_for_nothing() -> None:
    with StrictApi() as api:
        client = AsyncAnthropic(base_url=api.url, api_key="test", max_retries=0)
        asked = {"model": "claude-x", "messages": HEAD["messages"], "system": "Be brief.", "tools": TOOLS}
        counted = await client.messages.count_tokens(**asked)
        assert (api.requests, api.paid) == ([], [])
        reply = await client.messages.create(**asked, max_tokens=100)
        assert counted.input_tokens == reply.usage.input_tokens > 0
        longer = await client.messages.count_tokens(**asked | {"system": "Be brief and kind."})
        assert longer.input_tokens > counted.input_tokens
        await client.close()


@pytest.mark.parametrize(("endpoint", "status"), [(Endpoint(counts=False), 404), (Endpoint(key="other"), 401)])
async def test_tokens_are_not_counted_where_there_is_no_such_path_or_no_such_key(
    endpoint: Endpoint, status: int
) -> None:
    with StrictApi(endpoint=endpoint) as api:
        client = AsyncAnthropic(base_url=api.url, api_key="test", max_retries=0)
        with pytest.raises(APIStatusError) as raised:
            await client.messages.count_tokens(model="claude-x", messages=HEAD["messages"])
        await client.close()
    assert raised.value.status_code == status
