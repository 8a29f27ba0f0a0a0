"""What would be lost: counted in the file system or asked of git before it is, and whose changes a file holds."""

import hashlib
import os
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from workbench.core import figures
from workbench.core.decisions import Proposal
from workbench.core.effects import ShellSegment
from workbench.core.tools import FileChange
from workbench.escalation.command_effects import plain
from workbench.escalation.places import SearchBudget
from workbench.workspace import read_file

QUERY_SECONDS = 3.0
MOST_BYTES = 50_000_000
"""Of a file that is compared with what was written to it; a larger one counts as changed."""
NO_HOOKS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


def predict_loss(segment: ShellSegment, workspace: Path) -> str:
    """What running `segment` would cost, in words; empty where nothing can be told beforehand."""
    base = workspace / segment.folder
    if segment.words[:1] == ("git",):
        return _git(segment, base)
    if segment.kind == "delete" or (segment.kind == "write" and segment.reversible is False):
        budget = SearchBudget()
        return "; ".join(_weigh(figures.name(target), workspace / target, budget) for target in segment.targets[:3])
    return ""


def predict_change(proposal: Proposal) -> str:
    """What carrying out `proposal`, which runs no command, would mean for what is there now, in words."""
    preview = proposal.preview
    if preview is None or preview.kind != "diff":
        return proposal.compensation
    kept = "the session keeps the version before" if preview.removed else ""
    return "; ".join(filter(None, (preview.warning, kept, proposal.compensation)))


def _size(count: int) -> str:
    """`1 byte`, `940 bytes`, `340 kB`, `1.2 MB`."""
    if count < 1000:
        return _number(count, "byte")
    if count < 999_500:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB" if count < 999_950_000 else f"{count / 1_000_000_000:.1f} GB"


def _weigh(name: str, path: Path, budget: SearchBudget) -> str:
    try:
        if path.is_symlink():
            return f"{name} is a link; what it points to stays"
        if path.is_file():
            return f"{name} holds {_size(path.stat().st_size)}"
    except OSError as error:  # a name that is too long, a folder that nobody may look into
        return f"{name} cannot be looked at: {error.strerror}"
    if not path.is_dir():
        return f"{name} does not exist"
    files = total = 0
    for at, _, found in os.walk(path):
        if not budget.spend(len(found)):
            return f"{name} holds more than {files:,} files"
        files += len(found)
        for file in found:
            with suppress(OSError):
                total += Path(at, file).lstat().st_size
    return f"{name} holds {_number(files, 'file')}, {_size(total)}"


def _git(segment: ShellSegment, base: Path) -> str:
    if segment.says == "rewrites a shared branch":
        return _lost_commits(segment, base)
    if segment.says == "discards uncommitted changes":
        return _count(git(base, "status", "--porcelain", "--untracked-files=no"), "with changes that would be lost")
    if segment.says == "deletes untracked files":
        return _count(git(base, "ls-files", "--others", "--exclude-standard"), "not in git would be deleted")
    return ""


def _count(listing: str | None, words: str) -> str:
    return "" if listing is None else f"{_number(len(listing.splitlines()), 'file')} {words}"


def _lost_commits(segment: ShellSegment, base: Path) -> str:
    """`origin/main loses 2 commits`, as far as the last fetch tells."""
    remote, *refs = plain(segment.words)[1:] or ("origin",)
    here = (git(base, "rev-parse", "--abbrev-ref", "HEAD") or "").strip()
    source, _, target = (refs[0] if refs else "HEAD").lstrip("+").partition(":")
    branch = target or (here if source in ("HEAD", "") else source)
    lost = git(base, "rev-list", "--count", f"{source or 'HEAD'}..{remote}/{branch}")
    if not branch or lost is None:
        return f"what {figures.name(remote)} holds is replaced"
    commits = _number(int(lost), "commit") if int(lost) else "no commit known here"
    return f"{figures.name(f'{remote}/{branch}')} loses {commits}"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


class Worktree:
    """The files of a workspace, and which versions of them the agent wrote in this session."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self._written: dict[str, str] = {}

    def note(self, changes: Iterable[FileChange]) -> None:
        """Remember what the agent changed, just after it did. A file that was foreign before stays foreign."""
        for change in changes:
            if change.action == "modified" and change.before is None:
                continue  # by a command: nobody kept what stood there, so it proves nothing of whose it was
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
            return hashlib.sha256(read_file(self.workspace / path, MOST_BYTES)).hexdigest()
        except OSError:
            return ""


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
