"""The workspace as it is found: its git branch and its instruction files.

What a workspace brings may be anything: a link out of it, a device, a pipe nobody writes to, a file without end.
`read_file` is how all of its files are read that nobody asked for by name.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

INSTRUCTION_FILES = ("AGENTS.md", "CLAUDE.md")
MOST_CHARACTERS = 60_000
"""Of one instruction file; the rest is cut, and the text says so."""
MOST_POINTER = 4_096
"""Bytes of a file that only names a branch or a folder."""


class FileRefused(OSError):
    """A file that is there and is not read; the message says why and completes `it cannot be read: …`."""


class Instructions(NamedTuple):
    """The instruction files, and what was left out of them."""

    files: tuple[tuple[str, str], ...] = ()
    """Path from the workspace, and text; the farthest from the workspace first."""
    left_out: tuple[str, ...] = ()
    """A sentence for a person for each file that was left out, or taken in only in part."""


def read_file(path: Path, most: int, *, inside: Path | None = None, cut: bool = False) -> bytes:
    """At most `most` bytes of a regular file. Never waits and never reads without end.

    `inside`: the folder that it has to lie in, links followed. `cut`: give the beginning of a larger file. Raises
    FileRefused, which is an OSError, and any other OSError.
    """
    real = Path(os.path.realpath(path, strict=True))
    if not stat.S_ISREG(real.lstat().st_mode):
        raise FileRefused("it is not a file")
    if inside is not None and not real.is_relative_to(os.path.realpath(inside)):
        raise FileRefused(f"it leads out of {inside}")
    descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # another took its place since
            raise FileRefused("it is not a file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(most + 1)
    finally:
        os.close(descriptor)
    if len(data) > most and not cut:
        raise FileRefused(f"it is larger than {most / 1_000_000:g} MB")
    return data[:most]


def branch(workspace: Path) -> str:
    """The checked-out branch, a short commit id when detached, or nothing outside git. Runs no program."""
    try:
        text = _read_pointer(_git_folder(find_root(workspace)) / "HEAD")
    except (OSError, ValueError):
        return ""
    return text.removeprefix("ref: refs/heads/") if text.startswith("ref: ") else text[:8]


def find_root(workspace: Path) -> Path:
    """The top folder of the repository that `workspace` lies in; `workspace` itself outside of any.

    A home folder that is a repository is not the root of what lies below it, nor is one that belongs to somebody else.
    """
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.expanduser raises where there is no home
    for folder in (workspace, *workspace.parents):
        if folder == home != workspace:
            break
        if os.path.lexists(folder / ".git"):
            return folder if folder.stat().st_uid == workspace.stat().st_uid else workspace
    return workspace


def _git_folder(root: Path) -> Path:
    git = root / ".git"
    # A worktree or a submodule points elsewhere.
    return root / _read_pointer(git).removeprefix("gitdir: ") if git.is_file() else git


def _read_pointer(path: Path) -> str:
    return read_file(path, MOST_POINTER).decode().strip()


def instructions(workspace: Path) -> Instructions:
    """The instruction files of the repository's root, of `workspace`, and of the folders between them.

    One that repeats another is left out without a word; one that cannot be read is named.
    """
    found: dict[str, str] = {}
    left_out: list[str] = []
    seen: set[str] = set()
    for path in _list_candidates(workspace):
        name = os.path.relpath(path, workspace)
        real = os.path.realpath(path)
        if real in seen or not os.path.lexists(path):
            continue
        seen.add(real)
        try:
            text, remark = _read_instructions(path, name)
        except OSError as error:
            left_out.append(f"{name} is left out: {error.strerror or error}.")
            continue
        if remark:
            left_out.append(remark)
        if text and text not in found.values():
            found[name] = text
    return Instructions(tuple(found.items()), tuple(left_out))


def _list_candidates(workspace: Path) -> Iterator[Path]:
    root = find_root(workspace)
    below = [folder for folder in (workspace, *workspace.parents) if folder.is_relative_to(root)]
    for folder in reversed(below):
        yield from (folder / name for name in INSTRUCTION_FILES)


def _read_instructions(path: Path, name: str) -> tuple[str, str]:
    """The text of one file, and what is to be said of it. Raises OSError where it is not taken in at all."""
    data = read_file(path, 4 * MOST_CHARACTERS, inside=path.parent, cut=True)
    if b"\0" in data:
        raise FileRefused("it is not text")
    text = data.decode("utf-8-sig", errors="replace").strip()
    if len(text) > MOST_CHARACTERS or len(data) == 4 * MOST_CHARACTERS:
        end = f"\n[cut: {name} goes on after {MOST_CHARACTERS:,} characters]"
        return text[:MOST_CHARACTERS] + end, f"{name} is taken in up to {MOST_CHARACTERS:,} characters."
    broken = "\ufffd" in text and "\ufffd" not in data.decode("utf-8", errors="ignore")
    return text, f"{name} is not UTF-8; what could not be read stands as \ufffd." if broken else ""
