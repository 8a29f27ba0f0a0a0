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
from workbench.core.names import write_name
from workbench.core.notes import Note
from workbench.core.tools import FileChange, ToolContext, ToolOutput, ToolSpec, Versions
from workbench.tools.arguments import parse_arguments, sdk_schema
from workbench.tools.diffs import Diff, compare
from workbench.tools.disk import Reach, digest, name_file
from workbench.tools.encoding import UTF8, Encoding, decode_text
from workbench.tools.passages import find_line_end, fit_line_ends, replace_passage
from workbench.tools.replacing import replace_content

WRITE = (
    "Create a file, or replace all of an existing one; folders are made as needed. For a change to a part of a"
    " file use edit, which is shorter and safer. Text only; an existing file keeps its encoding, byte order mark and"
    " line ends, a new one is UTF-8. Read an existing file before you replace all of it."
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
    encoding: Encoding
    version: str
    """Digest of the content that it was made from."""
    places: int = 1
    warning: str = ""

    @property
    def diff(self) -> Diff:
        """What it would change."""
        return compare(self.before, self.after, self.shown)


Planner = Callable[[dict[str, Any], Versions], Plan]


class Writer:
    """Writes files for the agent, one change at a time, and refuses to overwrite what it has not seen."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
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
            return await asyncio.to_thread(self._apply, plan, arguments, context)

        return ToolSpec(
            *(verb, words, sdk_schema(tool, ARGUMENTS), "edit", verb, run),
            effects=lambda arguments: self._reach.effects("write", arguments.get("file_path")),
            preview=lambda arguments, versions: self.preview(plan, arguments, versions),
            subject=name_file,
            idempotent=idempotent,
        )

    def preview(self, planner: Planner, arguments: dict[str, Any], versions: Versions) -> Preview:
        """The diff that the call would make, or as text why it cannot be made. Writes nothing, never raises."""
        try:
            plan = planner(arguments, versions)
        except ToolFault as fault:
            return Preview("text", str(fault), path=str(arguments.get("file_path", "")), fault=fault.message)
        except (OSError, ValueError) as fault:
            return Preview("text", f"it cannot be looked at beforehand: {fault}")
        diff, texts = plan.diff, (plan.before or "", plan.after)
        return Preview(
            *("diff", diff.text, plan.shown, diff.added, diff.removed, "", *texts, plan.version, plan.warning)
        )

    def plan_write(self, arguments: dict[str, Any], versions: Versions) -> Plan:
        """What `write` would do, with the encoding and the line ends of the file. Raises ToolFault when it cannot."""
        wanted = parse_arguments(Write, arguments, "write")
        target = self._reach.resolve(wanted.file_path, "write")
        shown = self._reach.show(target)
        before, encoding, version = self._current(target, "write", versions)
        after, warning = wanted.content, ""
        if before is not None:
            after = fit_line_ends(after, find_line_end(before))
            after = after.removeprefix("\ufeff") if encoding.mark else after
            unread = before != after and shown not in versions
            warning = f"the agent has not read this file{_tell_loss(compare(before, after, shown))}" if unread else ""
        _encode(after, encoding, shown, "write", "content")
        return Plan(target, shown, before, after, encoding, version, warning=warning)

    def plan_edit(self, arguments: dict[str, Any], versions: Versions) -> Plan:
        """What `edit` would do: `old_string` must stand there once, or `replace_all` be set. Raises ToolFault."""
        wanted = parse_arguments(Edit, arguments, "edit")
        target = self._reach.resolve(wanted.file_path, "edit")
        shown = self._reach.show(target)
        before, encoding, version = self._current(target, "edit", versions)
        if before is None:
            raise ToolFault(f"edit: {write_name(shown)} does not exist; create it with write")
        old, new = wanted.old_string, wanted.new_string
        if encoding.mark:
            old, new = old.removeprefix("\ufeff"), new.removeprefix("\ufeff")
        replaced = replace_passage(before, old, new, bool(wanted.replace_all), shown)
        _encode(replaced.text, encoding, shown, "edit", "new_string")
        return Plan(target, shown, before, replaced.text, encoding, version, replaced.places)

    def _current(self, target: Path, tool: str, versions: Versions) -> tuple[str | None, Encoding, str]:
        """The text of `target` (None: no file), its encoding and version. Raises ToolFault where it must stay."""
        shown = self._reach.show(target)
        if target.is_dir():
            raise ToolFault(f"{tool}: {write_name(shown)} is a folder")
        if target.exists() and not target.is_file():
            raise ToolFault(f"{tool}: {write_name(shown)} is not a regular file")
        if target.exists() and target.stat().st_size > LARGEST:
            raise ToolFault(f"{tool}: {write_name(shown)} is larger than {LARGEST:,} bytes; change it with the shell")
        content = target.read_bytes() if target.exists() else None
        if versions.get(shown, digest(content)) != digest(content):
            changed = "is gone" if content is None else "changed on disk"
            raise ToolFault(
                f"{tool}: {write_name(shown)} {changed} since you last read it. Read it again, then repeat the change."
            )
        if content is None:
            return None, UTF8, digest(None)
        if (decoded := decode_text(content)) is None:
            raise ToolFault(f"{tool}: {write_name(shown)} is not text and would be damaged; change it with the shell")
        return *decoded, digest(content)

    def _apply(self, planner: Planner, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        with self._lock:
            try:
                plan = planner(arguments, context.versions)
                content = plan.encoding.encode(plan.after)
                if context.shown is not None and context.shown.version != plan.version:
                    raise ToolFault(
                        f"{write_name(plan.shown)} changed while the approval was open, so nothing was written."
                        " Read it again, then repeat the change."
                    )
                if plan.before != plan.after:
                    replace_content(plan.target, content)
            except FileExistsError as fault:
                raise ToolFault(
                    f"{write_name(plan.shown)} appeared meanwhile, so nothing was written. Read it first."
                ) from fault
            except OSError as fault:
                raise ToolFault(f"It could not be written: {fault.strerror or fault}") from fault
        return _report(plan, {plan.shown: digest(content)})


def _report(plan: Plan, versions: dict[str, str]) -> ToolOutput:
    if plan.before == plan.after:
        text = f"{write_name(plan.shown)} already holds this; nothing was changed"
        return ToolOutput(text, headline="no change", versions=versions)
    diff, created = plan.diff, plan.before is None
    action: Literal["created", "modified"] = "created" if created else "modified"
    change = FileChange(plan.shown, action, diff.added, diff.removed, diff.text, plan.before)
    times = f", {plan.places} places" if plan.places > 1 else ""
    unread = "; you had not read it before" if plan.warning else ""
    return ToolOutput(
        f"{'created' if created else 'changed'} {write_name(plan.shown)}: {diff.headline}{times}{unread}",
        headline=diff.headline,
        changes=(change,),
        notes=(Note("file", plan.shown),),
        versions=versions,
    )


def _encode(text: str, encoding: Encoding, shown: str, tool: str, argument: str) -> None:
    """Raises ToolFault where `text` cannot stand in a file of this encoding."""
    try:
        encoding.encode(text)
    except UnicodeEncodeError as fault:
        what = text[fault.start]
        if "\ud800" <= what <= "\udfff":
            raise ToolFault(f"{tool}: {argument} holds a lone surrogate and cannot be written") from fault
        raise ToolFault(
            f"{tool}: {write_name(shown)} is {encoding.title}, which has no “{what}”."
            " Do without it, or convert the file with the shell first."
        ) from fault


def _tell_loss(diff: Diff) -> str:
    """What of the file is lost by a change, to go on with after what is wrong with that; empty where nothing is."""
    if not diff.removed:
        return ""
    lines = "1 line of it is" if diff.removed == 1 else f"{diff.removed:,} lines of it are"
    return f"; {lines} {'replaced' if diff.added else 'removed'}"
