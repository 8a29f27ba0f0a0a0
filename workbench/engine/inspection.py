"""The window laid open for a person: what it holds, what left it and how, what the marks would do (seed §1).

journal ─▶ epochs, undos ─▶ what left, after which turn        marks ─▶ a plan of nothing else ─▶ what if
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile

import msgspec

from workbench.caching.breakpoints import find_marked_blocks
from workbench.context import find_zones
from workbench.context.blocks import name_call, write_label
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.entries import Entry
from workbench.core.inspection import Finding, Inspection, LeftBlock, WhatIf
from workbench.core.messages import RedactedThinking, Thinking, ToolResult, ToolUse
from workbench.core.plans import STAYING, CompactionPlan, Fate
from workbench.core.window import ZONES, Block, Mark, Window, Zone
from workbench.engine.compactor import Compactor
from workbench.engine.session import Session

Leaving = dict[str, tuple[Fate, int]]
"""How each entry left, and the turn after which it did, by id."""
_THINKING = (Thinking, RedactedThinking)


def inspect_window(session: Session, compactor: Compactor, findings: tuple[Finding, ...] = ()) -> Inspection:
    """All of it at this moment, at the cost of the whole session; changes nothing."""
    window = session.list_blocks()
    left = list_left(session.events, session.conversation, session.ledger.ratio)
    ends = _sum_up(window.blocks, find_marked_blocks(window.blocks))
    return Inspection(window, left, findings, weigh_marks(session, compactor, window), ends)


def list_left(events: Iterable[e.Stamped], conversation: Conversation, ratio: float = 1.0) -> tuple[LeftBlock, ...]:
    """What the window holds no more or only as a line, newest first; of a call and its result, the result.

    Thinking is not among it, which ends with its epoch, nor what the workbench itself had said.
    """
    inside = {entry.id for entry in conversation.entries if not entry.content}
    if conversation.epoch:
        inside |= {document.id for document in conversation.epoch.memory}
    gone = [entry for entry in conversation.archive.values() if entry.id not in inside and _can_return(entry)]
    if not gone:
        return ()
    answered = {entry.part.tool_use_id for entry in gone if isinstance(entry.part, ToolResult)}
    how, calls = follow_epochs(events, conversation), {id: name_call(p) for id, p in conversation.proposals.items()}
    found = []
    for entry in gone:
        if not (isinstance(entry.part, ToolUse) and entry.part.id in answered):
            fate, when = how.get(entry.id, ("dropped", entry.turn))
            tokens = round(entry.tokens * ratio)
            found.append(LeftBlock(entry.id, write_label(entry.part, calls), tokens, entry.turn, fate, when))
    found.reverse()
    return tuple(sorted(found, key=lambda block: -block.left_turn))


def _can_return(entry: Entry) -> bool:
    return not entry.notice and not isinstance(entry.part, _THINKING)


def follow_epochs(events: Iterable[e.Stamped], conversation: Conversation) -> Leaving:
    """How and when each entry left the window that stands now, by the epochs that were opened and undone."""
    left: Leaving = {}
    before: list[Leaving] = []
    marks: dict[str, Mark] = {}
    turn, summary = 0, ""
    for stamped in events:
        match stamped.event if type(stamped.event) in _FOLLOWED else None:
            case e.TurnStarted(turn=number):
                turn = number
            case e.BlockMarked(id=id, mark=mark):
                marks[id] = mark
            case e.CompactionUndone() if before:
                left = before.pop()
            case e.EpochOpened() as opened:
                if opened.reason == "compacted":
                    before.append(dict(left))
                written = opened.epoch.summary not in ("", summary)
                summary = opened.epoch.summary
                _leave(left, conversation, opened, stamped.seq or 0, (turn, written, marks))
    return left


_FOLLOWED = frozenset({e.TurnStarted, e.BlockMarked, e.CompactionUndone, e.EpochOpened})


def _leave(
    left: Leaving, conversation: Conversation, opened: e.EpochOpened, seq: int, then: tuple[int, bool, dict[str, Mark]]
) -> None:
    """Take one epoch into `left`. `then`: the turn, whether a summary was written, and the marks."""
    turn, written, marks = then
    kept = {*opened.kept, *(document.id for document in opened.epoch.memory)}
    for id, entry in conversation.archive.items():
        if id in opened.replaced:
            left[id] = left[id] if left.get(id, ("",))[0] == "masked" else ("masked", turn)
        elif id in kept:
            left.pop(id, None)
        elif entry.seq < seq and left.get(id, ("masked",))[0] == "masked":
            left[id] = ("summarised" if written and marks.get(id) != "drop" else "dropped", turn)


def weigh_marks(session: Session, compactor: Compactor, window: Window) -> WhatIf | None:
    """What compacting by the marks alone would do; None where they take nothing out."""
    marked = {block.id for block in window.blocks if block.mark in ("drop", "mask")}
    plan = compactor.weigh_marks() if marked or _has_unpinned(session.conversation) else None
    if plan is None:
        return None
    after, changed = _apply(window.blocks, plan, session.ledger.ratio)
    touched = len(changed & marked) + len(plan.removed)
    if not touched:
        return None
    entries = session.conversation.archive
    thinking = [b for b in window.blocks if b.id in entries and isinstance(entries[b.id].part, _THINKING)]
    front = takewhile(lambda block: block.cached and block.id not in changed, window.blocks)
    return WhatIf(
        marked=touched,
        before=plan.before,
        after=plan.after,
        sections_after=plan.sections_after,
        zones=_compare_zones(window.blocks, after),
        thinking=sum(block.tokens for block in thinking),
        rewritten=max(0, plan.after - sum(block.tokens for block in front)),
        cost=plan.cost,
        saves=plan.saves,
        payback=plan.payback,
    )


def _has_unpinned(conversation: Conversation) -> bool:
    """True where the memory holds a document that only a pin put there, and none keeps there any more."""
    memory, marks = conversation.epoch.memory if conversation.epoch else (), conversation.marks
    return any(document.id and document.kind == "pinned" and marks.get(document.id) != "pin" for document in memory)


def _apply(blocks: Sequence[Block], plan: CompactionPlan, ratio: float) -> tuple[list[Block], set[str]]:
    """The blocks as `plan` leaves them, and the ids of those that change."""
    gone = {id for line in plan.lines if line.fate not in STAYING for id in line.ids} | set(plan.removed)
    said = {id: round(new.tokens * ratio) for id, new in plan.replaced.items()}
    moved = {document.id: document for document in plan.moved}
    stays = [block for block in blocks if block.id not in gone | moved.keys()]
    after = [msgspec.structs.replace(block, tokens=said.get(block.id, block.tokens)) for block in stays]
    head = sum(block.section in ("tools", "system", "memory") for block in after)
    after[head:head] = [
        Block(id, "memory", "system", round(document.tokens * ratio), False, 0, 0) for id, document in moved.items()
    ]
    return after, gone | said.keys() | moved.keys()


def _compare_zones(before: Sequence[Block], after: Sequence[Block]) -> tuple[tuple[Zone, int, int], ...]:
    now, then = dict.fromkeys(ZONES, 0), dict.fromkeys(ZONES, 0)
    for block in before:
        now[block.zone] += block.tokens
    for block, zone in zip(after, find_zones(after), strict=True):
        then[zone] += block.tokens
    return tuple((zone, now[zone], then[zone]) for zone in ZONES)


def _sum_up(blocks: Sequence[Block], ids: Iterable[str]) -> tuple[int, ...]:
    """Tokens up to and with each of the blocks `ids`."""
    wanted, total, ends = set(ids), 0, []
    for block in blocks:
        total += block.tokens
        if block.id in wanted:
            ends.append(total)
    return tuple(ends)
