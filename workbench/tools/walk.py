"""Files and folders below a folder, without those that hold generated or other people's files.

Links are not followed. It imports nothing but the standard library: the search in its own process uses it.
"""

import os
from collections.abc import Iterator

SKIPPED = frozenset(
    {".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".mypy_cache", ".ruff_cache"}
    | {".pytest_cache", ".hypothesis", ".tox", ".nox", ".cache", "site-packages"}
)


class Walk:
    """One walk below `top`, in the order of names, and what it left out."""

    def __init__(self, top: str, *, hidden: bool = True) -> None:
        self._top, self._hidden = top, hidden
        self.skipped: set[str] = set()
        """Names of folders that were not entered."""
        self.left_out: dict[str, int] = {}
        """How many of each kind were left out: `link`, `special file`, `unreadable folder`."""

    def entries(self) -> Iterator["os.DirEntry[str]"]:
        """Regular files and folders, a folder before what lies in it. Raises nothing: what it cannot read it counts."""
        waiting = [self._top]
        while waiting:
            folders = []
            for entry in self._scan(waiting.pop()):
                if entry.name.startswith(".") and not self._hidden:
                    continue
                if entry.is_file(follow_symlinks=False):
                    yield entry
                elif not entry.is_dir(follow_symlinks=False):
                    self.count("link" if entry.is_symlink() else "special file")
                elif entry.name in SKIPPED:
                    self.skipped.add(entry.name)
                else:
                    folders.append(entry.path)
                    yield entry
            waiting += reversed(folders)

    def count(self, kind: str) -> None:
        """One more of `kind` was left out."""
        self.left_out[kind] = self.left_out.get(kind, 0) + 1

    def _scan(self, folder: str) -> list["os.DirEntry[str]"]:
        try:
            with os.scandir(folder) as found:
                return sorted(found, key=lambda entry: entry.name)
        except OSError:
            self.count("unreadable folder")
            return []
