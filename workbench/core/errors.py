"""What can go wrong, as a person reads it: what happened, and what to do.

WorkbenchError
├── ProviderFault      a model request failed; `retryable` says whether trying again can help
├── ToolFault          a tool could not do it; the model reads the message
├── StrategyFault      a compaction strategy did what it may not; the window is as it was
├── SettingsFault      a setting or theme is invalid; `where` is file:line
└── StoreFault         the session store
    ├── UnknownSession
    ├── SessionLocked  another process writes it
    └── ReadOnlySession  a damaged or newer file, or one that another process writes
"""

from typing import NamedTuple


class Refusal(NamedTuple):
    """What the words of a refused request tell, as far as they tell it: what a repair works with."""

    place: tuple[int, ...] = ()
    """Which block: its message and its place there, and its place in that where it lies in a tool's result."""
    sent: int = 0
    """Tokens that were too many, 0 where it does not say. Of a prompt that its reply made too long it is the prompt:
    at most `limit` then, and a shorter reply fits."""
    limit: int = 0
    """Tokens that the model takes; 0 where it does not say."""


class WorkbenchError(Exception):
    """A failure with a message for a person and, in `hint`, what they can do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        stop = "." if self.hint and self.message[-1:].isalnum() else ""
        return f"{self.message}{stop} {self.hint}".strip()


class ProviderFault(WorkbenchError):
    """A model request failed.

    `kind`: overloaded, rate_limit, connection, stalled, cut, auth, invalid, too_long, not_found, spend, server,
    refused or local (it could not be sent from here); of those that a repair can mend also media (a block cannot be
    read), thinking (an old signature), unsupported (thinking or effort is not taken), uncached (no cache marks are
    taken) and reply_limit (`max_tokens` above the model's); declined is an answer that the model would not give.
    `retry_after`: seconds that the server asked for, or None. `refusal`: what its words tell.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        hint: str = "",
        retryable: bool = False,
        retry_after: float | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.kind = kind
        self.retryable = retryable
        self.retry_after = retry_after
        self.refusal = refusal or Refusal()


class ToolFault(WorkbenchError):
    """A tool could not do what it was asked; its message goes back to the model."""


class StrategyFault(WorkbenchError):
    """A compaction strategy raised, took too long or answered with what cannot be carried out."""


class SettingsFault(WorkbenchError):
    """A setting is invalid; defaults stand in its place. `where` is `file:line`."""

    def __init__(self, message: str, where: str = "", hint: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, hint)
        self.where = where


class StoreFault(WorkbenchError):
    """The session store could not do it."""


class UnknownSession(StoreFault):
    """No session has this id, or several begin with it."""


class SessionLocked(StoreFault):
    """Another process writes this session."""


class ReadOnlySession(StoreFault):
    """The session was opened read-only and cannot be appended to."""
