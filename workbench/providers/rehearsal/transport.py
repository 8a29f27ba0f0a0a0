"""The Messages API behind an httpx2 transport, in this process: the SDK in front of it cannot tell.

POST /v1/messages                 a reply, streamed or whole
POST /v1/messages/count_tokens
GET  /v1/models, /v1/models/{id}
"""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

import httpx2

from workbench.providers.rehearsal import catalogue, sse
from workbench.providers.rehearsal.blocks import blocks
from workbench.providers.rehearsal.prefix import PrefixCache
from workbench.providers.rehearsal.reply_stream import ReplyStream
from workbench.providers.rehearsal.script import Fault, Script, Step
from workbench.providers.rehearsal.sse import Scene
from workbench.providers.rehearsal.validity import faults

Respond = Callable[[dict[str, Any], str], Scene]
"""The reply to a body, by the purpose of the request."""
PURPOSE = "x-workbench-purpose"


class RehearsalTransport(httpx2.AsyncBaseTransport):
    """Answers requests from a script and, after it, from `respond`."""

    def __init__(self, respond: Respond, cache: PrefixCache, count: Callable[[str], int], script: Script, pace: float):
        """`pace`: tokens a second, 0 is flat out."""
        self._respond = respond
        self._cache = cache
        self._count = count
        self._script = script
        self._pace = pace
        self._ids = itertools.count(1)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        path, method = request.url.path.rstrip("/"), request.method
        body = await _body(request) if method == "POST" else {}
        if body is None:
            return _refuse(400, "The request body is not valid JSON.")
        match method, path:
            case "POST", "/v1/messages":
                return await self._messages(request, body)
            case "POST", "/v1/messages/count_tokens":
                found = faults({"max_tokens": 1, **body})
                return _refuse(400, found[0]) if found else _json({"input_tokens": self._cache.tokens(body)})
            case "GET", catalogue.PATH:
                return _json(_list(catalogue.models()))
            case "GET", _ if path.startswith(catalogue.PATH + "/"):
                id = path.removeprefix(catalogue.PATH + "/")
                known = catalogue.model(id)
                return _json(known) if known else _refuse(404, f"model: {id}")
        return _refuse(404, "Not found")

    async def _messages(self, request: httpx2.Request, body: dict[str, Any]) -> httpx2.Response:
        # Counting and the agent read the whole conversation: not on the loop that also draws the screen.
        if refusal := await asyncio.to_thread(self._refusal, body):
            return refusal
        purpose = request.headers.get(PURPOSE, "turn")
        step = self._script.next(last_text(body), purpose)
        fault = step.fault if step else None
        if fault and fault.phase == "before":
            return await _fail(fault, step.delay if step else 0.0)
        scene, usage = await asyncio.to_thread(self._play, body, purpose, step)
        await asyncio.sleep(scene.delay)
        id = f"msg_rehearsal_{next(self._ids)}"
        if not body.get("stream"):
            return _json(sse.message(scene, id, body["model"], usage))
        silence = (request.extensions.get("timeout") or {}).get("read")
        pace = self._pace if scene.pace is None else scene.pace
        stream = ReplyStream(sse.events(scene, id, body["model"], usage), pace, fault, silence)
        return httpx2.Response(200, headers={**_head(), "content-type": "text/event-stream"}, stream=stream)

    def _play(self, body: dict[str, Any], purpose: str, step: Step | None) -> tuple[Scene, dict[str, Any]]:
        """The reply and what it uses."""
        scene = self._scene(body, purpose, step)
        counted = {"output_tokens": sse.size(scene, self._count), "service_tier": "standard"}
        return scene, self._cache.charge(body) | counted | (scene.usage_override or {})

    def _refusal(self, body: dict[str, Any]) -> httpx2.Response | None:
        """The answer to a request that the API would not take."""
        if found := faults(body):
            return _refuse(400, found[0])
        model = catalogue.model(str(body["model"]))
        if model is None:
            return _refuse(404, f"model: {body['model']}")
        tokens, most = self._cache.tokens(body), model["max_input_tokens"]
        if tokens > most:
            return _refuse(400, f"prompt is too long: {tokens} tokens > {most} maximum")
        if body["max_tokens"] > model["max_tokens"]:
            return _refuse(400, f"max_tokens: {body['max_tokens']} > {model['max_tokens']}, the maximum for this model")
        return None

    def _scene(self, body: dict[str, Any], purpose: str, step: Step | None) -> Scene:
        if step is not None:
            return self._script.scene(step)
        return sse.shorten(self._respond(body, purpose), body["max_tokens"], self._count)


def last_text(body: dict[str, Any]) -> str:
    """All text of the newest user message that has any."""
    for message in reversed(body["messages"]):
        texts = [block["text"] for block in blocks(message) if block["type"] == "text"]
        if message["role"] == "user" and texts:
            return "\n".join(texts)
    return ""


async def _body(request: httpx2.Request) -> dict[str, Any] | None:
    try:
        body = json.loads(await request.aread())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


async def _fail(fault: Fault, after: float) -> httpx2.Response:
    await asyncio.sleep(after)
    if fault.kind == "connection":
        raise httpx2.ConnectError(fault.message or "All connection attempts failed")
    headers = {} if fault.retry_after is None else {"retry-after": f"{fault.retry_after:g}"}
    return _refuse(fault.status, fault.message or "Overloaded", fault.type, headers)


def _refuse(status: int, message: str, type_: str = "", headers: dict[str, str] | None = None) -> httpx2.Response:
    return httpx2.Response(status, headers={**_head(), **(headers or {})}, json=catalogue.error(status, message, type_))


def _json(data: Any) -> httpx2.Response:
    return httpx2.Response(200, headers=_head(), json=data)


def _head() -> dict[str, str]:
    return {"request-id": "req_rehearsal"}


def _list(models: list[dict[str, Any]]) -> dict[str, Any]:
    return {"data": models, "has_more": False, "first_id": models[0]["id"], "last_id": models[-1]["id"]}
