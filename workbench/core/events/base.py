"""The root of all events."""

from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Something that happened."""


class Unknown(msgspec.Struct, frozen=True, tag=True):
    """An event that a newer version wrote: carried along as it is."""

    raw: dict[str, Any]
