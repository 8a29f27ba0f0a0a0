"""Journal records: a stamped event as a plain document and back; and a session as one JSON document, for export.

Nothing that another version wrote is lost: an event of an unknown kind becomes `Unknown`, and one that has fields which
are not known here is written again as it was read. What an older version said in other words is put into today's.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from workbench.core import encoding
from workbench.core.bounds import LARGEST, find_fault, is_deeper
from workbench.core.errors import WorkbenchError
from workbench.core.events import AnyEvent, Stamped, Unknown

FORMAT = 1
"""The version of the session file format that this writes."""

_KINDS = (("delete", "edit"), ("write", "edit"), ("unknown", "run"), ("run", "run"), ("network", "network"))
"""What a call is by the weightiest of its effects, for proposals from before tools said it."""
_stamped = msgspec.json.Decoder(Stamped)


class _Stamp(msgspec.Struct):
    """The shape of a stamped event; what it says may be of a newer version."""

    seq: int
    at: float
    event: dict[str, Any]
    session: str = ""
    trace: str = ""
    span: str = ""
    parent: str = ""


def to_document(stamped: Stamped) -> dict[str, Any]:
    """`stamped` as JSON-ready builtins: `{"seq","at","session","trace","event":{"type":…},"span","parent"}`."""
    event = stamped.event
    known = {
        "seq": stamped.seq,
        "at": stamped.at,
        "session": stamped.session,
        "trace": stamped.trace,
        "event": event.raw if isinstance(event, Unknown) else msgspec.to_builtins(event),
        "span": stamped.span,
        "parent": stamped.parent,
    }
    return known | (stamped.foreign or {})


def from_document(document: dict[str, Any]) -> Stamped:
    """The stamped event of `document`. Raises msgspec.ValidationError where the stamp itself is none."""
    record = msgspec.convert(document, _Stamp)
    body = _in_todays_words(record.event)
    try:
        event: AnyEvent | Unknown = msgspec.convert(body, AnyEvent)
    except msgspec.ValidationError:
        event = Unknown(body)
    stamped = Stamped(record.seq, record.at, record.session, record.trace, event, record.span, record.parent)
    written = to_document(stamped)
    foreign = {key: value for key, value in document.items() if key not in written}
    if not _holds(written["event"], body):
        foreign["event"] = body
    return msgspec.structs.replace(stamped, foreign=foreign) if foreign else stamped


def decode(record: bytes | msgspec.Raw) -> Stamped | None:
    """The stamped event of a JSON record, the quick way; None for one that `from_document` must look at."""
    try:
        stamped = _stamped.decode(record)
    except msgspec.DecodeError:
        return None
    if stamped.foreign is not msgspec.UNSET:  # a record has no such key of ours
        return None
    # Written again it is the same to the byte: nothing in it was unknown, or spelled as an older version did.
    return stamped if msgspec.json.encode(stamped) == bytes(record) else None


def _holds(known: Any, raw: Any) -> bool:
    """True when everything in `raw` stands in `known` too."""
    match raw:
        case dict():
            return isinstance(known, dict) and all(key in known and _holds(known[key], raw[key]) for key in raw)
        case list() | tuple():
            return isinstance(known, list | tuple) and len(known) == len(raw) and all(map(_holds, known, raw))
    return True


def _in_todays_words(body: dict[str, Any]) -> dict[str, Any]:
    """`body` as this version would have written it."""
    match body:
        case {"type": "ToolProposed", "proposal": dict(proposal)} if "kind" not in proposal:
            subject = proposal.get("subject") or body.get("summary", "")
            rest = {key: value for key, value in body.items() if key != "summary"}
            return rest | {"proposal": proposal | {"kind": _kind(proposal), "subject": subject}}
    return body


def _kind(proposal: dict[str, Any]) -> str:
    """What the call of `proposal` is, from its journalled effects and from how it was shown."""
    match proposal:
        case {"preview": {"kind": "command"}}:
            return "run"
    effects = [effect.get("kind") for effect in proposal.get("effects", ()) if isinstance(effect, dict)]
    heavy = next((kind for effect, kind in _KINDS if effect in effects), "")
    return heavy or ("read" if "read" in effects else "note" if effects else "run")


class Archive(msgspec.Struct, frozen=True):
    """The events of one session."""

    session: str
    events: tuple[Stamped, ...]


def pack(session: str, events: Iterable[Stamped]) -> dict[str, Any]:
    """`{"format", "session", "events"}`."""
    return {"format": FORMAT, "session": session, "events": [to_document(stamped) for stamped in events]}


class _Packed(msgspec.Struct):
    """The shape of an archive."""

    format: int
    session: str
    events: list[dict[str, Any]]


def unpack(text: bytes) -> Archive:
    """The archive in `text`. Raises WorkbenchError where it is not one, of a newer format, or says what cannot be."""
    try:
        read = msgspec.convert(encoding.decode(text), _Packed)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise WorkbenchError("that is not an exported session.", "`workbench sessions export` writes one.") from error
    if read.format > FORMAT:
        raise WorkbenchError(f"a newer workbench wrote this session (format {read.format}).", "Update to read it.")
    if not read.events:
        raise WorkbenchError("that session has no events.", "`workbench sessions export` writes one that has.")
    return Archive(read.session, tuple(_check(record, place) for place, record in enumerate(read.events, 1)))


def _check(record: dict[str, Any], place: int) -> Stamped:
    """The event of `record`, which is to be the one at `place`. Raises WorkbenchError."""
    try:
        if is_deeper(record):
            raise ValueError("is nested too deeply")
        stamped = from_document(record)
        if fault := find_fault(stamped, place):
            raise ValueError(fault)
        if (size := len(encoding.encode(record))) > LARGEST:
            raise ValueError(f"has {size:,} bytes")
    except (msgspec.MsgspecError, ValueError, LookupError, TypeError, OverflowError) as error:
        said = str(error) if type(error) is ValueError else f"is none: {error}"
        raise WorkbenchError(f"event {place} of that session {said}.", "Nothing was imported.") from error
    return stamped
