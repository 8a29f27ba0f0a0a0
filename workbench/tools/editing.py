"""write and edit: a change is planned first, shown as planned, and applied whole."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from workbench.core.decisions import Preview
from workbench.core.errors import ToolFault
from workbench.core.notes import Note
from workbench.core.tools import FileChange, ToolContext, ToolOutput, ToolSpec
from workbench.tools.arguments import parse_arguments, sdk_schema
from workbench.tools.diffs import Diff, compare
from workbench.tools.disk import Reach, Seen, name_file, write_whole

WRITE = (
    "Create a file, or replace all of an existing one; folders are made as needed. For a change to a part of a"
    " file use edit, which is shorter and safer. Text only, UTF-8."
)
EDIT = (
    "Replace a passage of a text file. old_string must stand in the file exactly, white space included, and only"
    " once: give enough lines round it, or set replace_all to change every place. Fails without changing anything"
    " when the passage is not found, not unique, or when the file changed since you last read it."
)
ARGUMENTS = {
    "file_path": "Path of the file, relative to the workspace.",
    "content": "The whole new content.",
    "old_string": "The passage as it stands in the file, exactly.",
    "new_string": "What stands there afterwards.",
    "replace_all": "True to replace every place where the passage stands.",
}
LARGEST = 4_000_000
"""Bytes of a file that can be edited."""


class Write(msgspec.Struct):
    """A whole file."""

    file_path: str
    content: str


class Edit(msgspec.Struct):
    """A passage of a file."""

    file_path: str
    old_string: str
    new_string: str
    replace_all: bool | None = None


@dataclass(frozen=True)
class Plan:
    """A change that has not happened yet."""

    target: Path
    shown: str
    before: str | None
    after: str
    places: int = 1

    @property
    def diff(self) -> Diff:
        """What it would change."""
        return compare(self.before, self.after, self.shown)


Planner = Callable[[dict[str, Any]], Plan]


class Writer:
    """Writes files for the agent, one change at a time, and refuses to overwrite what it has not seen."""

    def __init__(self, reach: Reach, seen: Seen) -> None:
        self._reach = reach
        self._seen = seen
        self._lock = threading.Lock()

    def specs(self) -> tuple[ToolSpec, ToolSpec]:
        """The tools `write`, which may be repeated, and `edit`, which finds its passage only once."""
        from anthropic.lib.tools.agent_toolset import beta_edit_tool, beta_write_tool

        context = self._reach.context()
        return (
            self._spec("write", WRITE, beta_write_tool(context), self.plan_write, idempotent=True),
            self._spec("edit", EDIT, beta_edit_tool(context), self.plan_edit, idempotent=False),
        )

    def _spec(self, verb: str, words: str, tool: Any, plan: Planner, *, idempotent: bool) -> ToolSpec:
        async def run(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
            return await asyncio.to_thread(self._apply, plan, arguments)

        return ToolSpec(
            *(verb, words, sdk_schema(tool, ARGUMENTS), "edit", verb, run),
            effects=lambda arguments: self._reach.effects("write", arguments.get("file_path")),
            preview=lambda arguments: self.preview(plan, arguments),
            subject=name_file,
            idempotent=idempotent,
        )

    def preview(self, planner: Planner, arguments: dict[str, Any]) -> Preview:
        """The diff that the call would make, or as text why it cannot be made. Writes nothing, never raises."""
        try:
            plan = planner(arguments)
        except ToolFault as fault:
            return Preview("text", str(fault), path=str(arguments.get("file_path", "")))
        except (OSError, ValueError) as fault:
            return Preview("text", f"it cannot be looked at beforehand: {fault}")
        diff, before = plan.diff, plan.before or ""
        return Preview("diff", diff.text, plan.shown, diff.added, diff.removed, before=before, after=plan.after)

    def plan_write(self, arguments: dict[str, Any]) -> Plan:
        """What `write` would do. Raises ToolFault when it cannot."""
        wanted = parse_arguments(Write, arguments, "write")
        target = self._reach.resolve(wanted.file_path, "write")
        before = self._current(target, "write")
        _encodable(wanted.content, "write", "content")
        return Plan(target, self._reach.show(target), before, wanted.content)

    def plan_edit(self, arguments: dict[str, Any]) -> Plan:
        """What `edit` would do: `old_string` must stand there once, or `replace_all` be set. Raises ToolFault."""
        wanted = parse_arguments(Edit, arguments, "edit")
        target = self._reach.resolve(wanted.file_path, "edit")
        shown = self._reach.show(target)
        before = self._current(target, "edit")
        if before is None:
            raise ToolFault(f"edit: {shown} does not exist; create it with write")
        _encodable(wanted.new_string, "edit", "new_string")
        old, new = _as_in_file(before, wanted)
        if old == new:
            raise ToolFault("edit: old_string and new_string are the same")
        count = before.count(old)
        if count == 0:
            raise ToolFault(f"edit: old_string not found in {shown}.{_nearest(before, old)}")
        if count > 1 and not wanted.replace_all:
            often = f"old_string stands {count} times in {shown}"
            raise ToolFault(f"edit: {often}. Give more lines round it, or set replace_all.")
        return Plan(target, shown, before, before.replace(old, new), count)

    def _current(self, target: Path, tool: str) -> str | None:
        """The text of `target` now, None when there is no file. Raises ToolFault when it must not be replaced."""
        shown = self._reach.show(target)
        if target.is_dir():
            raise ToolFault(f"{tool}: {shown} is a folder")
        if target.exists() and not target.is_file():
            raise ToolFault(f"{tool}: {shown} is not a regular file")
        if target.exists() and target.stat().st_size > LARGEST:
            raise ToolFault(f"{tool}: {shown} is larger than {LARGEST:,} bytes; change it with the shell")
        content = target.read_bytes() if target.exists() else None
        if self._seen.is_stale(target, content):
            changed = "is gone" if content is None else "changed on disk"
            raise ToolFault(f"{tool}: {shown} {changed} since you last read it. Read it again, then repeat the change.")
        try:
            return None if content is None else content.decode("utf-8")
        except UnicodeDecodeError as fault:
            raise ToolFault(f"{tool}: {shown} is not valid UTF-8 text and would be damaged") from fault

    def _apply(self, planner: Planner, arguments: dict[str, Any]) -> ToolOutput:
        with self._lock:
            try:
                plan = planner(arguments)
                diff = plan.diff
                if plan.before != plan.after:
                    write_whole(plan.target, plan.after)
            except OSError as fault:
                raise ToolFault(f"It could not be written: {fault.strerror or fault}") from fault
            self._seen.note(plan.target, plan.after.encode("utf-8"))
        if plan.before == plan.after:
            return ToolOutput(f"{plan.shown} already holds this; nothing was changed", headline="no change")
        action: Literal["created", "modified"] = "created" if plan.before is None else "modified"
        change = FileChange(plan.shown, action, diff.added, diff.removed, diff.text, plan.before)
        times = f", {plan.places} places" if plan.places > 1 else ""
        text = f"{'created' if plan.before is None else 'changed'} {plan.shown}: {diff.headline}{times}"
        return ToolOutput(text, headline=diff.headline, changes=(change,), notes=(Note("file", plan.shown),))


def _encodable(text: str, tool: str, argument: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as fault:
        raise ToolFault(f"{tool}: {argument} holds a lone surrogate and cannot be written as UTF-8") from fault


def _as_in_file(before: str, wanted: Edit) -> tuple[str, str]:
    """Both strings with the line ends of the file, where only those differ."""
    old, new = wanted.old_string, wanted.new_string
    if not old:
        raise ToolFault("edit: old_string is empty; use write to replace a whole file")
    if old not in before and "\r\n" in before and "\r" not in old:
        return old.replace("\n", "\r\n"), new.replace("\r\n", "\n").replace("\n", "\r\n")
    return old, new


def _nearest(before: str, old: str) -> str:
    """Where a passage stands that differs only in its white space."""
    wanted = old.split()
    lines = before.split("\n")
    length = len(old.strip("\n").split("\n"))
    for number in range(len(lines) if wanted else 0):
        if "\n".join(lines[number : number + length]).split() == wanted:
            return f" Line {number + 1} differs only in its white space; read it again."
    return " Read the file again and copy the passage exactly."
