"""A TinyDB storage that appends what changed instead of rewriting the file.

    commit ─▶ one line, one write() to the system     survives a kill of the process at once
    sync   ─▶ fsync, if something is unsynced         survives a power cut
    write, compact ─▶ temp file, fsync, rename, fsync of the folder; all or nothing

`access` says who writes: `own` locks the file for as long as it is open (a session), `shared` for the moment of each
commit, after catching up with what others wrote (the index, the day's ledger), `read` never. `fault` says why a file
cannot be written: it is damaged, or of a newer version; such a file is left as it is.
`workbench.store.table` has the tables that use `commit`; a plain TinyDB table works too, and rewrites.
"""

import copy
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

from tinydb.storages import Storage

from workbench.core.encoding import decode, encode
from workbench.core.errors import ReadOnlySession
from workbench.core.journal import FORMAT
from workbench.store import records
from workbench.store.disk import AppendFile, sweep
from workbench.store.locks import WriterLock
from workbench.store.records import BatchReader, FileHeader, RawTables, Scan, Tables

Access = Literal["own", "shared", "read"]
SHARED_WAIT = 10.0
"""Seconds to wait for another process's commit."""


class JournalStorage(Storage):
    """One journal file. Raises StoreFault where the disk refuses, SessionLocked where another process owns the file."""

    def __init__(
        self,
        path: str | Path,
        *,
        kind: str = "tables",
        access: Access = "own",
        fsync: bool = True,
        new: bool = False,
        batch: BatchReader | None = None,
    ) -> None:
        """`batch` reads what the file holds when it is opened; who gives one takes `documents` and then `forget`s."""
        self.path = Path(path)
        self.fault = ""
        """Why it cannot be written, to stand behind its name; empty when it can."""
        self.broken = False
        """True when the fault is damage."""
        self.scan = Scan()
        """What was found when the file was last read."""
        self.revision = 0
        """Grows whenever the content changes."""
        self._kind, self._access = kind, access
        self._raw: RawTables | None = None
        self._tables: Tables | None = None
        self._last: dict[str, int] = {}
        self._locked = False
        self._lock = WriterLock(self.path)
        if access == "own":
            self._lock.take()
        with ExitStack() as undo:
            undo.callback(self._lock.release)
            self._file = AppendFile(self.path, write=access != "read", new=new, fsync=fsync)
            undo.callback(self._file.close)
            self._load(batch)
            if access != "read" and not self.fault:
                with self.writing():
                    sweep(self.path)
            undo.pop_all()

    def read(self) -> Tables | None:
        """All tables, or None for an empty file. Not a copy: only a `Table` may see it."""
        if self._access == "shared" and not self._locked:
            self._catch_up()
        if self._tables is None:
            if self._raw is None:
                self._load()
            self._decode()
        return self._tables or None

    def write(self, data: Tables) -> None:
        """Replace everything by `data`: what TinyDB does without a journalling table."""
        with self.writing():
            header = FileHeader(self._kind, FORMAT, self.scan.n, snapshot=True)
            try:
                self._file.replace(records.frame(encode(header)) + records.frame(encode(data)))
            finally:
                self._load()  # a plain table changed its documents in place before the disk could refuse

    def compact(self) -> None:
        """Rewrite the file as one snapshot of what it holds now."""
        with self.writing():
            self.write(self.read() or {})

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around what reads and then commits; locks and catches up where others write too. Raises ReadOnlySession."""
        if self._access != "shared" or self._locked:
            self._writable()
            yield
            return
        self._lock.take(SHARED_WAIT)
        self._locked = True
        try:
            self._catch_up()
            self._writable()
            yield
        finally:
            self._locked = False
            self._lock.release()

    def commit(self, put: Tables, cut: dict[str, list[str]] | None = None) -> None:
        """Append one change: documents to set and ids to remove, by table. All of it is stored or nothing is."""
        with self.writing():
            change: dict[str, Any] = {"n": self.scan.n + 1, "put": put}
            self._file.append(records.frame(encode(change | ({"cut": cut} if cut else {}))))
            self.scan.n += 1
            self.scan.lines += 1
            self._remember(put, cut or {})

    def last_id(self, table: str) -> int:
        """The highest document id of `table` so far, 0 where there is none."""
        if table not in self._last:
            documents = (self.read() or {}).get(table, {})
            self._last[table] = max(map(int, documents), default=0)
        return self._last[table]

    def has(self, table: str, id: int) -> bool:
        """True when `table` holds document `id`."""
        return id <= self.last_id(table) and str(id) in (self.read() or {}).get(table, {})

    def forget(self, last: dict[str, int]) -> None:
        """Let go of the documents, which the next `read` loads again; `last` are the highest ids by table."""
        self._raw, self._tables, self._last = None, None, dict(last)

    def documents(self, table: str) -> dict[str, Any]:
        """The documents of `table` as JSON, or as a batch reader made them, if nothing has read the table yet."""
        return (self._raw or {}).get(table, {})

    def sync(self) -> None:
        """Block until everything appended is on the disk. Safe in a thread."""
        self._file.sync()

    def yield_lock(self) -> None:
        """Let others write; what is open stays readable."""
        self._lock.release()

    def close(self) -> None:
        """Release the file and its lock."""
        try:
            self._file.close()
        finally:
            self._lock.release()

    def _writable(self) -> None:
        """Cut a torn tail, give a new file its header; or say why not."""
        if self.fault:
            raise ReadOnlySession(f"{self.path} {self.fault}; it is left as it is.")
        scan = self.scan
        if scan.tail:
            self._file.cut(scan.tail)
            scan.tail = b""
        if scan.open_ended:
            self._file.append(b"\n")
            scan.open_ended = False
        if scan.header is None:
            header = FileHeader(self._kind)
            self._file.append(records.frame(encode(header)))
            scan.header, scan.lines = header, 1

    def _load(self, batch: BatchReader | None = None) -> None:
        scan = self.scan = records.scan(self._file.read(), batch)
        self._file.end = scan.end
        self._raw, self._tables, self._last = scan.tables, None, {}
        self.revision += 1
        self.broken = False
        self.fault = "was opened read-only" if self._access == "read" else ""
        if scan.newer:
            self.fault = "was written by a newer version"
        elif scan.damaged:
            self.fault, self.broken = f"is damaged after line {scan.lines}", True
        elif scan.header and scan.header.journal != self._kind:
            self.fault, self.broken, scan.lost = f"is no {self._kind} file", True, scan.lines

    def _catch_up(self) -> None:
        """Take in what other processes wrote since."""
        if self._file.moved():
            self._file.reopen()
            self._load()
        elif self._file.size() != self._file.end:
            self._load()

    def _decode(self) -> None:
        raw, self._raw = self._raw or {}, None
        self._tables = {name: {id: decode(each) for id, each in held.items()} for name, held in raw.items()}

    def _remember(self, put: Tables, cut: dict[str, list[str]]) -> None:
        self.revision += 1
        if self._raw is not None:
            self._decode()
        if self._tables is not None:
            records.apply_changes(self._tables, copy.deepcopy(put), cut)
        for name, documents in put.items():
            if name in self._last:
                self._last[name] = max(self._last[name], *map(int, documents))
