"""Why a block stands in the window: where it came from, what became of it since, how it is heard (seed §1)."""

from collections.abc import Iterator

from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.entries import Entry
from workbench.core.figures import tokens as about
from workbench.core.inspection import BlockReading
from workbench.core.messages import RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.core.window import Block, Document
from workbench.engine.session import Session
from workbench.engine.steering import read_block

LIFTED = "[LIFTED]"
DOCUMENTS = {
    "instructions": "Read when the session began, and sent with every request since.",
    "handoff": "What the session before this one handed over; sent with every request.",
    "reference": "You attached it; it is sent with every request.",
    "pinned": "You pinned it, and a compaction moved it here word for word.",
}


def open_block(session: Session, id: str) -> BlockReading | None:
    """The block `id` with its text; None where this session has none."""
    conversation = session.conversation
    if (text := read_block(conversation, id)) is None:
        return None
    if id.startswith("tool:"):
        return BlockReading(id, text, why=tuple(_explain_head(session, id)))
    block = next((block for block in session.list_blocks().blocks if block.id == id), None)
    entry = conversation.archive.get(id) or next((each for each in conversation.waiting if each.id == id), None)
    path, line = _find_path(conversation, entry)
    edits = list(_find_edits(session, path, entry.seq)) if entry and path else []
    why = [*(_explain_entry(conversation, entry) if entry else _explain_head(session, id)), *edits]
    why += _explain_place(conversation, block, entry)
    return BlockReading(id, text, path, line, tuple(why), _warn(block, bool(edits)))


def _find_path(conversation: Conversation, entry: Entry | None) -> tuple[str, int]:
    """The file whose text a result gives, and its first line in it; empty where it gives none."""
    call = conversation.proposals.get(entry.part.tool_use_id) if entry and isinstance(entry.part, ToolResult) else None
    if call is None or call.verb != "read" or call.subject not in call.targets:
        return "", 1
    match call.arguments.get("view_range"):
        case [int(first), *_]:
            return call.subject, max(1, first)
    return call.subject, 1


def _find_edits(session: Session, path: str, seq: int) -> Iterator[str]:
    """A sentence for the last change that this session made to the file after event `seq`."""
    changes = [
        (stamped.event.turn, change)
        for stamped in session.events
        if type(stamped.event) is e.ToolFinished and (stamped.seq or 0) > seq
        for change in stamped.event.changes
        if change.path == path
    ]
    if changes:
        turn, _ = changes[-1]
        added, removed = sum(c.added for _, c in changes), sum(c.removed for _, c in changes)
        yield f"The file was edited since, last in turn {turn}: +{added} −{removed} lines differ from this copy."


def _explain_entry(conversation: Conversation, entry: Entry) -> Iterator[str]:
    place = f"in turn {entry.turn}, step {entry.step}" if entry.step else f"in turn {entry.turn}"
    match entry.part:
        case ToolUse(id=call) | ToolResult(tool_use_id=call):
            proposal = conversation.proposals.get(call)
            doing = f"{proposal.verb or proposal.tool}" if proposal else "a call"
            if isinstance(entry.part, ToolUse):
                yield f"The call of {doing} {place}."
            else:
                yield f"What {doing} gave back {place}{', and why it failed' if entry.part.error else ''}."
        case Thinking() | RedactedThinking():
            yield f"It thought this {place}. Thinking leaves with the next compaction by itself."
        case Text(text=text) if entry.notice and text.startswith(LIFTED):
            yield "You had it said again, where it is heard best."
        case Text() if entry.id in conversation.attached:
            yield "You attached it. It moves into the memory with the next compaction."
        case Text() if entry.notice:
            yield f"Told by the workbench {place}: what changed since the request before."
        case _:
            yield f"You asked this {place}." if entry.role == "user" else f"It said this {place}."


def _explain_head(session: Session, id: str) -> Iterator[str]:
    conversation = session.conversation
    epoch = conversation.epoch
    kind, _, name = id.partition(":")
    if kind == "tool":
        turns = [entry.turn for entry in conversation.archive.values() if _calls(entry, name)]
        yield "Sent with every request, so that it can be called."
        yield f"Called {len(turns)} times, last in turn {turns[-1]}." if turns else "Never called in this session."
    elif kind == "system":
        yield "Sent with every request, before all else."
    elif kind == "summary":
        yield f"Stands for what compaction took out; written for epoch {epoch.number if epoch else 1}."
    elif epoch is not None and (document := _find_document(epoch.memory, id)):
        yield DOCUMENTS[document.kind]


def _calls(entry: Entry, name: str) -> bool:
    return isinstance(entry.part, ToolUse) and entry.part.name == name


def _find_document(memory: tuple[Document, ...], id: str) -> Document | None:
    return next((each for place, each in enumerate(memory, 1) if (each.id or f"memory:{place}") == id), None)


def _explain_place(conversation: Conversation, block: Block | None, entry: Entry | None) -> Iterator[str]:
    """How it stands now: out of the window, masked, said with the next request, pinned, marked, heard little."""
    if block is None:
        yield "It is out of the window, and still in the journal."
        return
    if any(each.id == block.id and each.content for each in conversation.entries):
        yield f"Only a line of {about(block.tokens)} stands in its place; the journal has this text."
    if entry is not None and entry.id not in conversation.archive:
        yield "It goes along with the next request."
    match block.mark:
        case "pin":
            yield "It is pinned: every compaction keeps it word for word."
        case "drop":
            yield "You marked it to drop: it leaves with the next compaction."
        case "mask":
            yield "You marked it to mask: the next compaction leaves a line of it."
    if block.zone == "middle" and block.mark != "pin":
        yield "It stands in the middle of the window, where little is heard."


def _warn(block: Block | None, edited: bool) -> str:
    if block is None:
        return ""
    if edited:
        return f"stale: to read it again takes about {about(block.tokens)}"
    if block.mark == "pin" and block.zone == "middle":
        return "pinned, and drifting into the middle: lift says it again at the end"
    return ""
