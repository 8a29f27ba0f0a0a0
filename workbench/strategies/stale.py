"""What nobody needs any more: reads that a later read or change replaced, and searches that found nothing.

What a call did is what its tool said in the proposal; a call without one is left alone.
"""

import re
from collections.abc import Mapping, Sequence

from workbench.core.conversation import Entry
from workbench.core.decisions import Proposal
from workbench.core.messages import ToolResult, ToolUse

_NOTHING = re.compile(
    r"^\W*(?:no|nothing|0|none|zero)\b(?:\s+\w+)?\s*(?:match|hit|result|file|found|such|entr|line|$)", re.I
)


def stale_reads(entries: Sequence[Entry], proposals: Mapping[str, Proposal]) -> set[str]:
    """Entry ids of calls and results of reads whose file was read again or changed later."""
    failed = {e.part.tool_use_id for e in entries if isinstance(e.part, ToolResult) and e.part.error}
    stale: set[str] = set()
    current: dict[str, list[tuple[str, frozenset[tuple[str, str]]]]] = {}
    for entry in entries:
        if not isinstance(entry.part, ToolUse) or entry.part.id in failed:
            continue
        call = proposals.get(entry.part.id)
        if call is None or not call.file:
            continue
        if call.kind == "edit":
            stale.update(id for id, _ in current.pop(call.file, []))
            continue
        part = _part(call)
        replaced = [old for old in current.get(call.file, []) if not part or old[1] == part]
        stale.update(id for id, _ in replaced)
        current[call.file] = [old for old in current.get(call.file, []) if old not in replaced] + [(call.call_id, part)]
    return _ids(entries, stale)


def empty_searches(entries: Sequence[Entry], proposals: Mapping[str, Proposal]) -> set[str]:
    """Entry ids of calls and results of reads that were about no one file and found nothing."""
    empty = {
        e.part.tool_use_id
        for e in entries
        if isinstance(e.part, ToolResult) and _searches(proposals.get(e.part.tool_use_id)) and found_nothing(e.part)
    }
    return _ids(entries, empty)


def found_nothing(result: ToolResult) -> bool:
    """True for a result without content: blank, or `no matches` in some wording."""
    text = result.text.strip()
    return not result.media and (not text or (len(text) < 200 and bool(_NOTHING.match(text))))


def _searches(call: Proposal | None) -> bool:
    return call is not None and call.kind == "read" and not call.file


def _part(read: Proposal) -> frozenset[tuple[str, str]]:
    """The part of a file that a read asked for: all of its arguments but the file; empty for the whole."""
    return frozenset((k, str(v)) for k, v in read.arguments.items() if v not in (None, read.subject, read.file))


def _ids(entries: Sequence[Entry], calls: set[str]) -> set[str]:
    found: set[str] = set()
    for entry in entries:
        match entry.part:
            case ToolUse(id=call) | ToolResult(tool_use_id=call) if call in calls:
                found.add(entry.id)
    return found
