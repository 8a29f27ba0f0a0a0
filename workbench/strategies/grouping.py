"""A plan's lines: blocks of one fate under short labels (seed §2A)."""

from collections.abc import Mapping, Sequence

from workbench.core import figures
from workbench.core.entries import is_thinking
from workbench.core.plans import FATES, STAYING, Fate, PlanLine
from workbench.core.window import Block
from workbench.strategies.cut import complete_pairs, is_prompt
from workbench.strategies.strategy import BlockFate, WindowView, shorten

LARGE = 1_000
"""Tokens from which a result that is summarised or masked gets a line of its own."""
LARGE_SHARE = 0.06
"""Of the window, at least."""
MOST_LARGE = 3
QUOTED = 28
"""Characters of a block's label within another one."""
HEAD = frozenset({"tools", "system", "memory", "summary"})
"""Sections before the conversation."""


def group_blocks(
    view: WindowView, blocks: Sequence[Block], fates: Mapping[str, BlockFate], after: Mapping[str, int]
) -> tuple[PlanLine, ...]:
    """A line for each group of `blocks`, kept first; `after` has the tokens that a block takes afterwards, by id."""
    kinds, groups = _find_kinds(view, blocks, fates), dict[tuple[Fate, str], list[Block]]()
    for block in blocks:
        groups.setdefault((fates[block.id].fate, kinds[block.id]), []).append(block)
    return tuple(
        PlanLine(
            fate,
            _describe(view, fate, kind, members),
            sum(block.tokens for block in members),
            tuple(block.id for block in members if block.section not in HEAD),
            kind in ("static", "request", "pinned"),
            sum(after[block.id] for block in members),
        )
        for (fate, kind), members in sorted(groups.items(), key=lambda item: FATES.index(item[0][0]))
    )


def explain(lines: Sequence[PlanLine]) -> str:
    """One sentence: what takes the room that nobody needs word for word; empty where nothing is gained."""
    gains = [(line.label, line.tokens - line.after) for line in lines if line.fate not in ("kept", "brought back")]
    gains.sort(key=lambda gain: -gain[1])
    parts = [f"{label} ({figures.tokens(gain)})" for label, gain in gains[:3] if gain > 0]
    if not parts:
        return ""
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    total = figures.tokens(sum(gain for _, gain in gains))
    sentence = f"{listed}: {total} that nobody needs word for word."
    return sentence[0].upper() + sentence[1:]


def _find_kinds(view: WindowView, blocks: Sequence[Block], fates: Mapping[str, BlockFate]) -> dict[str, str]:
    """What each block has in common with those of its line, by id."""
    pinned = complete_pairs(set(view.pinned), view.entries)
    request = view.request.id if view.request else ""
    least = max(LARGE, LARGE_SHARE * sum(block.tokens for block in blocks))
    kinds, large = dict[str, str](), list[Block]()
    words = _find_words(view, fates)
    for block in blocks:
        fate = fates[block.id]
        if fate.fate != "kept":
            kinds[block.id] = "summary" if block.section == "summary" else fate.reason
            outcome_only = fate.fate == "masked" or (fate.fate == "summarised" and not fate.reason)
            if block.section == "results" and block.tokens >= least and outcome_only:
                large.append(block)
        elif block.section in HEAD:
            kinds[block.id] = "static"
        else:
            other = "pinned" if block.id in pinned else "words" if block.id in words else "tail"
            kinds[block.id] = "request" if block.id == request else other
    largest = sorted(large, key=lambda block: -block.tokens)[:MOST_LARGE]
    return kinds | {block.id: f"large {block.id}" for block in largest}


def _describe(view: WindowView, fate: Fate, kind: str, blocks: Sequence[Block]) -> str:
    if kind.startswith("large "):
        return f"{blocks[0].label}, {'outcome only' if fate == 'summarised' else 'one line'}"
    turns = _name_turns(blocks)
    match kind:
        case "static":
            return ", ".join(dict.fromkeys(b.label if b.section == "memory" else b.section for b in blocks))
        case "request":
            return f"{blocks[0].turn}  your request, word for word"
        case "tail" if not _begins_turn(view, blocks[0]):
            first = f"“{shorten(blocks[0].label, QUOTED)}”" if blocks[0].label else "there"
            return f"{turns}, from {first} on"
        case "tail" | "":
            return turns
        case "words":
            return f"{turns}, your words"
        case "thinking":
            return f"{turns}, thinking"
        case "summary":
            return "the earlier summary"
        case "pinned":
            return "pinned"
    return _count_blocks(blocks, kind)


def _find_words(view: WindowView, fates: Mapping[str, BlockFate]) -> set[str]:
    """Ids of the person's messages that stay although what was said after them leaves."""
    words, waiting = set[str](), ""
    for entry in view.entries:
        if is_prompt(entry):
            waiting = entry.id
        elif fates[entry.id].fate not in STAYING and not is_thinking(entry):
            words.add(waiting)
    return words


def _begins_turn(view: WindowView, block: Block) -> bool:
    """True where nothing of its turn was said before `block` but the request and thinking."""
    turn = [entry for entry in view.entries if entry.turn == block.turn and not is_thinking(entry)]
    return not turn or turn[0].id == block.id or (is_prompt(turn[0]) and len(turn) > 1 and turn[1].id == block.id)


def _name_turns(blocks: Sequence[Block]) -> str:
    """`turn 6` or `turns 1–6`."""
    turns = sorted({block.turn for block in blocks})
    return f"turn {turns[0]}" if len(turns) == 1 else f"turns {turns[0]}–{turns[-1]}"


def _count_blocks(blocks: Sequence[Block], one: str) -> str:
    """`a stale read`, `3 empty searches`; calls and results come in pairs, and a pair is one."""
    count = sum(1 for block in blocks if block.role == "assistant") or len(blocks)
    if count == 1:
        return f"{'an' if one[0] in 'aeiou' else 'a'} {one}"
    return f"{count} {one}{'es' if one.endswith(('ch', 's')) else 's'}"
