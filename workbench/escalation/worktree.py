"""Whose uncommitted changes a file holds: the agent's own, or somebody else's."""

import hashlib
import subprocess
from collections.abc import Iterable
from pathlib import Path

from workbench.core.tools import FileChange

QUERY_SECONDS = 3.0
NO_HOOKS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


def git(folder: Path, *arguments: str) -> str | None:
    """What git prints to a question; None where there is no repository, no git or no answer in time."""
    command = ["git", "--no-optional-locks", *NO_HOOKS, *arguments]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=QUERY_SECONDS, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


class Worktree:
    """The files of a workspace, and which versions of them the agent wrote in this session."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self._written: dict[str, str] = {}

    def note(self, changes: Iterable[FileChange]) -> None:
        """Remember what the agent changed, just after it did. A file that was foreign before stays foreign."""
        for change in changes:
            if self._was_own(change):
                self._written[change.path] = self._digest(change.path)
            else:
                self._written.pop(change.path, None)

    def is_foreign(self, path: str) -> bool:
        """True when `path`, as an effect names it, holds uncommitted changes that the agent did not make.

        Without a repository nothing is known to be uncommitted: False. Runs git; may take some milliseconds.
        """
        if path in self._written:
            return self._written[path] != self._digest(path)
        whole = self.workspace / path
        return bool(git(whole.parent, "status", "--porcelain", "--untracked-files=all", "--", whole.name))

    def _was_own(self, change: FileChange) -> bool:
        if change.before is None:
            return True
        before = hashlib.sha256(change.before.encode("utf-8", "surrogateescape")).hexdigest()
        if self._written.get(change.path) == before:
            return True
        whole = self.workspace / change.path
        committed = git(whole.parent, "show", f"HEAD:./{whole.name}")
        return committed is None or committed == change.before

    def _digest(self, path: str) -> str:
        try:
            return hashlib.sha256((self.workspace / path).read_bytes()).hexdigest()
        except OSError:
            return ""
