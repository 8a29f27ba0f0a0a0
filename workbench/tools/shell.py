"""shell: one command line, with its output, its exit code, and nobody left behind."""

import asyncio
from pathlib import Path
from typing import Any

from workbench.core.decisions import Preview
from workbench.core.errors import ToolFault
from workbench.core.tools import ToolContext, ToolOutput
from workbench.tools.arguments import Shell, checked
from workbench.tools.output import Output, headline
from workbench.tools.process import DRAIN_SECONDS, Group

LONGEST = 3600.0


class ShellTool:
    """Runs command lines in the workspace. `limit`: bytes of output kept; `grace`: see `Group`."""

    def __init__(self, workspace: Path, limit: int, grace: float = 2.0) -> None:
        self._workspace = workspace
        self._limit = limit
        self._grace = grace

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        """Run to its end, its timeout or a cancel; each of them ends all its processes. Raises ToolFault."""
        wanted = checked(Shell, arguments, "shell")
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
            await _ended(group)
        return _told(output.text, group.process.returncode if in_time else None, wanted.timeout)

    def preview(self, arguments: dict[str, Any]) -> Preview:
        """The command line as it would run."""
        return Preview("command", str(arguments.get("command", "")))


async def _ended(group: Group) -> None:
    """End the group and take what is left in the pipe; one who hid from the end is not waited for."""
    try:
        await group.end()
        await group.output.drained(DRAIN_SECONDS)
    finally:
        group.output.close()


def _told(text: str, code: int | None, timeout: float) -> ToolOutput:
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
