"""Plans as generators: they yield steps, are sent what came of them, and return an answer.

Nothing is kept between two requests. A plan is run from its beginning each time; the calls that the conversation has
already answered are answered from there, and the first ones that it has not are the next step.
"""

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from workbench.providers.rehearsal.mind.conversation import Conversation, Outcome, key

STEP_LIMIT = 20
"""Steps in a turn after which no tool is asked for any more."""


@dataclass(frozen=True)
class Call:
    """A tool use to ask for."""

    name: str
    arguments: dict[str, Any]
    confidence: float | None = None
    """0.0 to 1.0, for a call that changes something."""
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """A sentence, maybe, and calls that can run side by side."""

    calls: tuple[Call, ...]
    say: str = ""


@dataclass(frozen=True)
class Answer:
    """The end of a turn, with an honest assessment."""

    text: str
    confidence: float
    reasoning: str
    alternatives: tuple[str, ...] = ()


Outcomes = tuple[Outcome, ...]
Plan = Generator[Step, Outcomes, Answer]
"""Yields a `Step`, is sent the outcomes of its calls in their order, returns the `Answer`."""


def advance(plan: Plan, talk: Conversation) -> Step | Answer:
    """The next step of `plan`, with only the calls that are still open, or its answer."""
    known: dict[str, deque[Outcome]] = {}
    for outcome in talk.turn.calls:
        known.setdefault(key(outcome.name, outcome.arguments), deque()).append(outcome)
    offered = talk.offered if talk.turn.steps < STEP_LIMIT else frozenset()
    try:
        step = next(plan)
        while True:
            outcomes, open_calls = _settle(step, known, offered)
            if open_calls:
                whole = len(open_calls) == sum(call.name in offered for call in step.calls)
                return Step(open_calls, step.say if whole else "")
            step = plan.send(outcomes)
    except StopIteration as stop:
        answer: Answer = stop.value
        return answer


def _settle(step: Step, known: dict[str, deque[Outcome]], offered: frozenset[str]) -> tuple[Outcomes, tuple[Call, ...]]:
    outcomes: list[Outcome] = []
    open_calls: list[Call] = []
    for call in step.calls:
        answered = known.get(key(call.name, call.arguments))
        if answered:
            outcomes.append(answered.popleft())
        elif call.name in offered:
            open_calls.append(call)
        else:
            outcomes.append(Outcome(call.name, call.arguments, missing=True))
    return tuple(outcomes), tuple(open_calls)
