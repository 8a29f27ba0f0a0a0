"""The scratchpad's tools (seed §3): each returns a change to the scratchpad, which the session keeps."""

from typing import Any

from workbench.core.errors import ToolFault
from workbench.core.notes import Note, Scratchpad
from workbench.core.tools import ToolContext, ToolOutput
from workbench.tools.arguments import Decided, Nothing, Question, Status, Task, Text, checked


async def add_finding(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Keep something found out."""
    wanted = checked(Text, arguments, "add_finding")
    return _noted(Note("finding", wanted.text), f"kept; {len(context.scratchpad.findings) + 1} findings")


async def record_decision(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Keep a decision with its reason."""
    wanted = checked(Decided, arguments, "record_decision")
    note = Note("decision", wanted.decision, reasoning=wanted.reasoning)
    return _noted(note, f"kept; {len(context.scratchpad.decisions) + 1} decisions")


async def ask_question(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Keep a question that is open."""
    wanted = checked(Question, arguments, "ask_question")
    return _noted(Note("question", wanted.question), f"kept; {len(context.scratchpad.open_questions) + 1} open")


async def close_question(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Remove an open question. Raises ToolFault, with the open ones, when none or several match."""
    wanted = checked(Question, arguments, "close_question")
    text = _open_question(wanted.question, context.scratchpad)
    left = len(context.scratchpad.open_questions) - 1
    return _noted(Note("question", text, closed=True), f"closed; {left} open")


async def set_task(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Say what the task is."""
    return _noted(Note("task", checked(Task, arguments, "set_task").task), "kept")


async def set_status(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Say where the task stands."""
    status = checked(Status, arguments, "set_status").status
    return _noted(Note("status", status), status.replace("_", " "))


async def read_scratchpad(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """All that the scratchpad holds."""
    checked(Nothing, arguments, "read_scratchpad")
    pad = context.scratchpad
    return ToolOutput(written(pad), headline=f"{pad.notes} notes")


def written(pad: Scratchpad) -> str:
    """The scratchpad as the model reads it."""
    parts = [f"Task: {pad.task or '(not set)'}", f"Status: {pad.status}"]
    parts += _part("Findings", [note.text for note in pad.findings])
    reasons = [f"{note.text} (because {note.reasoning})" if note.reasoning else note.text for note in pad.decisions]
    parts += _part("Decisions", reasons)
    parts += _part("Open questions", [note.text for note in pad.open_questions])
    parts += _part("Files examined", list(pad.files_examined))
    return "\n".join(parts)


def _part(title: str, lines: list[str]) -> list[str]:
    return [f"{title}:", *(f"- {line}" for line in lines)] if lines else [f"{title}: none"]


def _noted(note: Note, said: str) -> ToolOutput:
    return ToolOutput(said, headline=said, notes=(note,))


def _open_question(asked: str, pad: Scratchpad) -> str:
    texts = [note.text for note in pad.open_questions]
    if asked in texts:
        return asked
    near = [text for text in texts if asked.strip().casefold() in text.casefold()]
    if len(near) == 1:
        return near[0]
    listing = "\n".join(f"- {text}" for text in texts) or "none"
    raise ToolFault(f"close_question: {'several' if near else 'no'} open questions match. Open are:\n{listing}")
