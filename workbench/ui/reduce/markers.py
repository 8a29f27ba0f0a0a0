"""Lines across the transcript: compactions, handoffs, tiers, limits."""

from collections.abc import Iterable

from workbench.core import events as e
from workbench.core.figures import limit, tokens
from workbench.core.ids import entry_seq
from workbench.core.plans import tell_score
from workbench.core.spend import TIER_NAMES
from workbench.ui.state import Asked, Change, Compaction, Level, Marker, Tool, TurnEnd, UiState


def mark_across(state: UiState, event: object, seq: int) -> Change:
    """Add the marker of an event, and what else it changed."""
    if isinstance(event, e.CompactionProbed):
        return _amend(state, event)
    marker = _build_marker(event)
    if marker is None:
        return Change.NOTHING
    marker.seq, marker.key = seq, state.way_to(marker.command) if marker.command else ""
    return _follow_up(state, event) | state.add(marker)


def _build_marker(event: object) -> Marker | None:
    match event:
        case e.EpochOpened(reason="compacted"):
            title = f"compacted {tokens(event.before)} → {tokens(event.after)}"
            return Marker(kind="compacted", title=title, detail=event.remark, command="undo_chosen", action="undo")
        case e.EpochOpened(reason="model"):
            title = f"model {event.epoch.model} {event.epoch.provider}".rstrip()
            return Marker(kind="model", title=title, detail="the cache starts cold")
        case e.CompactionUndone():
            return Marker(kind="undone", title="compaction undone", detail="the window before it is back")
        case e.SessionHandedOff():
            title = f"handed off to {event.to}" if event.to else "handoff saved"
            return Marker(kind="handed off", title=title, detail=event.path or tokens(event.tokens))
        case e.TierChanged():
            level: Level = "info" if event.tier == 1 else "warning" if event.tier < 4 else "error"
            title = f"tier {TIER_NAMES[event.tier]}"
            marker = Marker(kind="tier", title=title, detail=event.reason, level=level)
            marker.command, marker.action = "hand_off", "hand off"
            return marker
        case e.RequestRepaired(repair="drop_turn"):
            return Marker(kind="declined", title=event.text, detail="ask in other words", level="warning")
        case e.RequestRepaired():
            return Marker(kind="repaired", title=event.text, detail="sent once more", level="warning")
        case e.TurnLimitReached():
            title = f"step limit {event.limit} of {event.limit}"
            return Marker(kind="limit", title=title, detail="answers with what there is", level="warning")
        case e.BudgetRaised():
            return Marker(kind="budget", title="budget raised", detail=_write_limits(event))
    return None


def _amend(state: UiState, event: e.CompactionProbed) -> Change:
    """Put the score of a compaction beside what it did."""
    at = state.compactions[-1].marker if state.compactions else -1
    if at < 0 or not isinstance(marker := state.entries[at], Marker):
        return Change.NOTHING
    found, total = (sum(getattr(each, name) for each in event.scores) for name in ("found", "total"))
    score = tell_score(event.scores) if event.by == "code" else f"the model knows {found} of {total}"
    marker.detail = " · ".join(filter(None, (marker.detail, score)))
    state.touched.add(at)
    return Change.ENTRIES


def _write_limits(event: e.BudgetRaised) -> str:
    limits = (
        limit(event.usd) if event.usd else "",
        f"{tokens(event.tokens)} tokens" if event.tokens else "",
        f"{event.steps} steps" if event.steps else "",
    )
    return "to " + " · ".join(filter(None, limits))


def _follow_up(state: UiState, event: object) -> Change:
    match event:
        case e.EpochOpened(reason="model", epoch=epoch):
            state.model, state.provider = epoch.model, epoch.provider or state.provider
            state.chosen = None
            if state.provider == state.facts.provider:
                state.as_if = state.facts.as_if
            return Change.STATUS
        case e.EpochOpened(reason="compacted"):
            _change_window(state, event)
            return Change.STATUS | Change.ENTRIES
        case e.BudgetRaised() if event.steps:
            state.steps_budget = event.steps
        case e.CompactionUndone():
            _come_back(state)
            return Change.ENTRIES
    return Change.NOTHING


def offer(state: UiState, index: int, command: str = "", action: str = "", sign: str = "") -> None:
    """Have a line across offer another command, or none; `sign` stands in the place of its key."""
    if isinstance(marker := state.entries[index], Marker):
        marker.command, marker.action = command, action
        marker.key = sign or (state.way_to(command) if command else "")
        state.touched.add(index)


def _change_window(state: UiState, event: e.EpochOpened) -> None:
    """Mark what a compaction took out of the window, brought back, or masked; its own line across comes next.

    It costs what stood in the window and what stands in it now, not the session.
    """
    _place_new(state)
    kept, masked = (_find(state, ids) for ids in (event.kept, event.replaced))
    masked = {index for index in masked if isinstance(state.entries[index], Tool)}
    before: dict[int, tuple[bool, bool]] = {}
    for index in sorted(state.standing | kept | masked):
        entry, now = state.entries[index], (index in kept, index in masked)
        if now != (entry.in_window, entry.masked):
            before[index] = entry.in_window, entry.masked
            entry.in_window, entry.masked = now
    state.standing = kept | masked
    state.compactions.append(Compaction(len(state.entries), before))
    state.touched.update(before)


def _place_new(state: UiState) -> None:
    """Take in the entries since the last compaction; lines across and questions are no part of the window."""
    for index in range(state.placed, len(state.entries)):
        entry = state.entries[index]
        if not isinstance(entry, TurnEnd | Marker | Asked):
            state.by_seq[entry.seq] = index
            state.standing.add(index)
    state.by_seq.pop(0, None)
    state.placed = len(state.entries)


def _find(state: UiState, ids: Iterable[str]) -> set[int]:
    """The indexes of the conversation's entries `ids`; several of them may be one here."""
    return {state.by_seq[seq] for seq in map(entry_seq, ids) if seq in state.by_seq}


def _come_back(state: UiState) -> None:
    """The window is as it was before the last compaction; what earlier ones did stays done."""
    if not state.compactions:
        return
    compaction = state.compactions.pop()
    for index, (inside, masked) in compaction.before.items():
        state.entries[index].in_window, state.entries[index].masked = inside, masked
    state.standing.update(compaction.before)
    state.touched.update(compaction.before)
    offer(state, compaction.marker, "", "undone", "↶")
