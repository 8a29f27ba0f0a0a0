"""Where a path leads: inside the workspace or outside, and whether secrets are kept there."""

import os
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

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


class Place(msgspec.Struct, frozen=True):
    """A path as a person reads it, and what it is."""

    target: str
    """Relative to the workspace where it lies in it, else absolute."""
    path: str
    """Absolute, symlinks followed."""
    outside: bool = False
    secret: bool = False
    protected: bool = False


def place(text: str, base: Path, workspace: Path) -> Place:
    """Where `text`, seen from the folder `base`, leads; symlinks are followed, missing tails kept."""
    root = os.path.realpath(workspace)
    spelled = os.path.normpath(base / _home(text))
    try:
        real = os.path.realpath(spelled)
    except (OSError, ValueError):
        return Place(text, text, outside=True)
    outside = real != root and not real.startswith(root.rstrip(os.sep) + os.sep)
    inner = real if outside else os.path.relpath(real, root)
    secret = is_secret(inner) or is_secret(_named(spelled, str(workspace), root))
    return Place(Path(inner).as_posix(), real, outside, secret, Path(inner).parts[:1] != () and _protected(inner))


def is_secret(path: str) -> bool:
    """True when a file of this name, or a file in a folder of this name, usually holds secrets."""
    parts = [part.lower() for part in Path(path).parts]
    if not parts or any(fnmatchcase(parts[-1], harmless) for harmless in HARMLESS):
        return False
    if any(folder in parts for folder in SECRET_FOLDERS):
        return True
    return any(fnmatchcase(parts[-1], pattern) for pattern in SECRET_FILES)


def holds_secret(folder: str, limit: int = 20_000) -> bool | None:
    """Whether a file below `folder` holds secrets; None when there are too many files to tell."""
    if not Path(folder).is_dir():
        return is_secret(Path(folder).name)
    seen = 0
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        seen += len(files) + len(folders)
        if seen > limit:
            return None
        if any(is_secret(name) for name in files) or is_secret(f"{Path(at).name}/x"):
            return True
    return False


def _home(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # a home that nobody has
        return Path(text)


def _named(spelled: str, *roots: str) -> str:
    """`spelled` without the workspace before it, so that the workspace's own name decides nothing."""
    for root in roots:
        if spelled == root or spelled.startswith(root.rstrip(os.sep) + os.sep):
            return os.path.relpath(spelled, root)
    return spelled


def _protected(inner: str) -> bool:
    parts = Path(inner).parts
    return any(part in PROTECTED for part in parts)
