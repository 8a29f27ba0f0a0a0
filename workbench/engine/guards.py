"""Guards before each step: one small class for each limit, in the order in which they are asked.

WindowGuard   compacts at the trigger, and stops where no room is left
BudgetGuard   asks when the next request does not fit the budget; a no ends the turn with a summary (seed §9, tier 4)
StepGuard     turns tools off for the last step the hard limit allows
"""

from dataclasses import dataclass
from typing import Protocol

from workbench.core import events as e
from workbench.core.errors import ProviderFault
from workbench.core.ids import new_escalation_id
from workbench.core.window import Window
from workbench.engine.model_call import refusal
from workbench.engine.notice import progress
from workbench.engine.request import LEAST_REPLY
from workbench.engine.turn_state import TurnState
from workbench.escalation import ask_for_budget

LEAST_SHRINKABLE = 0.05
"""Share of the window that summary, history, results and prompt must hold for a compaction to be worth a request."""


@dataclass(frozen=True)
class Proceed:
    """Nothing stands in the way."""


@dataclass(frozen=True)
class LastStep:
    """Answer now, without tools."""


@dataclass(frozen=True)
class Finish:
    """End the turn with this text instead of a request."""

    reason: e.StopReason
    text: str


Ruling = Proceed | LastStep | Finish


class Guard(Protocol):
    """Looks at the turn before a step."""

    async def check(self, turn: TurnState) -> Ruling:
        """What the next step may do."""
        ...


class WindowGuard:
    """Compacts once a turn when the trigger is reached."""

    async def check(self, turn: TurnState) -> Ruling:
        window = turn.session.window()
        if window.total >= window.trigger and not turn.compacted and _can_shrink(window):
            turn.compacted = True
            await turn.compactor.automatic(turn.session)
            window = turn.session.window()
        if window.size - window.total < LEAST_REPLY:
            raise ProviderFault(
                "too_long",
                f"no room: the window holds {window.total:,} of {window.size:,} tokens",
                hint="F8 compacts it; F9 hands off to a fresh session.",
            )
        return Proceed()


def _can_shrink(window: Window) -> bool:
    """False where tools, system and memory alone fill the window: compacting at each turn would bring nothing."""
    return sum(section.tokens for section in window.sections[3:]) >= window.size * LEAST_SHRINKABLE


class BudgetGuard:
    """Asks for more when the next request does not fit; without a yes the turn ends here."""

    async def check(self, turn: TurnState) -> Ruling:
        session, parts = turn.session, turn.parts
        refused = refusal(session, parts, turn.model, turn.room())
        if not refused or turn.over_budget:
            return Proceed()
        if session.spend.reading().tier < 4:
            session.emit(e.TierChanged(4, refused))
        asked = ask_for_budget(refused, progress(session), new_escalation_id(), turn.prompt)
        verdict = await turn.verdicts.ask(session, asked)
        if verdict is not None and verdict.allows:
            allow_more(turn)
            return Proceed()
        return Finish("budget", farewell(turn, refused))


class StepGuard:
    """The hard limit of steps (seed §9): a limit ends in an answer, not in silence."""

    async def check(self, turn: TurnState) -> Ruling:
        limit = turn.parts.policies.turn.max_steps
        if turn.step + 1 < limit or turn.last_step:
            return Proceed()
        if turn.step:
            turn.session.emit(e.TurnLimitReached(turn.number, limit))
            if turn.stop_reason == "done":  # a question that nobody answered says more
                turn.stop_reason = "turn_limit"
        return LastStep()


GUARDS: tuple[Guard, ...] = (WindowGuard(), BudgetGuard(), StepGuard())


def allow_more(turn: TurnState) -> None:
    """A yes to the cost: the session's limits rise by the same again; past a limit that stays, this turn goes on."""
    session, policy = turn.session, turn.parts.policies.budget
    spend = session.spend.reading()
    session.emit(e.BudgetRaised(spend.limit_usd + policy.session_usd, spend.limit_tokens + policy.session_tokens))
    turn.over_budget = bool(refusal(session, turn.parts, turn.model, LEAST_REPLY))


def farewell(turn: TurnState, refused: str) -> str:
    """The polite end of an exhausted budget: why, what was done, what can be done (seed §9, tier 4)."""
    done = progress(turn.session)
    lines = [f"The budget is spent. {refused}", "", f"Done so far: {done.steps} steps, {done.tokens:,} tokens."]
    lines += [f"- {note}" for note in done.notes]
    if turn.session.scratchpad.open_questions:
        lines += ["", "Open:", *(f"- {note.text}" for note in turn.session.scratchpad.open_questions)]
    lines += ["", "You can allow more when it asks, or hand off to a fresh session."]
    return "\n".join(lines)
