"""What the Messages API refuses, in its words: the product's own list and what only a server can know.

validity ─▶ what the model can do ─▶ reply limit ─▶ window ─▶ media that cannot be decoded ─▶ signatures
"""

import base64
import binascii
import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from workbench.providers.rehearsal import sse
from workbench.providers.rehearsal.transport import REQUEST_BYTES
from workbench.providers.rehearsal.validity import faults

Block = dict[str, Any]
Body = dict[str, Any]
MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8", "image/webp": b"RIFF"}


@dataclass
class Endpoint:
    """What the model behind the server can do, and what the server says of it."""

    window: int = 200_000
    said_window: int | None = None
    """The window that `/v1/models` tells; None: the real one."""
    most: int = 64_000
    """Tokens of the longest reply."""
    models: bool = True
    """False: there is no `/v1/models`."""
    counts: bool = True
    """False: there is no `count_tokens`."""
    thinks: bool = True
    """False: `thinking` is refused."""
    effort: bool = True
    """False: `output_config.effort` is refused."""
    secret: str = "one"
    """What signs thinking; another endpoint's is refused."""
    key: str = "test"
    most_bytes: int = REQUEST_BYTES
    """Of a request's body."""
    rule: Callable[[Body], str] = lambda body: ""
    """What else is refused, with these words."""

    def info(self, model: str) -> dict[str, Any]:
        """The model as `/v1/models/NAME` tells it."""
        levels = {level: {"supported": self.effort} for level in ("low", "medium", "high", "max")}
        types = {kind: {"supported": self.thinks} for kind in ("adaptive", "enabled")}
        return {
            "id": model,
            "type": "model",
            "display_name": model,
            "created_at": "2026-01-01T00:00:00Z",
            "lifecycle": "active",
            "max_input_tokens": self.said_window or self.window,
            "max_tokens": self.most,
            "capabilities": {
                "thinking": {"supported": self.thinks, "types": types},
                "effort": {"supported": self.effort} | levels,
                "image_input": {"supported": True},
                "pdf_input": {"supported": True},
            },
        }


def refusals(body: Body, endpoint: Endpoint) -> Iterator[str]:
    """Why the API behind `endpoint` would not take `body`, in the order in which it looks."""
    found = [*_invalid(body)]
    yield from found
    if not found:
        yield from _beyond(body, endpoint)
        yield from _media(body)
        yield from _signatures(body, endpoint.secret)
        yield from filter(None, [endpoint.rule(body)])


def _beyond(body: Body, endpoint: Endpoint) -> Iterator[str]:
    """What the model cannot do."""
    asked, model, size = body["max_tokens"], body["model"], count(body)
    if (body.get("thinking") or {}).get("type", "disabled") != "disabled" and not endpoint.thinks:
        yield "adaptive thinking is not supported on this model"
    if (body.get("output_config") or {}).get("effort") and not endpoint.effort:
        yield "This model does not support the effort parameter."
    if asked > endpoint.most:
        yield (
            f"max_tokens: {asked} > {endpoint.most}, which is the maximum allowed number of output tokens for {model}"
        )
    if size > endpoint.window:
        yield f"prompt is too long: {size} tokens > {endpoint.window} maximum"


def sign(secret: str, head: str, said: list[str], words: str) -> str:
    """The signature of thinking that follows on exactly this."""
    whole = "\0".join((secret, head, *said, words))
    return base64.b64encode(hashlib.sha256(whole.encode("utf-8", "surrogatepass")).digest()).decode()


def _signatures(body: Body, secret: str) -> Iterator[str]:
    """Each thinking block must have been signed here, after exactly what stands before its reply."""
    head, said = flatten(body)
    place = began = 0
    role = "user"
    for index, message in enumerate(body["messages"]):
        if message["role"] != role:
            role, began = message["role"], place
        for at, block in enumerate(sse.blocks(message)):
            if block["type"] == "thinking":
                valid = {sign(secret, head, said[:start], block["thinking"]) for start in range(began, place + 1)}
                if block["signature"] not in valid:
                    yield f"messages.{index}.content.{at}: Invalid `signature` in `thinking` block"
            place += 1


def count(body: Body) -> int:
    """Tokens of a request: a quarter of its bytes; a picture is 1,600."""
    pictures = 0

    def bare(value: Any) -> Any:
        nonlocal pictures
        if isinstance(value, dict):
            if value.get("type") == "base64":
                pictures += 1
                return {}
            return {name: bare(each) for name, each in value.items() if name != "cache_control"}
        return [bare(each) for each in value] if isinstance(value, list) else value

    parts = [bare(body.get(name) or []) for name in ("system", "tools", "messages")]
    return len(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")) // 4 + 1_600 * pictures


def flatten(body: Body) -> tuple[str, list[str]]:
    """System and tools, and each block of the messages, as texts that tell any change but of cache marks."""

    def bare(block: Block) -> Block:
        return {name: value for name, value in block.items() if name != "cache_control"}

    head = [[bare(block) for block in sse.system_blocks(body)], [bare(tool) for tool in body.get("tools") or []]]
    said = [json.dumps([m["role"], bare(block)]) for m in body["messages"] for block in sse.blocks(m)]
    return json.dumps(head), said


def _invalid(body: Body) -> Iterator[str]:
    found = faults(body)
    yield from found
    for index, message in enumerate([] if found else body["messages"]):
        last = sse.blocks(message)[-1]["type"]
        if message["role"] == "assistant" and last in ("thinking", "redacted_thinking"):
            yield f"messages.{index}: The final block in an assistant message cannot be `thinking`."


def _media(body: Body) -> Iterator[str]:
    for index, message in enumerate(body["messages"]):
        for at, block in enumerate(sse.blocks(message)):
            place = f"messages.{index}.content.{at}"
            if not _decodes(block):
                yield f"{place}.image.source.base64.data: Could not process image"
            inner = block.get("content") if block["type"] == "tool_result" else None
            for deep, part in enumerate(inner if isinstance(inner, list) else []):
                if not _decodes(part):
                    yield f"{place}.tool_result.content.{deep}.image.source.base64.data: Could not process image"


def _decodes(block: Block) -> bool:
    """False for an image whose bytes are not what its media type says."""
    source = block.get("source") or {}
    if block["type"] != "image" or source.get("type") != "base64":
        return True
    try:
        data = base64.b64decode(source["data"], validate=True)
    except binascii.Error:
        return False
    if source.get("media_type") == "image/png":
        return _is_png(data)
    return data.startswith(MAGIC.get(source.get("media_type"), b"\0"))


def _is_png(data: bytes) -> bool:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return False
    place, pixels, kind = 8, b"", b""
    while place + 12 <= len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        kind, piece = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        if zlib.crc32(kind + piece).to_bytes(4, "big") != data[place + 8 + size : place + 12 + size]:
            return False
        pixels += piece if kind == b"IDAT" else b""
        place += 12 + size
    try:
        return kind == b"IEND" and bool(zlib.decompress(pixels))
    except zlib.error:
        return False
