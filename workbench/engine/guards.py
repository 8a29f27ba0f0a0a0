"""How a turn stands, and the guards that look at it before each step, in the order in which they are asked.

WindowGuard   compacts at the trigger, and stops where no room is left
BudgetGuard   asks when the next request does not fit the budget; without a yes the turn ends with a summary (seed §9)
StepGuard     turns tools off for the last step the hard limit allows

Guards, the gate and the answer say what they found; the loop in `turn` alone makes the next state of it.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from workbench.confidence import RoutePolicy, route
from workbench.core import events as e
from workbench.core.decisions import Confidence, EscalationRequest, Route
from workbench.core.errors import ProviderFault
from workbench.core.ids import new_escalation_id
from workbench.core.window import Window
from workbench.engine.billing import LEAST_REPLY, Billing
from workbench.engine.brake import Brake
from workbench.engine.request import measure_progress
from workbench.engine.session import Session
from workbench.escalation import ask_for_budget, ask_for_room, ask_what_was_meant

LEAST_SHRINKABLE = 0.05
"""Share of the window that summary, history, results and prompt must hold for a compaction to be worth a request."""


class TurnState(msgspec.Struct, frozen=True):
    """How a running turn stands."""

    number: int
    prompt: str
    step: int = 0
    last_step: bool = False
    """Tools are off: it must answer now."""
    counted: bool = False
    """True once the endpoint was asked what the next request holds."""
    relieved: bool = False
    """True once the largest blocks of a full window were left out."""
    tier: int = 0
    """The tier that a guard told."""
    over_budget: bool = False
    """True once the person said to go on past a budget that a yes does not raise: the day's."""
    order: str = ""
    """What the next request tells the model besides: to go on after a pause, to take a smaller step after a cut."""
    shortened: bool = False
    """True once a call was cut off and the model was told so."""
    refused: str = ""
    """Why a request had no room after all, since it took more or others were faster; empty once a person said yes."""
    stop_reason: e.StopReason = "done"
    farewell: str = ""
    """What the turn says at its end, where the budget is spent and nobody raised it."""
    follow_up: str = ""
    """What the person answered to an unsure answer: the next prompt."""


class Proceed(msgspec.Struct, frozen=True):
    """Nothing stands in the way."""


class CompactFirst(msgspec.Struct, frozen=True):
    """Compact the window, then ask again."""


class CountFirst(msgspec.Struct, frozen=True):
    """Have the endpoint count what is estimated here, then ask again."""


class Degrade(msgspec.Struct, frozen=True):
    """Another tier begins: tell it, then ask again."""

    tier: int
    reason: str


class LastStep(msgspec.Struct, frozen=True):
    """Answer now, without tools: `limit` steps are all there are."""

    limit: int


class Finish(msgspec.Struct, frozen=True):
    """End the turn with this text instead of a request."""

    reason: e.StopReason
    text: str


class Escalate(msgspec.Struct, frozen=True):
    """Ask a person for more; without a yes the turn ends in `otherwise`."""

    request: EscalationRequest
    otherwise: Finish
    then: Literal["raise", "relieve"] = "raise"
    """What a yes does: raise the budget, or leave the largest blocks out of the window."""


class CallOutcome(msgspec.Struct, frozen=True):
    """What the gate found at a call, as far as it concerns the rest of the turn."""

    limit_reached: bool = False
    """A limit was not raised: answer now."""
    farewell: str = ""
    unanswered: bool = False
    """Nobody answered whether it may run."""
    over_budget: bool = False
    """A person said to go on past a budget that stays."""


Ruling = Proceed | CompactFirst | CountFirst | Degrade | Escalate | LastStep | Finish


class Guard(Protocol):
    """Looks at the turn before a step."""

    def check(self, turn: TurnState) -> Ruling:
        """What stands in the way of the next step. Asked again after each ruling that changes something."""


@dataclass(frozen=True)
class WindowGuard:
    """Compacts when the trigger is reached, and again when that was filled; asks where even that leaves no room.

    Nothing is refused here on an estimate alone: the endpoint is asked to count first. Raises ProviderFault where
    nothing is left that could go.
    """

    session: Session
    brake: Brake

    def check(self, turn: TurnState) -> Ruling:
        window = self.session.window()
        if window.total >= window.trigger and self.brake.allows(window) and _can_shrink(window):
            return CompactFirst()
        if window.size - window.total >= LEAST_REPLY:
            return Proceed()
        if not (window.exact or turn.counted):
            return CountFirst()
        full = f"the window holds {window.total:,} of {window.size:,} tokens after it was compacted"
        if not turn.relieved and _can_shrink(window):
            asked = ask_for_room(full, measure_progress(self.session), new_escalation_id(), turn.prompt)
            return Escalate(asked, Finish("escalation", write_full(self.session, full)), "relieve")
        raise ProviderFault("too_long", f"no room for a reply: {full}", hint=_explain_full(window))


