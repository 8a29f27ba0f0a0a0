"""glob and grep: which files there are, and where in them something stands.

grep goes through the SDK's tool where ripgrep is installed. Without it the SDK would search on the event loop, with a
deadline that works in the main thread alone; `walk` does the same work in a process that can be ended.
"""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from workbench.core.errors import ToolFault
from workbench.core.tools import ToolContext, ToolOutput, ToolRun, ToolSpec
from workbench.tools import walk
from workbench.tools.arguments import parse_arguments, sdk_schema
from workbench.tools.disk import Reach

GLOB = (
    "List files and folders by name, newest first, at most 200: `*.py` here, `**/*.py` at any depth,"
    " `src/**/test_*.py`, `*.{ts,tsx}`. Hidden names only when the pattern has them; caches,"
    " node_modules, virtual environments and .git never."
)
GREP = (
    "Search the lines of files with a regular expression; answers `path:line number:line`. Binary files, very"
    " long lines and files that may hold secrets are left out. Narrow it with path, a folder or one file."
)
ARGUMENTS = {"pattern": "What to look for.", "path": "Where to look; the whole workspace when left out."}
MOST_NAMES = 200
MOST_HITS = 500
SECONDS = 30.0


class Wanted(msgspec.Struct):
    """What to look for, and where."""

    pattern: str
    path: str | None = None


class Searcher:
    """Finds files and lines. Lines of a file that keeps secrets are not shown unless the file was named."""

    def __init__(self, reach: Reach, limit: int) -> None:
        self._reach = reach
        self._limit = limit
        self._rg = _find_ripgrep(reach)

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
        return await asyncio.to_thread(self._list, wanted.pattern, top)

    async def grep(self, arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
        """The lines that match, as `path:number:line`. Raises ToolFault."""
        wanted = parse_arguments(Wanted, arguments, "grep")
        top = self._top(wanted.path, "grep")
        try:
            async with asyncio.timeout(SECONDS):
                hits = await (self._sdk(wanted.pattern, top) if self._rg else self._walk(wanted.pattern, top))
        except TimeoutError as fault:
            raise ToolFault(f"grep: not done after {SECONDS:.0f} s; use a simpler pattern or a smaller path") from fault
        return self._hits(hits.splitlines(), top)

    def _top(self, path: str | None, tool: str) -> Path:
        top = self._reach.resolve(path or ".", tool)
        if not top.exists():
            raise ToolFault(f"{tool}: {self._reach.show(top)} does not exist")
        return top

    def _list(self, pattern: str, top: Path) -> ToolOutput:
        wanted = _compile(pattern)
        dated: list[tuple[float, str]] = []
        for path in _below(top, hidden=pattern.startswith(".") or "/." in pattern):
            if wanted.match(path.relative_to(top).as_posix()):
                with suppress(OSError):
                    dated.append((path.lstat().st_mtime, self._reach.show(path) + ("/" if path.is_dir() else "")))
        dated.sort(key=lambda pair: (-pair[0], pair[1]))
        names = [name for _, name in dated[:MOST_NAMES]]
        if len(dated) > MOST_NAMES:
            names.append(f"[{len(dated) - MOST_NAMES} more; use a narrower pattern]")
        return ToolOutput("\n".join(names) or "no matches", headline=_count(len(dated), "file"))

    async def _sdk(self, pattern: str, top: Path) -> str:
        from anthropic.lib.tools import ToolError
        from anthropic.lib.tools.agent_toolset import beta_grep_tool

        try:
            answer = await beta_grep_tool(self._reach.context()).call({"pattern": pattern, "path": str(top)})
        except ToolError as fault:
            raise ToolFault(str(fault)) from fault
        except ValueError as fault:
            raise ToolFault(f"grep: {fault.__cause__ or fault}") from fault
        return "" if answer == "no matches" else str(answer)

    async def _walk(self, pattern: str, top: Path) -> str:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(walk.__file__), pattern, str(top)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            assert child.stdout and child.stderr
            found = await child.stdout.read(2 * self._limit)
            if len(found) >= 2 * self._limit:
                return found.decode("utf-8", "replace")
            said = await child.stderr.read()
            code = await child.wait()
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await asyncio.shield(child.wait())
        if code == 2:
            raise ToolFault(f"grep: {said.decode('utf-8', 'replace')}")
        return found.decode("utf-8", "replace")

    def _hits(self, lines: list[str], top: Path) -> ToolOutput:
        shown: list[str] = []
        hidden: set[str] = set()
        size = 0
        for line in lines:
            path, colon, rest = line.partition(":")
            name = self._reach.show(Path(path)) if colon and path.startswith("/") else path
            if colon and Path(path) != top and self._reach.is_secret(name):
                hidden.add(name)
                continue
            shown.append(f"{name}{colon}{rest}")
            size += len(shown[-1]) + 1
            if size > self._limit or len(shown) >= MOST_HITS:
                break
        hits = len(shown)
        if hits < len(lines) - len(hidden) and hits >= MOST_HITS:
            shown.append(f"[only the first {hits} of at least {len(lines)}; use a narrower pattern or path]")
        if hidden:
            shown.append(f"[left out, since secrets may be kept there: {', '.join(sorted(hidden)[:10])}]")
        return ToolOutput("\n".join(shown) or "no matches", headline=_count(hits, "hit"))


def _name_search(arguments: dict[str, Any]) -> str:
    pattern, path = arguments.get("pattern", ""), arguments.get("path")
    return f"{pattern} in {path}" if path else str(pattern)


def _find_ripgrep(reach: Reach) -> str:
    """Where ripgrep is; one that lies in the workspace is not used, nor by the SDK."""
    found = shutil.which("rg", path=os.pathsep.join(at for at in os.get_exec_path() if at.startswith("/")))
    return found if found and not Path(os.path.realpath(found)).is_relative_to(reach.root) else ""


def _below(top: Path, hidden: bool) -> Iterator[Path]:
    """Files and folders below `top`, without what is generated or belongs to others. Links are not followed."""
    for at, folders, files in os.walk(top):
        folders[:] = [f for f in folders if f not in walk.SKIPPED and (hidden or not f.startswith("."))]
        for name in (*folders, *files):
            if hidden or not name.startswith("."):
                yield Path(at, name)


def _compile(pattern: str) -> re.Pattern[str]:
    """What a relative path must match; `**` stands for any number of folders, also none."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\]|\{[^{}]*\})", pattern.removeprefix("./"))
    return re.compile("".join(map(_translate, pieces)) + r"\Z", re.DOTALL)


def _translate(piece: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if piece in known:
        return known[piece]
    if piece.startswith("{") and piece.endswith("}"):
        return f"(?:{'|'.join(re.escape(option) for option in piece[1:-1].split(','))})"
    if piece.startswith("[") and piece.endswith("]"):
        return "[" + piece[1:-1].replace("\\", "\\\\").replace("!", "^", piece[1] == "!") + "]"
    return re.escape(piece)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
