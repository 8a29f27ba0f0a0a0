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
Changing = frozenset({"write", "edit", "shell"})
"""Tools after which what was read before may no longer hold."""
_LOOKING = frozenset({"read", "glob", "grep"})


def advance(plan: Plan, talk: Conversation) -> Step | Answer:
    """The next step of `plan`, with only the calls that are still open, or its answer."""
    known = _Known(talk)
    try:
        step = next(plan)
        while True:
            outcomes = tuple(known.outcome(call) for call in step.calls)
            open_calls = tuple(call for call, out in zip(step.calls, outcomes, strict=True) if out is None)
            if open_calls:
                return Step(open_calls, "" if any(o and not o.missing for o in outcomes) else step.say)
            step = plan.send(tuple(out for out in outcomes if out is not None))
    except StopIteration as stop:
        answer: Answer = stop.value
        return answer


class _Known:
    """What the running turn has already found out."""

    def __init__(self, talk: Conversation) -> None:
        self._offered = talk.offered if talk.turn.steps < STEP_LIMIT else frozenset()
        self._recorded: dict[str, deque[Outcome]] = {}
        self._latest: dict[str, Outcome] = {}
        for outcome in talk.turn.calls:
            self._recorded.setdefault(key(outcome.name, outcome.arguments), deque()).append(outcome)

    def outcome(self, call: Call) -> Outcome | None:
        """What came of `call`; None when it is still to be asked. The same call is not asked again in vain."""
        name = key(call.name, call.arguments)
        if recorded := self._recorded.get(name):
            if call.name in Changing:
                self._latest = {known: o for known, o in self._latest.items() if o.name not in _LOOKING}
            self._latest[name] = recorded.popleft()
        if name in self._latest:
            return self._latest[name]
        return None if call.name in self._offered else Outcome(call.name, call.arguments, missing=True)
