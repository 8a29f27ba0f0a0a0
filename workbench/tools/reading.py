"""read: a file's text, an image or a PDF, over the SDK's read tool."""

import asyncio
import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from workbench.core.errors import ToolFault
from workbench.core.names import write_name
from workbench.core.notes import Note
from workbench.core.tools import ToolContext, ToolOutput, ToolSpec
from workbench.tools.arguments import parse_arguments, sdk_schema
from workbench.tools.disk import Reach, digest, name_file
from workbench.tools.encoding import decode_text
from workbench.tools.media import SUFFIXES, read_media, refuse_foreign

DESCRIPTION = (
    "Read one file of the workspace: text, an image (png, jpg, gif, webp) or a PDF. Up to {limit:,} bytes of text"
    " at once; give view_range for a part of a longer file. Read a file before you edit it, and again when an edit"
    " says that it changed. To find out which files there are use glob; to find where something stands use grep."
)
ARGUMENTS = {
    "file_path": "Path of the file, relative to the workspace.",
    "view_range": "[first line, last line], counted from 1; -1 as the last means to the end.",
}
KEEPS_DIGEST = 8_000_000
"""Bytes up to which a file's version is remembered; larger ones cannot be edited."""


LARGEST_DECODED = 4_000_000
"""Bytes of a file in another encoding than UTF-8 that are looked at; larger ones cannot be edited either."""


class Read(msgspec.Struct):
    """What to read."""

    file_path: str
    view_range: list[int] | None = None


@dataclass(frozen=True)
class Reader:
    """Reads files for the agent and tells which versions it saw. `limit`: bytes of text given at once."""

    reach: Reach
    limit: int

    def spec(self) -> ToolSpec:
        """The tool `read`."""
        from anthropic.lib.tools.agent_toolset import beta_read_tool

        return ToolSpec(
            "read",
            DESCRIPTION.format(limit=self.limit),
            sdk_schema(beta_read_tool(self.reach.context()), ARGUMENTS),
            kind="read",
            verb="read",
            run=self.run,
            effects=lambda arguments: self.reach.effects("read", arguments.get("file_path")),
            subject=name_file,
            idempotent=True,
        )

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        """The file as the model gets it. Raises ToolFault with what to do instead."""
        wanted = parse_arguments(Read, arguments, "read")
        return await asyncio.to_thread(self._read, wanted)

    def _read(self, wanted: Read) -> ToolOutput:
        target = self.reach.resolve(wanted.file_path, "read")
        shown = self.reach.show(target)
        size = self._size(target, shown)
        _check_range(wanted.view_range)
        media, note = read_media(target, shown, size), (Note("file", shown),)
        if media is None and size > self.limit and not wanted.view_range:
            raise ToolFault(
                f"read: {write_name(shown)} is {size:,} bytes and read takes {self.limit:,} at once."
                f" Pass view_range, such as [1, 400], or search it with grep."
            )
        name = write_name(shown)
        versions = {shown: digest(target.read_bytes())} if size <= KEEPS_DIGEST else {}
        if media is not None:
            told = f"{size:,} bytes"
            return ToolOutput(f"{name}, {told}", media=(media,), headline=told, notes=note, versions=versions)
        text = self._ask(target, shown, wanted.view_range).removeprefix("\ufeff")
        nothing = f"[{name} has no lines {wanted.view_range}]" if size else f"[{name} is empty]"
        return ToolOutput(text or nothing, headline=_count_lines(text), notes=note, versions=versions)

    def _size(self, target: Path, shown: str) -> int:
        if not target.exists():
            raise ToolFault(f"read: {write_name(shown)} does not exist.{_similar(target)}")
        if target.is_dir():
            name = write_name(shown)
            raise ToolFault(f'read: {name} is a folder; list it with glob, pattern "*" and path "{name}"')
        if not target.is_file():
            raise ToolFault(f"read: {write_name(shown)} is not a regular file")
        return target.stat().st_size

    def _ask(self, target: Path, shown: str, view_range: list[int] | None) -> str:
        from anthropic.lib.tools import ToolError
        from anthropic.lib.tools.agent_toolset import beta_read_tool

        if target.suffix.lower() in SUFFIXES:  # the SDK's tool goes by the name
            return self._read_misnamed(target, shown, view_range)
        tool = beta_read_tool(self.reach.context(max_file_bytes=self.limit))
        try:
            return str(asyncio.run(tool.call({"file_path": str(target), "view_range": view_range})))
        except (ToolError, UnicodeDecodeError) as fault:
            if isinstance(fault, UnicodeDecodeError) or isinstance(fault.__cause__, UnicodeDecodeError):
                return self._not_utf8(target, shown, view_range)
            raise ToolFault(str(fault).replace(str(target), shown)) from fault
        except ValueError as fault:
            raise ToolFault(f"read: {fault.__cause__ or fault}") from fault

    def _not_utf8(self, target: Path, shown: str, view_range: list[int] | None) -> str:
        with target.open("rb") as file:
            decoded = decode_text(file.read(LARGEST_DECODED))
        if decoded is None:
            raise ToolFault(
                f"read: {write_name(shown)} is binary, {target.stat().st_size:,} bytes; read shows text, PDF and images"
                " (png, jpg, gif, webp). Ask the shell about it: file, or strings."
            )
        remark = f"{write_name(shown)} is not UTF-8; it was read as {decoded[1].title}"
        return self._cut(decoded[0], view_range, remark)

    def _read_misnamed(self, target: Path, shown: str, view_range: list[int] | None) -> str:
        refuse_foreign(target, shown)
        text = target.read_bytes()[: 10 * self.limit].decode("utf-8", "replace")
        remark = f"{write_name(shown)} is no image or PDF but text, whatever its name says"
        return self._cut(text, view_range, remark) if text else ""

    def _cut(self, text: str, view_range: list[int] | None, remark: str) -> str:
        start, end = view_range or (1, -1)
        shown = "\n".join(text.split("\n")[start - 1 : end if end > 0 else None])
        return f"[{remark}]\n{shown}"[: self.limit]


def _check_range(view_range: list[int] | None) -> None:
    if view_range is None:
        return
    if len(view_range) != 2 or view_range[0] < 1 or (view_range[1] != -1 and view_range[1] < view_range[0]):
        raise ToolFault("read: view_range must be [first line, last line], counted from 1; -1 is the last line")


def _count_lines(text: str) -> str:
    count = text.count("\n") + (not text.endswith("\n") and bool(text))
    return f"{count} {'line' if count == 1 else 'lines'}"


def _similar(target: Path) -> str:
    """Names beside `target` that look like it."""
    try:
        names = [path.name for path in target.parent.iterdir()]
    except OSError:
        return " Its folder does not exist either; look with glob."
    near = difflib.get_close_matches(target.name, names, n=3)
    return f" Beside it: {', '.join(near)}." if near else ""
