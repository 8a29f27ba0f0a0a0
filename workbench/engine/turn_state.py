"""How a running turn stands: what guards, gate and answer look at and change."""

from dataclasses import dataclass

from workbench.core import events as e
from workbench.engine.approvals import PendingApprovals
from workbench.engine.compaction import Compactor
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.model_call import refusal
from workbench.engine.request import reply_room
from workbench.engine.session import Session


@dataclass(kw_only=True)
class TurnState:
    """One turn. `follow_up` is what the person answered to an unsure answer: the next prompt."""

    session: Session
    parts: EngineDependencies
    verdicts: PendingApprovals
    compactor: Compactor
    number: int = 0
    step: int = 0
    last_step: bool = False
    compacted: bool = False
    stop_reason: e.StopReason = "done"
    prompt: str = ""
    follow_up: str = ""
    over_budget: bool = False
    """True once the person said to go on past a budget that a yes does not raise: the day's."""
    farewell: str = ""
    """What the turn says at its end, where the budget is spent and nobody raised it."""

    @property
    def model(self) -> str:
        """The model of the open epoch."""
        epoch = self.session.conversation.epoch
        return epoch.model if epoch else self.parts.facts.model

    def room(self) -> int:
        """Tokens the next reply may take."""
        return reply_room(self.session.window(), lambda reply: not refusal(self.session, self.parts, self.model, reply))
