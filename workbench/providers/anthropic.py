"""A model behind the Messages API, wherever that is served: the real one, an endpoint, the rehearsal, a local one.

    ModelRequest ─▶ SDK (auth, headers, status errors) ─▶ bytes ─▶ Frames ─▶ Accumulation ─▶ Delta … Reply

The SDK sends the request and hands over the raw body; events are decoded here. CPU for a reply of 20,000 text deltas
that comes flat out over a loopback: this way 0.10 s, the SDK's raw events 0.89 s, its stream helper 2.5 s. At 1,000
deltas a second the HTTP stack's work for each chunk outweighs all else, and the three lie within a third of each other.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from workbench.core.errors import ProviderFault
from workbench.core.models import ModelFacts
from workbench.core.ports import Models
from workbench.core.requests import Delta, ModelRequest, Reply
from workbench.providers.accumulation import Accumulation
from workbench.providers.faults import as_fault, fault
from workbench.providers.frames import Frames
from workbench.providers.models import MOST

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic, AsyncAPIResponse

T = TypeVar("T")

PURPOSE = "X-Workbench-Purpose"
"""Header by which gateways, and the rehearsal, tell the workbench's own requests from a person's."""
THINKING = {"type": "adaptive", "display": "summarized"}
LIKE_A_TURN = frozenset({"turn", "warm"})
"""Purposes of requests that share a turn's prefix, and so all that its cache entry depends on."""
LEAST_SECRET = 8
"""Characters below which a key is a word that a message may hold by chance."""
COUNT_S = 5.0
"""How long a count may take."""
COUNTLESS = frozenset({404, 405, 501})
"""Statuses by which an endpoint says that it does not count."""


class MessagesModel:
    """Implements core.ports.Model and RequestCounter over the SDK's asynchronous client."""

    def __init__(
        self,
        client: "Callable[[], AsyncAnthropic]",
        models: Models,
        stall_s: float = 60.0,
        proxy: str = "",
        *,
        diagnoses: bool = False,
    ) -> None:
        """`client` is called once, in a thread, at the first request; `models` says what may be asked of a model.

        `stall_s`: seconds of waiting without an event, pings not counted, after which a request is given up.
        `proxy`: the variable that names the proxy on the way, for the hint where nobody answers. `diagnoses`: whether
        the server is asked why it could not use its cache whole.
        """
        self._factory = client
        self._models = models
        self._stall_s = stall_s
        self._proxy = proxy
        self._diagnoses = diagnoses
        self._client: AsyncAnthropic | None = None

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta]:
        """Yield deltas as they come and, last, the Reply. Raises ProviderFault. Cancelling it ends the request."""
        grown = Accumulation(request.model)
        try:
            response = await self._answer(request)
            async with aclosing(response.batches()) as batches:
                async for events in batches:
                    for delta in grown.feed(events):
                        yield delta
                    if grown.failure or grown.ended:
                        break
            reply = _finish_reply(grown, response)
        except Exception as error:
            if not grown.arrived:
                raise self._tell(error) from None  # the cause may quote a header
            reply = grown.reply
        yield reply

    def _tell(self, error: Exception) -> ProviderFault:
        """`error` as a fault that quotes neither key nor token, and names the proxy where nobody answers."""
        told = as_fault(error)
        message, hint = told.message, told.hint
        for secret in (self._client.api_key, self._client.auth_token) if self._client else ():
            if secret and len(secret) >= LEAST_SECRET:
                message = message.replace(secret, "…")
        if told.kind == "connection" and self._proxy:
            hint = f"It is reached through {self._proxy}: check that proxy, or exempt the server with NO_PROXY."
        return ProviderFault(
            told.kind,
            message,
            hint=hint,
            retryable=told.retryable,
            retry_after=told.retry_after,
            refusal=told.refusal,
        )

    async def count_request(self, request: ModelRequest) -> int | None:
        """Prompt tokens by the endpoint's own count; None where it does not count, or not in time. Never raises."""
        facts = await self._models.load(request.model)
        if facts.counts is False:
            return None
        params = self._params(request, self._choose_extras(request, facts))
        del params["max_tokens"], params["stream"]
        params.pop("diagnostics", None)
        try:
            client = await self._connect()
            async with asyncio.timeout(COUNT_S):
                counted = await client.with_options(timeout=COUNT_S).messages.count_tokens(**params)
        except Exception as error:
            if getattr(error, "status_code", 0) in COUNTLESS:
                self._models.learn(request.model, ModelFacts(counts=False, source="endpoint"))
            return None
        tokens = getattr(counted, "input_tokens", None)
        return tokens if type(tokens) is int and 0 < tokens <= MOST else None

    async def _connect(self) -> "AsyncAnthropic":
        if self._client is None:
            client = await asyncio.to_thread(self._factory)
            self._client = client.with_options(max_retries=0)
        return self._client

    async def _answer(self, request: ModelRequest) -> "ResponseBody":
        client, model = await self._connect(), request.model
        facts = await self._models.load(model)
        asked, refused = self._choose_extras(request, facts), list[ModelFacts]()
        while True:
            try:
                answer = await self._send(client, self._params(request, asked))
                break
            except Exception as error:
                told = as_fault(error)
                guessed = facts.thinking is None and told.kind == "invalid" and not told.refusal.place
                if asked.diagnosis and told.kind == "invalid" and "diagnostics" in told.message:
                    asked, self._diagnoses = asked._replace(diagnosis=False), False
                elif asked.caching and told.kind == "uncached":
                    asked = asked._replace(caching=False, diagnosis=False)
                    refused.append(ModelFacts(caching=False, source="refusal"))
                elif asked.thinking and (guessed or told.kind == "unsupported"):
                    asked = asked._replace(thinking=False)
                    if not told.refusal.place:  # else what stands in the conversation was the reason, not the model
                        refused.append(ModelFacts(thinking=False, source="refusal"))
                else:
                    raise
        for learnt in refused:
            self._models.learn(model, learnt)
        return answer

    def _choose_extras(self, request: ModelRequest, facts: ModelFacts) -> "Extras":
        thinking = request.purpose in LIKE_A_TURN and takes_thinking(request.model, facts)
        caching = facts.caching is not False
        return Extras(thinking, caching, caching and self._diagnoses and request.purpose in LIKE_A_TURN)

    async def _send(self, client: "AsyncAnthropic", params: dict[str, Any]) -> "ResponseBody":
        patience = Patience(self._stall_s)
        sent = client.messages.with_streaming_response.create(**params)
        return ResponseBody(await patience.wait(sent.__aenter__()), patience)

    def _params(self, request: ModelRequest, asked: "Extras") -> dict[str, Any]:
        params: dict[str, Any] = {"model": request.model, "max_tokens": request.max_tokens, "stream": True}
        params["messages"] = request.messages
        if request.system:
            params["system"] = request.system
        if request.tools:
            params["tools"] = request.tools
            if request.tools_off:
                params["tool_choice"] = {"type": "none"}
        if not asked.caching:
            params |= {name: unmark(params[name]) for name in ("system", "tools") if name in params}
            params["messages"] = [message | {"content": unmark(message["content"])} for message in request.messages]
        if asked.thinking:
            params["thinking"] = THINKING
        if asked.diagnosis:
            params["diagnostics"] = {"previous_message_id": request.previous or None}
        if request.purpose != "turn":
            params["extra_headers"] = {PURPOSE: request.purpose}
        return params


