"""Identifiers, short, random, safe in a file name; and the span that names the piece of work at hand (seed §10).

turn ─┬─ request        each has an id of its own and names the span that it is part of
      └─ call           a context variable carries it into tasks and threads that the work starts
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


def new_session_id() -> str:
    """Eight hexadecimal digits."""
    return os.urandom(4).hex()


def new_trace_id() -> str:
    """Thirty-two hexadecimal digits, the size of a W3C trace id."""
    return os.urandom(16).hex()


def new_escalation_id() -> str:
    """`esc_` and eight hexadecimal digits."""
    return f"esc_{os.urandom(4).hex()}"


def new_plan_id() -> str:
    """`plan_` and eight hexadecimal digits: a compaction plan or a handoff draft."""
    return f"plan_{os.urandom(4).hex()}"


def new_span_id() -> str:
    """Sixteen hexadecimal digits, the size of a W3C span id."""
    return os.urandom(8).hex()


def entry_seq(entry: str) -> int:
    """The event that an entry of the conversation comes from: 12 for `e12` and `e12.1`."""
    return int(entry[1:].partition(".")[0])


class SpanRef(NamedTuple):
    """A span by its id, sixteen hexadecimal digits, and its parent's; both are empty outside of any."""

    id: str = ""
    parent: str = ""


NO_SPAN = SpanRef()
_current: ContextVar[SpanRef] = ContextVar("span", default=NO_SPAN)


def current_span() -> SpanRef:
    """The span that the running task works in."""
    return _current.get()


@contextmanager
def begin_span() -> Iterator[SpanRef]:
    """Work in a new span, a child of the current one, until the block ends."""
    span = SpanRef(new_span_id(), _current.get().id)
    token = _current.set(span)
    try:
        yield span
    finally:
        _current.reset(token)
