"""A file that grows by whole lines, and what keeps it whole when a process, a disk or the power fails."""

import errno
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.core.errors import StoreFault

_HINTS = {
    errno.ENOSPC: "Free some space; what was stored before is safe.",
    errno.EDQUOT: "Free some space in your quota; what was stored before is safe.",
    errno.EFBIG: "The file may not grow further; what was stored before is safe. Continue in a new session.",
    errno.EACCES: "Check its permissions, or choose another folder with --sessions.",
    errno.EPERM: "Check its permissions, or choose another folder with --sessions.",
    errno.EROFS: "The disk is read-only: choose another folder with --sessions.",
    errno.EIO: "The disk may be failing: copy the folder to another one.",
}


MOST_BYTES = 2_000_000_000
"""Of a file that is read whole."""


@contextmanager
def translate_errors(doing: str, path: Path) -> Iterator[None]:
    """Turn an OSError into a StoreFault: what was being done (`write`, `open`), to which file, and what helps."""
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        hint = _HINTS.get(fault.errno or 0, "Choose another folder with --sessions if this stays so.")
        raise StoreFault(f"Could not {doing} {path}: {reason}.", hint) from fault


class AppendFile:
    """An open file to append to. Raises StoreFault where the disk refuses, and for what is no regular file."""

    def __init__(self, path: Path, *, write: bool, new: bool = False, fsync: bool = True) -> None:
        self.path = path
        self.end = 0
        """Bytes that are good; what lies behind them is cut before the next append."""
        self._flags = os.O_CLOEXEC | os.O_NONBLOCK | (os.O_RDWR | os.O_APPEND | os.O_CREAT if write else os.O_RDONLY)
        self._fsync = fsync
        self._unsure = False
        self._unsynced = False
        self._named = not new
        self._syncing = threading.Lock()
        with translate_errors("create" if new else "open", path):
            self._fd = os.open(path, self._flags | (os.O_EXCL if new else 0), 0o600)
        if not stat.S_ISREG(mode := os.fstat(self._fd).st_mode):
            os.close(self._fd)
            what = "it is a directory" if stat.S_ISDIR(mode) else "it is not a file"
            raise StoreFault(f"Could not read {path}: {what}.", "Move it out of the folder of sessions.")

    def read(self) -> bytes:
        """All of it. Raises StoreFault also where that is more than any session has."""
        with translate_errors("read", self.path):
            size, pieces, start = os.fstat(self._fd).st_size, [], 0
            if size > MOST_BYTES:
                raise StoreFault(f"{self.path} is larger than 2 GB; it is not read.", "Move it out of the folder.")
            while start < size and (piece := os.pread(self._fd, size - start, start)):
                pieces.append(piece)
                start += len(piece)
        return b"".join(pieces)

    def append(self, data: bytes) -> None:
        """Add `data` behind `end`: all of it or nothing."""
        with translate_errors("write", self.path):
            if self._unsure:
                os.ftruncate(self._fd, self.end)
            self._unsure = True
            try:
                self._write(data)
            except OSError:
                os.ftruncate(self._fd, self.end)
                self._unsure = False
                raise
        self._unsure = False
        self.end += len(data)
        self._unsynced = True

    def cut(self, tail: bytes) -> None:
        """Cut what lies behind `end`; its bytes, `tail`, are kept in a file beside it."""
        with translate_errors("repair", self.path):
            kept = os.open(torn_path(self.path), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(kept, "ab") as file:
                file.write(tail + b"\n")
            os.ftruncate(self._fd, self.end)

    def sync(self) -> None:
        """Block until everything appended is on the disk; does nothing when it is. Safe in a thread."""
        with self._syncing:
            if not (self._unsynced and self._fsync) or self._fd < 0:
                return
            self._unsynced = False
            try:
                with translate_errors("sync", self.path):
                    os.fsync(self._fd)
                    if not self._named:
                        sync_path(self.path.parent)
                        self._named = True
            except BaseException:
                self._unsynced = True
                raise

    def replace(self, body: bytes) -> None:
        """Put `body` in its place, all or nothing, and go on behind it."""
        replace_file(self.path, body, self._fsync)
        self.reopen()

    def reopen(self) -> None:
        """Leave the file that was open for the one that now has its name."""
        with self._syncing, translate_errors("open", self.path):
            os.close(self._fd)
            self._fd = -1
            self._fd = os.open(self.path, self._flags, 0o600)
            self._unsynced = False

    def moved(self) -> bool:
        """True when another file has its name by now, or none."""
        with translate_errors("read", self.path):
            mine = os.fstat(self._fd)
            try:
                there = self.path.stat()
            except FileNotFoundError:
                return True
        return (there.st_ino, there.st_dev) != (mine.st_ino, mine.st_dev)

    def size(self) -> int:
        """Bytes, whoever wrote them."""
        return os.fstat(self._fd).st_size

    def close(self) -> None:
        """Sync and release the file."""
        try:
            self.sync()
        finally:
            with self._syncing:
                if self._fd >= 0:
                    os.close(self._fd)
                    self._fd = -1

    def _write(self, data: bytes) -> None:
        written = os.write(self._fd, data)
        while written < len(data):  # a full disk takes a part; the next call says why it takes no more
            written += os.write(self._fd, data[written:])


def torn_path(path: Path) -> Path:
    """Where bytes cut from `path` are kept."""
    return path.with_name(f"{path.name}.torn")


def replace_file(path: Path, body: bytes, fsync: bool) -> None:
    """Write `body` to a temp file, fsync, rename it to `path`, fsync the folder."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    with translate_errors("write", path):
        try:
            fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "wb") as file:
                file.write(body)
                file.flush()
                if fsync:
                    os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if fsync:
            sync_path(path.parent)


def sweep(path: Path) -> None:
    """Remove the temp files that a crash in the middle of replacing `path` left behind."""
    for left in path.parent.glob(f"{path.name}.*.tmp"):
        with suppress(OSError):
            left.unlink()


def sync_path(path: Path) -> None:
    """Block until a file, or the names in a folder, are on the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
