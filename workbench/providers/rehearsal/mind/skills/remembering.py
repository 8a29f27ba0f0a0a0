"""Keep what the person says: findings, decisions, questions, the task."""

import re

from workbench.providers.rehearsal.mind.markdown import clip
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.skills.trouble import said
from workbench.providers.rehearsal.mind.steps import Answer, Call, Plan, Step


class Remember:
    """One entry of the scratchpad, word for word."""

    def matches(self, request: Request) -> bool:
        return entry(request) is not None

    def plan(self, request: Request) -> Plan:
        call = entry(request)
        assert call is not None
        outcome = (yield Step((call,), "I write that down."))[0]
        text = clip(str(next(iter(call.arguments.values()))), 300)
        if not outcome.ok:
            return Answer(f"I could not write that down: {said(outcome)}. It stands in this conversation "
                          f"only: {text}", 0.5,
                          "The scratchpad did not take it.", ("Ask again when tools are available",))  # fmt: skip
        kind = {"add_finding": "a finding", "record_decision": "a decision", "ask_question": "an open question",
                "close_question": "a closed question", "set_task": "the task",
                "set_status": "the status"}[call.name]  # fmt: skip
        reasoning = call.arguments.get("reasoning")
        why = (
            f"\n\nBecause: {clip(str(reasoning), 300)}"
            if call.name == "record_decision" and reasoning != _NO_REASON
            else ""
        )
        text_out = f"Noted as {kind}:\n\n> {text}{why}"
        return Answer(text_out, 0.95, f"{call.name} reported success; the words are yours.")


_NO_REASON = "No reason was given."
_ENTRIES = (
    (r"^(?:close|drop|resolve) (?:the )?(?:open )?question\s*:?\s*(.+)$", "close_question", "question"),
    (r"^(?:ask|record|note|add|keep)(?: down)? (?:an? |the |this )?(?:open )?question\s*:?\s*(.+)$",
     "ask_question", "question"),
    (r"^open question\s*:\s*(.+)$", "ask_question", "question"),
    (r"^(?:set|change) (?:the |my |your )?task(?: to)?\s*:?\s*(.+)$", "set_task", "task"),
    (r"^(?:the |our |your )task is\s*:?\s*(.+)$", "set_task", "task"),
    (r"^(?:set|change) (?:the |your )?status(?: to)?\s*:?\s*(in[_ ]progress|blocked|done)\W*$", "set_status", "status"),
    (r"^(?:record|note|log|remember)(?: down)? (?:(?:the|this|a|our|my) )?decision\s*(?:that|to|"
     r":)?\s*:?\s*(.+)$", "record_decision", "decision"),
    (r"^(?:we|i)(?:'ve| have)? (?:have )?decided\s+(?:that |to |on )?(.+)$", "record_decision", "decision"),
    (r"^decision\s*:\s*(.+)$", "record_decision", "decision"),
    (r"^decide\s+(?:that |to |on )(.+)$", "record_decision", "decision"),
    (r"^(?:remember|keep in mind|bear in mind|don'?t forget|memori[sz]e)\s*(?:that|this|:|,)*\s*:?\s*(.+)$",
     "add_finding", "text"),
    (r"^(?:note|write down|make a note|take a note|record|jot down)\s*(?:that|this|of|:|"
     r",)*\s*(?:the )?(?:finding)?\s*:?\s*(.+)$", "add_finding", "text"),
    (r"^(?:add (?:a |the )?finding)\s*:?\s*(.+)$", "add_finding", "text"),
    (r"^((?:i|we) (?:prefer|like|always|never|use|want you to always)\b.+)$", "add_finding", "text"),
    (r"^((?:from now on|always|never)\b.+)$", "add_finding", "text"),
)  # fmt: skip


def entry(request: Request) -> Call | None:
    """The call that keeps what the text says; None where it asks for no such thing."""
    if request.bare.rstrip().endswith("?") and not request.match(r"question"):
        return None
    for pattern, tool, argument in _ENTRIES:
        match = re.match(pattern, request.bare, re.I | re.S)
        if match is None or re.match(r"(?:add|note|record|write)\b.*\b(?:to|in|into)\s+\S+\.\w+\b", request.bare, re.I):
            continue
        text = match[1].strip()
        if tool == "record_decision":
            return _decision(text)
        return Call(tool, {argument: text.lower().replace(" ", "_") if tool == "set_status" else text})
    return None


def _decision(text: str) -> Call:
    pieces = re.split(r"[,;.]?\s+(?:because|since|so that|as it)\s+", text, maxsplit=1, flags=re.I)
    reasoning = pieces[1].strip() if len(pieces) > 1 else _NO_REASON
    return Call("record_decision", {"decision": pieces[0].strip().rstrip("."), "reasoning": reasoning})
