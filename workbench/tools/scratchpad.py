"""The scratchpad's tools (seed §3): each returns a change to the scratchpad, which the session keeps."""

from typing import Any, Literal

import msgspec

from workbench.core.effects import Effect
from workbench.core.errors import ToolFault
from workbench.core.notes import Note, Scratchpad
from workbench.core.tools import ToolContext, ToolOutput, ToolRun, ToolSpec
from workbench.tools.arguments import object_schema, parse_arguments

STATES = ["in_progress", "blocked", "done"]


class Finding(msgspec.Struct):
    """What was found out."""

    text: str


class Decided(msgspec.Struct):
    """What was decided, and why."""

    decision: str
    reasoning: str


class Question(msgspec.Struct):
    """What is open."""

    question: str


class Task(msgspec.Struct):
    """What is to be done."""

    task: str


class Status(msgspec.Struct):
    """Where the task stands."""

    status: Literal["in_progress", "blocked", "done"]


class Nothing(msgspec.Struct):
    """No arguments."""


def scratchpad_tools() -> tuple[ToolSpec, ...]:
    """The tools that keep notes, and the one that reads them."""
    return (
        _tool(
            "add_finding",
            "Keep something you found out on the scratchpad, which survives when the conversation is shortened. One"
            " fact each, with the path, number or command it rests on.",
            add_finding,
            text="The finding, in one or two sentences.",
        ),
        _tool(
            "record_decision",
            "Keep a decision and why it was made on the scratchpad.",
            record_decision,
            decision="What was decided.",
            reasoning="Why, and what was decided against.",
        ),
        _tool(
            "ask_question",
            "Keep a question that is still open on the scratchpad. It is not shown as a question to the person.",
            ask_question,
            compensation="closing the question removes it",
            question="The question.",
        ),
        _tool(
            "close_question",
            "Remove an open question from the scratchpad when it is answered; keep the answer as a finding.",
            close_question,
            compensation="asking the question again brings it back",
            question="The question, or a part of it that no other one has.",
        ),
        _tool(
            "set_task",
            "Say on the scratchpad what the task is, when it begins or changes.",
            set_task,
            idempotent=True,
            compensation="setting the earlier task brings it back",
            task="The task, in one sentence.",
        ),
        _tool(
            "set_status",
            "Say on the scratchpad where the task stands: in_progress, blocked or done.",
            set_status,
            idempotent=True,
            compensation="setting the earlier status brings it back",
            choices=STATES,
            status="in_progress, blocked or done.",
        ),
        _tool(
            "read_scratchpad",
            "Read the scratchpad: task, status, findings, decisions, open questions and files examined.",
            read_scratchpad,
            effect=Effect("read"),
            idempotent=True,
        ),
    )


def _tool(
    name: str,
    description: str,
    run: ToolRun,
    *,
    effect: Effect | None = None,
    idempotent: bool = False,
    compensation: str = "",
    choices: list[str] | None = None,
    **fields: str,
) -> ToolSpec:
    """A tool whose arguments are all text; `choices` are what the first one may be."""
    properties: dict[str, dict[str, Any]] = {
        field: {"type": "string", "description": words} for field, words in fields.items()
    }
    first = next(iter(fields), "")
    if choices:
        properties[first]["enum"] = choices
    return ToolSpec(
        *(name, description, object_schema(properties, *fields), "note", "note", run),
        effects=lambda arguments: (effect or Effect("memory", (name,)),),
        subject=lambda arguments: str(arguments.get(first, ""))[:80],
        idempotent=idempotent,
        compensation=compensation,
    )


async def add_finding(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Keep something found out."""
    wanted = parse_arguments(Finding, arguments, "add_finding")
    return _keep(Note("finding", wanted.text), f"kept; {len(context.scratchpad.findings) + 1} findings")


async def record_decision(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Keep a decision with its reason."""
    wanted = parse_arguments(Decided, arguments, "record_decision")
    note = Note("decision", wanted.decision, reasoning=wanted.reasoning)
    return _keep(note, f"kept; {len(context.scratchpad.decisions) + 1} decisions")


async def ask_question(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Keep a question that is open."""
    wanted = parse_arguments(Question, arguments, "ask_question")
    return _keep(Note("question", wanted.question), f"kept; {len(context.scratchpad.open_questions) + 1} open")


async def close_question(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Remove an open question. Raises ToolFault, with the open ones, when none or several match."""
    wanted = parse_arguments(Question, arguments, "close_question")
    text = _open_question(wanted.question, context.scratchpad)
    left = len(context.scratchpad.open_questions) - 1
    return _keep(Note("question", text, closed=True), f"closed; {left} open")


async def set_task(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Say what the task is."""
    return _keep(Note("task", parse_arguments(Task, arguments, "set_task").task), "kept")


async def set_status(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """Say where the task stands."""
    status = parse_arguments(Status, arguments, "set_status").status
    return _keep(Note("status", status), status.replace("_", " "))


async def read_scratchpad(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    """All that the scratchpad holds."""
    parse_arguments(Nothing, arguments, "read_scratchpad")
    pad = context.scratchpad
    return ToolOutput(write_out(pad), headline=f"{pad.notes} notes")


def write_out(pad: Scratchpad) -> str:
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


def _keep(note: Note, said: str) -> ToolOutput:
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
