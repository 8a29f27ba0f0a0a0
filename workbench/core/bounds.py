"""What an event from outside may say: numbers that somebody can have counted, dates of a calendar, texts of a size.

An event that this program journalled never says more; the folds do not rely on it, but who imports is told early.
"""

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from workbench.core.decisions import Confidence
from workbench.core.events import TRANSIENT, MessageAdded, Stamped
from workbench.core.figures import ABSURD

LATEST = 253_402_128_000.0
"""Seconds since the epoch: two days before the year 10000, which is none in any time zone."""
DEEPEST = 100
"""Levels of objects and lists in one event."""
LARGEST = 64_000_000
"""Bytes of one event."""
SIGNED = ("exit_code",)
"""Whole numbers that may be below zero; all others count something."""


def find_fault(stamped: Stamped, place: int) -> str:
    """Why `stamped` cannot be the event at `place` of a session, completing `event 3 …`; empty when it can."""
    event = stamped.event
    if stamped.seq != place:
        return f"has the number {stamped.seq}"
    if not 0 <= stamped.at <= LATEST:
        return f"is of no date: at = {stamped.at:g}"
    if isinstance(event, TRANSIENT):
        return "is of a kind that no session keeps"
    if isinstance(event, MessageAdded) and len(event.parts) != len(event.tokens):
        return f"has {len(event.parts)} parts and tokens for {len(event.tokens)}"
    return next((f"says {name} = {value!r}" for name, value in _list_absurd(event, "")), "")


def is_deeper(value: Any, levels: int = DEEPEST) -> bool:
    """True where `value` has more levels of objects and lists than that."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(inner) and (levels == 0 or any(is_deeper(each, levels - 1) for each in inner))


def _list_absurd(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Fields with numbers that nobody can have counted. What a model or a person wrote freely is not looked into."""
    match value:
        case Confidence() if not 0 <= value.value <= 1:
            yield f"{name}.value", value.value
        case msgspec.Struct():
            for field in value.__struct_fields__:
                yield from _list_absurd(getattr(value, field), f"{name}.{field}".lstrip("."))
        case tuple():
            for each in value:
                yield from _list_absurd(each, name)
        case dict():
            for each in value.values():
                if isinstance(each, msgspec.Struct):
                    yield from _list_absurd(each, name)
        case bool():
            return
        case int() if not (-ABSURD if name in SIGNED else 0) <= value < ABSURD:
            yield name, value
        case float() if not (math.isfinite(value) and abs(value) < ABSURD):
            yield name, value
