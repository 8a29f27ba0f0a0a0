"""The root of all events, and the one that belongs to no session's state."""

from typing import Any, Literal

import msgspec


class Event(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Something that happened."""


class Unknown(msgspec.Struct, frozen=True):
    """An event that a newer version wrote: carried along as it is. No name in a journal stands for it."""

    raw: dict[str, Any]


class Noticed(Event, frozen=True):
    """A line for the person that belongs to no session state; not stored."""

    message: str
    level: Literal["info", "success", "warning", "error"] = "info"
    hint: str = ""
