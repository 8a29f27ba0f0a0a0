"""A summary's text (seed §2A): the request that a model gets for one, and one that is written without any model.

The mechanical summary is used when the model cannot be asked, so that compaction never depends on one: goal, decisions,
what was done and what is open, taken from the journal as it stands. Made again over its own output it keeps the oldest
goal and the newest work.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from workbench.core.encoding import encode
from workbench.core.entries import Entry
from workbench.core.messages import Opaque, Text, ToolResult, ToolUse, without_trailer
from workbench.core.sent import SUMMARY_HEAD
from workbench.strategies.cut import is_prompt
from workbench.strategies.earlier import split_index
from workbench.strategies.evidence import find_command
from workbench.strategies.focus import Focus
from workbench.strategies.strategy import WindowView, shorten

ASKED = (
    "Summarise the following conversation history. Preserve: key decisions, file paths mentioned, "
    "user preferences stated, and any unresolved questions."
)
SECTIONS = (
    "Answer in Markdown with exactly these sections: ## Goal, ## Decided, ## Done, ## Open. Write a list in each but "
    "the first; copy paths, commands, names and numbers exactly; say where a decision came from. Leave out reasoning "
    "that led nowhere. An earlier summary in the history is all that is left of what came before it: carry on what "
    "still holds."
)
HEED = "The person asks of this summary, before all else:"
FOCUS = "Asked to keep"
"""The mechanical summary's section of what the person's instructions are about."""
CLIPS = ((6_000, 0), (2_000, 0), (600, 0), (150, 0), (150, 4_000), (150, 1_000), (150, 300), (150, 80))
"""Characters of a tool result and of any other piece, 0 for all of them; the first that make the prompt fit."""
CHARACTERS_A_TOKEN = 3
LINE = 160
"""Characters of one item."""
MOST = {FOCUS: 24, "Decided": 20, "Done": 24, "Open": 6}
"""Items of a section; the newest stay."""

_DECIDED = re.compile(
    r"\b(?:decided|we(?:'ll| will)|let's|I(?:'ll| will) (?:use|keep|go with)|"
    r"instead of|chose|always|never|must|do not|don't)\b",
    re.I,
)


def write_prompt(
    entries: Sequence[Entry],
    tokens: Mapping[str, int],
    earlier: str,
    request: str,
    max_tokens: int,
    room: int,
    instructions: str = "",
) -> str:
    """The prompt, in at most about `room` tokens: tool results are shortened first, then every piece.

    `tokens` has the size of each entry by its id; `request` is the last one, which stays in the window;
    `instructions` are the person's for this summary.
    """
    calls = {entry.part.id: entry.part for entry in entries if isinstance(entry.part, ToolUse)}
    head = f"{ASKED}\n{SECTIONS} At most {max_tokens} tokens.\n\n"
    if instructions:
        head += f"{HEED}\n{clip(instructions, 2_000)}\n\n"
    if earlier:
        head += f"[user]: {SUMMARY_HEAD}{split_index(earlier)[0]}\n"
    tail = ""
    if request:
        tail = f"\nThe conversation goes on from this request, which stays as it is:\n{clip(request, 2_000)}"
    left = room - (len(head) + len(tail)) // 2
    contents = [(entry, content) for entry in entries if (content := _write(entry, calls))]
    history = ""
    for results, others in CLIPS:
        history, size = _write_history(contents, tokens, results, others)
        if size <= left:
            return head + history + tail
    return head + clip(history, max(400, left)) + tail


def clip(text: str, limit: int) -> str:
    """`text` with its middle left out where it has more than `limit` characters; 0 for no limit."""
    if not limit or len(text) <= limit:
        return text
    first, last = limit * 2 // 3, limit // 3
    return f"{text[:first]}\n[… {len(text) - first - last} characters left out …]\n{text[len(text) - last :]}"


def _write_history(
    contents: Sequence[tuple[Entry, str]], tokens: Mapping[str, int], results: int, others: int
) -> tuple[str, float]:
    """A line for each entry, clipped to `results` or `others` characters, and about how many tokens they are."""
    lines, size = [], 0.0
    for entry, content in contents:
        short = clip(content, results if isinstance(entry.part, ToolResult) else others)
        line, cost = f"[{entry.role}]: {short}\n", tokens.get(entry.id, entry.tokens)
        size += min(cost * len(short) / len(content) + 6, len(line)) if cost else len(line) / 2
        lines.append(line)
    return "".join(lines), size


def _write(entry: Entry, calls: Mapping[str, ToolUse]) -> str:
    """An entry as a line of the history; nothing for thinking."""
    match entry.part:
        case Text(text=text):
            return without_trailer(text).strip()
        case ToolUse(name=name, input=arguments):
            return f"calls {name} {encode(arguments).decode()}"
        case ToolResult(tool_use_id=call, text=text, error=error):
            name = calls[call].name if call in calls else "a tool"
            return f"{'error' if error else 'result'} of {name}: {text.strip()}"
        case Opaque(data=data):
            return str(data.get("type", ""))
    return ""


def write_mechanically(view: WindowView, leaving: Sequence[Entry], max_tokens: int) -> str:
    """The mechanical summary of what leaves, in the four sections and about `max_tokens`."""
    old = _parse_sections(split_index(view.earlier)[0])
    prompts = [shorten(e.part.text, LINE) for e in leaving if is_prompt(e) and isinstance(e.part, Text)]
    first = next((e.part.text for e in view.entries if is_prompt(e) and isinstance(e.part, Text)), "")
    goal = old.get("Goal") or [first.strip() or "Not stated."]
    if view.request_text:
        last = [f"the last request, word for word below: {shorten(view.request_text, LINE)}"]
    else:
        last = [f"the last request: {prompt}" for prompt in prompts[-1:]]
    asked_for = list(_find_wanted(leaving, view.instructions)) if view.instructions else []
    found = {FOCUS: [*old.get(FOCUS, []), *asked_for]} if asked_for or FOCUS in old else {}
    found |= {
        "Decided": [*old.get("Decided", []), *_find_decisions(leaving)],
        "Done": [*old.get("Done", []), *_list_done(leaving, view)],
        "Open": last or old.get("Open", []),
    }
    room = max_tokens * CHARACTERS_A_TOKEN - 400
    parts = ["## Goal\n" + shorten(goal[0], 3 * LINE)]
    for name, items in found.items():
        kept = _choose_newest(list(dict.fromkeys(items)), MOST[name], room // len(found))
        parts.append(f"## {name}\n" + ("\n".join(f"- {item}" for item in kept) or "Nothing recorded."))
    return "\n\n".join(parts)


def _find_decisions(leaving: Sequence[Entry]) -> Iterator[str]:
    """Sentences of the person that settle something; what stands on the scratchpad is in the evidence index."""
    for entry in leaving:
        if is_prompt(entry) and isinstance(entry.part, Text):
            for sentence in re.split(r"(?<=[.!?])\s+|\n+", entry.part.text):
                if _DECIDED.search(sentence):
                    yield f"{shorten(sentence, LINE)} (you, turn {entry.turn})"


def _find_wanted(leaving: Sequence[Entry], instructions: str) -> Iterator[str]:
    """Lines of what was said that are about what the person asked to keep."""
    focus = Focus(instructions)
    for entry in leaving:
        if isinstance(entry.part, Text) and not entry.notice:
            for sentence in re.split(r"(?<=[.!?])\s+|\n+", entry.part.text):
                if focus.names(sentence):
                    yield f"{shorten(sentence, 2 * LINE)} (turn {entry.turn})"


def _list_done(entries: Sequence[Entry], view: WindowView) -> Iterator[str]:
    """Changes and commands with their outcomes, and each turn's last words."""
    results = {entry.part.tool_use_id: entry.part for entry in entries if isinstance(entry.part, ToolResult)}
    last = {entry.turn: entry.id for entry in entries if entry.role == "assistant" and isinstance(entry.part, Text)}
    for entry in entries:
        part = entry.part
        if isinstance(part, ToolUse):
            call = view.proposals.get(part.id)
            if command := find_command(view, part.id):
                yield f"ran `{shorten(command, LINE)}`{_tell_outcome(results.get(part.id))}"
            elif call and call.kind == "edit" and call.file:
                yield f"{call.verb or call.tool} {call.file}{_tell_outcome(results.get(part.id), errors_only=True)}"
        elif isinstance(part, Text) and last.get(entry.turn) == entry.id:
            yield f"answered in turn {entry.turn}: {shorten(without_trailer(part.text), LINE)}"


def _tell_outcome(result: ToolResult | None, errors_only: bool = False) -> str:
    if result is None or (errors_only and not result.error):
        return ""
    lines = [line for line in result.text.splitlines() if line.strip()]
    word = "failed: " if result.error else ""
    return f": {word}{shorten(lines[-1].strip(' =-'), LINE)}" if lines else ""


def _parse_sections(summary: str) -> dict[str, list[str]]:
    """The items of an earlier summary by section; text that is no list is one item a line."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in summary.splitlines():
        if line.startswith("## "):
            name = line[3:].strip()
        elif line.strip() and line.strip() != "Nothing recorded.":
            found.setdefault(name, []).append(line.strip().removeprefix("- "))
    if not found.keys() & {"Goal", "Decided", "Done", "Open"} and summary:
        return {"Done": [shorten(line, LINE) for lines in found.values() for line in lines]}
    return found


def _choose_newest(items: Sequence[str], most: int, room: int) -> list[str]:
    kept: list[str] = []
    for item in reversed(items[-most:]):
        room -= len(item)
        if room < 0 and kept:
            break
        kept.append(item)
    return kept[::-1]
