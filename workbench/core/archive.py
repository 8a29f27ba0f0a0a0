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


def unpacked(text: bytes) -> Archive:
    """The archive in `text`. Raises WorkbenchError where it is not one, or of a newer format."""
    try:
        document = msgspec.json.decode(text)
        version, events = document["format"], [from_document(each) for each in document["events"]]
        session = str(document["session"])
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise WorkbenchError("that is not an exported session.", "`workbench sessions export` writes one.") from error
    if version > FORMAT:
        raise WorkbenchError(f"a newer workbench wrote this session (format {version}).", "Update to read it.")
    return Archive(session, tuple(events))
