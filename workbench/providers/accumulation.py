"""A reply put together from its bytes: each block's pieces are joined once, each call's JSON is parsed once.

    bytes ─▶ Frames ─▶ events ─▶ Accumulation ─▶ Delta … Reply

    message_start ─▶ content_block_start ─▶ content_block_delta … ─▶ content_block_stop ─▶ message_delta ─▶ message_stop

A kind of block that is not known here is kept as it came. Adjacent text deltas of one batch become one delta.
"""

import json
from typing import Any

from workbench.core.errors import ProviderFault
from workbench.core.messages import Opaque, Part, RedactedThinking, Text, Thinking, ToolUse, replace_surrogates
from workbench.core.requests import CallDelta, Delta, Reply, ReplyBegan, TextDelta, ThinkingDelta
from workbench.core.spend import Usage
from workbench.providers.faults import fault, parse_fault
from workbench.providers.frames import clean, decode_json

CALLING = frozenset({"tool_use", "end_turn"})
"""Stop reasons with which a call counts. Some servers end a turn of calls with `end_turn`; any other one is a cut."""


QUOTED = 80
"""Characters of arguments that are no JSON object which their call is answered with."""
STRINGS = {
    "text": ("text",),
    "thinking": ("thinking", "signature"),
    "redacted_thinking": ("data",),
    "tool_use": ("id", "name"),
}
"""What must be a string in a block of each kind."""


class Growing:
    """A content block while it arrives."""

    __slots__ = ("block", "closed", "json", "kind", "name", "size", "text")

    def __init__(self, block: dict[str, Any]) -> None:
        """Raises TypeError where `block` is not what its kind says."""
        self.block = dict(block)
        self.kind = _string(block["type"])
        self.name = clean(_string(block.get("name"))) if self.kind == "tool_use" else ""
        for field in STRINGS.get(self.kind, ()):
            _string(block.get(field))
        self.text: list[str] = []
        self.json: list[str] = []
        self.size = 0
        self.closed = False

    def add(self, piece: Any) -> str:
        """`piece`, now part of the text."""
        self.text.append(_string(piece))
        return self.text[-1]


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
        self._stop_reason, self._stopped, self._diagnosis = "", False, ""

    def feed(self, events: list[dict[str, Any]]) -> list[Delta]:
        """What `events` tell. One whose form is not the Messages API's ends the reply, as `failure`."""
        self.seen = self.seen or bool(events)
        deltas: list[Delta] = []
        text: list[str] = []
        for event in events:
            if self.failure or self.ended:
                break
            try:
                told = self._event(event, text)
            except (KeyError, TypeError, AttributeError):
                self.failure = fault("server", "The model server sent an event that is none of the Messages API's.")
                break
            if told is not None:
                _flush(text, deltas)
                deltas.append(told)
        _flush(text, deltas)
        return deltas

    @property
    def arrived(self) -> bool:
        """True when nothing of the reply is missing, whether or not its end was told: it need not be paid for twice."""
        closed = bool(self._blocks) and all(growing.closed for growing in self._blocks.values())
        return self.ended or (self._stopped and closed)

    @property
    def usage(self) -> Usage:
        """As reported so far."""
        return parse_usage(self._usage)

    @property
    def reply(self) -> Reply:
        """The whole reply. A call whose arguments are not a JSON object says so: it was paid for, and is answered."""
        calling = self._stop_reason in CALLING
        grown = [part for _, growing in sorted(self._blocks.items()) if (part := _part(growing, calling)) is not None]
        calls = any(isinstance(part, ToolUse) for part in grown)
        stop_reason = "tool_use" if calls else self._stop_reason
        return Reply(self._id, self._model, tuple(grown), stop_reason, self.usage, self._diagnosis)

    def _event(self, event: dict[str, Any], text: list[str]) -> Delta | None:
        """What one event tells; pieces of text are added to `text` instead. Raises KeyError and TypeError."""
        match event.get("type"):
            case "content_block_delta":
                if (delta := event.get("delta")) is None:
                    return None
                growing = self._blocks[_index(event)]
                if delta["type"] != "text_delta":
                    return self._delta(growing, delta)
                text.append(growing.add(delta["text"]))
            case "content_block_start":
                return self._start(_index(event), event["content_block"])
            case "content_block_stop":
                if (index := _index(event)) in self._blocks:
                    self._blocks[index].closed = True
            case "message_start":
                return self._begin(event.get("message") or {})
            case "message_delta":
                delta = event.get("delta") or {}
                self._stop_reason = _string(delta.get("stop_reason")) or self._stop_reason
                self._stopped = True
                self._merge(event.get("usage"))
            case "message_stop":
                self.ended = True
            case "error":
                self.failure = parse_fault(event)
        return None

    def _start(self, index: int, block: dict[str, Any]) -> Delta | None:
        growing = self._blocks[index] = Growing(block)
        if growing.kind == "tool_use":
            return CallDelta(growing.name, 0)
        if growing.kind == "text" and (said := growing.add(_string(block.get("text")))):
            return TextDelta(replace_surrogates(said))
        return None

    def _begin(self, message: dict[str, Any]) -> ReplyBegan:
        self._id = clean(_string(message.get("id")))
        self._model = clean(_string(message.get("model"))) or self._model
        self._stop_reason = _string(message.get("stop_reason"))
        self._diagnosis = _find_diagnosis(message)
        self._merge(message.get("usage"))
        return ReplyBegan(self._id, self._model, self.usage)

    def _merge(self, usage: Any) -> None:
        """Later figures replace earlier ones, but a nought or a null never a figure."""
        if isinstance(usage, dict):
            self._usage.update({name: figure for name, figure in usage.items() if figure or name not in self._usage})

    def _delta(self, growing: Growing, delta: dict[str, Any]) -> Delta | None:
        match delta["type"]:
            case "input_json_delta":
                piece = _string(delta["partial_json"])
                growing.json.append(piece)
                growing.size += len(piece)
                return CallDelta(growing.name, growing.size) if growing.kind == "tool_use" else None
            case "thinking_delta":
                return ThinkingDelta(replace_surrogates(growing.add(delta["thinking"])))
            case "signature_delta":
                growing.block["signature"] = _string(growing.block.get("signature")) + _string(delta["signature"])
            case _:
                _grow(growing.block, delta)
        return None


