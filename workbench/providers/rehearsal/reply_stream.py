"""The body of a streamed reply: its events at their pace, broken where a script says so."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx2

from workbench.providers.rehearsal.catalogue import error
from workbench.providers.rehearsal.script import Fault
from workbench.providers.rehearsal.sse import frame

DROPPED = "peer closed connection without sending complete message body (incomplete chunked read)"


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
        match fault.phase:
            case "head":
                return bool(event["type"] != "message_start")
            case "mid":
                started = event["type"] not in {"message_start", "ping"}
                return bool((started and texts >= fault.after) or event["type"] == "message_delta")
            case _:
                return bool(event["type"] == "message_delta")

    async def _break(self, fault: Fault) -> AsyncIterator[bytes]:
        match fault.kind:
            case "drop":
                raise httpx2.RemoteProtocolError(DROPPED)
            case "stall":
                await self._fall_silent()
            case "eof":
                return
            case _:
                yield frame(error(fault.status, fault.message or "Overloaded", fault.type))

    async def _fall_silent(self) -> None:
        try:
            await asyncio.wait_for(asyncio.Event().wait(), self._silence)
        except TimeoutError as error:
            raise httpx2.ReadTimeout("the read operation timed out") from error