def _explain_full(window: Window) -> str:
    """What fills a window that nothing can be taken from, and what helps against that."""
    largest = max(window.sections, key=lambda section: section.tokens)
    help = {
        "memory": "Shorten AGENTS.md, or what else it remembers.",
        "current": "Ask for less at once: put it into a file, and have that read in parts.",
    }.get(largest.name, "Start a new session, or raise window.size if the model takes more.")
    return f"Most of it is {largest.name}, {largest.tokens:,} tokens. {help}"


def _can_shrink(window: Window) -> bool:
    """False where tools, system and memory alone fill the window: compacting at each turn would bring nothing."""
    return sum(section.tokens for section in window.sections[3:]) >= window.size * LEAST_SHRINKABLE


@dataclass(frozen=True)
class BudgetGuard:
    """Asks for more when the next request does not fit; without a yes the turn ends here."""

    session: Session
    billing: Billing

    def check(self, turn: TurnState) -> Ruling:
        session, refused = self.session, turn.refused or self.billing.refusal(self.billing.room())
        if not refused or turn.over_budget:
            return Proceed()
        if max(turn.tier, session.root.spend.reading().tier) < 4:
            return Degrade(4, refused)
        budget = self.billing.refusing(self.billing.room())
        asked = ask_for_budget(refused, budget, measure_progress(session), new_escalation_id(), turn.prompt)
        return Escalate(asked, Finish("budget", write_farewell(session, refused)))


@dataclass(frozen=True)
class StepGuard:
    """The hard limit of steps (seed §9): a limit ends in an answer, not in silence."""

    limit: int

    def check(self, turn: TurnState) -> Ruling:
        return Proceed() if turn.step + 1 < self.limit or turn.last_step else LastStep(self.limit)


def make_guards(session: Session, brake: Brake, billing: Billing, max_steps: int) -> tuple[Guard, ...]:
    """In the order in which they are asked."""
    return WindowGuard(session, brake), BudgetGuard(session, billing), StepGuard(max_steps)


def apply_call(turn: TurnState, outcome: CallOutcome) -> TurnState:
    """How the turn stands after a call: what the next call of the step meets too."""
    return msgspec.structs.replace(
        turn,
        last_step=turn.last_step or outcome.limit_reached,
        farewell=outcome.farewell or turn.farewell,
        stop_reason="escalation" if outcome.unanswered else turn.stop_reason,
        over_budget=turn.over_budget or outcome.over_budget,
    )


def route_answer(
    turn: TurnState, session: Session, confidence: Confidence | None, policy: RoutePolicy
) -> tuple[Route, EscalationRequest | None]:
    """The answer's route (seed §7), and for an unsure one the question what was meant."""
    way = route(confidence, policy)
    if way != "asked" or confidence is None:
        return way, None
    progress = measure_progress(session)
    return way, ask_what_was_meant(confidence, policy.review, progress, new_escalation_id(), turn.prompt)


def write_farewell(session: Session, refused: str) -> str:
    """The polite end of an exhausted budget: why, what was done, what can be done (seed §9, tier 4)."""
    return _say_goodbye(
        session, f"The budget is spent. {refused}", "You can allow more when it asks, or hand off to a fresh session."
    )


def write_full(session: Session, full: str) -> str:
    """The end of a turn whose window stays full: why, what was done, what can be done (seed §5)."""
    return _say_goodbye(
        session, f"{full[:1].upper()}{full[1:]}.", "Hand off to a fresh session, or ask again and go on."
    )


def _say_goodbye(session: Session, why: str, what_now: str) -> str:
    done = measure_progress(session)
    steps = f"{done.steps} step{'' if done.steps == 1 else 's'}"
    lines = [why, "", f"Done so far: {steps}, {done.tokens:,} tokens."]
    lines += [f"- {note}" for note in done.notes]
    if session.scratchpad.open_questions:
        lines += ["", "Open:", *(f"- {note.text}" for note in session.scratchpad.open_questions)]
    return "\n".join([*lines, "", what_now])
