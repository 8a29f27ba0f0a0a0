"""Spans: which piece of work an event belongs to, across turns, requests and calls (seed §10).

turn ─┬─ request        each has an id of its own and names the span that it is part of
      └─ call           a context variable carries it into tasks and threads that the work starts
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from workbench.core.ids import new_span_id


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
