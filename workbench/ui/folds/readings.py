"""Readings and drafts: what is replaced as a whole."""

from workbench.core import events as e
from workbench.memory.scratchpad import noted
from workbench.ui.state import Change, Model


def measured(model: Model, stamped: e.Stamped) -> Change:
    match stamped.event:
        case e.SessionOpened() as event:
            model.title, model.provider, model.model = event.title, event.provider, event.model
            model.as_if = event.as_if
            return Change.STATUS
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
            model.scratchpad = noted(model.scratchpad, event.note)
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