def _find_diagnosis(message: dict[str, Any]) -> str:
    """Why the server could not use its cache whole; empty where it does not say, or in no form that is known."""
    told = message.get("diagnostics")
    reason = told.get("cache_miss_reason") if isinstance(told, dict) else None
    kind = reason.get("type") if isinstance(reason, dict) else None
    return clean(kind) if isinstance(kind, str) else ""


def _index(event: dict[str, Any]) -> int:
    if type(index := event["index"]) is not int:
        raise TypeError("an index is a whole number")
    return index


def _string(value: Any) -> str:
    """A string, empty for null. Raises TypeError for anything else."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value


def _flush(text: list[str], deltas: list[Delta]) -> None:
    if said := "".join(text):
        deltas.append(TextDelta(replace_surrogates(said)))
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
    block, text = growing.block, replace_surrogates("".join(growing.text))
    match growing.kind:
        case "text":
            return Text(text) if text else None
        case "thinking":
            return Thinking(clean(block.get("thinking") or "") + text, clean(block.get("signature") or ""))
        case "redacted_thinking":
            return RedactedThinking(clean(block.get("data") or ""))
        case "tool_use":
            return ToolUse(clean(block.get("id") or ""), growing.name, *_arguments(growing)) if calling else None
        case _:
            return Opaque(clean(block | ({"input": _arguments(growing)[0]} if growing.json else {})))


def _arguments(growing: Growing) -> tuple[dict[str, Any], str]:
    """The arguments of a call, or none and what is wrong with them."""
    joined = "".join(growing.json)
    if not joined.strip():
        given = growing.block.get("input")
        return clean(given) if isinstance(given, dict) else {}, ""
    try:
        arguments = clean(decode_json(joined))
    except ValueError as error:
        return {}, _quote(error, joined)
    if isinstance(arguments, dict):
        return arguments, ""
    return {}, f"they are not a JSON object but {clean(joined[:QUOTED])!r}"


def _quote(error: ValueError, text: str) -> str:
    """What is wrong with `text`, and the piece of it around that."""
    if not isinstance(error, json.JSONDecodeError):
        return f"they are no JSON, {error}; they begin with {clean(text[:QUOTED])!r}"
    around = text[max(0, error.pos - QUOTED // 2) : error.pos + QUOTED // 2]
    return f"they are no JSON, {error.msg} at character {error.pos + 1} of {len(text):,}, in {clean(around)!r}"


MOST_TOKENS = 100_000_000
"""A hundred times the largest window: a figure above it counts nothing."""


def parse_usage(usage: dict[str, Any]) -> Usage:
    """Figures of a `usage` object, nulls and missing ones as 0; without a split all cache writes live 5 minutes.

    A figure that cannot be (negative, not whole, no number, more than any window holds) counts as 0, and the usage as
    `estimated`: what it reports is no measure then.
    """
    parts = (part for part in map(usage.get, ("cache_creation", "output_tokens_details")) if isinstance(part, dict))
    figures = dict(usage)
    for part in parts:
        figures |= part
    absurd = False

    def count(name: str) -> int:
        nonlocal absurd
        figure = figures.get(name)
        if figure is None:
            return 0
        possible = type(figure) in (int, float) and 0 <= figure <= MOST_TOKENS and figure == int(figure)
        absurd = absurd or not possible
        return int(figure) if possible else 0

    hour = count("ephemeral_1h_input_tokens")
    return Usage(
        input_tokens=count("input_tokens"),
        output_tokens=count("output_tokens"),
        cache_read_input_tokens=count("cache_read_input_tokens"),
        cache_creation_input_tokens=count("cache_creation_input_tokens") or hour + count("ephemeral_5m_input_tokens"),
        cache_creation_1h_tokens=hour,
        thinking_tokens=count("thinking_tokens"),
        estimated=absurd,
    )
