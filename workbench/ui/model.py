"""What the screen shows: a pure fold of events. No Textual, no engine, no I/O."""

from workbench.core import events as e
from workbench.ui.folds.answers import said
from workbench.ui.folds.calls import did
from workbench.ui.folds.markers import marked
from workbench.ui.folds.questions import asked
from workbench.ui.folds.readings import measured
from workbench.ui.folds.turns import turned
from workbench.ui.state import Change, Model

__all__ = ["Change", "Model", "update"]


def update(model: Model, stamped: e.Stamped) -> Change:
    """Fold one event into `model` and say what it touched."""
    match stamped.event:
        case e.TextArrived() | e.ThinkingArrived() | e.MessageAdded():
            return said(model, stamped)
        case e.ToolProposed() | e.ToolStarted() | e.ToolOutputArrived() | e.ToolFinished() | e.ToolFailed():
            return did(model, stamped)
        case e.EscalationRaised() | e.EscalationResolved() | e.EscalationExpired():
            return asked(model, stamped)
        case e.TurnStarted() | e.RequestSent() | e.TurnFinished() | e.TurnFailed():
            return turned(model, stamped)
        case e.EpochOpened() | e.CompactionUndone() | e.SessionHandedOff() | e.TierChanged():
            return marked(model, stamped)
        case e.RetryScheduled() | e.TurnLimitReached() | e.BudgetRaised():
            return marked(model, stamped)
        case _:
            return measured(model, stamped)
