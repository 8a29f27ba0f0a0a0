"""Large texts beside the journal: content-addressed files, one for each different text.

A text of more than 32 kB anywhere in an event (a result, a diff, media) lies in `blobs/<sha256>`, and the event has
`{"$blob": "<sha256>"}` in its place. Blobs are written before the line that refers to them, and synced before it is.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from workbench.store.disk import replace_file, sync_path, translate_errors
from workbench.store.locks import WriterLock
from workbench.workspace import read_file

LIMIT = 32 * 1024
"""Bytes of a text from which on it is a blob."""
WAIT = 10.0
"""Seconds to wait for another process that stores or deletes blobs."""
MOST_BYTES = 1_000_000_000
"""Of a blob that is read."""
KEY = "$blob"
MARK = b'"$blob"'
"""What a line with a blob contains; most lines do not, and are not looked at more closely."""

_REFERENCE = re.compile(rb'"\$blob":"([0-9a-f]{64})"')


def references(data: bytes) -> set[str]:
    """The blobs that journal lines refer to."""
    return {match.decode() for match in _REFERENCE.findall(data)}


class Blobs:
    """The folder of blobs. Raises StoreFault where the disk refuses to write one."""

    def __init__(self, folder: Path, fsync: bool = True) -> None:
        self._folder = folder
        self._fsync = fsync
        self._unsynced: list[Path] = []

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Around putting blobs away and storing what refers to them, so that nobody deletes them in between."""
        lock = WriterLock(self._folder)
        lock.take(WAIT)
        try:
            yield
        finally:
            lock.release()

    def spill(self, value: Any) -> Any:
        """`value` with its large texts put away."""
        match value:
            case str() if len(value) > LIMIT // 4 and len(data := value.encode("utf-8", "surrogatepass")) > LIMIT:
                return {KEY: self._put(data)}
            case dict() if KEY in value:
                return {KEY: {"literal": {key: self.spill(item) for key, item in value.items()}}}
            case dict():
                return {key: self.spill(item) for key, item in value.items()}
            case list() | tuple():
                return [self.spill(item) for item in value]
        return value

    def restore(self, value: Any) -> Any:
        """`value` with its large texts back in place; one that is lost says so."""
        match value:
            case {"$blob": str(name)} if len(value) == 1:
                return self._get(name)
            case {"$blob": {"literal": dict(literal)}} if len(value) == 1:
                return {key: self.restore(item) for key, item in literal.items()}
            case dict():
                return {key: self.restore(item) for key, item in value.items()}
            case list():
                return [self.restore(item) for item in value]
        return value

    def sync(self) -> None:
        """Block until every blob written here is on the disk."""
        waiting, self._unsynced = self._unsynced, []
        if not (waiting and self._fsync):
            return
        try:
            for path in waiting:
                with translate_errors("sync", path), suppress(FileNotFoundError):
                    sync_path(path)
            with translate_errors("sync", self._folder):
                sync_path(self._folder)
        except BaseException:
            self._unsynced = waiting + self._unsynced
            raise

    def remove(self, names: set[str]) -> None:
        """Delete blobs that nothing refers to any more."""
        for name in names:
            path = self._folder / name
            with translate_errors("delete", path):
                path.unlink(missing_ok=True)

    def _put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        path = self._folder / name
        with translate_errors("write", path):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            there = path.exists() and path.stat().st_size == len(data)
        if not there:
            replace_file(path, data, fsync=False)
        self._unsynced.append(path)
        return name

    def _get(self, name: str) -> str:
        try:
            data = read_file(self._folder / name, MOST_BYTES)
        except OSError:
            return f"[This text is lost: blob {name[:12]} is missing.]"
        if hashlib.sha256(data).hexdigest() != name:
            return f"[This text is lost: blob {name[:12]} is damaged.]"
        return data.decode("utf-8", "surrogatepass")
