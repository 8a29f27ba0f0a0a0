"""What nobody needs any more: reads that a later read or change replaced, and searches that found nothing."""

import re
from collections.abc import Iterable
from typing import Any

from workbench.core.conversation import Entry
from workbench.core.messages import ToolResult, ToolUse

READS = frozenset({"read", "read_file", "view", "open", "cat"})
CHANGES = frozenset(
    {"write", "write_file", "create", "edit", "edit_file", "str_replace", "delete", "delete_file", "move"}
)
SEARCHES = frozenset({"grep", "glob", "search", "find", "list", "ls", "recall"})
PARTIAL = frozenset({"offset", "limit", "start", "end", "lines", "range", "view_range", "start_line", "end_line"})
"""Arguments that make a read one of a part only."""

_NOTHING = re.compile(
    r"^\W*(?:no|nothing|0|none|zero)\b(?:\s+\w+)?\s*(?:match|hit|result|file|found|such|entr|line|$)", re.I
)


def stale_reads(entries: Iterable[Entry]) -> set[str]:
    """Entry ids of calls and results of reads whose file was read again or changed later."""
    entries = list(entries)
    failed = {e.part.tool_use_id for e in entries if isinstance(e.part, ToolResult) and e.part.error}
    stale: set[str] = set()
    current: dict[str, list[tuple[str, frozenset[tuple[str, str]]]]] = {}
    for entry in entries:
        call = entry.part
        if not isinstance(call, ToolUse) or call.id in failed or not (path := path_of(call.input)):
            continue
        if call.name in CHANGES:
            stale.update(id for id, _ in current.pop(path, []))
        elif call.name in READS:
            span = _span(call.input)
            replaced = [old for old in current.get(path, []) if not span or old[1] == span]
            stale.update(id for id, _ in replaced)
            current[path] = [old for old in current.get(path, []) if old not in replaced] + [(call.id, span)]
    return _ids(entries, stale)


def empty_searches(entries: Iterable[Entry]) -> set[str]:
    """Entry ids of calls and results of searches that found nothing."""
    entries = list(entries)
    searches = {e.part.id for e in entries if isinstance(e.part, ToolUse) and e.part.name in SEARCHES}
    empty = {
        e.part.tool_use_id
        for e in entries
        if isinstance(e.part, ToolResult) and e.part.tool_use_id in searches and found_nothing(e.part.text)
    }
    return _ids(entries, empty)


def found_nothing(text: str) -> bool:
    """True for a result without content: blank, or `no matches` in some wording."""
    return not text.strip() or (len(text) < 200 and bool(_NOTHING.match(text.strip())))


def path_of(arguments: dict[str, Any]) -> str:
    """The file that a call is about, or nothing."""
    for key in ("path", "file_path", "file", "filename"):
        if isinstance(value := arguments.get(key), str) and value:
            return value.removeprefix("./")
    return ""


def _span(arguments: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """The part of a file that was asked for; empty for the whole."""
    return frozenset((key, str(value)) for key, value in arguments.items() if key in PARTIAL and value is not None)


def _ids(entries: Iterable[Entry], calls: set[str]) -> set[str]:
    found: set[str] = set()
    for entry in entries:
        match entry.part:
            case ToolUse(id=call) | ToolResult(tool_use_id=call) if call in calls:
                found.add(entry.id)
    return found
