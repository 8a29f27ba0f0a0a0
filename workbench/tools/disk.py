"""Files on disk: written whole or not at all, and recognised when somebody else changed them."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Replace the content of `path`, which keeps its mode; a crash leaves the old content or the new, never a part.

    Missing folders are made. Raises OSError, PermissionError also for a file that is read-only.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o7777 if path.exists() else None
    if mode is not None and not os.access(path, os.W_OK):
        raise PermissionError(f"{path.name} is read-only")
    beside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(text.encode("utf-8"))
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


class Seen:
    """The versions of files that the agent has seen: what it read last, or wrote itself."""

    def __init__(self) -> None:
        self._digests: dict[Path, str] = {}

    def note(self, path: Path, content: bytes) -> None:
        """The agent now knows `path` to hold `content`."""
        self._digests[path] = _digest(content)

    def stale(self, path: Path, content: bytes | None) -> bool:
        """True when the agent saw `path` with other content than it holds now (None: it is gone)."""
        known = self._digests.get(path)
        return known is not None and (content is None or known != _digest(content))


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
