"""A reply as data, and as the events of a stream or the message that they add up to.

    message_start ─ ping ─ (content_block_start ─ content_block_delta … ─ content_block_stop)… ─ message_delta
    ─ message_stop

Text comes in pieces about as long as a token.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

Event = dict[str, Any]
SIGNED = "rehearsed-"

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
    head = {"id": id, "type": "message", "role": "assistant", "model": model}
    content = [_sign(block) for block in scene.blocks]
    return head | {"content": content, "stop_reason": scene.stop_reason, "stop_sequence": None, "usage": usage}


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
    yield {"type": "message_delta", "delta": {"stop_reason": scene.stop_reason, "stop_sequence": None}, "usage": final}
    yield {"type": "message_stop"}


def write_assessment(confidence: float, reasoning: str, alternatives: Sequence[str]) -> str:
    """The trailer by which an answer rates itself (seed §7), as the workbench reads it."""
    rating = {"confidence": confidence, "confidence_reasoning": reasoning}
    # What is quoted may hold the closing tag; escaped it cannot end the trailer.
    written = json.dumps(rating | {"alternative_interpretations": alternatives}, ensure_ascii=False)
    return "<assessment>" + written.replace("<", "\\u003c") + "</assessment>"


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
            kept.append(block | {"text": block["text"][: max(1, len(block["text"]) * left // cost)]})
        elif block["type"] == "tool_use":
            kept.append(block)
        return Scene(tuple(kept), "max_tokens", scene.usage_override, scene.delay, scene.pace)
    return scene


def _parts(block: dict[str, Any], cut: bool) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """How a block starts, and the deltas that complete it; a call that is cut stops half way."""
    match block["type"]:
        case "text":
            pieces = [{"type": "text_delta", "text": piece} for piece in WORDS.findall(block["text"])]
            return block | {"text": ""}, pieces
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
    unsigned = block["type"] == "thinking" and not block.get("signature")
    return block | {"signature": signature(block["thinking"])} if unsigned else block


def _said(block: dict[str, Any]) -> str:
    return str(block[block["type"]]) if block["type"] in {"text", "thinking"} else json.dumps(block)


def blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The content of a message as blocks, plain text as one."""
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def system_blocks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The system prompt as blocks."""
    system = body.get("system") or []
    return [{"type": "text", "text": system}] if isinstance(system, str) else system


def signature(thinking: str) -> str:
    """The signature of a rehearsed thinking block, by which a changed one is known."""
    return SIGNED + hashlib.blake2b(thinking.encode("utf-8", "replace"), digest_size=16).hexdigest()
