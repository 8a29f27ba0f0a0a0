"""A reply as data, and as the events of a stream or the message that they add up to.

    message_start ─ ping ─ (content_block_start ─ content_block_delta … ─ content_block_stop)… ─ message_delta
    ─ message_stop

Text comes in pieces about as long as a token.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from workbench.providers.rehearsal.blocks import signature

Event = dict[str, Any]

WORDS = re.compile(r"\s*\S{1,12}|\s+$")
"""A piece of text about as long as a token."""
JSON_PIECE = 24
"""Characters of a call's arguments in one delta."""


class Scene(msgspec.Struct, frozen=True):
    """One reply, in the wire format of the Messages API."""

    blocks: tuple[dict[str, Any], ...]
    """Content blocks: `{"type": "text", "text"}`, `{"type": "tool_use", "id", "name", "input"}`, thinking, …"""
    stop_reason: str = "end_turn"
    """end_turn, tool_use, max_tokens, stop_sequence, pause_turn, refusal or model_context_window_exceeded."""
    usage_override: dict[str, Any] | None = None
    """Figures of `usage` to report instead of those counted."""
    delay: float = 0.0
    """Seconds of silence before the reply begins."""
    pace: float | None = None
    """Tokens a second; None leaves the transport's own, 0 is flat out."""


def frame(event: Event) -> bytes:
    """An event as it stands on the wire."""
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def message(scene: Scene, id: str, model: str, usage: dict[str, Any]) -> dict[str, Any]:
    """The whole reply as one message."""
    return {
        "id": id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [_sign(block) for block in scene.blocks],
        "stop_reason": scene.stop_reason,
        "stop_sequence": None,
        "usage": usage,
    }


def events(scene: Scene, id: str, model: str, usage: dict[str, Any]) -> Iterator[Event]:
    """The events of the reply; `usage` holds its final figures, of which the head tells all but the output."""
    head = message(scene, id, model, usage | {"output_tokens": 1})
    yield {"type": "message_start", "message": head | {"content": [], "stop_reason": None}}
    yield {"type": "ping"}
    for index, block in enumerate(scene.blocks):
        cut = scene.stop_reason == "max_tokens" and index == len(scene.blocks) - 1
        start, deltas = _parts(_sign(block), cut)
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    final = {name: figure for name, figure in usage.items() if name != "cache_creation"}
    stop = {"stop_reason": scene.stop_reason, "stop_sequence": None}
    yield {"type": "message_delta", "delta": stop, "usage": final}
    yield {"type": "message_stop"}


def size(scene: Scene, count: Callable[[str], int]) -> int:
    """Output tokens of a reply, at least 1."""
    return max(1, sum(count(_said(block)) for block in scene.blocks))


def shorten(scene: Scene, most: int, count: Callable[[str], int]) -> Scene:
    """`scene` cut off after `most` output tokens, as the API cuts it."""
    left, kept = most, []
    for block in scene.blocks:
        cost = count(_said(block))
        if cost <= left:
            kept.append(block)
            left -= cost
            continue
        if block["type"] == "text":
            text = block["text"][: max(1, len(block["text"]) * left // cost)]
            kept.append(block | {"text": text})
        elif block["type"] == "tool_use":
            kept.append(block)
        return Scene(tuple(kept), "max_tokens", scene.usage_override, scene.delay, scene.pace)
    return scene


def _parts(block: dict[str, Any], cut: bool) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """How a block starts, and the deltas that complete it; a call that is cut stops half way."""
    match block["type"]:
        case "text":
            return block | {"text": ""}, [
                {"type": "text_delta", "text": piece} for piece in WORDS.findall(block["text"])
            ]
        case "thinking":
            pieces = [{"type": "thinking_delta", "thinking": piece} for piece in WORDS.findall(block["thinking"])]
            signed = {"type": "signature_delta", "signature": block["signature"]}
            return block | {"thinking": "", "signature": ""}, [*pieces, signed]
        case "tool_use":
            whole = json.dumps(block["input"])
            sent = whole[: len(whole) // 2] if cut else whole
            starts = range(0, len(sent), JSON_PIECE)
            pieces = [{"type": "input_json_delta", "partial_json": sent[at : at + JSON_PIECE]} for at in starts]
            return block | {"input": {}}, [{"type": "input_json_delta", "partial_json": ""}, *pieces]
        case _:
            return block, []


def _sign(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] != "thinking" or block.get("signature"):
        return block
    return block | {"signature": signature(block["thinking"])}


def _said(block: dict[str, Any]) -> str:
    match block["type"]:
        case "text" | "thinking":
            return str(block[block["type"]])
        case _:
            return json.dumps(block)
