"""A session began, was forked or rewound, got another title or policy, was handed off."""

from typing import Any

from workbench.core.events.base import Event


class SessionOpened(Event, frozen=True):
    """A session began. `parent` is the session that handed off to it.

    A child session, which does a part of another's work, names the outermost one in `root` and its part in `role`.
    """

    title: str
    workspace: str
    provider: str
    model: str
    as_if: bool = False
    """True for a rehearsal: its money is as if."""
    user: str = ""
    parent: str = ""
    root: str = ""
    role: str = ""
    """`research`, `review`; what the child does for its root."""


class SessionForked(Event, frozen=True):
    """This session is a copy of the session `source` up to its event `seq`; what follows is its own."""

    source: str
    seq: int


class ConversationRewound(Event, frozen=True):
    """The conversation goes on from the end of turn `turn`; what was said after it left the window."""

    turn: int


class PolicyChanged(Event, frozen=True):
    """A setting has another value for the rest of the session."""

    name: str
    """As in the settings: `confidence.act`."""
    value: Any


class SessionRenamed(Event, frozen=True):
    """The session has another title."""

    title: str


class SessionHandedOff(Event, frozen=True):
    """A handoff document was accepted. `to` is the session it went to, empty when it was saved for later."""

    document: str
    tokens: int
    to: str = ""
    path: str = ""
    """The exported Markdown file, relative to the store."""
