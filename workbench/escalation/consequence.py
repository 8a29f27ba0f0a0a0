"""What would be lost, looked up before it is: counted in the file system or asked of git."""

import os
from pathlib import Path

from workbench.core.effects import ShellSegment
from workbench.escalation.command_effects import plain
from workbench.escalation.places import SearchBudget
from workbench.escalation.worktree import git


def predict_loss(segment: ShellSegment, workspace: Path) -> str:
    """What running `segment` would cost, in words; empty where nothing can be told beforehand."""
    base = workspace / segment.folder
    if segment.words[:1] == ("git",):
        return _git(segment, base)
    if segment.kind == "delete" or (segment.kind == "write" and segment.reversible is False):
        budget = SearchBudget()
        return "; ".join(_weigh(target, workspace / target, budget) for target in segment.targets[:3])
    return ""


def size(count: int) -> str:
    """`940 bytes`, `340 kB`, `1.2 MB`."""
    if count < 1000:
        return f"{count} bytes"
    if count < 999_500:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB" if count < 999_950_000 else f"{count / 1_000_000_000:.1f} GB"


def _weigh(name: str, path: Path, budget: SearchBudget) -> str:
    if path.is_symlink():
        return f"{name} is a link; what it points to stays"
    if path.is_file():
        return f"{name} holds {size(path.stat().st_size)}"
    if not path.is_dir():
        return f"{name} does not exist"
    files = total = 0
    for at, _, found in os.walk(path):
        if not budget.spend(len(found)):
            return f"{name} holds more than {files:,} files"
        files += len(found)
        total += sum(_bytes(Path(at, file)) for file in found)
    return f"{name} holds {files} {'file' if files == 1 else 'files'}, {size(total)}"


def _bytes(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _git(segment: ShellSegment, base: Path) -> str:
    if segment.says == "rewrites a shared branch":
        return _lost_commits(segment, base)
    if segment.says == "discards uncommitted changes":
        return _count(git(base, "status", "--porcelain", "--untracked-files=no"), "with changes that would be lost")
    if segment.says == "deletes untracked files":
        return _count(git(base, "ls-files", "--others", "--exclude-standard"), "not in git would be deleted")
    return ""


def _count(listing: str | None, words: str) -> str:
    if listing is None:
        return ""
    count = len(listing.splitlines())
    return f"{count} {'file' if count == 1 else 'files'} {words}"


def _lost_commits(segment: ShellSegment, base: Path) -> str:
    """`origin/main loses 2 commits`, as far as the last fetch tells."""
    remote, *refs = [*plain(segment.words)[1:], *([] if len(plain(segment.words)) > 1 else ["origin"])]
    here = (git(base, "rev-parse", "--abbrev-ref", "HEAD") or "").strip()
    source, _, target = (refs[0] if refs else "HEAD").lstrip("+").partition(":")
    branch = target or (here if source in ("HEAD", "") else source)
    lost = git(base, "rev-list", "--count", f"{source or 'HEAD'}..{remote}/{branch}")
    if not branch or lost is None:
        return f"what {remote} holds is replaced"
    count = int(lost)
    if count == 0:
        return f"{remote}/{branch} loses no commit known here"
    return f"{remote}/{branch} loses {count} {'commit' if count == 1 else 'commits'}"
