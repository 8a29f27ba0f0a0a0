"""All sessions of one folder (design §7): create, open by the beginning of an id, delete.

<root>/<id>.session.jsonlog     one file a session, mode 0600
<root>/blobs/<sha256>           large texts of their events
<root>/locks/                   who writes what
"""

import re
from pathlib import Path

from workbench.core.errors import SessionLocked, StoreFault, UnknownSession
from workbench.core.ports import OpenedSession
from workbench.store.blobs import Blobs, references
from workbench.store.disk import torn_path, translate_errors
from workbench.store.locks import WriterLock
from workbench.store.session import EXTENSION, FileJournal

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_HINT = "`workbench sessions list` shows them all."


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
        id = self.resolve(session)
        try:
            journal = self._journal(id)
        except SessionLocked as locked:
            journal = self.reader(id, f"{locked.message}; opened read-only")
        except StoreFault as fault:
            journal = self.reader(id, f"{fault.message} Opened read-only. {fault.hint}".strip())
        return OpenedSession(id, journal, journal.events, journal.fault)

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
                orphans = references(path.read_bytes())
                if orphans:
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
        """Those of `names` that a session refers to."""
        referred: set[str] = set()
        for id in self.ids():
            referred |= names & references(self.path(id).read_bytes())
        return referred
