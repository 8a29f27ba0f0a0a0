"""The server is asked why it could not use its cache whole, and goes without where it does not take the question."""

import json
from typing import Any

import anthropic
import httpx2

from tests.fakes import FakeModels
from workbench.core.requests import ModelRequest, Reply
from workbench.providers.anthropic import MessagesModel

USAGE = {"input_tokens": 7}
EXTRA = {"type": "invalid_request_error", "message": "diagnostics: Extra inputs are not permitted"}


class Server:
    """Answers with a diagnosis, or refuses to be asked for one."""

    def __init__(self, diagnostics: Any, refuses: bool = False) -> None:
        self.diagnostics, self.refuses = diagnostics, refuses
        self.bodies: list[dict[str, Any]] = []

    def serve(self, request: httpx2.Request) -> httpx2.Response:
        self.bodies.append(json.loads(request.content))
        if self.refuses and "diagnostics" in self.bodies[-1]:
            return httpx2.Response(400, json={"type": "error", "error": EXTRA})
        message = {"id": "m2", "model": "x", "usage": USAGE, "diagnostics": self.diagnostics}
        events = [
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "yes"}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}},
            {"type": "message_stop"},
        ]
        body = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body)

    def model(self, *, diagnoses: bool = True) -> MessagesModel:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self.serve))
        client = anthropic.AsyncAnthropic(api_key="k", base_url="http://x.invalid", http_client=http, max_retries=0)
        return MessagesModel(lambda: client, FakeModels(), diagnoses=diagnoses)


async def ask(model: MessagesModel, previous: str = "m1") -> str:
    messages = [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]
    async for delta in model.stream(ModelRequest("x", 10, [], messages, previous=previous)):
        if isinstance(delta, Reply):
            return delta.diagnosis
    raise AssertionError("no reply came")


async def test_the_reply_before_is_named_and_the_servers_word_comes_back() -> None:
    server = Server({"cache_miss_reason": {"type": "system_changed", "cache_missed_input_tokens": 4_000}})
    assert await ask(server.model()) == "system_changed"
    assert server.bodies[0]["diagnostics"] == {"previous_message_id": "m1"}


async def test_the_first_request_has_none_before_it() -> None:
    server = Server(None)
    assert await ask(server.model(), "") == ""
    assert server.bodies[0]["diagnostics"] == {"previous_message_id": None}


async def test_a_server_that_does_not_take_the_question_is_not_asked_again() -> None:
    server = Server(None, refuses=True)
    model = server.model()
    assert [await ask(model), await ask(model)] == ["", ""]
    assert ["diagnostics" in body for body in server.bodies] == [True, False, False]


async def test_other_servers_are_never_asked() -> None:
    server = Server(None)
    await ask(server.model(diagnoses=False))
    assert "diagnostics" not in server.bodies[0]


async def test_a_diagnosis_of_no_known_form_is_none() -> None:
    for form in ("system", {"cache_miss_reason": "x"}, {"cache_miss_reason": {"type": 3}}, 7):
        assert await ask(Server(form).model()) == ""
