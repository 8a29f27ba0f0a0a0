"""glob and grep: which files there are, and where in them something stands.

    searching ──request──▶ search_worker, a process of its own     its answer ◀── read while it works, ended when late

The same search everywhere, whether ripgrep is installed or not. It is bounded in files, hits, bytes and seconds, and
the answer says what was left out.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import msgspec

from workbench.core.errors import ToolFault
from workbench.core.names import write_name
from workbench.core.tools import ToolContext, ToolOutput, ToolRun, ToolSpec
from workbench.tools.arguments import parse_arguments, sdk_schema
from workbench.tools.disk import Reach
from workbench.tools.search_worker import LONGEST

GLOB = (
    "List files and folders by name, newest first, at most 200: `*.py` here, `**/*.py` at any depth,"
    " `src/**/test_*.py`, `*.{ts,tsx}`. Hidden names only when the pattern has them; caches,"
    " node_modules, virtual environments and .git never. Links are not followed."
)
GREP = (
    "Search the lines of files with a regular expression of Python; answers `path:line number:line`, at most 500."
    " Binary files, links and files that may hold secrets are left out, so are caches, node_modules, virtual"
    " environments and .git; the answer says which. Narrow it with path, a folder or one file."
)
ARGUMENTS = {"pattern": "What to look for.", "path": "Where to look; the whole workspace when left out."}
MOST_NAMES = 200
MOST_HITS = 500
SECONDS = 30.0
GRACE = 2.0
"""Seconds after its own end in which a search that does not end by itself is killed."""
TOLD = 4
"""Times MOST_HITS: hits whose lines are told by the search, since some lie in files that keep secrets."""
ROOT = Path(__file__).parents[2]
START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from workbench.tools.search_worker import main; main()"


class Wanted(msgspec.Struct):
    """What to look for, and where."""

    pattern: str
    path: str | None = None


class Summary(msgspec.Struct):
    """What a search says of itself at its end; `None` for what only one that was killed cannot say."""

    hits: int = 0
    files: int | None = None
    """Files that were searched, or names that were looked at."""
    of: int | None = None
    more_files: bool = False
    cut_lines: int = 0
    skipped: list[str] = []
    left_out: dict[str, int] = {}
    stopped: bool = False
    at: str = ""
    names: list[str] = []
    fault: str = ""


FileHits = tuple[str, int, list[tuple[int, str]]]
"""A path, how many of its lines match, and the first of them with their numbers."""


class Searcher:
    """Finds files and lines. Lines of a file that keeps secrets are not shown unless the file was named."""

    def __init__(self, reach: Reach, limit: int) -> None:
        self._reach = reach
        self._limit = limit

    def specs(self) -> tuple[ToolSpec, ToolSpec]:
        """The tools `glob` and `grep`."""
        from anthropic.lib.tools.agent_toolset import beta_glob_tool, beta_grep_tool

        context = self._reach.context()
        return (
            self._spec("glob", "list", GLOB, beta_glob_tool(context), self.glob),
            self._spec("grep", "search", GREP, beta_grep_tool(context), self.grep),
        )

    def _spec(self, name: str, verb: str, words: str, tool: Any, run: ToolRun) -> ToolSpec:
        return ToolSpec(
            *(name, words, sdk_schema(tool, ARGUMENTS), "read", verb, run),
            effects=lambda arguments: self._reach.effects("read", arguments.get("path") or "."),
            subject=_name_search,
            idempotent=True,
        )

    async def glob(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        """The files that match, newest first. Raises ToolFault."""
        wanted = parse_arguments(Wanted, arguments, "glob")
        if Path(wanted.pattern).is_absolute() or ".." in Path(wanted.pattern).parts:
            raise ToolFault("glob: pattern must be relative and without ..; name another folder in path")
        top = self._top(wanted.path, "glob")
        if not top.is_dir():
            raise ToolFault(f"glob: {self._reach.show(top)} is a file; name a folder in path")
        _, summary = await run_search("names", wanted.pattern, top, MOST_NAMES)
        names = [write_name(self._reach.show(Path(path)) + "/" * path.endswith("/")) for path in summary.names]
        if (more := summary.hits - len(names)) > 0:
            names.append(f"[{more:,} more; use a narrower pattern]")
        names = (names or ["no matches"]) + _say_left_out(summary)
        return ToolOutput("\n".join(names), headline=_count(summary.hits, "file"))

    async def grep(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        """The lines that match, as `path:number:line`, and what was left out. Raises ToolFault."""
        wanted = parse_arguments(Wanted, arguments, "grep")
        top = self._top(wanted.path, "grep")
        found, summary = await run_search("lines", wanted.pattern, top, TOLD * MOST_HITS)
        return self._report(found, summary, top)

    def _top(self, path: str | None, tool: str) -> Path:
        top = self._reach.resolve(path or ".", tool)
        if not top.exists():
            raise ToolFault(f"{tool}: {self._reach.show(top)} does not exist")
        if not top.is_dir() and not top.is_file():
            raise ToolFault(f"{tool}: {self._reach.show(top)} is neither a folder nor a regular file")
        return top

    def _report(self, found: list[FileHits], summary: Summary, top: Path) -> ToolOutput:
        shown: list[str] = []
        hidden: dict[str, int] = {}
        size = 0
        for path, count, lines in found:
            name = self._reach.show(Path(path))
            if Path(path) != top and self._reach.is_secret(name):
                hidden[name] = count
                continue
            for number, line in lines:
                text = f"{write_name(name)}:{number}:{line}"
                size += len(text.encode("utf-8", "replace")) + 1
                if size <= self._limit and len(shown) < MOST_HITS:
                    shown.append(text)
        hits = summary.hits - sum(hidden.values())
        notes = _say_left_out(summary, self._reach.show(Path(summary.at)) if summary.at else "")
        if hits > len(shown):
            least = "at least " * summary.stopped
            notes.insert(0, f"[only the first {len(shown):,} of {least}{hits:,} hits; use a narrower pattern or path]")
        if hidden:
            names = ", ".join(write_name(name) for name in sorted(hidden)[:10]) + ", …" * (len(hidden) > 10)
            notes.append(f"[left out, since secrets may be kept there: {names}]")
        return ToolOutput("\n".join((shown or ["no matches"] * (not hits)) + notes), headline=_count(hits, "hit"))


async def run_search(
    kind: Literal["lines", "names"], pattern: str, top: Path, most: int
) -> tuple[list[FileHits], Summary]:
    """What the search in its own process found, read while it works. Raises ToolFault for a bad pattern.

    One that does not end in time is killed; what it had told until then is kept.
    """
    request = {"kind": kind, "pattern": pattern, "top": str(top), "most": most, "each": MOST_HITS, "seconds": SECONDS}
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", START),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told = bytearray()
    try:
        async with asyncio.timeout(SECONDS + GRACE):
            await _talk(child, json.dumps(request).encode(), told)
    except TimeoutError:
        pass  # the summary is missing then
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await asyncio.shield(child.wait())
    return _parse(bytes(told), kind)


async def _talk(child: asyncio.subprocess.Process, request: bytes, told: bytearray) -> None:
    assert child.stdin and child.stdout
    with suppress(BrokenPipeError, ConnectionResetError):
        child.stdin.write(request)
        await child.stdin.drain()
    child.stdin.close()
    while chunk := await child.stdout.read(1 << 16):
        told += chunk
    await child.wait()


def _parse(told: bytes, kind: str) -> tuple[list[FileHits], Summary]:
    found: list[FileHits] = []
    for line in told.splitlines():
        with suppress(ValueError):  # a line cut by the kill
            record = json.loads(line)
            if isinstance(record, list):
                found.append((record[0], record[1], [(number, text) for number, text in record[2]]))
            else:
                summary = msgspec.convert(record, Summary)
                if summary.fault:
                    tool, what = ("grep", "regular expression") if kind == "lines" else ("glob", "pattern")
                    raise ToolFault(f"{tool}: not a {what}: {summary.fault}")
                return found, summary
    return found, Summary(hits=sum(count for _, count, _ in found), stopped=True)


def _say_left_out(summary: Summary, at: str = "") -> list[str]:
    """Notes on what the search did not look at, one a line."""
    notes = []
    if summary.stopped:
        how_far = ""
        if summary.of is not None:
            about = "more than " * (summary.of == 0 or not at)
            how_far = f", {summary.files or 0:,} of {about}{summary.of:,} files were searched"
        elif summary.files is not None:
            how_far = f", {summary.files:,} names were looked at"
        where = f"; it was in {write_name(at)}" if at else ""
        notes.append(f"[stopped after {SECONDS:g} s{how_far}{where}; use a simpler pattern or a smaller path]")
    if summary.more_files:
        notes.append(f"[only the first {summary.of or summary.files or 0:,} files were looked at; use a smaller path]")
    if summary.cut_lines:
        notes.append(f"[lines over {LONGEST} characters are shown cut]")
    left = [_count(number, kind) for kind, number in sorted(summary.left_out.items())]
    if skipped := (*summary.skipped, *left):
        notes.append(f"[not searched: {', '.join(map(write_name, skipped))}]")
    return notes


def _name_search(arguments: Mapping[str, Any]) -> str:
    pattern, path = arguments.get("pattern", ""), arguments.get("path")
    return f"{pattern} in {path}" if path else str(pattern)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
