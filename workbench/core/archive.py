"""A session as one JSON document: what `export` writes, `import` reads, and the samples are."""

from collections.abc import Iterable
from typing import Any

import msgspec

from workbench.core.errors import WorkbenchError
from workbench.core.events import Stamped
from workbench.core.journal import FORMAT, from_document, to_document


class Archive(msgspec.Struct, frozen=True):
    """The events of one session."""

    session: str
    events: tuple[Stamped, ...]


def packed(session: str, events: Iterable[Stamped]) -> dict[str, Any]:
    """`{"format", "session", "events"}`."""
    return {"format": FORMAT, "session": session, "events": [to_document(stamped) for stamped in events]}


class _Record(msgspec.Struct):
    """The shape of one event in an archive; what it says may be of a newer version."""

    seq: int
    at: float
    event: dict[str, Any]
    session: str = ""
    trace: str = ""
    span: str = ""
    parent: str = ""


class _Packed(msgspec.Struct):
    """The shape of an archive."""

    format: int
    session: str
    events: list[dict[str, Any]]


def unpacked(text: bytes) -> Archive:
    """The archive in `text`. Raises WorkbenchError where it is not one, or of a newer format."""
    try:
        read = msgspec.json.decode(text, type=_Packed)
        for record in read.events:
            msgspec.convert(record, _Record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WorkbenchError("that is not an exported session.", "`workbench sessions export` writes one.") from error
    if read.format > FORMAT:
        raise WorkbenchError(f"a newer workbench wrote this session (format {read.format}).", "Update to read it.")
    if not read.events:
        raise WorkbenchError("that session has no events.", "`workbench sessions export` writes one that has.")
    return Archive(read.session, tuple(map(from_document, read.events)))
