"""JSON of texts of any origin: halves of characters, which UTF-8 cannot hold, are written as escapes."""

from typing import Any

import msgspec


def encode(value: Any) -> bytes:
    """`value` as JSON on one line."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        import json

        return json.dumps(msgspec.to_builtins(value), separators=(",", ":")).encode()


def write_pretty(value: Any, indent: int) -> str:
    """`value` as JSON for people, each level `indent` cells in."""
    try:
        return msgspec.json.format(msgspec.json.encode(value), indent=indent).decode()
    except UnicodeEncodeError:
        import json

        return json.dumps(msgspec.to_builtins(value), indent=indent)


def decode(raw: bytes | msgspec.Raw) -> Any:
    """The value of JSON that `encode` wrote. Raises ValueError or msgspec.DecodeError where it is none."""
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        import json

        return json.loads(bytes(raw))
