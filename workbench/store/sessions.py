"""All sessions of one folder (design §7): create, open by the beginning of an id, delete; each a journal of its events.

<root>/<id>.session.jsonlog     one file a session, mode 0600: a log of JSON lines, each with its checksum
                                (`workbench.store.records`); as TinyDB a table `events` whose ids are sequence numbers
<root>/blobs/<sha256>           large texts of their events
<root>/locks/                   who writes what
"""

import re
from collections.abc import Collection
from contextlib import nullcontext
from pathlib import Path
from typing import cast

import msgspec
from tinydb.table import Document

from workbench.core import encoding
from workbench.core.errors import ReadOnlySession, SessionLocked, StoreFault, UnknownSession
from workbench.core.events import Stamped
from workbench.core.journal import decode, from_document, to_document
from workbench.core.ports import OpenedSession
from workbench.store.batches import decode_batch
from workbench.store.blobs import LIMIT, MARK, Blobs, references
from workbench.store.disk import AppendFile, torn_path, translate_errors
from workbench.store.locks import WriterLock
from workbench.store.storage import Access, JournalStorage
from workbench.store.table import JournalDB

EXTENSION = ".session.jsonlog"
KIND = "session"
TABLE = "events"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_HINT = "`workbench sessions list` shows them all."


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
        self.database = JournalDB(
            path, storage=JournalStorage, kind=KIND, access=access, new=new, fsync=fsync, batch=decode_batch
        )
        """The same file as TinyDB, for queries; large texts show as their blob."""
        self._storage = cast(JournalStorage, self.database.storage)
        self._table = self.database.table(TABLE)
        self._blobs = blobs
        self.events, unread = self._read_events()
        """The events found at opening, up to the first that cannot be read."""
        self.damaged = unread or self._storage.broken
        """True when not all of it could be read, and no newer version explains it."""
        self.lost = self._count_lost() if self.damaged else 0
        """Events that are there and cannot be read, as far as their lines can be counted; 0 where it is whole."""
        told = self._fault()
        self.sound = not told
        """True where this version can read all of it."""
        self.fault = told or reason
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
        size = encoding.encode(document)
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
        documents = self._storage.documents(TABLE).values()
        if all(type(each) is Stamped for each in documents) and _are_in_order(documents):
            return tuple(documents), False
        for place, raw in enumerate(documents, 1):
            try:
                stamped = raw if isinstance(raw, Stamped) else self._event(raw)
            except (msgspec.MsgspecError, ValueError, LookupError, TypeError):
                return tuple(events), True
            if stamped.seq != place:
                return tuple(events), True
            events.append(stamped)
        return tuple(events), False

    def _event(self, raw: msgspec.Raw) -> Stamped:
        if MARK in bytes(raw):
            return from_document(self._blobs.restore(encoding.decode(raw)))
        return decode(raw) or from_document(encoding.decode(raw))

    def _fault(self) -> str:
        count = len(self.events)
        if self._storage.scan.newer:
            return (
                f"Session {self.id} was written by a newer version of Workbench; opened read-only, as far as this "
                f"version understands it ({count} events). Update Workbench to go on with it: {self.path}"
            )
        if self.damaged and not count:
            return f"Session {self.id} is damaged from its beginning; nothing of it can be read: {self.path}"
        if self.damaged:
            return (
                f"Session {self.id} is damaged after event {count}; opened read-only up to there, and the file is left "
                f"as it was: {self.path}. `workbench sessions repair {self.id}` stores what is sound as a new session."
            )
        return ""

    def _count_lost(self) -> int:
        storage = self._storage
        return (storage.scan.lost if storage.broken else 0) + len(storage.documents(TABLE)) - len(self.events)


def _are_in_order(events: Collection[Stamped]) -> bool:
    return [stamped.seq for stamped in events] == list(range(1, len(events) + 1))


