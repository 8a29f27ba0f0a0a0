"""Whether a draft can be carried out: its blocks exist, pairs and pins survive, and the API would accept the rest."""

from collections.abc import Sequence

from workbench.core.entries import Entry, can_replace
from workbench.core.errors import StrategyFault
from workbench.core.messages import ToolResult, ToolUse
from workbench.core.plans import FATES, STAYING
from workbench.strategies.strategy import BlockFate, Draft, WindowView


def check_draft(view: WindowView, draft: object, name: str) -> Draft:
    """`draft`, if it can be carried out. Raises StrategyFault, which says what is wrong with it."""
    wrong = _find_fault(view, draft) if isinstance(draft, Draft) else f"it answered with {type(draft).__name__}"
    if wrong or not isinstance(draft, Draft):
        raise StrategyFault(
            f"the plan of the strategy {name} cannot be carried out: {wrong}.", "The window is as it was."
        )
    return draft


def _find_fault(view: WindowView, draft: Draft) -> str:
    """Why `draft` cannot be carried out; empty where it can."""
    entries = {entry.id: entry for entry in view.entries}
    for id, fate in draft.fates.items():
        if not isinstance(fate, BlockFate) or fate.fate not in FATES:
            return f"{fate!r} is no fate of a block"
        if id not in (view.left if fate.fate == "brought back" else entries):
            return f"there is no entry {id}"
        if fate.fate == "masked" and (fate.part is None or not can_replace(entries[id].part, fate.part)):
            return f"what it puts in the place of {id} cannot stand there"
        if fate.fate != "masked" and fate.part is not None:
            return f"it has words for {id}, which is {fate.fate}"
    changed = {id for id, fate in draft.fates.items() if fate.fate not in ("kept", "brought back")}
    if view.request and view.request.id in changed:
        return "the last request would not stay word for word"
    gone = {id for id, fate in draft.fates.items() if fate.fate not in STAYING}
    stays = [entry for entry in (*view.entries, *view.find_returning(draft)) if entry.id not in gone]
    return _find_parted(view, stays)


def _find_parted(view: WindowView, stays: Sequence[Entry]) -> str:
    """Which half of a call and its result would be without the other; empty for none."""
    answered = {
        entry.part.tool_use_id for entry in (*view.entries, *view.left.values()) if isinstance(entry.part, ToolResult)
    }
    calls = {entry.part.id for entry in stays if isinstance(entry.part, ToolUse)}
    results = {entry.part.tool_use_id for entry in stays if isinstance(entry.part, ToolResult)}
    if alone := results - calls:
        return f"the result of {min(alone)} would be without its call"
    if alone := (calls & answered) - results:
        return f"the call {min(alone)} would be without its result"
    running = {entry.part.id for entry in view.entries if isinstance(entry.part, ToolUse)} - answered
    return f"the call {min(running - calls)} still runs" if running - calls else ""
