"""Reads of files that say no more what the file says, or say it once too often: for whoever makes room."""

from collections.abc import Mapping, Sequence

from workbench.core.decisions import Proposal
from workbench.core.entries import Entry
from workbench.core.messages import ToolResult, ToolUse

Part = frozenset[tuple[str, str]]
"""The part of a file that a read asked for; empty for the whole."""


def find_outdated_reads(entries: Sequence[Entry], proposals: Mapping[str, Proposal]) -> dict[str, Proposal]:
    """By the id of each read's call the later call that made it needless: a read of the same, or else a change.

    What a call did is what its tool said in the proposal; one without it, or one that failed, tells nothing.
    """
    failed = {e.part.tool_use_id for e in entries if isinstance(e.part, ToolResult) and e.part.error}
    outdated: dict[str, Proposal] = {}
    reads: dict[str, dict[str, Part]] = {}
    """Reads that no later one repeats, by file and call."""
    for entry in entries:
        if not isinstance(entry.part, ToolUse) or entry.part.id in failed:
            continue
        call = proposals.get(entry.part.id)
        if call is None or not call.file:
            continue
        known = reads.setdefault(call.file, {})
        if call.kind == "edit":
            for id in known:
                outdated.setdefault(id, call)
            continue
        part = _find_part(call)
        for id in [id for id, old in known.items() if not part or old == part]:
            outdated[id] = call
            del known[id]
        known[call.call_id] = part
    return outdated


def _find_part(call: Proposal) -> Part:
    about = (None, call.subject, call.file)
    return frozenset((key, str(value)) for key, value in call.arguments.items() if value not in about)
