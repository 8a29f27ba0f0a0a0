"""How a file's content is replaced, for every tool that writes.

alone in its folder's list ─▶ a new file beside it takes its place, whole or not at all
linked more than once, or its folder cannot be written ─▶ in place, the old content put back where that fails
"""

import os
import secrets
import stat
from contextlib import suppress
from errno import EBUSY, EXDEV
from pathlib import Path

IN_PLACE = (EBUSY, EXDEV)
"""What a file says that is a mount of its own and cannot be moved over."""


def replace_content(path: Path, content: bytes) -> None:
    """Make `content` the content of `path`, which is followed no further; missing folders are made.

    Owner, mode, extended attributes and hard links are kept. Where the owner cannot be kept, set-id bits are cleared.
    Raises OSError: the old content is there then. FileExistsError where a new file appeared meanwhile.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        _put_beside(path, content, None)
        return
    if not found.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise PermissionError(f"{path.name} is read-only")
    if found.st_nlink > 1 or not os.access(path.parent, os.W_OK | os.X_OK):
        _write_in_place(path, content)
        return
    try:
        _put_beside(path, content, found)
    except OSError as fault:
        if fault.errno not in IN_PLACE and not isinstance(fault, PermissionError):
            raise
        _write_in_place(path, content)


def _put_beside(path: Path, content: bytes, old: os.stat_result | None) -> None:
    beside = path.with_name(f".workbench-{secrets.token_hex(6)}.tmp")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if old else 0o666), "wb") as file:
            file.write(content)
            if old is not None:
                _copy_attributes(path, file.fileno())
                _keep_owner_and_mode(file.fileno(), old)
            file.flush()
            os.fsync(file.fileno())
        if old is None:
            _put_new(beside, path)
        else:
            beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink()
    _sync_folder(path.parent)


def _put_new(beside: Path, path: Path) -> None:
    """Give `beside` the name `path`. Raises FileExistsError where something has it."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError as fault:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(f"{path.name} exists") from fault
        beside.replace(path)


def _keep_owner_and_mode(descriptor: int, old: os.stat_result) -> None:
    """The owner first: a set-id bit must never stand on a file of another owner, not even for a moment."""
    mode = stat.S_IMODE(old.st_mode)
    for bit, owner in ((stat.S_ISUID, (old.st_uid, -1)), (stat.S_ISGID, (-1, old.st_gid))):
        try:
            os.fchown(descriptor, *owner)
        except OSError:
            mode &= ~bit
    os.fchmod(descriptor, mode)


def _copy_attributes(path: Path, descriptor: int) -> None:
    """Extended attributes, among them access lists; not the capabilities of a program, which end with its content."""
    if not hasattr(os, "listxattr"):
        return
    with suppress(OSError):
        for name in os.listxattr(path):
            if name != "security.capability":
                with suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(path, name))


def _write_in_place(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        old = file.read()
        try:
            if len(content) > len(old) and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, len(content))  # a full disk says so before anything changed
            _overwrite(descriptor, content)
        except BaseException:
            with suppress(OSError):
                _overwrite(descriptor, old)
            raise


def _overwrite(descriptor: int, content: bytes) -> None:
    done = 0
    while done < len(content):
        done += os.pwrite(descriptor, content[done:], done)
    os.ftruncate(descriptor, len(content))
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems have no sync of a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
