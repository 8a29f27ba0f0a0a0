"""What the person said of single blocks, which goes before what a strategy drafts (seed §1, §2).

pin ─▶ stays; what would leave moves into the memory, word for word     drop ─▶ leaves, with its call or result
mask ─▶ a line in its place                                             the last request stays whatever was said
"""

from collections.abc import Iterable, Mapping

import msgspec

from workbench.core.entries import Entry, write_text
from workbench.core.messages import Text, ToolResult, ToolUse
from workbench.core.plans import STAYING, Fate
from workbench.core.window import Document
from workbench.strategies.cut import find_pairs
from workbench.strategies.mask import mask_result
from workbench.strategies.strategy import BlockFate, Draft, WindowView

KEPT = BlockFate("kept")
MARKED = "marked block"
MOVED = "chosen block"


def steer(view: WindowView, draft: Draft) -> Draft:
    """`draft` as the marks of the window's blocks change it."""
    fates, pairs = dict(draft.fates), find_pairs(view.entries)
    entries = {entry.id: entry for entry in view.entries}
    for id, mark in view.marks.items():
        entry = entries.get(id)
        if entry is None or entry is view.request:
            continue
        pair = _find_pair(entry, pairs)
        if mark == "pin":
            fates |= _keep(entry, pair, fates)
        elif view.pinned & pair or _runs(entry, pair):
            continue
        elif mark == "drop":
            fates |= dict.fromkeys(pair, BlockFate("dropped", MARKED))
        else:
            fates |= _mask(view, (entries[each] for each in pair), fates)
    return msgspec.structs.replace(draft, fates=fates)


def move(view: WindowView, draft: Draft, wanted: Mapping[str, Fate]) -> Draft:
    """`draft` with other fates for some entries, each with its call or result."""
    fates, pairs = dict(draft.fates), find_pairs(view.entries)
    entries = {entry.id: entry for entry in view.entries}
    for id, fate in wanted.items():
        if id not in entries:
            continue
        pair = _find_pair(entries[id], pairs)
        if fate == "masked":
            for each in pair:
                fates.pop(each, None)
            fates |= _mask(view, (entries[each] for each in pair), fates)
        else:
            fates |= dict.fromkeys(pair, BlockFate(fate, MOVED if fate == "dropped" else ""))
    return msgspec.structs.replace(draft, fates=fates)


def _keep(entry: Entry, pair: set[str], fates: Mapping[str, BlockFate]) -> dict[str, BlockFate]:
    """What becomes of a pinned block where the draft would mask it, or remove what cannot stand in the memory."""
    masked = entry.id in fates and fates[entry.id].fate == "masked"
    changed = {entry.id} if masked and can_move(entry) else set() if can_move(entry) else pair
    return dict.fromkeys(changed, KEPT)


def _mask(view: WindowView, pair: Iterable[Entry], fates: Mapping[str, BlockFate]) -> dict[str, BlockFate]:
    """A line in the place of a result that would stay whole."""
    return {
        each.id: mask_result(view, each, each.part)
        for each in pair
        if isinstance(each.part, ToolResult) and not each.content and fates.get(each.id, KEPT).fate == "kept"
    }


def can_move(entry: Entry) -> bool:
    """True where the block can stand in the memory as text."""
    return isinstance(entry.part, Text | ToolUse) or (isinstance(entry.part, ToolResult) and not entry.part.media)


def move_pinned(view: WindowView, fates: Mapping[str, BlockFate], labels: Mapping[str, str]) -> dict[str, Document]:
    """What is pinned or attached and would leave, as documents of the memory, by id. `labels`: words for each block."""
    leaving = (entry for entry in view.entries if fates[entry.id].fate not in STAYING and entry.id in view.pinned)
    return {entry.id: _make_document(view, entry, labels[entry.id]) for entry in leaving}


def find_unpinned(view: WindowView) -> set[str]:
    """Ids of the memory's documents that leave it: marked to drop, or pinned once and no more."""
    return {
        document.id
        for document in view.memory
        if document.id and view.marks.get(document.id) != "pin"
        if document.kind == "pinned" or view.marks.get(document.id) == "drop"
    }


def _make_document(view: WindowView, entry: Entry, label: str) -> Document:
    if document := view.attached.get(entry.id):
        return msgspec.structs.replace(document, id=entry.id)
    name, kind = f"{label} (turn {entry.turn})", entry.content_class
    return Document(name, "pinned", write_text(entry.part), entry.tokens, entry.id, kind)


def _find_pair(entry: Entry, pairs: Mapping[str, set[str]]) -> set[str]:
    match entry.part:
        case ToolUse(id=call) | ToolResult(tool_use_id=call):
            return pairs[call]
    return {entry.id}


def _runs(entry: Entry, pair: set[str]) -> bool:
    """True for a call that has no result yet."""
    return isinstance(entry.part, ToolUse) and len(pair) == 1
