"""Which skill answers a prompt: the first in an ordered tuple that recognises it; a prompt may have several parts."""

import re
from dataclasses import replace
from typing import Protocol

from workbench.providers.rehearsal.mind import words
from workbench.providers.rehearsal.mind.conversation import Conversation, Outcome
from workbench.providers.rehearsal.mind.markdown import clip
from workbench.providers.rehearsal.mind.request import Request, focus_of
from workbench.providers.rehearsal.mind.skills.analysing import Analyse
from workbench.providers.rehearsal.mind.skills.creating import Append, Create
from workbench.providers.rehearsal.mind.skills.deleting import Delete
from workbench.providers.rehearsal.mind.skills.editing import Edit
from workbench.providers.rehearsal.mind.skills.explaining import Explain
from workbench.providers.rehearsal.mind.skills.facts import Facts
from workbench.providers.rehearsal.mind.skills.greeting import Greet
from workbench.providers.rehearsal.mind.skills.guessing import Guess
from workbench.providers.rehearsal.mind.skills.listing import List
from workbench.providers.rehearsal.mind.skills.moving import Move
from workbench.providers.rehearsal.mind.skills.reading import Read
from workbench.providers.rehearsal.mind.skills.recalling import Converse, Recall
from workbench.providers.rehearsal.mind.skills.remembering import Remember
from workbench.providers.rehearsal.mind.skills.resuming import Resume
from workbench.providers.rehearsal.mind.skills.reviewing import Review
from workbench.providers.rehearsal.mind.skills.running import Run
from workbench.providers.rehearsal.mind.skills.searching import Search
from workbench.providers.rehearsal.mind.skills.tidying import Tidy
from workbench.providers.rehearsal.mind.steps import Answer, Plan, Step, advance


class Skill(Protocol):
    """Something that can be asked for."""

    def matches(self, request: Request) -> bool:
        """True when the request asks for it."""
        ...

    def plan(self, request: Request) -> Plan:
        """How it is done."""
        ...


SKILLS: tuple[Skill, ...] = (
    Greet(), Converse(), Recall(), Remember(), Resume(), Review(), Move(), Edit(), Tidy(), Delete(), Append(), Create(),
    Run(), Facts(), Analyse(), List(), Search(), Explain(), Read(), Guess(),
)  # fmt: skip
"""From the most particular wording to the last resort."""
_CHOICE = re.compile(
    r"^\W*(?:the |option |number |take |#)*(1|2|3|first|second|third|one|two|three)(?: one| option)?\W*$", re.I
)
_PLACES = {"1": 0, "first": 0, "one": 0, "2": 1, "second": 1, "two": 1, "3": 2, "third": 2, "three": 2}


def plan_of(talk: Conversation) -> Plan:
    """The plan for the running prompt."""
    prompt = _chosen(talk) or talk.turn.prompt
    request = Request(prompt, talk, focus_of(talk))
    pieces = words.parts(prompt)
    if len(pieces) < 2 or any(skill_of(request.part(piece, "it")).__class__ is Guess for piece in pieces):
        return skill_of(request).plan(request)
    return _several(request, pieces)


def skill_of(request: Request) -> Skill:
    """The skill that recognises `request`; the last one recognises everything."""
    return next(skill for skill in SKILLS if skill.matches(request))


def _several(request: Request, pieces: list[str]) -> Plan:
    """The parts in order; a part that could not be done does not stop the others."""
    answers: list[Answer] = []
    focus = request.focus
    for piece in pieces:
        part = request.part(piece, focus)
        plan = skill_of(part).plan(part)
        answers.append((yield from (plan if piece is pieces[-1] else _muted(plan))))
        focus = part.paths[-1] if part.paths else focus
    lines = [
        f"**{place}. {clip(piece, 80)}**\n\n{a.text}"
        for place, (piece, a) in enumerate(zip(pieces, answers, strict=True), 1)
    ]
    weakest = min(answers, key=lambda answer: answer.confidence)
    place = answers.index(weakest) + 1
    reason = (
        f"Part {place} is the least sure: {weakest.reasoning}"
        if len({a.confidence for a in answers}) > 1
        else weakest.reasoning
    )
    return Answer("\n\n".join(lines), weakest.confidence, reason, weakest.alternatives)


def _muted(plan: Plan) -> Plan:
    """`plan` without its own status: a part that is done is not the task that is done."""
    try:
        step = next(plan)
        while True:
            calls = tuple(call for call in step.calls if call.name != "set_status")
            answered = iter((yield Step(calls, step.say)) if calls else ())
            step = plan.send(
                tuple(
                    Outcome(call.name, call.arguments, missing=True) if call.name == "set_status" else next(answered)
                    for call in step.calls
                )
            )
    except StopIteration as stop:
        answer: Answer = stop.value
        return answer


def _chosen(talk: Conversation) -> str:
    """The reading that a bare number picks from the answer before it."""
    match = _CHOICE.match(talk.turn.prompt)
    if not match or not talk.before or _CHOICE.match(talk.before[-1].prompt):
        return ""
    earlier = replace(talk, turns=talk.before)
    answer = advance(plan_of(earlier), earlier)
    offered = answer.alternatives if isinstance(answer, Answer) else ()
    place = _PLACES[match[1].lower()]
    return offered[place] if place < len(offered) else ""
