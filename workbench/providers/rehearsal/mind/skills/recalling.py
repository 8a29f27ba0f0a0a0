"""What is remembered, and what was said: from the scratchpad, the summary, the handoff and the conversation."""

import re

from workbench.providers.rehearsal.mind.conversation import Exchange
from workbench.providers.rehearsal.mind.evidence.kept import clip_lines, demoted, handoff_of, memory_of, written_down
from workbench.providers.rehearsal.mind.markdown import clip, code, count, numbered
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.steps import Answer, Call, Plan, Step


class Recall:
    """What working memory holds."""

    def matches(self, request: Request) -> bool:
        return bool(
            request.match(r"^(what|tell|show|list|do|give|read|which)\b.*\b(remember|recall|know so far|"
                          r"know about (?:me|this task|the task)|scratchpad|"
                          r"working memory|(?:your|the) memory|(?:your|the|my) notes|open questions|handoff|"
                          r"(?:decisions|findings)(?: so far| have| did| do|\?|$| we| you))")
            or request.match(r"^what (?:do|did) (?:you|we) (?:know|decide|note|remember|find out)\b")
        )  # fmt: skip

    def plan(self, request: Request) -> Plan:
        memory = memory_of(request.talk) or written_down(request.talk)
        if request.offers("read_scratchpad") or any(o.name == "read_scratchpad" for o in request.talk.turn.calls):
            outcome = (yield Step((Call("read_scratchpad", {}),)))[0]
            memory = outcome.text.strip() if outcome.ok and outcome.text.strip() else memory
        told = [demoted(memory)] if memory else []
        if request.talk.summary:
            told.append("**From the summary of what came before**\n\n" + demoted(clip_lines(request.talk.summary, 30)))
        if handoff := handoff_of(request.talk):
            told.append("**From the handoff**\n\n" + demoted(clip_lines(handoff, 30)))
        if named := _named("\n\n".join(told), request):
            return Answer(named, 0.92, "Quoted from what is kept; nothing added.")
        wanted = _about(request)
        if wanted and (lines := [m for m in "\n".join(told).splitlines() if wanted.lower() in m.lower()]):
            told = [
                f"On {code(wanted)}:\n\n"
                + "\n".join(line if line.startswith("-") else f"- {line}" for line in lines[:12])
            ]
        if told:
            return Answer("\n\n".join(told), 0.92, "Quoted from what is kept; nothing added.")
        if request.talk.before:
            return Answer(
                "Nothing is written down yet. " + asked(request.talk.before),
                0.72,
                "The scratchpad is empty; the prompts are here.",
            )
        return Answer(
            "Nothing is written down yet, and this is the first prompt.",
            0.86,
            "Neither scratchpad, summary nor handoff holds anything.",
        )


class Converse:
    """What was asked, answered and done before in this conversation."""

    def matches(self, request: Request) -> bool:
        return bool(
            request.match(r"\bwhat (?:did|have|was|were) (?:i|you|we|my|your|the first|the last)\b.*\b(ask|"
                          r"asked|say|said|do|done|did|prompt|question|request|talk|discuss|answer|change|"
                          r"changed)\w*\b")
            or request.match(r"\b(?:my|your|the) (?:first|last|previous|second) (?:question|prompt|message|"
                             r"request|answer|thing)\b")
            or request.match(r"^(summari[sz]e|recap)\b.*\b(conversation|session|discussion|chat|we (?:did|"
                             r"have)|so far)\b|^recap\b|what (?:have|did) we (?:do|done|discuss)")
        )  # fmt: skip

    def plan(self, request: Request) -> Plan:
        before = request.talk.before
        if not before and not request.talk.summary:
            return Answer(
                "This is the first prompt of the conversation; nothing was said before it.",
                0.93,
                "I see no earlier message.",
            )
        yield from ()
        if request.match(r"\bfirst\b") and not request.talk.summary:
            return _one(before[0], "first")
        if request.match(r"\b(last|previous)\b") and before:
            return _one(before[-1], "last")
        pieces = [asked(before)] if before else []
        if done := [line for turn in before for line in deeds(turn)]:
            pieces.append("**What was done**\n\n" + numbered(done[:12]))
        if request.talk.summary:
            pieces.insert(0, "**Before that (summarised)**\n\n" + demoted(clip_lines(request.talk.summary, 30)))
        sure = 0.8 if request.talk.summary else 0.92
        return Answer(
            "\n\n".join(pieces),
            sure,
            "Quoted from the messages" + (" and a summary of older ones." if sure < 0.9 else "."),
        )


def _one(turn: Exchange, which: str) -> Answer:
    text = f"Your {which} prompt was:\n\n> {clip(turn.prompt, 400)}"
    if turn.answer:
        text += f"\n\nThe answer began: “{clip(turn.answer, 200)}”"
    return Answer(text, 0.95, "Quoted from the conversation.")


def asked(turns: tuple[Exchange, ...]) -> str:
    """The prompts so far, in order."""
    return f"You asked {count(len(turns), 'thing')}:\n\n" + numbered(clip(turn.prompt, 160) for turn in turns[-12:])


def deeds(turn: Exchange) -> list[str]:
    """What a turn changed or ran."""
    told = {"write": "wrote", "edit": "edited", "shell": "ran"}
    return [
        f"{told[o.name]} {code(clip(str(o.arguments.get('file_path') or o.arguments.get('command')), 100))}"
        for o in turn.calls
        if o.name in told and o.ok
    ]


_KINDS = (("decid|decision", "Decisions"), ("question", "Open questions"), ("finding|find out", "Findings"))


def _named(told: str, request: Request) -> str:
    """Only the list that was asked for, where it has entries."""
    for word, kind in _KINDS:
        if request.match(rf"\b(?:{word})"):
            found = re.search(rf"^\W*(?:Latest )?{kind}\b[^\n]*\n+((?:\s*- [^\n]*(?:\n|\Z))+)", told, re.M | re.I)
            return f"**{kind}**\n\n{found[1].strip()}" if found else ""
    return ""


def _about(request: Request) -> str:
    match = request.match(
        r"\b(?:remember|know|note|notes|recall|decide|said|memory)\w*\s+(?:about|of|on|regarding)\s+(?:the |"
        r"my |our )?([\w.-]+)"
    )
    word = match[1].strip("?.!") if match else ""
    return "" if word.lower() in ("me", "this", "it", "that", "task", "project", "us", "everything", "so") else word
