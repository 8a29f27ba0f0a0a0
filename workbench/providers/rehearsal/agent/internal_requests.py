"""The workbench's own requests, by their purpose: each answered with what stands in the request, quoted.

summary (§2 A)   handoff (§4)   title   any other purpose: the sentences closest to its questions
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from workbench.providers.rehearsal.agent.conversation import SUMMARY, RequestView
from workbench.providers.rehearsal.agent.plans import CHARACTERS_PER_TOKEN
from workbench.providers.rehearsal.agent.texts import (
    clip,
    count,
    drop_repeats,
    find_closest,
    find_keywords,
    split_sentences,
    write_list,
)

SHARES = {"Goal": 0.25, "Decided": 0.27, "Done": 0.3, "Open": 0.18}
"""A summary's sections, and how its room is divided; what one leaves the next may use."""
_CALLS = {
    "write": ("Done", "asked to write `{file_path}`"),
    "edit": ("Done", "asked to edit `{file_path}`"),
    "shell": ("Done", "asked to run `{command}`"),
    "add_finding": ("Done", "{text}"),
    "record_decision": ("Decided", "{decision} because {reasoning}"),
    "ask_question": ("Open", "{question}"),
}
"""The section that a call of the history belongs to, and what is said of it."""
_DECIDES = re.compile(r"\b(?:decided|agreed|prefer|always|never|do not|don't|must)\b", re.I)
_UNDONE = re.compile(r"\b(?:not done|did not|could not|cannot|not yet|still open|to do|TODO)\b", re.I)
_QUOTED_SENTENCES = 5
"""In answer to a single question."""


def answer_request(purpose: str, talk: RequestView) -> str:
    """The document that a request of this purpose asks for."""
    return {"summary": summarise, "handoff": hand_off, "title": entitle}.get(purpose, quote_closest)(talk)


def summarise(talk: RequestView) -> str:
    """Goal, decisions, deeds and open items of the history in the prompt."""
    history = talk.turn.prompt.partition("\nThe conversation goes on from this request")[0]
    found: dict[str, list[str]] = {name: [] for name in SHARES}
    for role, text in _messages(history):
        if text.startswith(SUMMARY):
            for name in found:
                found[name] += _items(text, f"## {name}")
        elif call := re.match(r"calls (\w+) ", text):
            section, told = _CALLS.get(call[1], ("", ""))
            if section and (arguments := _parse(text[call.end() :])):
                found[section].append(clip(told.format_map(arguments), 300))
        elif role == "user" and not re.match(r"(?:result|error) of |\[", text):
            found["Goal"].append(clip(text, 220))
            said = (sentence for sentence in split_sentences(text) if not sentence.endswith("?"))
            found["Decided"] += [clip(sentence, 240) for sentence in said if _DECIDES.search(sentence)]
        elif role == "assistant" and not re.match(r"I (?:will|look|ask|check|read)\b", text):
            found["Open"] += [clip(sentence, 220) for sentence in split_sentences(text) if _UNDONE.search(sentence)]
            found["Done"] += [
                clip(sentence, 220) for sentence in split_sentences(text)[:2] if not _UNDONE.search(sentence)
            ]
    return _fill(found, talk.room * CHARACTERS_PER_TOKEN - 120)


def hand_off(talk: RequestView) -> str:
    """The five sections, from the named lists of the prompt and the scratchpad's task and status."""
    facts = talk.turn.prompt.partition("\nCreate a handoff document")[0]
    status = next(iter(re.findall(r'"status": ?"(\w+)"', facts)), "in_progress").replace("_", " ")
    requests, open_items = _items(facts, "Requests:"), _items(facts, "Open:")
    tasks = map(json.loads, re.findall(r'"task": ?("(?:[^"\\\n]|\\.)+")', facts))
    goal = next(iter([*tasks, *requests]), "no task was written down")
    finished = status == "done" and not open_items
    left = f"no, {count(len(open_items), 'open item')}" if open_items else "no"
    complete = "yes" if finished else left
    context = [f"{name.rstrip('s')}: {item}" for name in ("Findings", "Preferences of the person", "Commands", "Errors")
               for item in _items(facts, f"{name}:")]  # fmt: skip
    sections = {
        "TASK STATUS": [f"Goal: {clip(goal, 300)}", f"Status: {status}", f"Complete: {complete}"],
        "DECISIONS MADE": _items(facts, "Decisions:"),
        "FILES CHANGED": _items(facts, "Files:"),
        "OPEN ITEMS": open_items or ([] if finished else [f"Finish the task: {clip(goal, 200)}"]),
        "CONTEXT FOR NEXT SESSION": [*context, *(f"Last request: {text}" for text in requests[-1:])],
    }
    told = enumerate(sections.items(), 1)
    return "\n\n".join(f"## {number}. {name}\n\n{write_list(lines) or 'None.'}" for number, (name, lines) in told)


def entitle(talk: RequestView) -> str:
    """Two to four words of the last paragraph of the prompt, in lower case."""
    words = find_keywords(talk.turn.prompt.split("\n\n")[-1].replace("-", " "))[:4]
    return " ".join(words if len(words) > 1 else [*words, "session"])


def quote_closest(talk: RequestView) -> str:
    """For each question of the prompt, the sentences beside it that share most of its words."""
    said = split_sentences(talk.turn.prompt)
    questions = [sentence for sentence in said if sentence.endswith("?")] or said[:1]
    rest = "\n\n".join([talk.summary, *(sentence for sentence in said if sentence not in questions)])
    limit = _QUOTED_SENTENCES if len(questions) == 1 else 1
    answers = [" ".join(find_closest(question, rest, limit)) or "That is not stated." for question in questions]
    return "\n".join(answers) or "Nothing was asked."


def _messages(history: str) -> Iterator[tuple[str, str]]:
    """Role and text of each message, written as `[role]: text`; an earlier summary's headings stay in its text."""
    found = re.split(r"^\[(user|assistant)\]: ", re.sub(r"<assessment>.*?</assessment>", "", history), flags=re.M)
    yield from ((role, text.strip()) for role, text in zip(found[1::2], found[2::2], strict=True))


def _parse(arguments: str) -> Mapping[str, Any]:
    """The arguments of a call, each one that is missing empty; nothing where their text was cut."""
    try:
        parsed = json.loads(arguments)
    except (ValueError, RecursionError):
        return {}
    return defaultdict(str, parsed) if isinstance(parsed, dict) else {}


def _items(text: str, head: str) -> list[str]:
    """The list below the line `head`, up to a line that is neither an item nor indented."""
    found = re.search(rf"^{re.escape(head)}\n((?:(?:- | ).*\n?)+)", text, re.M)
    return [item.strip() for item in re.split(r"^- (?:\[ \] )?", found[1], flags=re.M)[1:]] if found else []


def _fill(found: dict[str, list[str]], size: int) -> str:
    """The sections, each with as many of its entries as its share of `size` characters holds."""
    pieces, spare = [], 0.0
    for name, share in SHARES.items():
        room, lines = size * share + spare, []
        for entry in drop_repeats(found[name]):
            if len(entry) + 3 <= room:
                lines.append(entry)
                room -= len(entry) + 3
        spare = room
        pieces.append(f"## {name}\n{write_list(lines or ['nothing was said of it'])}")
    return "\n\n".join(pieces)
