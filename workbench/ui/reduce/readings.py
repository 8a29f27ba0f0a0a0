"""Readings and drafts: what is replaced as a whole."""

from workbench.core import events as e
from workbench.core.notes import add_note
from workbench.ui.state import Change, Marker, UiState


def reduce_reading(state: UiState, stamped: e.Stamped) -> Change:
    """Take a reading, a draft or a notice; what is of no other kind changes nothing."""
    match stamped.event:
        case e.SessionOpened() as event:
            state.title, state.provider, state.model = event.title, event.provider, event.model
            state.as_if = event.as_if
            return Change.STATUS | _continued(state, event.parent, stamped.seq or 0)
        case e.SessionRenamed() as event:
            state.title = event.title
            return Change.STATUS
        case e.WindowMeasured() as event:
            state.window = event.window
            return Change.WINDOW
        case e.SpendMeasured() as event:
            state.spend = event.spend
            return Change.SPEND
        case e.ScratchpadChanged() as event:
            state.scratchpad = add_note(state.scratchpad, event.note)
            return Change.SCRATCHPAD
        case e.ConfidenceScored() as event:
            state.confidence = event.confidence
            return Change.CONFIDENCE
        case e.AnswerRouted() as event:
            state.route = event.route
            if event.route == "unrated":
                state.confidence = None
            return Change.CONFIDENCE
        case e.CacheReported():
            return Change.CACHE
        case e.CompactionPlanned() as event:
            state.plan = event.plan
            return Change.PLAN
        case e.HandoffDrafted():
            return Change.HANDOFF
        case e.Noticed() as event:
            state.notice = event
            return Change.NOTICE
    return Change.NOTHING


def _continued(state: UiState, parent: str, seq: int) -> Change:
    """A session that starts from a handoff says so, since nothing else of it is to be seen yet."""
    if not parent:
        return Change.NOTHING
    detail = "its handoff document is in memory; say go on"
    return state.add(Marker(seq=seq, kind="continued", title=f"continues {parent}", detail=detail))