class FileSessions:
    """Sessions as files under `root`, as `workbench.core.ports.SessionStore`."""

    def __init__(self, root: Path, *, fsync: bool = True) -> None:
        self.root = root
        self._fsync = fsync

    def create(self, session: str) -> FileJournal:
        """A new, empty session, locked for this process. Raises StoreFault where one has this id already."""
        if not _ID.fullmatch(session):
            raise StoreFault(f"{session!r} cannot be a session's id.", "Use letters, digits, - and _.")
        with translate_errors("create", self.root):
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path(session).exists():
            raise StoreFault(f"Session {session} exists already.", _HINT)
        return self._journal(session, new=True)

    def open(self, session: str) -> OpenedSession:
        """Open by id or unique beginning. Raises UnknownSession; StoreFault where it cannot even be read.

        Read-only where it is locked, damaged, of a newer version, or where the disk lets nobody write.
        """
        id, busy = self.resolve(session), False
        try:
            journal = self._journal(id)
        except SessionLocked as locked:
            busy, journal = True, self.reader(id, f"{locked.message}; opened read-only")
        except StoreFault as fault:
            journal = self.reader(id, f"{fault.message} Opened read-only. {fault.hint}".strip())
        return OpenedSession(id, journal, journal.events, journal.fault, journal.lost, busy and journal.sound)

    def read(self, session: str) -> OpenedSession:
        """The same for reading, also while another process writes it: no lock is taken and no byte changed.

        It is called read-only only where not all of it can be read.
        """
        id = self.resolve(session)
        journal = self.reader(id, "")
        return OpenedSession(id, journal, journal.events, journal.fault, journal.lost)

    def reader(self, session: str, reason: str = "opened read-only") -> FileJournal:
        """Session `session`, its full id, as it stands: no lock is taken and nothing repaired."""
        return FileJournal(self.path(session), self._blobs(), access="read", fsync=False, reason=reason)

    def delete(self, session: str) -> None:
        """Remove it and the blobs that only it refers to. Raises UnknownSession, SessionLocked."""
        id = self.resolve(session)
        path, blobs, lock = self.path(id), self._blobs(), WriterLock(self.path(id))
        lock.take()
        try:
            with translate_errors("delete", path):
                if orphans := self._read_references(id):
                    with blobs.hold():
                        path.unlink()
                        blobs.remove(orphans - self._find_referred(orphans))
                path.unlink(missing_ok=True)
                torn_path(path).unlink(missing_ok=True)
                lock.path.unlink(missing_ok=True)
        finally:
            lock.release()

    def resolve(self, session: str) -> str:
        """The one id that is `session` or begins with it. Raises UnknownSession, which tells none from several."""
        ids = self.ids()
        if session in ids:
            return session
        found = sorted(id for id in ids if session and id.startswith(session))
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")
            raise UnknownSession(f"{len(found)} sessions begin with {session!r}: {several}.", "Give more of the id.")
        raise UnknownSession(f"There is no session {session!r} in {self.root}.", _HINT)

    def ids(self) -> set[str]:
        """Every session there is."""
        with translate_errors("read", self.root):
            try:
                names = [path.name for path in self.root.iterdir()]
            except FileNotFoundError:
                return set()
        return {name.removesuffix(EXTENSION) for name in names if name.endswith(EXTENSION)}

    def path(self, session: str) -> Path:
        """Where session `session`, its full id, is kept."""
        return self.root / f"{session}{EXTENSION}"

    def _journal(self, id: str, new: bool = False) -> FileJournal:
        return FileJournal(self.path(id), self._blobs(), new=new, fsync=self._fsync)

    def _blobs(self) -> Blobs:
        return Blobs(self.root / "blobs", self._fsync)

    def _find_referred(self, names: set[str]) -> set[str]:
        """Those of `names` that a session refers to; all of them where one cannot be read to tell."""
        referred: set[str] = set()
        for id in self.ids():
            try:
                referred |= names & self._read_references(id)
            except StoreFault:
                return names
        return referred

    def _read_references(self, id: str) -> set[str]:
        file = AppendFile(self.path(id), write=False)
        try:
            return references(file.read())
        finally:
            file.close()
