"""Lines across the transcript: compactions, handoffs, tiers, limits, retries."""

from workbench.core import events as e
from workbench.core.figures import limit, tokens
from workbench.core.spend import TIER_NAMES
from workbench.ui.entries import AnyEntry, Asked, Level, Marker, TurnEnd
from workbench.ui.folds.answers import discard_streamed
from workbench.ui.state import Change, Model, add


def marked(model: Model, stamped: e.Stamped) -> Change:
    """Add the marker of an event, and what else it changed."""
    event = stamped.event
    marker = _marker(event)
    if marker is None:
        return Change.NOTHING
    marker.seq = stamped.seq or 0
    return _aftermath(model, event) | add(model, marker)


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


def _aftermath(model: Model, event: object) -> Change:
    match event:
        case e.EpochOpened(reason="compacted"):
            _leave(model, {int(id[1:].partition(".")[0]) for id in event.kept})
            return Change.STATUS | Change.ENTRIES
        case e.CompactionUndone():
            _come_back(model)
            _relabel(model, "compacted", "↶", "undone")
            return Change.ENTRIES
        case e.RetryScheduled():
            model.activity = "waiting to try again"
            quieten_retries(model)
            return Change.STATUS | discard_streamed(model)
    return Change.NOTHING


def quieten_retries(model: Model) -> None:
    """The wait is over: the key that would have ended it goes."""
    _relabel(model, "retry", "", "")


def _relabel(model: Model, kind: str, key: str, action: str) -> None:
    """Put another key on the newest marker of `kind` that still offers what it did."""
    for index in range(len(model.entries) - 1, -1, -1):
        entry = model.entries[index]
        if isinstance(entry, Marker) and entry.kind == kind and entry.action in ("undo", "stop"):
            entry.key, entry.action = key, action
            model.touched.add(index)
            return


def _leave(model: Model, kept: set[int]) -> None:
    """Mark what a compaction took out of the window."""
    left = [index for index, entry in enumerate(model.entries) if _stands(entry) and entry.seq not in kept]
    model.left.append(left)
    _mark(model, left, False)


def _stands(entry: AnyEntry) -> bool:
    return entry.in_window and not isinstance(entry, TurnEnd | Marker | Asked)


def _come_back(model: Model) -> None:
    """What the last compaction took out is in the window again; what earlier ones took stays out."""
    if model.left:
        _mark(model, model.left.pop(), True)


def _mark(model: Model, indexes: list[int], inside: bool) -> None:
    for index in indexes:
        model.entries[index].in_window = inside
    model.touched.update(indexes)
