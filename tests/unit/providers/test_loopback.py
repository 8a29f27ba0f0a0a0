"""The benchmark's server, over a real socket."""

import pytest

from tests.bench.loopback import content, serve
from tests.fakes import FakeModels
from workbench.core.errors import ProviderFault
from workbench.core.requests import Reply, TextDelta
from workbench.providers.anthropic import MessagesModel
from workbench.providers.clients import endpoint_client


async def test_every_token_arrives_over_a_real_connection(asked):
    with serve(tokens=500) as url:
        model = MessagesModel(lambda: endpoint_client(url, {}), FakeModels())
        for _ in range(2):
            deltas = [delta async for delta in model.stream(asked())]
    assert isinstance(deltas[-1], Reply)
    assert deltas[-1].text == "".join(content(500))
    assert deltas[-1].usage.output_tokens == 500
    assert len([delta for delta in deltas if isinstance(delta, TextDelta)]) < 500


async def test_a_server_that_is_gone_is_a_connection_fault(asked):
    with serve(tokens=5) as url:
        pass
    model = MessagesModel(lambda: endpoint_client(url, {}), FakeModels())
    with pytest.raises(ProviderFault) as raised:
        _ = [delta async for delta in model.stream(asked())]
    assert raised.value.kind == "connection"
    assert "ANTHROPIC_BASE_URL" in raised.value.hint


def test_the_content_has_prose_lists_and_code():
    text = "".join(content(20_000))
    for mark in ("## ", "- point", "```python", "**nothing else**"):
        assert mark in text
