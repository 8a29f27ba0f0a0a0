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
        lines = _decoder.decode(b"[%b]" % body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    # Written again they are the same to the byte (see `core.journal.decode`), but for stamps that are written empty.
    if _encoder.encode(lines) != b"[%b]" % _drop_empty(body) or any(line.n != n for n, line in enumerate(lines, first)):
        return None
    return {"events": {id: stamped for line in lines for id, stamped in line.put.events.items()}}


def _drop_empty(body: bytes) -> bytes:
    """`body` without a span and a parent that are empty, where they end a record; no text can look like that end."""
    for stamp in (b',"parent":""', b',"span":""'):
        body = body.replace(stamp + _END, _END)
    return body


_END = b"}}}}"
