"""What an event does to the screen's state: pure, one module for each kind of event. No Textual, no engine, no I/O."""

from workbench.core import events as e
from workbench.ui.reduce.approvals import expire, raise_question, resolve
from workbench.ui.reduce.markers import mark_across
from workbench.ui.reduce.retries import wait_to_retry
from workbench.ui.reduce.turns import reduce_tool, reduce_turn
from workbench.ui.state import Change, Marker, UiState

__all__ = ["reduce_event"]


def reduce_event(state: UiState, stamped: e.Stamped) -> Change:
    """Fold one event into `state` and say what it touched; an event of an unknown kind touches nothing."""
    seq = stamped.seq or 0
    match stamped.event:
        case e.ToolProposed() | e.ToolStarted() | e.ToolOutputArrived() | e.ToolFinished() | e.ToolFailed() as event:
            return reduce_tool(state, event, seq, stamped.at)
        case e.EscalationRaised() as event:
            return raise_question(state, event, seq)
        case e.EscalationResolved() as event:
            return resolve(state, event)
        case e.EscalationExpired() as event:
            return expire(state, event)
        case e.RetryScheduled() as event:
            return wait_to_retry(state, event, seq, stamped.at)
    return (
        mark_across(state, stamped.event, seq)
        or reduce_turn(state, stamped)
        or _replace_reading(state, stamped.event, seq)
    )


def _replace_reading(state: UiState, event: object, seq: int) -> Change:
    match event:
        case e.SessionOpened():
            state.title, state.provider, state.model = event.title, event.provider, event.model
            state.as_if, state.chosen = event.as_if, None
            if not event.parent:
                return Change.STATUS
            # It starts from a handoff and says so, since nothing else of it is to be seen yet.
            detail = "its handoff document is in memory; say go on"
            marker = Marker(seq, kind="continued", title=f"continues {event.parent}", detail=detail)
            return Change.STATUS | state.add(marker)
        case e.ModelChosen():
            state.chosen = event
            return Change.STATUS
        case e.SessionRenamed():
            state.title = event.title
            return Change.STATUS
        case e.WindowMeasured():
            state.window = event.window
            return Change.WINDOW
        case e.BudgetSettled():
            state.as_if = event.as_if
            return Change.NOTHING
        case e.SpendMeasured():
            state.spend = event.spend
            return Change.SPEND
        case e.ScratchpadChanged():
            state.notepad.add(event.note)
            return Change.SCRATCHPAD
        case e.ConfidenceScored():
            state.confidence = event.confidence
            return Change.CONFIDENCE
        case e.AnswerRouted():
            state.route = event.route
            if event.route == "unrated":
                state.confidence = None
            return Change.CONFIDENCE
        case e.CacheReported():
            return Change.CACHE
        case e.CompactionPlanned():
            state.plan = event.plan
            return Change.PLAN
        case e.HandoffDrafted():
            return Change.HANDOFF
        case e.Noticed():
            state.notice = event
            return Change.NOTICE
    return Change.NOTHING
