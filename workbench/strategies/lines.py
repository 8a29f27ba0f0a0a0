"""A plan's lines: blocks of one fate under short labels (seed §2A)."""

from collections.abc import Callable, Mapping, Sequence

from workbench.core.plans import Fate, PlanLine
from workbench.core.window import Block

LARGE = 1_000
"""Tokens from which a result that is summarised gets a line of its own."""
LARGE_SHARE = 0.06
"""Of the window, at least."""
MOST_LARGE = 3

Group = tuple[Fate, str]
"""A fate, and what the blocks have in common."""


def plan_lines(
    blocks: Sequence[Block], group: Callable[[Block], Group], entries: frozenset[str], tail_starts_turn: bool
) -> tuple[PlanLine, ...]:
    """A line for each group that `group` tells, kept first; `entries` are ids of the conversation."""
    groups: dict[Group, list[Block]] = {}
    large = _large(blocks, group)
    for block in blocks:
        fate, kind = group(block)
        groups.setdefault((fate, f"large {block.id}" if block.id in large else kind), []).append(block)
    order: dict[Fate, int] = {"kept": 0, "summarised": 1, "dropped": 2}
    lines = [
        PlanLine(
            fate,
            _label(kind, members, tail_starts_turn),
            sum(block.tokens for block in members),
            tuple(block.id for block in members if block.id in entries),
            kind in ("static", "request", "pinned"),
        )
        for (fate, kind), members in sorted(groups.items(), key=lambda item: order[item[0][0]])
    ]
    return tuple(lines)


def why(lines: Sequence[PlanLine], tokens: Callable[[int], str]) -> str:
    """One sentence: what takes the room that nobody needs word for word."""
    gone = sorted((line for line in lines if line.fate != "kept"), key=lambda line: -line.tokens)
    parts = [f"{line.label} ({tokens(line.tokens)})" for line in gone[:3] if line.tokens]
    if not parts:
        return ""
    total = sum(line.tokens for line in gone)
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    sentence = f"{listed}: {tokens(total)} that nobody needs word for word."
    return sentence[0].upper() + sentence[1:]


def turns(blocks: Sequence[Block]) -> str:
    """`turn 6` or `turns 1–6`."""
    numbers = [block.turn for block in blocks]
    first, last = min(numbers), max(numbers)
    return f"turn {first}" if first == last else f"turns {first}–{last}"


def _large(blocks: Sequence[Block], group: Callable[[Block], Group]) -> set[str]:
    least = max(LARGE, LARGE_SHARE * sum(block.tokens for block in blocks))
    results = [
        b for b in blocks if b.section == "results" and b.tokens >= least and group(b) == ("summarised", "turns")
    ]
    return {block.id for block in sorted(results, key=lambda block: -block.tokens)[:MOST_LARGE]}


def _label(kind: str, blocks: Sequence[Block], tail_starts_turn: bool) -> str:
    match kind:
        case "static":
            names = dict.fromkeys(b.label if b.section == "memory" else b.section for b in blocks)
            return ", ".join(names)
        case "request":
            return f"{blocks[0].turn}  your request, word for word"
        case "tail":
            return turns(blocks) if tail_starts_turn else f"{turns(blocks)}, from {_short(blocks[0].label)} on"
        case "turns":
            return turns(blocks)
        case "thinking":
            return f"{turns(blocks)}, thinking"
        case "stale":
            return _counted(blocks, "stale read")
        case "empty":
            return _counted(blocks, "empty search", "empty searches")
        case "notices":
            return "notices that no longer hold"
        case "summary":
            return "the earlier summary"
        case "pinned":
            return "pinned"
        case _:
            return f"{blocks[0].label}, outcome only"


def _counted(blocks: Sequence[Block], one: str, many: str = "") -> str:
    """Calls and results come in pairs; a pair is one."""
    count = max(1, sum(1 for block in blocks if block.role == "assistant"))
    return f"{'an' if one[0] in 'aeiou' else 'a'} {one}" if count == 1 else f"{count} {many or one + 's'}"


def _short(label: str) -> str:
    words: Mapping[bool, str] = {True: label, False: label[:27].rstrip() + "…"}
    return f"“{words[len(label) <= 28]}”" if label else "there"
