"""One writer a file: a lock that dies with its process and names it.

The lock is advisory and lies in `locks/` beside the file; readers do not ask for it.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.errors import SessionLocked
from workbench.store.disk import translate_errors

if TYPE_CHECKING:
    from filelock import FileLock


class WriterLock:
    """The right to write one file."""

    def __init__(self, path: Path) -> None:
        self.path = path.parent / "locks" / f"{path.name}.lock"
        self._about = path
        self._lock: FileLock | None = None

    def take(self, wait: float = 0.0) -> None:
        """Take the lock within `wait` seconds. Raises SessionLocked, which names the process that has it."""
        from filelock import FileLock, Timeout

        with translate_errors("lock", self._about):
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            lock = FileLock(self.path, timeout=wait, mode=0o600, thread_local=False, poll_interval=0.005)
            try:
                lock.acquire()
            except Timeout:
                session, found, _ = self._about.name.partition(".session.")
                what = f"session {session}" if found else self._about.name
                raise SessionLocked(f"{what} is open in {self._holder()}") from None
            self._lock = lock
            with suppress(OSError):  # an unsigned lock still locks, its holder is only not named
                self._signature.write_text(str(os.getpid()))
                self._signature.chmod(0o600)

    def release(self) -> None:
        """Give it back."""
        if self._lock is not None:
            with suppress(OSError):
                self._signature.unlink()
            self._lock.release()
            self._lock = None

    @property
    def _signature(self) -> Path:
        return self.path.with_suffix(".pid")

    def _holder(self) -> str:
        try:
            pid = int(self._signature.read_text())
        except (OSError, ValueError):
            return "another workbench"
        return "this workbench already" if pid == os.getpid() else f"another workbench (pid {pid})"
