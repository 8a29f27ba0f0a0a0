"""Readings and drafts: what is replaced as a whole."""

from workbench.core import events as e
from workbench.core.notes import add_note
from workbench.ui.entries import Marker
from workbench.ui.state import Change, Model, add


def measured(model: Model, stamped: e.Stamped) -> Change:
    match stamped.event:
        case e.SessionOpened() as event:
            model.title, model.provider, model.model = event.title, event.provider, event.model
            model.as_if = event.as_if
            return Change.STATUS | _continued(model, event.parent, stamped.seq or 0)
        case e.SessionRenamed() as event:
            model.title = event.title
            return Change.STATUS
        case e.WindowMeasured() as event:
            model.window = event.window
            return Change.WINDOW
        case e.SpendMeasured() as event:
            model.spend = event.spend
            return Change.SPEND
        case e.ScratchpadChanged() as event:
            model.scratchpad = add_note(model.scratchpad, event.note)
            return Change.SCRATCHPAD
        case e.ConfidenceScored() as event:
            model.confidence = event.confidence
            return Change.CONFIDENCE
        case e.AnswerRouted() as event:
            model.route = event.route
            if event.route == "unrated":
                model.confidence = None
            return Change.CONFIDENCE
        case e.CacheReported():
            return Change.CACHE
        case e.CompactionPlanned() as event:
            model.plan = event.plan
            return Change.PLAN
        case e.HandoffDrafted() as event:
            model.handoff = event.plan
            return Change.HANDOFF
        case e.Noticed() as event:
            model.notice = event
            return Change.NOTICE
    return Change.NOTHING


def _continued(model: Model, parent: str, seq: int) -> Change:
    """A session that starts from a handoff says so, since nothing else of it is to be seen yet."""
    if not parent:
        return Change.NOTHING
    detail = "its handoff document is in memory; say go on"
    return add(model, Marker(seq=seq, kind="continued", title=f"continues {parent}", detail=detail))
