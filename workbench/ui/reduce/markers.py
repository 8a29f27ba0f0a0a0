"""Lines across the transcript: compactions, handoffs, tiers, limits, retries."""

from workbench.core import events as e
from workbench.core.figures import limit, tokens
from workbench.core.ids import entry_seq
from workbench.core.spend import TIER_NAMES
from workbench.ui.reduce.messages import discard_streamed
from workbench.ui.state import AnyEntry, Asked, Change, Departure, Level, Marker, TurnEnd, UiState


def reduce_marker(state: UiState, stamped: e.Stamped) -> Change:
    """Add the marker of an event, and what else it changed."""
    event = stamped.event
    marker = _marker(event)
    if marker is None:
        return Change.NOTHING
    marker.seq = stamped.seq or 0
    return _aftermath(state, event) | state.add(marker)


def _marker(event: object) -> Marker | None:
    match event:
        case e.EpochOpened(reason="compacted"):
            title = f"compacted {tokens(event.before)} → {tokens(event.after)}"
            return Marker(kind="compacted", title=title, detail=event.remark, key="u", action="undo")
        case e.EpochOpened(reason="model"):
            return Marker(kind="model", title=f"model {event.epoch.model}", detail="the cache starts cold")
        case e.CompactionUndone():
            return Marker(kind="undone", title="compaction undone", detail="the window before it is back")
        case e.SessionHandedOff():
            title = f"handed off to {event.to}" if event.to else "handoff saved"
            return Marker(kind="handed off", title=title, detail=event.path or tokens(event.tokens))
        case e.TierChanged():
            return _tier(event)
        case e.RetryScheduled():
            detail = f"again in {event.delay:.0f} s, try {event.attempt} of {event.of}"
            return Marker(kind="retry", title=event.message, detail=detail, key="esc", action="stop", level="error")
        case e.TurnLimitReached():
            title = f"step limit {event.limit} of {event.limit}"
            return Marker(kind="limit", title=title, detail="answers with what there is", level="warning")
        case e.BudgetRaised():
            return Marker(kind="budget", title="budget raised", detail=_raised(event))
    return None


def _tier(event: e.TierChanged) -> Marker:
    level: Level = "info" if event.tier == 1 else "warning" if event.tier < 4 else "error"
    title = f"tier {TIER_NAMES[event.tier]}"
    return Marker(kind="tier", title=title, detail=event.reason, key="F9", action="hand off", level=level)


def _raised(event: e.BudgetRaised) -> str:
    limits = (
        limit(event.usd) if event.usd else "",
        f"{tokens(event.tokens)} tokens" if event.tokens else "",
        f"{event.steps} steps" if event.steps else "",
    )
    return "to " + " · ".join(filter(None, limits))


def _aftermath(state: UiState, event: object) -> Change:
    match event:
        case e.EpochOpened(reason="compacted"):
            _leave(state, {entry_seq(entry) for entry in event.kept})
            return Change.STATUS | Change.ENTRIES
        case e.CompactionUndone():
            _come_back(state)
            return Change.ENTRIES
        case e.RetryScheduled():
            state.activity = "waiting to try again"
            quieten_retry(state)
            change = Change.STATUS | discard_streamed(state)
            state.retry_at = len(state.entries)
            return change
    return Change.NOTHING


def quieten_retry(state: UiState) -> None:
    """The wait is over: the key that would have ended it goes."""
    if state.retry_at is not None:
        _relabel(state, state.retry_at, "", "")
        state.retry_at = None


def _relabel(state: UiState, index: int, key: str, action: str) -> None:
    if isinstance(marker := state.entries[index], Marker):
        marker.key, marker.action = key, action
        state.touched.add(index)


def _leave(state: UiState, kept: set[int]) -> None:
    """Mark what a compaction took out of the window; its own line across comes next."""
    left = [index for index, entry in enumerate(state.entries) if _stands(entry) and entry.seq not in kept]
    state.departures.append(Departure(len(state.entries), left))
    _mark(state, left, False)


def _stands(entry: AnyEntry) -> bool:
    return entry.in_window and not isinstance(entry, TurnEnd | Marker | Asked)


def _come_back(state: UiState) -> None:
    """What the last compaction took out is in the window again; what earlier ones took stays out."""
    if state.departures:
        departure = state.departures.pop()
        _mark(state, departure.entries, True)
        _relabel(state, departure.marker, "↶", "undone")


def _mark(state: UiState, indexes: list[int], inside: bool) -> None:
    for index in indexes:
        state.entries[index].in_window = inside
    state.touched.update(indexes)
