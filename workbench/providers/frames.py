"""Server-sent events cut out of a byte stream: the JSON of each, and nothing else.

The Messages API names the kind of an event twice, in `event:` and in the JSON's `type`; the second is enough.
"""

from typing import Any

import msgspec

_decode = msgspec.json.decode


class Frames:
    """Feeds on chunks as the network cuts them, gives whole events."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[dict[str, Any]]:
        """The events that `chunk` completes, in order. Raises msgspec.DecodeError on data that is not JSON."""
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
        event = _decode(payload)
        if isinstance(event, dict):
            events.append(event)
