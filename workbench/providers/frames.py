"""Server-sent events out of a byte stream, and their JSON read as far as it can be.

Servers send what JSON forbids: half of a character as `\\ud800`, bytes that are no UTF-8, NaN. Such an event is worth
as much as any other; only what is no JSON at all is told as an error.
"""

import json
from typing import Any

import msgspec

from workbench.core.messages import replace_surrogates

UNREADABLE = {"type": "error", "error": {"type": "api_error", "message": "what it sent cannot be read as JSON"}}


def decode_json(payload: bytes | str) -> Any:
    """The value of `payload`; strings may hold lone surrogates, NaN is None. Raises ValueError where it is no JSON."""
    try:
        return msgspec.json.decode(payload)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = payload if isinstance(payload, str) else payload.decode("utf-8", "replace")
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def clean(value: Any) -> Any:
    """`value` with U+FFFD for each half of a character, in keys too."""
    match value:
        case str():
            return replace_surrogates(value)
        case list():
            return [clean(each) for each in value]
        case dict():
            return {replace_surrogates(key): clean(each) for key, each in value.items()}
    return value


class Frames:
    """Server-sent events cut out of a byte stream: feeds on chunks as the network cuts them, gives the JSON of each.

    The Messages API names the kind of an event twice, in `event:` and in the JSON's `type`; the second is enough.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[dict[str, Any]]:
        """The events that `chunk` completes, in order; data that is not JSON becomes an `error` event in its place."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        events: list[dict[str, Any]] = []
        data = self._data
        for line in lines:
            if line[:5] == b"data:":
                data.append(line[5:])
            elif data and line in {b"", b"\r"}:
                self._finish(events)
        return events

    def close(self) -> list[dict[str, Any]]:
        """The last event, where the stream ended without the blank line after it."""
        events = self.feed(b"\n\n")
        self._rest = b""
        return events

    def _finish(self, events: list[dict[str, Any]]) -> None:
        payload = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._data.clear()
        if payload.strip() == b"[DONE]":
            return
        try:
            event = decode_json(payload)
        except ValueError:
            event = UNREADABLE
        if isinstance(event, dict):
            events.append(event)
