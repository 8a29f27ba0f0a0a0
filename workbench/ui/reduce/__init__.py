"""What an event does to the screen's state: pure, one module for each kind of event. No Textual, no engine, no I/O."""

from workbench.core import events as e
from workbench.ui.reduce.approvals import reduce_approval
from workbench.ui.reduce.markers import reduce_marker
from workbench.ui.reduce.messages import reduce_message
from workbench.ui.reduce.readings import reduce_reading
from workbench.ui.reduce.tools import reduce_tool
from workbench.ui.reduce.turns import reduce_turn
from workbench.ui.state import Change, UiState

__all__ = ["reduce_event"]


def reduce_event(state: UiState, stamped: e.Stamped) -> Change:
    """Fold one event into `state` and say what it touched; an event of an unknown kind touches nothing."""
    match stamped.event:
        case e.TextArrived() | e.ThinkingArrived() | e.MessageAdded():
            return reduce_message(state, stamped)
        case e.ToolProposed() | e.ToolStarted() | e.ToolOutputArrived() | e.ToolFinished() | e.ToolFailed():
            return reduce_tool(state, stamped)
        case e.EscalationRaised() | e.EscalationResolved() | e.EscalationExpired():
            return reduce_approval(state, stamped)
        case e.TurnStarted() | e.RequestSent() | e.TurnFinished() | e.TurnFailed():
            return reduce_turn(state, stamped)
        case e.EpochOpened() | e.CompactionUndone() | e.SessionHandedOff() | e.TierChanged():
            return reduce_marker(state, stamped)
        case e.RetryScheduled() | e.TurnLimitReached() | e.BudgetRaised():
            return reduce_marker(state, stamped)
        case _:
            return reduce_reading(state, stamped)
