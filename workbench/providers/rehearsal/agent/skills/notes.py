"""What the agent says of itself, and what it keeps of what the person says."""

import re

from workbench.providers.rehearsal.agent.conversation import Request
from workbench.providers.rehearsal.agent.plans import Plan, PlanAnswer, PlannedCall, PlanStep, give_up
from workbench.providers.rehearsal.agent.texts import clip, quote, write_list

IDENTITY = (
    "This is a rehearsal: a few rules, and no language model. It uses the real tools on your real files and quotes "
    "what it finds; it cannot reason about it or write code. With a key in `ANTHROPIC_API_KEY` a model takes its place."
)
EXAMPLES = (
    "What is in this project?",
    "List the Python files",
    "Read README.md",
    "Where is main defined?",
    "Search for TODO",
    'Replace "0.1" with "0.2" in pyproject.toml',
    'Create notes.md with the text "to do"',
    "Delete the folder build",
    "Run `git status`",
    "Run the tests",
    "Find what is risky in the last commit",
    "Remember that prices are in cents",
    "We decided to use SQLite because it is simple",
    "What did we decide?",
)
"""Prompts that it can carry out, at least one for each skill."""
NO_REASON = "No reason was given."
_LISTS = {"deci": "Decisions", "question": "Open questions", "finding": "Findings"}
"""By how a word of the prompt begins: the list of the scratchpad that is asked for."""


def explain_abilities(request: Request) -> Plan:
    """What the agent is and can do."""
    yield from ()
    text = f"{IDENTITY}\n\nWhat it can do here, one thing at a time:\n\n{write_list(map(quote, EXAMPLES))}"
    return PlanAnswer(text, 0.95, "This is what its rules cover.")


def decline(request: Request) -> Plan:
    """No other row fits: say so, and offer what can be done."""
    yield from ()
    words = sorted(re.findall(r"\w{3,}", request.text)[1:], key=len)
    ways = ("What is in this project?", *(f"Search for {word}" for word in words[-1:]), "Say what you can do")
    text = f"I cannot do that. {IDENTITY}\n\nIt can, for example:\n\n{write_list(map(quote, ways))}"
    return PlanAnswer(text, 0.3, "None of its rules fits the prompt.", ways)


def remember_words(request: Request) -> Plan:
    """One entry of the scratchpad, word for word."""
    kind = next(name for name, text in request.found.items() if text)
    text = (request.found[kind] or "").strip()
    call = (
        PlannedCall("ask_question", {"question": text})
        if kind == "question"
        else PlannedCall("add_finding", {"text": text})
    )
    if kind == "decision":
        decision, *why = re.split(r"[,;.]?\s+because\s+", text, maxsplit=1, flags=re.I)
        call = PlannedCall(
            "record_decision", {"decision": decision.rstrip("."), "reasoning": why[0] if why else NO_REASON}
        )
    outcome = (yield PlanStep((call,), "I write that down."))[0]
    if not outcome.ok:
        return (yield from give_up("write that down", outcome))
    return PlanAnswer(f"Noted:\n\n> {clip(text, 600)}", 0.95, "The scratchpad took it; the words are yours.")


def recall_notes(request: Request) -> Plan:
    """What scratchpad, handoff and summary hold, or the one list that was asked for; and the prompts so far."""
    outcome = (yield PlanStep((PlannedCall("read_scratchpad", {}),)))[0]
    wanted = next((name for sign, name in _LISTS.items() if re.search(rf"\b{sign}", request.text, re.I)), "")
    if found := re.search(rf"^{wanted}:[ \t]*(.*\n?(?:- .*\n?)*)", outcome.text, re.M) if wanted else None:
        return PlanAnswer(f"**{wanted}**\n\n{found[1].strip()}", 0.92, "Quoted from the scratchpad; nothing added.")
    handoff = re.search(r"<handoff[^>]*>\s*(.+?)\s*</handoff>", request.talk.system, re.S)
    kept = {
        "Scratchpad": outcome.text if outcome.ok else "",
        "Handoff": handoff[1] if handoff else "",
        "Summary": request.talk.summary,
        "You asked": write_list(clip(turn.prompt) for turn in request.talk.turns[1:-1][-12:]),
    }
    pieces = [f"**{name}**\n\n{_demote(text)}" for name, text in kept.items() if text]
    return PlanAnswer("\n\n".join(pieces) or "Nothing is written down yet.", 0.9, "Quoted from what is kept.")


def _demote(text: str) -> str:
    """`text` with its headings as bold lines, so that it fits inside an answer."""
    return re.sub(r"^#+ (.+)$", r"**\1**", text, flags=re.M)
