"""A summary without any model: goal, decisions, what was done and what is open, taken from the journal as it stands.

Used when the model cannot be asked, so that compaction never depends on one. Made again over its own output it keeps
the oldest goal and the newest work.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from workbench.core.conversation import Entry
from workbench.core.decisions import Proposal
from workbench.core.messages import Text, ToolResult, ToolUse
from workbench.strategies.cut import is_prompt
from workbench.strategies.evidence import split_index
from workbench.strategies.facts import command_of
from workbench.strategies.strategy import WindowView

CHARACTERS_A_TOKEN = 3
LINE = 160
"""Characters of one item."""
MOST = {"Decided": 20, "Done": 24, "Open": 6}
"""Items of a section; the newest stay."""

_DECIDED = re.compile(
    r"\b(?:decided|we(?:'ll| will)|let's|I(?:'ll| will) (?:use|keep|go with)|"
    r"instead of|chose|always|never|must|do not|don't)\b",
    re.I,
)


def truncate(view: WindowView, leaving: Sequence[Entry], max_tokens: int) -> str:
    """The mechanical summary of what leaves, in the four sections and about `max_tokens`."""
    old = _sections(split_index(view.earlier)[0])
    prompts = [_line(entry) for entry in leaving if is_prompt(entry)]
    goal = old.get("Goal") or [next(iter(prompts), "") or view.request_text or "Not stated."]
    found = {
        "Decided": [*old.get("Decided", []), *_decisions(leaving)],
        "Done": [*old.get("Done", []), *_done(leaving, view.proposals)],
        "Open": _open(view.request_text, prompts) or old.get("Open", []),
    }
    room = max_tokens * CHARACTERS_A_TOKEN - 400
    parts = ["## Goal\n" + _short(goal[0], 3 * LINE)]
    for name, items in found.items():
        kept = _newest(list(dict.fromkeys(items)), MOST[name], room // 3)
        parts.append(f"## {name}\n" + ("\n".join(f"- {item}" for item in kept) or "Nothing recorded."))
    return "\n\n".join(parts)


def _decisions(leaving: Sequence[Entry]) -> Iterator[str]:
    """Sentences of the person that settle something; what stands on the scratchpad is in the evidence index."""
    for entry in leaving:
        if is_prompt(entry) and isinstance(entry.part, Text):
            for sentence in re.split(r"(?<=[.!?])\s+|\n+", entry.part.text):
                if _DECIDED.search(sentence):
                    yield f"{_short(sentence)} (you, turn {entry.turn})"


def _done(entries: Sequence[Entry], proposals: Mapping[str, Proposal]) -> Iterator[str]:
    """Changes and commands with their outcomes, and each turn's last words."""
    results = {entry.part.tool_use_id: entry.part for entry in entries if isinstance(entry.part, ToolResult)}
    last = {entry.turn: entry.id for entry in entries if entry.role == "assistant" and isinstance(entry.part, Text)}
    for entry in entries:
        part = entry.part
        if isinstance(part, ToolUse):
            call = proposals.get(part.id)
            if command := command_of(call):
                yield f"ran `{_short(command)}`{_outcome(results.get(part.id))}"
            elif call and call.kind == "edit" and call.file:
                yield f"{call.verb or call.tool} {call.file}{_outcome(results.get(part.id), errors_only=True)}"
        elif last.get(entry.turn) == entry.id:
            yield f"answered in turn {entry.turn}: {_line(entry)}"


def _outcome(result: ToolResult | None, errors_only: bool = False) -> str:
    if result is None or (errors_only and not result.error):
        return ""
    lines = [line for line in result.text.splitlines() if line.strip()]
    word = "failed: " if result.error else ""
    return f": {word}{_short(lines[-1].strip(' =-'))}" if lines else ""


def _open(request: str, prompts: Sequence[str]) -> list[str]:
    if request:
        return [f"the last request, word for word below: {_short(request)}"]
    return [f"the last request: {prompts[-1]}"] if prompts else []


def _sections(summary: str) -> dict[str, list[str]]:
    """The items of an earlier summary by section; text that is no list is one item a line."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in summary.splitlines():
        if line.startswith("## "):
            name = line[3:].strip()
        elif line.strip() and line.strip() != "Nothing recorded.":
            found.setdefault(name, []).append(line.strip().removeprefix("- "))
    if not found.keys() & {"Goal", "Decided", "Done", "Open"} and summary:
        return {"Done": [_short(line) for lines in found.values() for line in lines]}
    return found


def _newest(items: Sequence[str], most: int, room: int) -> list[str]:
    kept: list[str] = []
    for item in reversed(items[-most:]):
        room -= len(item)
        if room < 0 and kept:
            break
        kept.append(item)
    return kept[::-1]


def _line(entry: Entry) -> str:
    return _short(entry.part.text) if isinstance(entry.part, Text) else ""


def _short(text: str, limit: int = LINE) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
