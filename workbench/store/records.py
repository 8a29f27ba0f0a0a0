"""The lines of a journal file: how a change is written, and what a file holds.

    8f14e45f {"journal":"session","format":1,"base":0}             header; `base` is the sequence it starts after
    0cc175b9 {"n":1,"put":{"events":{"1":{…}}}}                    a change: crc32 of the JSON, a space, the JSON
    92eb5ffe {"n":2,"put":{"events":{"2":{…}}},"cut":{…}}          `put` sets documents, `cut` removes them by id

After a compaction the header has `"snapshot":true`, and the line after it is the plain TinyDB JSON of all tables.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from struct import pack
from typing import Any, TypeVar
from zlib import crc32

import msgspec

from workbench.core.encoding import encode
from workbench.core.journal import FORMAT

HEAD = b'{"journal":'
"""How the JSON of a header begins."""
CHANGE = b' {"n":'
"""What stands between the checksum and the number of a change."""
T = TypeVar("T")
Tables = dict[str, dict[str, Any]]
"""Documents by id, by table, as TinyDB has them."""
RawTables = dict[str, dict[str, msgspec.Raw]]
"""The same with each document still encoded."""
BatchReader = Callable[[Sequence[bytes], int], dict[str, dict[str, Any]] | None]
"""Reads the payloads of changes, of which the first has that number, to documents by id, by table; None where it cannot
read them all. What it makes of a document is its own."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BATCH = 64 * 1024
"""Bytes that are read at once, to the end of a line."""


class FileHeader(msgspec.Struct, omit_defaults=True):
    """The first line."""

    journal: str
    """What the file is: `session`, `catalog`, `days`."""
    format: int = msgspec.field(default_factory=lambda: FORMAT)
    base: int = 0
    snapshot: bool = False


class RecordChange(msgspec.Struct):
    """One commit."""

    n: int
    put: RawTables = {}
    cut: dict[str, list[str]] = {}


@dataclass
class Scan:
    """What a file holds up to its end, a torn tail, or the first damage."""

    header: FileHeader | None = None
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Encoded, but for what a `BatchReader` made of them."""
    n: int = 0
    """The sequence of the last good change."""
    lines: int = 0
    """Good lines."""
    end: int = 0
    """Bytes that are good."""
    tail: bytes = b""
    """A last line that cannot be read: torn by a crash."""
    open_ended: bool = False
    """True when the last good line lacks its newline."""
    damaged: bool = False
    """True when a line cannot be read although others follow it, or when what stands in the file is no journal."""
    lost: int = 0
    """Lines from the damage on."""

    @property
    def newer(self) -> bool:
        """True when a newer version wrote the file."""
        return self.header is not None and self.header.format > FORMAT


_header = msgspec.json.Decoder(FileHeader)
_change = msgspec.json.Decoder(RecordChange)
_snapshot = msgspec.json.Decoder(RawTables)


def frame(payload: bytes) -> bytes:
    """`payload` with its checksum and newline."""
    return b"%08x %b\n" % (crc32(payload), payload)


def scan(data: bytes, batch: BatchReader | None = None) -> Scan:
    """Everything that a whole file holds. Never raises: what is wrong with it stands in the result.

    `batch` may read the plain changes of a session many at a time; its events are not encoded then.
    """
    scan = Scan()
    while scan.end < len(data):
        cut = data.find(b"\n", scan.end + (BATCH if scan.header else 0))
        pieces = data[scan.end : cut + 1 if cut >= 0 else len(data)].split(b"\n")
        if batch and scan.header and _take_batch(scan, pieces[:-1], batch):
            continue
        for place, piece in enumerate(pieces, 1):
            ended = place < len(pieces)
            if not ended and not piece:
                break
            if not _take(scan, piece):
                rest = data[scan.end + len(piece) + 1 :].split(b"\n")
                strange = scan.header is None and not _may_be_torn_header(piece)
                if any(rest) or scan.newer or strange or _is_joined(piece):
                    scan.damaged, scan.lost = True, 1 + sum(map(bool, rest)) + _is_joined(piece)
                else:
                    scan.tail = piece + b"\n" * ended
                return scan
            scan.lines += 1
            scan.end += len(piece) + ended
            scan.open_ended = not ended
    return scan


def apply_changes(tables: Tables | RawTables, put: Tables | RawTables, cut: dict[str, list[str]]) -> None:
    """Change `tables` in place."""
    for name, documents in put.items():
        tables.setdefault(name, {}).update(documents)
    for name, ids in cut.items():
        for id in ids:
            tables.get(name, {}).pop(id, None)


def _take_batch(scan: Scan, pieces: list[bytes], batch: BatchReader) -> int:
    """Take whole lines into `scan` if `batch` can read them all; how many there were."""
    payloads = [piece[9:] for piece in pieces]
    sums = pack(f">{len(pieces)}I", *map(crc32, payloads)).hex(" ", 4)
    if not pieces or b"".join([piece[:9] for piece in pieces]) != b"%b " % sums.encode():
        return 0
    if (read := batch(payloads, scan.n + 1)) is None:
        return 0
    for table, documents in read.items():
        scan.tables.setdefault(table, {}).update(documents)
    scan.n += len(pieces)
    scan.lines += len(pieces)
    scan.end += sum(map(len, pieces)) + len(pieces)
    return len(pieces)


def _take(scan: Scan, piece: bytes) -> bool:
    """Take one line into `scan`; False when it cannot be read or is not the next one."""
    payload = _check(piece)
    if payload is None:
        return False
    try:
        if scan.header is None:
            scan.header = _header.decode(payload)
            scan.n = scan.header.base
        elif scan.header.snapshot and scan.lines == 1:
            scan.tables = _decode(_snapshot, payload, _raw)
        else:
            change = _decode(_change, payload, _change_of)
            if change.n != scan.n + 1:
                return False
            apply_changes(scan.tables, change.put, change.cut)
            scan.n = change.n
    except (msgspec.DecodeError, ValueError):
        return False
    return True


def _may_be_torn_header(piece: bytes) -> bool:
    """True where a crash may have left this of a first line; any other file without a header is no journal."""
    checksum, start = piece[:8], piece[9:20]
    return set(checksum) <= set(b"0123456789abcdef") and piece[8:9] in (b"", b" ") and HEAD.startswith(start)


def _is_joined(piece: bytes) -> bool:
    """True where a good line goes on with another one, the newline between them being lost: no crash leaves that."""
    at = piece.find(CHANGE, 10)
    while at > 0 and _check(piece[: at - 9]) is None:
        at = piece.find(CHANGE, at + 1)
    return at > 0


def _check(piece: bytes) -> bytes | None:
    """The payload of a line whose checksum is right; what editors and version control add to lines is passed over."""
    piece = piece.removeprefix(BYTE_ORDER_MARK).removesuffix(b"\r")
    if len(piece) < 10 or piece[8] != 0x20:
        return None
    payload = piece[9:]
    return payload if piece[:8] == b"%08x" % crc32(payload) else None


def _decode(decoder: msgspec.json.Decoder[T], payload: bytes, build: Callable[[Any], T]) -> T:
    """What `payload` holds; where it holds lone surrogates, what `build` makes of its JSON."""
    try:
        return decoder.decode(payload)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return build(json.loads(payload))


def _change_of(body: dict[str, Any]) -> RecordChange:
    return RecordChange(body["n"], _raw(body.get("put", {})), body.get("cut", {}))


def _raw(tables: Tables) -> RawTables:
    return {name: {id: msgspec.Raw(encode(each)) for id, each in held.items()} for name, held in tables.items()}
