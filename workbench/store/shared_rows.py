"""Rows by key in a small TinyDB file that several processes write by turns: the index."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

from tinydb.table import Document

from workbench.store.disk import translate_errors
from workbench.store.locks import WriterLock
from workbench.store.storage import SHARED_WAIT, JournalStorage
from workbench.store.table import JournalDB

Row = dict[str, Any]
SPARE = 256
"""Lines that a file may have beyond four for each row before it is compacted."""


class SharedRows:
    """Rows by key, in a file that is opened at first use. Raises StoreFault.

    A damaged file gives place to a new one with what could be read of it. What is kept here can be had anew, so it is
    not synced to the disk.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self._path, self._kind = path, kind
        self._database: JournalDB | None = None
        self._known: dict[str, Document] = {}
        self._revision = -1
        self._turn = threading.RLock()

    def rows(self) -> dict[str, Row]:
        """All rows by key, not to be changed. Takes no lock and writes nothing until this process changed a row."""
        with self._turn:
            if self._database is not None:
                return dict(self._rows(self._ensure_open()))
            return self._read() if self._path.exists() else {}

    def change(self, change: Callable[[dict[str, Row]], dict[str, Row]], gone: Iterable[str] = ()) -> None:
        """Set the rows that `change` makes of those there are, and remove `gone`, while no other process writes."""
        with self._turn:
            database = self._ensure_open()
            storage = _storage(database)
            with storage.writing():
                known = self._rows(database)
                table = database.table(self._kind)
                for key, row in change(dict(known)).items():
                    if key in known:
                        table.upsert(Document(row, known[key].doc_id))
                    else:
                        table.insert(row | {"key": key})
                if ids := [known[key].doc_id for key in gone if key in known]:
                    table.remove(doc_ids=ids)
                if storage.scan.lines > 4 * len(known) + SPARE:
                    storage.compact()

    def close(self) -> None:
        """Release the file."""
        with self._turn:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _read(self) -> dict[str, Row]:
        database = JournalDB(self._path, storage=JournalStorage, kind=self._kind, access="read")
        try:
            return {row["key"]: row for row in database.table(self._kind).all() if "key" in row}
        finally:
            database.close()

    def _rows(self, database: JournalDB) -> dict[str, Document]:
        storage = _storage(database)
        storage.read()
        if self._revision != storage.revision:
            self._known = {row["key"]: row for row in database.table(self._kind).all() if "key" in row}
            self._revision = storage.revision
        return self._known

    def _ensure_open(self) -> JournalDB:
        if self._database is None:
            with translate_errors("create", self._path.parent):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._database = self._open()
        storage = _storage(self._database)
        storage.read()
        if storage.broken:
            self._renew(self._database)
            self._database = self._open()
        return self._database

    def _open(self) -> JournalDB:
        self._revision = -1
        return JournalDB(self._path, storage=JournalStorage, kind=self._kind, access="shared", fsync=False)

    def _renew(self, database: JournalDB) -> None:
        """Put a new file with all readable rows in the place of a damaged one, unless another process just did."""
        rows = database.table(self._kind).all()
        database.close()
        lock = WriterLock(self._path)
        lock.take(SHARED_WAIT)
        try:
            if not self._broken():
                return
            with translate_errors("repair", self._path):
                self._path.unlink()
        finally:
            lock.release()
        fresh = self._open()
        fresh.table(self._kind).insert_multiple(dict(row) for row in rows)
        fresh.close()

    def _broken(self) -> bool:
        if not self._path.exists():
            return False
        storage = JournalStorage(self._path, kind=self._kind, access="read")
        storage.close()
        return storage.broken


def _storage(database: JournalDB) -> JournalStorage:
    return cast(JournalStorage, database.storage)
