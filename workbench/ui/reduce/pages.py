"""A long history a page at a time: its newest turns at once, all of it beside them while nothing else is due.

history ─┬─ earlier ── readings only ─┐
         └─ newest page ──────────────┴▶ state, drawn at once
history, and what comes meanwhile ─▶ WholeTranscript ─▶ the transcript of the state, when it has caught up
"""

from collections import deque
from collections.abc import Iterable, Sequence

from workbench.core import events as e
from workbench.ui.reduce import reduce_event
from workbench.ui.state import UiState

PAGE = 400
"""Events that are folded at once: more than a screen shows."""
_READINGS = frozenset({e.SessionOpened, e.SessionRenamed, e.ScratchpadChanged, e.BudgetRaised})
"""What a page needs of the turns before it."""


def find_page(events: Sequence[e.Stamped], page: int = PAGE) -> int:
    """Where the newest page begins: at a turn, `page` events or more before the end; 0 for a short history."""
    if len(events) < 2 * page:
        return 0
    before = range(len(events) - page, 0, -1)
    return next((place for place in before if isinstance(events[place].event, e.TurnStarted)), 0)


def fold_page(state: UiState, events: Sequence[e.Stamped], start: int) -> None:
    """Fold `events` into a fresh `state`, with the entries of those from `start` on."""
    for stamped in events[:start]:
        if type(stamped.event) in _READINGS:
            reduce_event(state, stamped)
    state.entries.clear()
    for stamped in events[start:]:
        reduce_event(state, stamped)


class WholeTranscript:
    """The same fold from the beginning, in a state of its own, a few events at a time."""

    def __init__(self, state: UiState, events: Iterable[e.Stamped]) -> None:
        self._whole = UiState(state.facts, state.options, state.clock, way_to=state.way_to)
        self._whole.begin_session()
        self._waiting = deque(events)

    def hear(self, stamped: e.Stamped) -> None:
        """Take in what was folded into the page after the history."""
        self._waiting.append(stamped)

    def advance(self, count: int) -> bool:
        """Fold so many events more; true when none is left."""
        for _ in range(min(count, len(self._waiting))):
            reduce_event(self._whole, self._waiting.popleft())
        return not self._waiting

    def hand_over(self, state: UiState) -> int:
        """Give `state` the whole transcript in place of the page; returns how many entries it has more."""
        self.advance(len(self._waiting))
        if state.starting_at is not None and self._whole.starting_at is None:
            self._whole.show_starting(state.entries[state.starting_at])
        more = len(self._whole.entries) - len(state.entries)
        state.take_transcript(self._whole)
        return more
