"""One session's journal on disk: stamped events in, stamped events out.

    <id>.session.jsonlog     a TinyDB table `events` whose document ids are the events' sequence numbers

The extension says what it is: a log of JSON lines, each with its checksum (`workbench.store.records`).
"""

from contextlib import nullcontext
from pathlib import Path
from typing import cast

import msgspec
from tinydb.table import Document

from workbench.core.errors import ReadOnlySession, StoreFault
from workbench.core.events import Stamped
from workbench.core.journal import decode, from_document, to_document
from workbench.store import records
from workbench.store.blobs import LIMIT, MARK, Blobs
from workbench.store.storage import Access, JournalStorage
from workbench.store.table import JournalDB

EXTENSION = ".session.jsonlog"
KIND = "session"
TABLE = "events"


class FileJournal:
    """A session file that is open, as `workbench.core.ports.Journal`. Raises StoreFault and SessionLocked."""

    def __init__(
        self,
        path: Path,
        blobs: Blobs,
        *,
        access: Access = "own",
        new: bool = False,
        fsync: bool = True,
        reason: str = "",
    ) -> None:
        """`reason`: why a sound file is only read, where `access` is `read`."""
        self.path = path
        self.id = path.name.removesuffix(EXTENSION)
        self.database = JournalDB(path, storage=JournalStorage, kind=KIND, access=access, new=new, fsync=fsync)
        """The same file as TinyDB, for queries; large texts show as their blob."""
        self._storage = cast(JournalStorage, self.database.storage)
        self._table = self.database.table(TABLE)
        self._blobs = blobs
        self.events, unread = self._read_events()
        """The events found at opening, up to the first that cannot be read."""
        self.damaged = unread or self._storage.broken
        """True when not all of it could be read, and no newer version explains it."""
        self.fault = self._fault() or reason
        """Why it cannot be written, for a person; empty when it can."""
        self._storage.forget({TABLE: self.events[-1].seq or 0 if self.events else 0})
        if self.fault:
            self._storage.yield_lock()

    def append(self, stamped: Stamped) -> None:
        """Add one event, with one write() to the system. Raises ReadOnlySession; StoreFault, also for a wrong seq."""
        if self.fault:
            raise ReadOnlySession(self.fault)
        last = self._storage.last_id(TABLE)
        if stamped.seq != last + 1:
            raise StoreFault(f"Event {stamped.seq} cannot follow event {last} of session {self.id}.")
        document = to_document(stamped)
        size = records.encode(document)
        large = len(size) > LIMIT or MARK in size
        with self._blobs.hold() if large else nullcontext():
            if large:
                document["event"] = self._blobs.spill(document["event"])
            self._table.insert(Document(document, stamped.seq))

    def sync(self) -> None:
        """Block until everything appended is on the disk, blobs first. Safe in a thread."""
        self._blobs.sync()
        self._storage.sync()

    def close(self) -> None:
        """Release the file and its lock."""
        try:
            self._blobs.sync()
        finally:
            self._storage.close()

    def _read_events(self) -> tuple[tuple[Stamped, ...], bool]:
        """The events that can be read, and whether one cannot."""
        events: list[Stamped] = []
        for place, raw in enumerate(self._storage.documents(TABLE).values(), 1):
            try:
                stamped = self._event(raw)
            except (msgspec.MsgspecError, ValueError, LookupError, TypeError):
                return tuple(events), True
            if stamped.seq != place:
                return tuple(events), True
            events.append(stamped)
        return tuple(events), False

    def _event(self, raw: msgspec.Raw) -> Stamped:
        if MARK in bytes(raw):
            return from_document(self._blobs.restore(records.decode(raw)))
        return decode(raw) or from_document(records.decode(raw))

    def _fault(self) -> str:
        count = len(self.events)
        if self._storage.scan.newer:
            return (
                f"Session {self.id} was written by a newer version of Workbench; opened read-only, as far as this "
                f"version understands it ({count} events). Update Workbench to go on with it: {self.path}"
            )
        if self.damaged:
            return (
                f"Session {self.id} is damaged after event {count}; opened read-only up to there, and the file is left "
                f"as it was. Fork the session to go on from there: {self.path}"
            )
        return ""
