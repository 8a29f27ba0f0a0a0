"""Where a path leads: inside the workspace or outside, and whether secrets are kept there."""

import os
import re
import time
from collections.abc import Callable
from fnmatch import translate
from pathlib import Path
from typing import NamedTuple

import msgspec

from workbench.core.effects import Effect, EffectKind

SECRET_FILES = (
    *(".env", ".env.*", ".envrc", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx"),
    *("id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", ".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass"),
    *(".git-credentials", ".htpasswd", "credentials", "secrets", "service-account*.json"),
    *(f"{name}.{end}" for name in ("credentials", "secrets") for end in ("json", "yml", "yaml", "toml", "ini", "csv")),
    *("shadow", "environ"),
)
"""Names of files that hold secrets, lower case."""
SECRET_FOLDERS = (".ssh", ".aws", ".gnupg", ".kube", ".azure", ".docker", "gcloud")
HARMLESS = ("*.pub", ".env.example", ".env.sample", ".env.template", ".env.dist")
PROTECTED = (".git", ".workbench.toml", ".workbench", ".mcp.json", ".envrc", ".githooks")
"""What decides over other programs or over these rules: never part of what "this session" covers."""
SKIPPED_FOLDERS = (".git", "node_modules", ".venv", "venv", "site-packages", "__pycache__")
"""Folders in which no secret of this project is looked for."""
_SECRET_FILE = re.compile("|".join(map(translate, SECRET_FILES)))
_HARMLESS = re.compile("|".join(map(translate, HARMLESS)))


class Place(msgspec.Struct, frozen=True):
    """A path as a person reads it, and what it is."""

    target: str
    """Relative to the workspace where it lies in it, else absolute."""
    path: str
    """Absolute, symlinks followed."""
    outside: bool = False
    secret: bool = False


class Roots(NamedTuple):
    """Where the agent may go: the workspace, and the folders that a person added to it; all absolute."""

    workspace: Path
    added: tuple[Path, ...] = ()

    def place(self, text: str, base: Path | None = None) -> Place:
        """Where `text`, seen from the folder `base`, leads; symlinks are followed, missing tails kept."""
        root = os.path.realpath(self.workspace)
        spelled = os.path.normpath((base or self.workspace) / _home(text))
        try:
            real = os.path.realpath(spelled)
        except (OSError, ValueError):
            return Place(text, text, outside=True)
        target = os.path.relpath(real, root) if _within(real, root) else real
        outside = target == real and not any(_within(real, os.path.realpath(folder)) for folder in self.added)
        secret = is_secret(target) or is_secret(_strip(spelled, str(self.workspace), root))
        return Place(Path(target).as_posix(), real, outside, secret)

    def effect(self, kind: EffectKind, path: str) -> Effect:
        """The effect of reading or writing the file or folder `path`."""
        at = self.place(path)
        return Effect(kind, (at.target,), True, at.outside, at.secret)


class SearchBudget:
    """How much may be looked at to answer one question: directory entries, and seconds. The first entries are free."""

    FREE = 500

    def __init__(
        self, entries: int = 10_000, seconds: float = 0.2, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._entries, self._seen = entries, 0
        self._monotonic, self._ends = monotonic, monotonic() + seconds

    def spend(self, entries: int) -> bool:
        """Look at `entries` more; False once the budget is exhausted."""
        self._seen += entries
        return self._seen <= self.FREE or (self._seen <= self._entries and self._monotonic() < self._ends)


def is_secret(path: str) -> bool:
    """True when a file of this name, or a file in a folder of this name, usually holds secrets."""
    parts = [part.lower() for part in Path(path).parts]
    if not parts or _HARMLESS.match(parts[-1]):
        return False
    return any(folder in parts for folder in SECRET_FOLDERS) or _SECRET_FILE.match(parts[-1]) is not None


def is_protected(path: str) -> bool:
    """True when `path`, relative to the workspace, decides over other programs or over these rules."""
    return any(part in PROTECTED for part in Path(path).parts)


def holds_secret(folder: str, budget: SearchBudget) -> bool | None:
    """Whether a file below `folder` holds secrets; None when the budget ended before that was known."""
    if not Path(folder).is_dir():
        return is_secret(Path(folder).name)
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        if not budget.spend(len(files) + len(folders)):
            return None
        if any(is_secret(name) for name in files) or is_secret(f"{Path(at).name}/x"):
            return True
    return False


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _home(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # a home that nobody has
        return Path(text)


def _strip(spelled: str, *roots: str) -> str:
    """`spelled` without the workspace before it, so that the workspace's own name decides nothing."""
    found = (os.path.relpath(spelled, root) for root in roots if _within(spelled, root))
    return next(found, spelled)
