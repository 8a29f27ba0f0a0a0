"""Whether a draft can be carried out: its blocks exist, pairs and pins survive, and the API would accept the rest; and
whether what a model wrote for it is a summary at all.
"""

import json
import re
from collections.abc import Sequence

from workbench.core.entries import Entry, can_replace
from workbench.core.errors import StrategyFault
from workbench.core.messages import ToolResult, ToolUse
from workbench.core.plans import FATES, STAYING
from workbench.strategies.strategy import BlockFate, Draft, WindowView

_ASKED = re.compile(
    r"Summarise the following conversation history|Answer in Markdown with exactly these sections", re.I
)
_HISTORY = re.compile(r"^\[(?:user|assistant)\]:", re.M)
_REFUSAL = re.compile(
    r"^\W*(?:I(?:'m| am) (?:sorry|unable)|sorry\b|I can(?:'t|not)\b|as an AI\b"
    r"|(?:sure|certainly|of course)[!,.]? (?:here|I|what|could)\b[^\n]{0,80}$)",
    re.I,
)
_HEADING = re.compile(r"^#{1,4} *\**(?:Goal|Decided|Done|Open)\b", re.I | re.M)
MOST_HISTORY = 3
"""Lines of the history that a summary may repeat as they were sent."""
SHORT = 400
"""Characters up to which a text without sections that ends by asking is a question, not a summary."""


def find_wrong(summary: str, tokens: int, replaced: int) -> str:
    """Why a model's `summary` of `replaced` tokens cannot be used, after `the summary`; empty where it can."""
    bare = re.sub(r"^```\w*\n|\n```$", "", summary.strip())
    if not re.search(r"\w", bare):
        return "is empty"
    if bare[0] in "{[" and _is_json(bare):
        return "is JSON"
    if _ASKED.search(bare) or len(_HISTORY.findall(bare)) > MOST_HISTORY:
        return "repeats what was to be summarised"
    if not _HEADING.search(bare):
        if len(bare) <= SHORT and bare.rstrip('*_ "”').endswith("?"):
            return "is a question"
        if _REFUSAL.match(bare):
            return "is no summary"
    return "is longer than what it replaces" if tokens >= replaced else ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


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
