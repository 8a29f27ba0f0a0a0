"""A reply put together from its bytes: each block's pieces are joined once, each call's JSON is parsed once.

    bytes ─▶ Frames ─▶ events ─▶ Accumulation ─▶ Delta … Reply

    message_start ─▶ content_block_start ─▶ content_block_delta … ─▶ content_block_stop ─▶ message_delta ─▶ message_stop

A kind of block that is not known here is kept as it came. Adjacent text deltas of one batch become one delta.
"""

from typing import Any

import msgspec

from workbench.core.errors import ProviderFault
from workbench.core.messages import Opaque, Part, RedactedThinking, Text, Thinking, ToolUse
from workbench.core.requests import CallDelta, Delta, Reply, ReplyBegan, TextDelta, ThinkingDelta
from workbench.core.spend import Usage
from workbench.providers.faults import parse_fault

CALLING = frozenset({"tool_use", "end_turn"})
"""Stop reasons with which a call counts. Some servers end a turn of calls with `end_turn`; any other one is a cut."""


class Frames:
    """Server-sent events cut out of a byte stream: feeds on chunks as the network cuts them, gives the JSON of each.

    The Messages API names the kind of an event twice, in `event:` and in the JSON's `type`; the second is enough.
    """

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
        event = msgspec.json.decode(payload)
        if isinstance(event, dict):
            events.append(event)


class Growing:
    """A content block while it arrives."""

    __slots__ = ("block", "json", "kind", "size", "text")

    def __init__(self, block: dict[str, Any]) -> None:
        self.block = block
        self.kind: str = block.get("type", "")
        self.text: list[str] = []
        self.json: list[str] = []
        self.size = 0


class Accumulation:
    """The state of one reply. `feed` its events, then read `reply`."""

    def __init__(self, model: str) -> None:
        self.seen = False
        """True when any event came."""
        self.ended = False
        """True when `message_stop` came: the reply is whole."""
        self.failure: ProviderFault | None = None
        """What an `error` event told; what came before it has been told as deltas."""
        self._id, self._model = "", model
        self._blocks: dict[int, Growing] = {}
        self._usage: dict[str, Any] = {}
        self._stop_reason = ""

    def feed(self, events: list[dict[str, Any]]) -> list[Delta]:
        """What `events` tell."""
        self.seen = self.seen or bool(events)
        deltas: list[Delta] = []
        text: list[str] = []
        for event in events:
            if event.get("type") == "content_block_delta":
                delta = event["delta"]
                if delta["type"] == "text_delta":
                    piece = delta["text"]
                    self._blocks[event["index"]].text.append(piece)
                    text.append(piece)
                    continue
                told = self._delta(self._blocks[event["index"]], delta)
            else:
                told = self._event(event)
            if told is not None:
                _flush(text, deltas)
                deltas.append(told)
        _flush(text, deltas)
        return deltas

    @property
    def usage(self) -> Usage:
        """As reported so far."""
        return parse_usage(self._usage)

    @property
    def reply(self) -> Reply:
        """The whole reply. Raises ProviderFault where a call's arguments are not a JSON object."""
        calling = self._stop_reason in CALLING
        grown = [part for _, growing in sorted(self._blocks.items()) if (part := _part(growing, calling)) is not None]
        calls = any(isinstance(part, ToolUse) for part in grown)
        stop_reason = "tool_use" if calls else self._stop_reason
        return Reply(self._id, self._model, tuple(grown), stop_reason, self.usage)

    def _event(self, event: dict[str, Any]) -> Delta | None:
        match event.get("type"):
            case "message_start":
                return self._begin(event["message"])
            case "content_block_start":
                growing = self._blocks[event["index"]] = Growing(event["content_block"])
                if growing.kind == "tool_use":
                    return CallDelta(growing.block["name"], 0)
                if growing.kind == "text" and growing.block.get("text"):
                    growing.text.append(growing.block["text"])
                    return TextDelta(growing.block["text"])
            case "message_delta":
                self._stop_reason = event["delta"].get("stop_reason") or self._stop_reason
                self._merge(event.get("usage") or {})
            case "message_stop":
                self.ended = True
            case "error":
                self.failure = self.failure or parse_fault(event)
        return None

    def _begin(self, message: dict[str, Any]) -> ReplyBegan:
        self._id = message.get("id") or ""
        self._model = message.get("model") or self._model
        self._stop_reason = message.get("stop_reason") or ""
        self._merge(message.get("usage") or {})
        return ReplyBegan(self._id, self._model, self.usage)

    def _merge(self, usage: dict[str, Any]) -> None:
        """Later figures replace earlier ones, but a nought or a null never a figure."""
        self._usage.update({name: figure for name, figure in usage.items() if figure or name not in self._usage})

    def _delta(self, growing: Growing, delta: dict[str, Any]) -> Delta | None:
        match delta["type"]:
            case "input_json_delta":
                piece = delta["partial_json"]
                growing.json.append(piece)
                growing.size += len(piece)
                return CallDelta(growing.block["name"], growing.size) if growing.kind == "tool_use" else None
            case "thinking_delta":
                growing.text.append(delta["thinking"])
                return ThinkingDelta(delta["thinking"])
            case "signature_delta":
                growing.block["signature"] = (growing.block.get("signature") or "") + delta["signature"]
            case _:
                _grow(growing.block, delta)
        return None


