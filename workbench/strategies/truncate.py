"""A summary without any model: goal, decisions, what was done and what is open, taken from the journal as it stands.

Used when the model cannot be asked, so that compaction never depends on one. Made again over its own output it keeps
the oldest goal and the newest work.
"""

import re
from collections.abc import Iterator, Sequence

from workbench.core.conversation import Entry
from workbench.core.messages import Text, ToolResult, ToolUse
from workbench.strategies.cut import is_prompt
from workbench.strategies.draft import Draft
from workbench.strategies.evidence import without
from workbench.strategies.stale import CHANGES, path_of

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


def truncated(draft: Draft) -> str:
    """The mechanical summary of what leaves, in the four sections and about `draft.max_tokens`."""
    old = _sections(without(draft.earlier))
    prompts = [_line(entry) for entry in draft.leaving if is_prompt(entry)]
    goal = old.get("Goal") or [next(iter(prompts), "") or draft.request or "Not stated."]
    found = {
        "Decided": [*old.get("Decided", []), *_decisions(draft)],
        "Done": [*old.get("Done", []), *_done(draft.leaving)],
        "Open": _open(draft, prompts) or old.get("Open", []),
    }
    room = draft.max_tokens * CHARACTERS_A_TOKEN - 400
    parts = ["## Goal\n" + _short(goal[0], 3 * LINE)]
    for name, items in found.items():
        kept = _newest(list(dict.fromkeys(items)), MOST[name], room // 3)
        parts.append(f"## {name}\n" + ("\n".join(f"- {item}" for item in kept) or "Nothing recorded."))
    return "\n\n".join(parts)


def _decisions(draft: Draft) -> Iterator[str]:
    """Sentences of the person that settle something; what stands on the scratchpad is in the evidence index."""
    for entry in draft.leaving:
        if is_prompt(entry) and isinstance(entry.part, Text):
            for sentence in re.split(r"(?<=[.!?])\s+|\n+", entry.part.text):
                if _DECIDED.search(sentence):
                    yield f"{_short(sentence)} (you, turn {entry.turn})"


def _done(entries: Sequence[Entry]) -> Iterator[str]:
    """Changes and commands with their outcomes, and each turn's last words."""
    results = {entry.part.tool_use_id: entry.part for entry in entries if isinstance(entry.part, ToolResult)}
    last = {entry.turn: entry.id for entry in entries if entry.role == "assistant" and isinstance(entry.part, Text)}
    for entry in entries:
        part = entry.part
        if isinstance(part, ToolUse):
            command = part.input.get("command")
            if isinstance(command, str) and command.strip():
                yield f"ran `{_short(command)}`{_outcome(results.get(part.id))}"
            elif part.name in CHANGES and (path := path_of(part.input)):
                yield f"{part.name} {path}{_outcome(results.get(part.id), errors_only=True)}"
        elif last.get(entry.turn) == entry.id:
            yield f"answered in turn {entry.turn}: {_line(entry)}"


def _outcome(result: ToolResult | None, errors_only: bool = False) -> str:
    if result is None or (errors_only and not result.error):
        return ""
    lines = [line for line in result.text.splitlines() if line.strip()]
    word = "failed: " if result.error else ""
    return f": {word}{_short(lines[-1].strip(' =-'))}" if lines else ""


def _open(draft: Draft, prompts: Sequence[str]) -> list[str]:
    if draft.request:
        return [f"the last request, word for word below: {_short(draft.request)}"]
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
