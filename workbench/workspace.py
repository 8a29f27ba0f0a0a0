"""The workspace as it is found: its git branch and its instruction files."""

from pathlib import Path

INSTRUCTION_FILES = ("AGENTS.md", "CLAUDE.md")
MOST_CHARACTERS = 60_000
"""Of one instruction file; the rest is cut, and the text says so."""


def branch(workspace: Path) -> str:
    """The checked-out branch, a short commit id when detached, or nothing outside git. Runs no program."""
    head = _git_folder(workspace) / "HEAD"
    try:
        text = head.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return text.removeprefix("ref: refs/heads/") if text.startswith("ref: ") else text[:8]


def _git_folder(workspace: Path) -> Path:
    git = workspace / ".git"
    try:
        if git.is_file():  # a worktree or a submodule points elsewhere
            return workspace / git.read_text(encoding="utf-8").strip().removeprefix("gitdir: ")
    except (OSError, UnicodeDecodeError):
        return git
    return git


def instructions(workspace: Path) -> tuple[tuple[str, str], ...]:
    """Name and text of each instruction file; one that repeats another, or cannot be read, is left out."""
    found: list[tuple[str, str]] = []
    for name in INSTRUCTION_FILES:
        try:
            text = (workspace / name).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            continue
        if len(text) > MOST_CHARACTERS:
            text = text[:MOST_CHARACTERS] + f"\n[cut: {name} has {len(text):,} characters]"
        if text and text not in (known for _, known in found):
            found.append((name, text))
    return tuple(found)
