"""Lines for the person."""

from typing import Literal

from workbench.core.events.base import Event


class Noticed(Event, frozen=True):
    """A line for the person that belongs to no session state; not stored."""

    message: str
    level: Literal["info", "success", "warning", "error"] = "info"
    hint: str = ""