class Extras(NamedTuple):
    """What a request asks for that a server may not know: it is left out where it was refused."""

    thinking: bool
    caching: bool
    diagnosis: bool


def unmark(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`blocks` without cache marks; what was passed in is not changed."""
    return [{name: value for name, value in block.items() if name != "cache_control"} for block in blocks]


def takes_thinking(model: str, facts: ModelFacts) -> bool:
    """Whether to ask for thinking: what is known says so; else a Claude is asked, at whatever address, and no other."""
    return "claude" in model.lower() if facts.thinking is None else facts.thinking


class ResponseBody:
    """A response whose head has come and whose body is still to be read."""

    def __init__(self, response: "AsyncAPIResponse[Any]", patience: "Patience") -> None:
        self._response = response
        self._patience = patience

    @property
    def streams(self) -> bool:
        """True when the server says that it sends events."""
        return "event-stream" in str(self._response.headers.get("content-type", ""))

    async def batches(self) -> AsyncGenerator[list[dict[str, Any]], None]:
        """The events of each chunk; leaving closes the connection."""
        frames, patience = Frames(), self._patience
        chunks = self._response.http_response.aiter_bytes()
        try:
            while (chunk := await patience.wait(anext(chunks, None))) is not None:
                events = frames.feed(chunk)
                if any(event.get("type") != "ping" for event in events):
                    patience.heard()
                yield events
            yield frames.close()
        finally:
            await chunks.aclose()
            await self._response.close()


class Patience:
    """The stall watchdog: counts only seconds spent waiting, so that a slow reader is not taken for a slow server."""

    def __init__(self, limit: float) -> None:
        self._limit = self._left = limit

    def heard(self) -> None:
        """An event came that is no ping."""
        self._left = self._limit

    async def wait(self, awaited: Awaitable[T]) -> T:
        """What `awaited` gives. Raises ProviderFault `stalled` when the patience is at its end."""
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._left) as limit:
                return await awaited
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise fault("stalled", f"The model server has been silent for {self._limit:.0f} s.") from error
        finally:
            self._left -= asyncio.get_running_loop().time() - began


def _finish_reply(grown: Accumulation, answer: ResponseBody) -> Reply:
    """The reply, if the stream came to its end."""
    if grown.arrived:
        return grown.reply
    if grown.failure:
        raise grown.failure
    if not grown.seen and not answer.streams:
        raise fault("invalid", "The model server did not answer with a stream of events; is the address right?")
    raise fault("cut", "The answer broke off before its end.")
