"""The rest of the API in process, through the SDK's own calls."""

import anthropic
import pytest

from workbench.providers.rehearsal.sse import Scene, shorten

HELLO = {"role": "user", "content": "one two three"}


async def test_a_reply_can_come_whole(client_of):
    client = client_of({"text": "Yes.", "calls": []})
    message = await client.messages.create(model="claude-opus-5-5", max_tokens=10, messages=[HELLO])
    assert message.content[0].text == "Yes."
    assert message.usage.input_tokens == 7
    assert message.stop_reason == "end_turn"


async def test_the_stream_helper_of_the_sdk_reads_the_same_events(client_of):
    step = {"thinking": "hm", "text": "Yes, I do.", "calls": [{"tool": "run", "arguments": {"line": "ls"}}]}
    async with client_of(step).messages.stream(model="rehearsal", max_tokens=10, messages=[HELLO]) as stream:
        message = await stream.get_final_message()
    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert message.content[2].input == {"line": "ls"}


async def test_tokens_are_counted_as_they_are_charged(client_of):
    client = client_of({"text": "Yes."})
    counted = await client.messages.count_tokens(model="rehearsal", messages=[HELLO])
    message = await client.messages.create(model="rehearsal", max_tokens=10, messages=[HELLO])
    assert counted.input_tokens == message.usage.input_tokens


async def test_models_are_listed_and_found_by_name(client_of):
    client = client_of({"text": "Yes."})
    listed = [model.id async for model in client.models.list()]
    assert "rehearsal" in listed
    assert "claude-haiku-5-5" in listed
    assert (await client.models.retrieve("claude-opus-5-5")).line == "opus"
    with pytest.raises(anthropic.NotFoundError, match="gpt"):
        await client.models.retrieve("gpt")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "gpt"}, "model: gpt"),
        ({"messages": [{"role": "user", "content": "word " * 200_001}]}, "prompt is too long"),
        ({"max_tokens": 128_001, "stream": True}, "maximum allowed number of output tokens"),
        ({"messages": []}, "at least one message"),
    ],
)
async def test_what_the_api_refuses_is_refused_before_a_step_is_played(client_of, change, said):
    client = client_of({"text": "Yes."})
    with pytest.raises(anthropic.APIStatusError, match=said):
        await client.messages.create(**{"model": "rehearsal", "max_tokens": 10, "messages": [HELLO]} | change)
    assert (await client.messages.create(model="rehearsal", max_tokens=10, messages=[HELLO])).content


def test_a_reply_is_cut_at_the_token_limit():
    scene = Scene(({"type": "text", "text": "one two three four"}, {"type": "text", "text": "five"}))
    cut = shorten(scene, 2, lambda text: len(text.split()))
    assert cut.stop_reason == "max_tokens"
    assert "one two three four".startswith(cut.blocks[0]["text"])
    assert len(cut.blocks) == 1
    assert shorten(scene, 5, lambda text: len(text.split())) is scene
