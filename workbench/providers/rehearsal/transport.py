"""The Messages API behind an httpx2 transport, in this process: the SDK in front of it cannot tell.

POST /v1/messages                 a reply, streamed or whole
POST /v1/messages/count_tokens
GET  /v1/models, /v1/models/{id}
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
from anthropic import AsyncAnthropic

from workbench.providers.rehearsal import sse
from workbench.providers.rehearsal.agent import respond
from workbench.providers.rehearsal.media_rules import SMALL_WINDOW
from workbench.providers.rehearsal.prefix import PrefixCache
from workbench.providers.rehearsal.script import Fault, Script, ScriptStep, load
from workbench.providers.rehearsal.sse import Scene, blocks, frame
from workbench.providers.rehearsal.validity import faults

LINES = ("opus", "sonnet", "haiku")
RELEASED = "2026-10-21T00:00:00Z"
TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 408: "timeout_error", 413: "request_too_large", 429: "rate_limit_error",
    504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip
ADDRESS = "http://rehearsal.invalid"
"""Never resolved; nothing leaves the process."""
HEAD = {"request-id": "req_rehearsal"}
PURPOSE = "x-workbench-purpose"
REQUEST_BYTES = 32 * 1024 * 1024
DROPPED = "peer closed connection without sending complete message body (incomplete chunked read)"


def rehearsal_client(
    workspace: Path,
    *,
    pace: float = 150.0,
    script: Path | None = None,
    count: Callable[[str], int],
    now: Callable[[], float],
) -> AsyncAnthropic:
    """An SDK client whose server is this process. Raises SettingsFault where the script is bad.

    `pace`: tokens a second, 0 is flat out. `script`: a file, relative to `workspace` where it is not absolute.
    `count`: tokens of a text. `now`: wall clock in seconds, for the time to live of the prompt cache.
    """
    steps = load(workspace / script) if script else Script()
    transport = RehearsalTransport(PrefixCache(count, now), count, steps, pace)
    http = httpx2.AsyncClient(transport=transport, base_url=ADDRESS, timeout=None)
    return AsyncAnthropic(api_key="rehearsal", base_url=ADDRESS, http_client=http, max_retries=0)


class RehearsalTransport(httpx2.AsyncBaseTransport):
    """Answers requests from a script and, after it, from the agent."""

    def __init__(self, cache: PrefixCache, count: Callable[[str], int], script: Script, pace: float):
        """`pace`: tokens a second, 0 is flat out."""
        self._cache = cache
        self._count = count
        self._script = script
        self._pace = pace
        self._ids = itertools.count(1)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        path, method = request.url.path.rstrip("/"), request.method
        if len(await request.aread()) > REQUEST_BYTES:
            return _refuse(413, "Request exceeds the maximum size")
        body = await _body(request) if method == "POST" else {}
        if body is None:
            return _refuse(400, "The request body is not valid JSON.")
        match method, path:
            case "POST", "/v1/messages":
                return await self._messages(request, body)
            case "POST", "/v1/messages/count_tokens":
                found = faults({"max_tokens": 1, **body})
                return _refuse(400, found[0]) if found else _json({"input_tokens": self._cache.tokens(body)})
            case "GET", "/v1/models":
                served = list_models()
                ends = {"first_id": served[0]["id"], "last_id": served[-1]["id"]}
                return _json({"data": served, "has_more": False} | ends)
            case "GET", _ if path.startswith("/v1/models/"):
                id = path.removeprefix("/v1/models/")
                known = find_model(id)
                return _json(known) if known else _refuse(404, f"model: {id}")
        return _refuse(404, "Not found")

    async def _messages(self, request: httpx2.Request, body: dict[str, Any]) -> httpx2.Response:
        # Counting and the agent read the whole conversation: not on the loop that also draws the screen.
        if refusal := await asyncio.to_thread(self._refusal, body):
            return refusal
        purpose = request.headers.get(PURPOSE, "turn")
        step = self._script.next(_find_prompt(body), purpose) if body["max_tokens"] else None
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
        return httpx2.Response(200, headers=HEAD | {"content-type": "text/event-stream"}, stream=stream)

    def _play(self, body: dict[str, Any], purpose: str, step: ScriptStep | None) -> tuple[Scene, dict[str, Any]]:
        """The reply and what it uses."""
        if not body["max_tokens"]:
            scene = Scene((), "max_tokens")  # nothing is asked: the cache is warmed
        elif step is not None:
            scene = self._script.scene(step)
        else:
            scene = sse.shorten(respond(body, purpose), body["max_tokens"], self._count)
        counted = {"output_tokens": sse.size(scene, self._count), "service_tier": "standard"}
        return scene, self._cache.charge(body) | counted | (scene.usage_override or {})

    def _refusal(self, body: dict[str, Any]) -> httpx2.Response | None:
        """The answer to a request that the API would not take."""
        model = find_model(str(body.get("model")))
        window = model["max_input_tokens"] if model else SMALL_WINDOW
        if found := faults(body, window):
            return _refuse(400, found[0])
        if model is None:
            return _refuse(404, f"model: {body['model']}")
        tokens, most = self._cache.tokens(body), model["max_input_tokens"]
        if tokens > most:
            return _refuse(400, f"prompt is too long: {tokens} tokens > {most} maximum")
        if body["max_tokens"] > model["max_tokens"]:
            over = f"max_tokens: {body['max_tokens']} > {model['max_tokens']}"
            return _refuse(400, f"{over}, which is the maximum allowed number of output tokens for {body['model']}")
        return None


def _find_prompt(body: dict[str, Any]) -> str:
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
    return httpx2.Response(status, headers=HEAD | (headers or {}), json=write_error(status, message, type_))


def _json(data: Any) -> httpx2.Response:
    return httpx2.Response(200, headers=HEAD, json=data)


class ReplyStream(httpx2.AsyncByteStream):
    """Events as bytes, one chunk each."""

    def __init__(
        self, events: Iterable[dict[str, Any]], pace: float, fault: Fault | None = None, silence: float | None = None
    ) -> None:
        """`pace`: deltas a second, 0 is flat out. `silence`: seconds until a stall is a read timeout; None never."""
        self._events = events
        self._beat = 1 / pace if pace > 0 else 0.0
        self._fault = fault
        self._silence = silence

    async def __aiter__(self) -> AsyncIterator[bytes]:
        texts = 0
        for event in self._events:
            if self._fault and self._due(self._fault, event, texts):
                async for chunk in self._break(self._fault):
                    yield chunk
                return
            if event["type"] == "content_block_delta":
                texts += event["delta"]["type"] == "text_delta"
                await asyncio.sleep(self._beat)
            yield frame(event)

    def _due(self, fault: Fault, event: dict[str, Any], texts: int) -> bool:
        """True when the fault comes before `event`; one that is due later than the reply ends comes at its end."""
        kind: str = event["type"]
        in_midst = fault.phase == "mid" and kind not in {"message_start", "ping"} and texts >= fault.after
        return in_midst or kind == "message_delta" or (fault.phase == "head" and kind != "message_start")

    async def _break(self, fault: Fault) -> AsyncIterator[bytes]:
        match fault.kind:
            case "drop":
                raise httpx2.RemoteProtocolError(DROPPED)
            case "stall":
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.Event().wait(), self._silence)
                raise httpx2.ReadTimeout("the read operation timed out")
            case "eof":
                return
            case _:
                yield frame(write_error(fault.status, fault.message or "Overloaded", fault.type))


def list_models() -> list[dict[str, Any]]:
    """Every model in the list, as the API describes them."""
    rehearsal = _model("rehearsal", "Rehearsal (no model, answers by rules)", None, 200_000)
    return [rehearsal, *(_model(f"claude-{line}-5-5", f"Claude {line.title()} 5.5", line, 1_000_000) for line in LINES)]


def find_model(id: str) -> dict[str, Any] | None:
    """One model; any name that begins with `claude-` is played, none other is known."""
    played = _model(id, id, None, 200_000) if id.startswith("claude-") else None
    return next((known for known in list_models() if known["id"] == id), played)


def write_error(status: int, message: str, type_: str = "") -> dict[str, Any]:
    """The body of an error, of the type that goes with `status` where none is given."""
    type_ = type_ or TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")
    return {"type": "error", "error": {"type": type_, "message": message}}


def _model(id: str, name: str, line: str | None, window: int) -> dict[str, Any]:
    about = {"type": "model", "id": id, "display_name": name, "created_at": RELEASED, "lifecycle": "active"}
    able = {"supported": id.startswith("claude-")}
    capabilities = {"effort": able, "thinking": able | {"types": {"adaptive": able}}}
    return about | {"line": line, "max_input_tokens": window, "max_tokens": 128_000, "capabilities": capabilities}
