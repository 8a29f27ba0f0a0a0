"""Subtasks: what a session gives to a child session, and what comes back of it (seed §6)."""

from typing import Literal

from workbench.core.events.base import Event
from workbench.core.usage import Usage

SubtaskState = Literal["done", "failed", "interrupted", "budget"]


class SubtaskStarted(Event, frozen=True):
    """A child session begins to work on `task`. `call_id` is the call that asked for it, where one did."""

    session: str
    role: str
    task: str
    call_id: str = ""


class SubtaskFinished(Event, frozen=True):
    """The child session ended; `text` is its answer, `usage` and `usd` all that its requests took."""

    session: str
    role: str
    state: SubtaskState
    text: str
    usage: Usage = Usage()
    usd: float | None = 0.0
    """Dollars; None where a price was unknown."""
    seconds: float = 0.0
