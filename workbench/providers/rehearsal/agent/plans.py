"""Plans as generators: they yield steps, are sent what came of them, and return an answer; and both on the wire.

Nothing is kept between two requests. A plan runs from its beginning each time: calls that the turn has already had
answered get these results, and the first that it has not are the next step.
"""

import hashlib
import json
import re
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from workbench.providers.rehearsal.agent.conversation import Outcome, RequestView
from workbench.providers.rehearsal.agent.texts import clip, quote
from workbench.providers.rehearsal.sse import Scene, write_assessment

_RATING = ("confidence", "confidence_reason")
CHARACTERS_PER_TOKEN = 3
"""A cautious guess for fitting a text into a reply."""
TRAILER_ROOM = 200
"""Tokens kept free for the trailer."""


@dataclass(frozen=True)
class PlannedCall:
    """A tool use to ask for."""

    name: str
    arguments: dict[str, Any]
    confidence: float | None = None
    """0.0 to 1.0, for a call that changes something."""
    reason: str = ""


@dataclass(frozen=True)
class PlanStep:
    """Calls that can run side by side, maybe after a sentence."""

    calls: tuple[PlannedCall, ...]
    say: str = ""


@dataclass(frozen=True)
class PlanAnswer:
    """The end of a turn, with its assessment of itself."""

    text: str
    confidence: float
    reasoning: str
    alternatives: tuple[str, ...] = ()
    """Prompts that the person may have meant; each is one that the agent can carry out."""


Plan = Generator[PlanStep, tuple[Outcome, ...], PlanAnswer]
"""Yields a step, is sent the outcomes of its calls in their order, returns the answer."""


def advance(plan: Plan, talk: RequestView) -> PlanStep | PlanAnswer:
    """The next step of `plan`, or its answer."""
    recorded: dict[str, deque[Outcome]] = {}
    for outcome in talk.turn.calls:
        recorded.setdefault(_key(outcome.name, outcome.arguments), deque()).append(outcome)
    try:
        step = next(plan)
        while True:
            outcomes = [_outcome(call, recorded, talk) for call in step.calls]
            if None in outcomes:
                calls = (call for call, known in zip(step.calls, outcomes, strict=True) if known is None)
                return PlanStep(tuple(calls), step.say)
            step = plan.send(tuple(outcome for outcome in outcomes if outcome))
    except StopIteration as stop:
        answer: PlanAnswer = stop.value
        return answer


def begin(talk: RequestView, say: str, *calls: PlannedCall) -> PlanStep:
    """The first step of a task: the task on the scratchpad, then `calls`; its outcome comes first."""
    return PlanStep((PlannedCall("set_task", {"task": clip(talk.turn.prompt, 200)}), *calls), say)


def finish(*findings: str, status: str = "done") -> PlanStep:
    """The last step of a task: what was found out, and how it stands (in_progress, blocked or done)."""
    noted = (PlannedCall("add_finding", {"text": clip(text, 400)}) for text in findings if text)
    return PlanStep((*noted, PlannedCall("set_status", {"status": status})))


def read(path: str, first: int = 0, last: int = 0) -> PlannedCall:
    """Read a file, or only its lines `first` to `last`."""
    return PlannedCall(
        "read", {"file_path": path, "view_range": [max(first, 1), last]} if last else {"file_path": path}
    )


def glob(pattern: str, path: str = "") -> PlannedCall:
    """List what matches `pattern`, below `path`."""
    return PlannedCall("glob", {"pattern": pattern, "path": path} if path else {"pattern": pattern})


def quote_result(outcome: Outcome) -> str:
    """What the result of a call that was not carried out says."""
    return clip(outcome.text, 240) or f"the {quote(outcome.name)} tool is not available in this step"


def quote_edit(outcome: Outcome) -> str:
    """What the result of a call says of its arguments, when the person edited them; else nothing."""
    edited = re.match(r"\[The developer edited [^\n]*", outcome.text)
    return f" But: {clip(edited[0], 300)}" if edited else ""


def give_up(what: str, outcome: Outcome) -> Plan:
    """The end of a task whose change was refused, failed or could not be asked for."""
    yield finish(f"did not {what}", status="blocked")
    text = f"I did not {what}. The call was not carried out, or failed:\n\n> {quote_result(outcome)}"
    return PlanAnswer(text, 0.9, "The result says so plainly; I did not look for another way.")


def _key(name: str, arguments: dict[str, Any]) -> str:
    plain = {key: value for key, value in arguments.items() if key not in _RATING}
    return f"{name} {json.dumps(plain, sort_keys=True, default=str)}"


def _outcome(call: PlannedCall, recorded: dict[str, deque[Outcome]], talk: RequestView) -> Outcome | None:
    """What came of `call`; None when it is still to be asked for."""
    if known := recorded.get(_key(call.name, call.arguments)):
        return known.popleft()
    return None if call.name in talk.offered else Outcome(call.name, call.arguments, ok=False)


def compose(move: PlanStep | PlanAnswer, talk: RequestView) -> Scene:
    """`move` as a reply to `talk`."""
    if isinstance(move, PlanAnswer):
        text = fit(move.text, talk.room - TRAILER_ROOM)
        rating = write_assessment(move.confidence, move.reasoning, move.alternatives)
        return Scene((_text(f"{text}\n\n{rating}"),))
    said = [_text(move.say)] if move.say else []
    return Scene((*said, *(_tool_use(call, place, talk) for place, call in enumerate(move.calls))), "tool_use")


def compose_document(text: str, talk: RequestView) -> Scene:
    """`text` as a reply without an assessment."""
    return Scene((_text(fit(text, talk.room)),))


def fit(text: str, tokens: int) -> str:
    """`text` cut at a line's end so that it holds about `tokens` tokens at most; an open fence is closed."""
    size = max(120, tokens * CHARACTERS_PER_TOKEN)
    if len(text) <= size:
        return text
    cut = text[:size].rpartition("\n")[0] or text[:size]
    opened = re.findall(r"^(`{3,})", cut, re.M)
    closing = f"\n{opened[-1]}" if len(opened) % 2 else ""
    return f"{cut}{closing}\n\n… (cut: the reply is limited to {tokens} tokens)"


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _tool_use(call: PlannedCall, place: int, talk: RequestView) -> dict[str, Any]:
    """The id comes from the messages so far and the place: the same request gets the same ids, no other does."""
    rating = {"confidence": call.confidence, "confidence_reason": call.reason} if call.confidence is not None else {}
    id = "toolu_" + hashlib.blake2b(f"{talk.digest} {place}".encode(), digest_size=12).hexdigest()
    return {"type": "tool_use", "id": id, "name": call.name, "input": call.arguments | rating}
