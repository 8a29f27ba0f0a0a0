"""The scratchpad's tools (seed §3): each returns a change to the scratchpad, which the session keeps."""

from collections.abc import Callable
from typing import Any, Literal, get_args

import msgspec

from workbench.core.effects import Effect
from workbench.core.errors import ToolFault
from workbench.core.notes import Note, Scratchpad
from workbench.core.tools import ToolContext, ToolOutput, ToolSpec
from workbench.tools.arguments import object_schema, parse_arguments

Status = Literal["in_progress", "blocked", "done"]


def scratchpad_tools() -> tuple[ToolSpec, ...]:
    """The tools that keep notes, and the one that reads them."""
    return (
        _note_tool(
            "add_finding",
            "Keep something you found out on the scratchpad, which survives when the conversation is shortened. One"
            " fact each, with the path, number or command it rests on.",
            lambda pad, text: (Note("finding", text), f"kept; {len(pad.findings) + 1} findings"),
            text="The finding, in one or two sentences.",
        ),
        _note_tool(
            "record_decision",
            "Keep a decision and why it was made on the scratchpad.",
            lambda pad, decision, reasoning: (
                Note("decision", decision, reasoning=reasoning),
                f"kept; {len(pad.decisions) + 1} decisions",
            ),
            decision="What was decided.",
            reasoning="Why, and what was decided against.",
        ),
        _note_tool(
            "ask_question",
            "Keep a question that is still open on the scratchpad. It is not shown as a question to the person.",
            lambda pad, question: (Note("question", question), f"kept; {len(pad.open_questions) + 1} open"),
            compensation="closing the question removes it",
            question="The question.",
        ),
        _note_tool(
            "close_question",
            "Remove an open question from the scratchpad when it is answered; keep the answer as a finding.",
            lambda pad, question: (
                Note("question", _open_question(question, pad), closed=True),
                f"closed; {len(pad.open_questions) - 1} open",
            ),
            compensation="asking the question again brings it back",
            question="The question, or a part of it that no other one has.",
        ),
        _note_tool(
            "set_task",
            "Say on the scratchpad what the task is, when it begins or changes.",
            lambda pad, task: (Note("task", task), "kept"),
            idempotent=True,
            compensation="setting the earlier task brings it back",
            task="The task, in one sentence.",
        ),
        _note_tool(
            "set_status",
            "Say on the scratchpad where the task stands: in_progress, blocked or done.",
            lambda pad, status: (Note("status", status), status.replace("_", " ")),
            idempotent=True,
            compensation="setting the earlier status brings it back",
            values=Status,
            status="in_progress, blocked or done.",
        ),
        ToolSpec(
            "read_scratchpad",
            "Read the scratchpad: task, status, findings, decisions, open questions and files examined.",
            object_schema({}),
            kind="note",
            verb="note",
            run=_read,
            effects=lambda arguments: (Effect("read"),),
            subject=lambda arguments: "",
            idempotent=True,
        ),
    )


def _note_tool(
    name: str,
    description: str,
    keep: Callable[..., tuple[Note, str]],
    *,
    idempotent: bool = False,
    compensation: str = "",
    values: Any = str,
    **fields: str,
) -> ToolSpec:
    """A tool that hands the scratchpad and its arguments, of type `values`, to `keep`: a note, and what is said."""
    choices = {"enum": list(get_args(values))} if get_args(values) else {}
    properties = {field: {"type": "string", "description": words} | choices for field, words in fields.items()}
    kind = msgspec.defstruct(name, [(field, values) for field in fields])
    first = next(iter(fields))

    async def run(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        note, said = keep(context.scratchpad, *msgspec.structs.astuple(parse_arguments(kind, arguments, name)))
        return ToolOutput(said, headline=said, notes=(note,))

    return ToolSpec(
        *(name, description, object_schema(properties, *fields), "note", "note", run),
        effects=lambda arguments: (Effect("memory", (name,)),),
        subject=lambda arguments: str(arguments.get(first, ""))[:80],
        idempotent=idempotent,
        compensation=compensation,
    )


async def _read(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """The scratchpad as the model reads it."""
    pad = context.scratchpad
    parts = [f"Task: {pad.task or '(not set)'}", f"Status: {pad.status}"]
    parts += _part("Findings", [note.text for note in pad.findings])
    reasons = [f"{note.text} (because {note.reasoning})" if note.reasoning else note.text for note in pad.decisions]
    parts += _part("Decisions", reasons)
    parts += _part("Open questions", [note.text for note in pad.open_questions])
    parts += _part("Files examined", list(pad.files_examined))
    return ToolOutput("\n".join(parts), headline=f"{pad.notes} notes")


def _part(title: str, lines: list[str]) -> list[str]:
    return [f"{title}:", *(f"- {line}" for line in lines)] if lines else [f"{title}: none"]


def _open_question(asked: str, pad: Scratchpad) -> str:
    texts = [note.text for note in pad.open_questions]
    if asked in texts:
        return asked
    near = [text for text in texts if asked.strip().casefold() in text.casefold()]
    if len(near) == 1:
        return near[0]
    listing = "\n".join(f"- {text}" for text in texts) or "none"
    raise ToolFault(f"close_question: {'several' if near else 'no'} open questions match. Open are:\n{listing}")
