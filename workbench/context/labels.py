"""A few words for each block: a tool and its target, or how a text begins."""

from typing import Any

from workbench.core.messages import AnyPart, Opaque, RedactedThinking, Text, Thinking, ToolResult, ToolUse

WIDTH = 48
TARGETS = ("path", "file_path", "file", "command", "pattern", "query", "url", "name", "id", "text")
"""Arguments that name what a call is about, most telling first."""


def label(part: AnyPart, calls: dict[str, str]) -> str:
    """`read src/x.py`, `thinking`, or the first words; `calls` has the label of each call by its id."""
    match part:
        case Text(text=text):
            return beginning(text)
        case Thinking() | RedactedThinking():
            return "thinking"
        case ToolUse(name=name, input=arguments):
            return f"{name} {target(arguments)}".strip()
        case ToolResult(tool_use_id=call):
            return calls.get(call, "result")
        case Opaque(data=data):
            return str(data.get("type", "block"))


def target(arguments: dict[str, Any]) -> str:
    """What a call is about: the most telling of its arguments, or nothing."""
    named = [arguments[key] for key in TARGETS if isinstance(arguments.get(key), str)]
    others = (value for value in arguments.values() if isinstance(value, str))
    return beginning(next((value for value in (*named, *others) if value.strip()), ""))


def beginning(text: str) -> str:
    """The first line's words, cut with `…` after `WIDTH` characters."""
    line = " ".join(text[: 4 * WIDTH].split("\n\n", maxsplit=1)[0].split()) if text.strip() else ""
    if not line and text.strip():
        line = " ".join(text.split(maxsplit=12)[:12])
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"
