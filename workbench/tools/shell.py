"""shell: one command line, with its output, its exit code, and nobody left behind."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from workbench.core.decisions import Preview
from workbench.core.effects import ShellLine
from workbench.core.errors import ToolFault
from workbench.core.tools import ToolContext, ToolOutput, ToolSpec
from workbench.tools.arguments import object_schema, parse_arguments
from workbench.tools.output import Output, headline
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


class Shell(msgspec.Struct):
    """What to run, and for how many seconds at most."""

    command: str
    timeout: float = 120.0


class ShellTool:
    """Runs command lines in the workspace. `limit`: bytes of output kept; `grace`: see `Group`."""

    def __init__(
        self, workspace: Path, analyse: Callable[[str], ShellLine], limit: int = 100_000, grace: float = 2.0
    ) -> None:
        self._workspace = workspace
        self._analyse = analyse
        self._limit = limit
        self._grace = grace

    def spec(self) -> ToolSpec:
        """The tool `shell`."""
        return ToolSpec(
            *("shell", DESCRIPTION, object_schema(ARGUMENTS, "command"), "run", "run", self.run),
            effects=lambda arguments: (),  # arguments that hold no line do nothing
            preview=lambda arguments: Preview("command", str(arguments.get("command", ""))),
            subject=lambda arguments: str(arguments.get("command", "")).strip(),
            line=self._line,
        )

    def _line(self, arguments: dict[str, Any]) -> ShellLine | None:
        command = arguments.get("command")
        return self._analyse(command) if isinstance(command, str) else None

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        """Run to its end, its timeout or a cancel; each of them ends all its processes. Raises ToolFault."""
        wanted = parse_arguments(Shell, arguments, "shell")
        if not 0 < wanted.timeout <= LONGEST:
            raise ToolFault(f"shell: timeout must be between 0 and {LONGEST:.0f} seconds")
        output = Output(self._limit, context.live)
        try:
            group = await Group.start(wanted.command, self._workspace, self._grace)
        except (OSError, ValueError) as fault:
            raise ToolFault(f"shell: it could not be started: {fault}") from fault
        group.output.follow(output.feed)
        in_time = True
        try:
            async with asyncio.timeout(wanted.timeout):
                await group.process.wait()
        except TimeoutError:
            in_time = False
        finally:
            await _end(group)
        return _report(output.text, group.process.returncode if in_time else None, wanted.timeout)


async def _end(group: Group) -> None:
    """End the group and take what is left in the pipe; one who hid from the end is not waited for."""
    try:
        await group.end()
        await group.output.drained(DRAIN_SECONDS)
    finally:
        group.output.close()


def _report(text: str, code: int | None, timeout: float) -> ToolOutput:
    body = text.rstrip("\n")
    if code is None:
        last = f"timed out after {timeout:g} s; all its processes were stopped"
        return ToolOutput(f"{body}\n{last}".lstrip("\n"), error=True, headline=f"timed out after {timeout:g} s")
    code = 128 - code if code < 0 else code
    return ToolOutput(
        f"{body}\nexit code: {code}".lstrip("\n"),
        error=code != 0,
        headline=headline(body, code),
        exit_code=code,
    )
