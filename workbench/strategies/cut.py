"""Where a conversation may be cut: between messages, never between a call and its result (seed §2A)."""

from collections.abc import Sequence

from workbench.core.entries import Entry
from workbench.core.messages import ToolResult, ToolUse

REACH = 4
"""Messages beyond the wanted ones that may stay too, so that the cut falls where a turn starts."""


def is_prompt(entry: Entry) -> bool:
    """True for what the person asked: a turn's first entry."""
    return entry.is_prompt


def find_starts(entries: Sequence[Entry]) -> list[int]:
    """Indices at which a message begins: the role changes, or the person speaks."""
    return [
        index
        for index, entry in enumerate(entries)
        if index == 0 or entry.role != entries[index - 1].role or is_prompt(entry)
    ]


def find_boundaries(entries: Sequence[Entry]) -> list[int]:
    """The starts that part no call from its result, and the end where nothing is unanswered."""
    begins = set(find_starts(entries))
    unanswered: set[str] = set()
    found: list[int] = []
    for index, entry in enumerate(entries):
        if index in begins and not unanswered:
            found.append(index)
        if isinstance(entry.part, ToolUse):
            unanswered.add(entry.part.id)
        elif isinstance(entry.part, ToolResult):
            unanswered.discard(entry.part.tool_use_id)
    return found if unanswered else [*found, len(entries)]


def find_cut(entries: Sequence[Entry], keep: int) -> int:
    """The index from which the last `keep` messages stay, and the few before them that their turn or pairs need."""
    begins, allowed = find_starts(entries), find_boundaries(entries)
    if keep >= len(begins):
        return 0
    wanted = len(begins) - keep
    limit = begins[wanted] if keep else len(entries)
    reach = begins[max(0, wanted - REACH)] if keep else limit
    turns = [
        index for index in allowed if reach <= index <= limit and index < len(entries) and is_prompt(entries[index])
    ]
    return turns[-1] if turns else max((index for index in allowed if index <= limit), default=0)


def find_pairs(entries: Sequence[Entry]) -> dict[str, set[str]]:
    """Ids of the entries of each call and its result, by the call's id."""
    pairs: dict[str, set[str]] = {}
    for entry in entries:
        match entry.part:
            case ToolUse(id=call) | ToolResult(tool_use_id=call):
                pairs.setdefault(call, set()).add(entry.id)
    return pairs


def complete_pairs(kept: set[str], entries: Sequence[Entry]) -> set[str]:
    """`kept` with the other half of every call or result in it."""
    return kept.union(*(pair for pair in find_pairs(entries).values() if pair & kept))
