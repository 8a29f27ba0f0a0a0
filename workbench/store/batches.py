"""Lines of a session file read many at a time: what this version wrote itself, it reads as fast as JSON is read.

Everything else (an event of another version, a text in a blob, damage) makes its batch None, to be read line by line.
"""

from collections.abc import Sequence

import msgspec

from workbench.core.events import Stamped
from workbench.store.blobs import MARK


class _Put(msgspec.Struct):
    """The tables of a change: events alone."""

    events: dict[str, Stamped]


class _Line(msgspec.Struct):
    """A change that stores events (see `records.RecordChange`)."""

    n: int
    put: _Put


_decoder = msgspec.json.Decoder(list[_Line])
_encoder = msgspec.json.Encoder()


def decode_batch(payloads: Sequence[bytes], first: int) -> dict[str, dict[str, Stamped]] | None:
    """The events that `payloads` store, as a `records.BatchReader`."""
    body = b",".join(payloads)
    if MARK in body or b'"foreign"' in body:
        return None
    try:
        lines = _decoder.decode(body := b"[%b]" % body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    # Written again they are the same to the byte (see `core.journal.decode`).
    if _encoder.encode(lines) != body or [line.n for line in lines] != list(range(first, first + len(lines))):
        return None
    return {"events": {id: stamped for line in lines for id, stamped in line.put.events.items()}}
