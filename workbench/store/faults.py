"""Failures of the disk, told as a person reads them."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def translate_errors(doing: str, path: Path) -> Iterator[None]:
    """Turn an OSError into a StoreFault: what was being done (`write`, `open`), to which file, and what helps."""
    try:
        yield
    except OSError as fault:
        reason = fault.strerror or str(fault)
        hint = _HINTS.get(fault.errno or 0, "Choose another folder with --sessions if this stays so.")
        raise StoreFault(f"Could not {doing} {path}: {reason}.", hint) from fault
