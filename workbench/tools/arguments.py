"""The arguments of the tools, one struct each; wrong ones become a fault that names the argument."""

import re
from typing import Any, Literal, TypeVar

import msgspec

from workbench.core.errors import ToolFault

Parsed = TypeVar("Parsed", bound=msgspec.Struct)
PLACE = re.compile(r" - at `\$\.?(.*)`$")


class Read(msgspec.Struct):
    """read."""

    file_path: str
    view_range: list[int] | None = None


class Write(msgspec.Struct):
    """write."""

    file_path: str
    content: str


class Edit(msgspec.Struct):
    """edit."""

    file_path: str
    old_string: str
    new_string: str
    replace_all: bool | None = None


class Glob(msgspec.Struct):
    """glob."""

    pattern: str
    path: str | None = None


class Grep(msgspec.Struct):
    """grep."""

    pattern: str
    path: str | None = None


class Shell(msgspec.Struct):
    """shell."""

    command: str
    timeout: float = 120.0


class Text(msgspec.Struct):
    """add_finding."""

    text: str


class Decided(msgspec.Struct):
    """record_decision."""

    decision: str
    reasoning: str


class Question(msgspec.Struct):
    """ask_question, close_question."""

    question: str


class Task(msgspec.Struct):
    """set_task."""

    task: str


class Status(msgspec.Struct):
    """set_status."""

    status: Literal["in_progress", "blocked", "done"]


class Nothing(msgspec.Struct):
    """read_scratchpad."""


def checked(kind: type[Parsed], arguments: dict[str, Any], tool: str) -> Parsed:
    """`arguments` as `kind`. Raises ToolFault that names the argument and what it must be."""
    try:
        parsed = msgspec.convert(arguments, kind)
    except msgspec.ValidationError as fault:
        raise ToolFault(f"{tool}: {_words(str(fault))}") from fault
    for name in kind.__struct_fields__:
        value = getattr(parsed, name)
        if isinstance(value, str) and "\0" in value and name != "content":
            raise ToolFault(f"{tool}: {name} holds a NUL character")
        if isinstance(value, str) and not value.strip() and name not in ("content", "old_string", "new_string"):
            raise ToolFault(f"{tool}: {name} is empty")
    return parsed


def _words(message: str) -> str:
    if match := re.match(r"Object missing required field `(\w+)`", message):
        return f"{match[1]} is missing"
    where = PLACE.search(message)
    said = PLACE.sub("", message).replace("`", "")
    said = said[:1].lower() + said[1:]
    return f"{where[1].replace('[...]', '')}: {said}" if where else said
