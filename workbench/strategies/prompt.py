"""The request for a summary: the seed's words, the sections wanted, and the history (seed §2A)."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from workbench.core.conversation import SUMMARY_HEAD, Entry
from workbench.core.messages import Opaque, RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.strategies.evidence import split_index

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
LENGTHS = (6_000, 2_000, 600, 150)
"""Characters of one tool result, the first that makes the prompt fit."""
TIGHT = (4_000, 1_000, 300, 80)
"""Characters of every piece where even the shortest results are too long together."""


def summary_prompt(
    entries: Sequence[Entry], tokens: Mapping[str, int], earlier: str, request: str, max_tokens: int, room: int
) -> str:
    """The prompt, in at most about `room` tokens: tool results are shortened first, then every piece.

    `tokens` has the size of each entry by its id; `request` is the last one, which stays in the window.
    """
    calls = {entry.part.id: entry.part for entry in entries if isinstance(entry.part, ToolUse)}
    head = f"{ASKED}\n{SECTIONS} At most {max_tokens} tokens.\n\n"
    if earlier:
        head += f"[user]: {SUMMARY_HEAD}{split_index(earlier)[0]}\n"
    tail = (
        f"\nThe conversation goes on from this request, which stays as it is:\n{clip(request, 2_000)}"
        if request
        else ""
    )
    left = room - (len(head) + len(tail)) // 2
    body = ""
    for results, others in [*((length, 0) for length in LENGTHS), *((min(LENGTHS), length) for length in TIGHT)]:
        pieces = list(_pieces(entries, calls, results, others))
        body = "".join(text for _, text, _ in pieces)
        if sum(_size(tokens.get(entry.id, entry.tokens), text, share) for entry, text, share in pieces) <= left:
            return head + body + tail
    return head + clip(body, max(400, left)) + tail


def clip(text: str, limit: int) -> str:
    """`text` with its middle left out where it has more than `limit` characters; 0 for no limit."""
    if not limit or len(text) <= limit:
        return text
    first, last = limit * 2 // 3, limit // 3
    return f"{text[:first]}\n[… {len(text) - first - last} characters left out …]\n{text[len(text) - last :]}"


def _pieces(
    entries: Sequence[Entry], calls: Mapping[str, ToolUse], results: int, others: int
) -> Iterator[tuple[Entry, str, float]]:
    """Each entry with its line and the share of its content that is left."""
    for entry in entries:
        content = _write(entry, calls)
        if content:
            limit = results if isinstance(entry.part, ToolResult) else others
            short = clip(content, limit)
            yield entry, f"[{entry.role}]: {short}\n", len(short) / len(content)


def _write(entry: Entry, calls: Mapping[str, ToolUse]) -> str:
    """An entry as a line of the history; nothing for thinking."""
    match entry.part:
        case Text(text=text):
            return text.strip()
        case ToolUse(name=name, input=arguments):
            return f"calls {name} {msgspec.json.encode(arguments).decode()}"
        case ToolResult(tool_use_id=call, text=text, error=error):
            name = calls[call].name if call in calls else "a tool"
            return f"{'error' if error else 'result'} of {name}: {text.strip()}"
        case Opaque(data=data):
            return str(data.get("type", ""))
        case Thinking() | RedactedThinking():
            return ""


def _size(tokens: int, text: str, share: float) -> float:
    return min(tokens * share + 6, len(text)) if tokens else len(text) / 2