def _flush(text: list[str], deltas: list[Delta]) -> None:
    if text:
        deltas.append(TextDelta("".join(text)))
        text.clear()


def _grow(block: dict[str, Any], delta: dict[str, Any]) -> None:
    """Merge a delta of an unknown kind: strings and lists grow, anything else is replaced."""
    for name, value in delta.items():
        if name == "type":
            continue
        before = block.get(name)
        grows = isinstance(before, str | list) and type(before) is type(value)
        block[name] = before + value if grows else value


def _part(growing: Growing, calling: bool) -> Part | None:
    """The finished block; None for empty text, and for a call that a cut may have left partial."""
    block, text = growing.block, "".join(growing.text)
    match growing.kind:
        case "text":
            return Text(text) if text else None
        case "thinking":
            return Thinking((block.get("thinking") or "") + text, block.get("signature") or "")
        case "redacted_thinking":
            return RedactedThinking(block.get("data") or "")
        case "tool_use":
            return ToolUse(block["id"], block["name"], _arguments(growing)) if calling else None
        case _:
            return Opaque(block | ({"input": _arguments(growing)} if growing.json else {}))


def _arguments(growing: Growing) -> dict[str, Any]:
    joined = "".join(growing.json)
    if not joined.strip():
        given = growing.block.get("input")
        return given if isinstance(given, dict) else {}
    try:
        return msgspec.json.decode(joined, type=dict[str, Any])
    except msgspec.DecodeError as error:
        name = growing.block.get("name", "")
        message = f"The model called {name} with arguments that are not a JSON object."
        raise ProviderFault("server", message, hint="Try again.", retryable=True) from error


def parse_usage(usage: dict[str, Any]) -> Usage:
    """Figures of a `usage` object, nulls and missing ones as 0; without a split all cache writes live 5 minutes."""
    figures = usage | (usage.get("cache_creation") or {}) | (usage.get("output_tokens_details") or {})

    def count(name: str) -> int:
        return int(figure) if isinstance(figure := figures.get(name), int | float) else 0

    hour = count("ephemeral_1h_input_tokens")
    return Usage(
        input_tokens=count("input_tokens"),
        output_tokens=count("output_tokens"),
        cache_read_input_tokens=count("cache_read_input_tokens"),
        cache_creation_input_tokens=count("cache_creation_input_tokens") or hour + count("ephemeral_5m_input_tokens"),
        cache_creation_1h_tokens=hour,
        thinking_tokens=count("thinking_tokens"),
    )
