"""All tools of the agent, in one order that never changes: the order is part of the cached prefix."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from workbench.core.decisions import Effect
from workbench.core.tools import ToolContext, ToolOutput, ToolSpec
from workbench.tools import scratchpad
from workbench.tools.files import file_tools
from workbench.tools.shell import ShellTool

Effects = Callable[[str, dict[str, Any]], tuple[Effect, ...]]
Run = Callable[[dict[str, Any], ToolContext], Awaitable[ToolOutput]]
SHELL = (
    "Run one command line with bash in the workspace: tests, builds, git, anything without a tool of its own. There is"
    " nothing to type into it. The result ends with its exit code; of long output the first and last parts are kept."
    " When the command returns, and after `timeout` seconds, everything it started is stopped, so it cannot leave a"
    " server running. Prefer read, glob, grep and edit for files: they need no permission or a smaller one."
)
NOTES: tuple[tuple[str, str, dict[str, str], Run], ...] = (
    (
        "add_finding",
        "Keep something you found out on the scratchpad, which survives when the conversation is shortened. One fact"
        " each, with the path, number or command it rests on.",
        {"text": "The finding, in one or two sentences."},
        scratchpad.add_finding,
    ),
    (
        "record_decision",
        "Keep a decision and why it was made on the scratchpad.",
        {"decision": "What was decided.", "reasoning": "Why, and what was decided against."},
        scratchpad.record_decision,
    ),
    (
        "ask_question",
        "Keep a question that is still open on the scratchpad. It is not shown as a question to the person.",
        {"question": "The question."},
        scratchpad.ask_question,
    ),
    (
        "close_question",
        "Remove an open question from the scratchpad when it is answered; keep the answer as a finding.",
        {"question": "The question, or a part of it that no other one has."},
        scratchpad.close_question,
    ),
    (
        "set_task",
        "Say on the scratchpad what the task is, when it begins or changes.",
        {"task": "The task, in one sentence."},
        scratchpad.set_task,
    ),
    (
        "set_status",
        "Say on the scratchpad where the task stands: in_progress, blocked or done.",
        {"status": "in_progress, blocked or done."},
        scratchpad.set_status,
    ),
    (
        "read_scratchpad",
        "Read the scratchpad: task, status, findings, decisions, open questions and files examined.",
        {},
        scratchpad.read_scratchpad,
    ),
)


def load_tools(workspace: Path, effects: Effects, *, max_output: int = 100_000) -> tuple[ToolSpec, ...]:
    """Files, shell, scratchpad. Imports the SDK, which takes seconds: call it off the event loop.

    `effects` classifies a call by tool name and arguments. `max_output`: bytes of text that one result may hold.
    """
    notes = (_note(name, text, fields, run, effects) for name, text, fields, run in NOTES)
    return (*file_tools(workspace, effects, max_output), _shell(workspace, effects, max_output), *notes)


def _shell(workspace: Path, effects: Effects, max_output: int) -> ToolSpec:
    tool = ShellTool(workspace, max_output)
    properties = {
        "command": {"type": "string", "description": "The command line."},
        "timeout": {"type": "number", "description": "Seconds after which it is stopped; 120 when left out."},
    }
    return ToolSpec(
        *("shell", SHELL, {"type": "object", "properties": properties, "required": ["command"]}),
        kind="run",
        verb="run",
        run=tool.run,
        effects=lambda arguments: effects("shell", arguments),
        preview=tool.preview,
        subject=lambda arguments: str(arguments.get("command", "")).strip(),
    )


def _note(name: str, description: str, fields: dict[str, str], run: Run, effects: Effects) -> ToolSpec:
    properties: dict[str, dict[str, Any]] = {
        field: {"type": "string", "description": text} for field, text in fields.items()
    }
    if name == "set_status":
        properties["status"]["enum"] = ["in_progress", "blocked", "done"]
    return ToolSpec(
        *(name, description, {"type": "object", "properties": properties, "required": list(fields)}),
        kind="note",
        verb="note",
        run=run,
        effects=lambda arguments: effects(name, arguments),
        preview=lambda arguments: None,
        subject=lambda arguments: str(next(iter(arguments.values()), ""))[:80],
    )
