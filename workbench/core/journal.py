"""Journal records: a stamped event as a plain document and back."""

from typing import Any

import msgspec

from workbench.core.events import AnyEvent, Stamped, Unknown

FORMAT = 1
"""The version of the session file format that this writes."""


def to_document(stamped: Stamped) -> dict[str, Any]:
    """`stamped` as JSON-ready builtins: `{"seq","at","session","trace","event":{"type":…}}`."""
    event = stamped.event
    body = event.raw if isinstance(event, Unknown) else msgspec.to_builtins(event)
    return {
        "seq": stamped.seq,
        "at": stamped.at,
        "session": stamped.session,
        "trace": stamped.trace,
        "event": body,
    }


def from_document(document: dict[str, Any]) -> Stamped:
    """The event of `document`; one whose tag or shape is not known here becomes `Unknown`, carried along as it is."""
    body = document["event"]
    try:
        event: AnyEvent | Unknown = msgspec.convert(body, AnyEvent)
    except msgspec.ValidationError:
        event = Unknown(body)
    return Stamped(document["seq"], document["at"], document.get("session", ""), document.get("trace", ""), event)
