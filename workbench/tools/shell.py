"""shell: one command line, with the first and last parts of its output, its exit code, and nobody left behind."""

import asyncio
import codecs
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from workbench.core.decisions import Preview
from workbench.core.effects import ShellLine
from workbench.core.errors import ToolFault
from workbench.core.program_output import resolve_output
from workbench.core.tools import FileChange, ToolContext, ToolOutput, ToolSpec
from workbench.tools.arguments import object_schema, parse_arguments
from workbench.tools.process import DRAIN_SECONDS, Group

DESCRIPTION = (
    "Run one command line with bash in the workspace: tests, builds, git, anything without a tool of its own. There is"
    " nothing to type into it. The result ends with its exit code; of long output the first and last parts are kept."
    " When the command returns, and after `timeout` seconds, everything it started is stopped, so it cannot leave a"
    " server running. Prefer read, glob, grep and edit for files: they need no permission or a smaller one."
)
ARGUMENTS = {
    "command": {"type": "string", "description": "The command line."},
    "timeout": {"type": "number", "description": "Seconds after which it is stopped; 120 when left out."},
}
LONGEST = 3600.0
Mark = tuple[int, int, int]
RULING = "=─━-_*# \t"


class ShellArguments(msgspec.Struct):
    """What to run, and for how many seconds at most."""

    command: str
    timeout: float = 120.0


@dataclass(frozen=True)
class ShellTool:
    """Runs command lines in the workspace. `limit`: bytes of output kept; `grace`: see `Group`."""

    workspace: Path
    analyse: Callable[[str], ShellLine]
    limit: int = 100_000
    grace: float = 2.0

    def spec(self) -> ToolSpec:
        """The tool `shell`."""
        return ToolSpec(
            *("shell", DESCRIPTION, object_schema(ARGUMENTS, "command"), "run", "run", self.run),
            effects=lambda arguments: (),  # arguments that hold no line do nothing
            preview=lambda arguments, versions: Preview("command", str(arguments.get("command", ""))),
            subject=lambda arguments: str(arguments.get("command", "")).strip(),
            line=lambda arguments: self.analyse(line) if isinstance(line := arguments.get("command"), str) else None,
        )

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        """Run to its end, its timeout or a cancel; each of them ends all its processes. Raises ToolFault."""
        wanted = parse_arguments(ShellArguments, arguments, "shell")
        if not 0 < wanted.timeout <= LONGEST:
            raise ToolFault(f"shell: timeout must be between 0 and {LONGEST:.0f} seconds")
        output, before = Output(self.limit, context.live), [self._mark(target) for target in context.targets]
        try:
            group = await Group.start(wanted.command, self.workspace, self.grace)
        except (OSError, ValueError) as fault:
            raise ToolFault(f"shell: it could not be started: {fault}") from fault
        group.output.follow(output.feed)
        in_time, left = True, 0
        try:
            async with asyncio.timeout(wanted.timeout):
                await group.process.wait()
        except TimeoutError:
            in_time = False
        finally:
            left = await _end(group)
        report = _report(output.text, group.process.returncode if in_time else None, wanted.timeout, left)
        marks = zip(context.targets, before, map(self._mark, context.targets), strict=True)
        changes = tuple(_name_change(path, old, new) for path, old, new in marks if old != new)
        return msgspec.structs.replace(report, changes=changes)

    def _mark(self, target: str) -> Mark | None:
        """What tells one state of a file or folder from the next; None where there is none."""
        try:
            found = (self.workspace / target).lstat()
        except (OSError, ValueError):
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def _name_change(path: str, old: Mark | None, new: Mark | None) -> FileChange:
    return FileChange(path, "created" if old is None else "deleted" if new is None else "modified")


async def _end(group: Group) -> int:
    """End the group and take what is left in the pipe; how many go on, who are not waited for."""
    try:
        left = await group.end()
        await group.output.drain(DRAIN_SECONDS)
        return left
    finally:
        group.output.close()


def _report(text: str, code: int | None, timeout: float, left: int) -> ToolOutput:
    body = text.rstrip("\n")
    goes_on = f"{left} of its processes could not be stopped and {'goes' if left == 1 else 'go'} on"
    if code is None:
        last = f"timed out after {timeout:g} s; {goes_on if left else 'all its processes were stopped'}"
        return ToolOutput(f"{body}\n{last}".lstrip("\n"), error=True, headline=f"timed out after {timeout:g} s")
    code = 128 - code if code < 0 else code
    text = f"{body}\n{f'[{goes_on}]' if left else ''}".rstrip("\n") + f"\nexit code: {code}"
    text = text.lstrip("\n")
    return ToolOutput(text, error=code != 0, headline=headline(body, code), exit_code=code)


class Output:
    """Keeps at most `limit` bytes, half from the beginning and half from the end, and tells what comes live.

    `live` hears at most `limit` characters, so that a flood is cut here and not in the listener.
    """

    def __init__(self, limit: int, live: Callable[[str], None]) -> None:
        self._half = max(1, limit // 2)
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._total = 0
        self._live = live
        self._live_left = limit
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, chunk: bytes) -> None:
        """Take what the process wrote."""
        self._total += len(chunk)
        text = self._decoder.decode(chunk)
        if text and self._live_left > 0:
            self._live(text[: self._live_left])
            self._live_left -= len(text)
        room = self._half - len(self._head)
        self._head += chunk[:room]
        rest = chunk[room:]
        if rest:
            self._tail.append(rest)
            self._tail_size += len(rest)
        while self._tail and self._tail_size - len(self._tail[0]) >= self._half:
            self._tail_size -= len(self._tail.popleft())

    @property
    def text(self) -> str:
        """What is kept, with a line that says how much was left out."""
        tail = b"".join(self._tail)[-self._half :] if self._tail else b""
        cut = self._total - len(self._head) - len(tail)
        if cut <= 0:
            return resolve_output((bytes(self._head) + tail).decode("utf-8", "replace"))
        first, last = (
            resolve_output(self._head.decode("utf-8", "replace")),
            resolve_output(tail.decode("utf-8", "replace")),
        )
        return f"{first}\n[… {cut:,} bytes left out …]\n{last}"


def headline(text: str, code: int | None) -> str:
    """The last line that says something: `14 passed in 0.3s`; `exit 1` or `no output` where there is none."""
    for line in reversed(text.splitlines()):
        said = line.strip(RULING)
        if any(c.isalnum() for c in said):
            return said if len(said) <= 60 else said[:59] + "…"
    return f"exit {code}" if code else "no output"
