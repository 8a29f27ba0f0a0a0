"""What a user spends in a day, over all sessions folders and all processes, and what is under way (seed §9).

reserve ─▶ a row that counts while its process lives ─▶ settle: the row gives place to a part of its day's sum
                                                     └▶ the process is gone: the row counts no more

One SQLite file in the user data directory. A request costs a few rows, whatever was spent before; days older than
`KEPT_DAYS` are dropped. A process holds a lock file while it has reservations: whoever finds the lock free knows that
the process is gone, also where its number was given to another one.
"""

import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.errors import StoreFault
from workbench.core.spend import Amount, DayLimits, DayTotal, Reservation
from workbench.store.disk import translate_errors

if TYPE_CHECKING:
    from filelock import FileLock

FILE = "spend.sqlite3"
KEPT_DAYS = 90
"""Days whose sums are kept."""
MOST_TOKENS = 10**15
"""More than this is no token count; larger ones are counted as this many."""
WAIT_S = 15.0
"""Seconds to wait for other processes that write."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS days (day TEXT, user TEXT, usd REAL, tokens INTEGER, PRIMARY KEY (day, user)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
    id INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT, user TEXT, owner TEXT, usd REAL, tokens INTEGER
);
"""
SWEPT_S = 86_400.0
"""Seconds after which a lock file that nobody holds is removed: never one that is just being made."""
_BUSY = "Another process has held it for long: end that one; until then the day's budget is not kept."
_HINT = "Check its permissions and free space; until then the day's budget is not kept."


class DayLedger:
    """`core.ports.DaySpend` in `folder`, which is made at the first reservation. Raises StoreFault."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / FILE
        self._owner = uuid.uuid4().hex
        self._alive: FileLock | None = None
        self._turn = threading.Lock()

    def total(self, day: str, user: str) -> DayTotal:
        """What `day` (`2026-11-22`) holds. Makes no file where there is none."""
        if not self._path.exists():
            return DayTotal()
        with self._connect(write=False) as database:
            if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'days'").fetchone() is None:
                return DayTotal()  # another process is about to make the tables, or was ended before it did
            return self._read(database, day, user, self._find_gone(database))

    def reserve(self, day: str, user: str, amount: Amount, limits: DayLimits | None) -> tuple[int | None, DayTotal]:
        """Hold `amount` in `day` if it fits `limits`, or whatever there is where they are None.

        The reservation's number, None where it does not fit, and the day as it was before.
        """
        amount = _bound(amount)
        self._show_life()
        with self._connect(write=True) as database:
            gone = self._find_gone(database)
            self._drop(database, gone)
            before = self._read(database, day, user, ())
            if limits is not None and not before.fits(amount, limits):
                return None, before
            row = (day, user, self._owner, *amount)
            added = database.execute("INSERT INTO held (day, user, owner, usd, tokens) VALUES (?, ?, ?, ?, ?)", row)
            return added.lastrowid, before

    def settle(self, reservation: Reservation, amount: Amount) -> DayTotal:
        """Count what a request really took, in the day in which it was reserved; the day after it."""
        day, user = reservation.day, reservation.user
        usd, tokens = _bound(amount)
        with self._connect(write=True) as database:
            database.execute("DELETE FROM held WHERE id = ? AND owner = ?", (reservation.number, self._owner))
            if usd or tokens:
                database.execute(
                    "INSERT INTO days VALUES (?, ?, ?, ?) ON CONFLICT (day, user)"
                    f" DO UPDATE SET usd = usd + excluded.usd, tokens = min(tokens + excluded.tokens, {MOST_TOKENS})",
                    (day, user, usd, tokens),
                )
            oldest = date.fromisoformat(day) - timedelta(days=KEPT_DAYS)
            database.execute("DELETE FROM days WHERE day < ?", (oldest.isoformat(),))
            return self._read(database, day, user, ())

    def close(self) -> None:
        """Let what this process has reserved lapse."""
        with self._turn:
            if self._alive is not None:
                self._alive.release()
                with suppress(OSError):
                    self._lock_path(self._owner).unlink()
                self._alive = None

    @contextmanager
    def _connect(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each request, in one transaction: a file that was moved away is not written on.

        A file that is no database any more is kept aside, so that the next request begins a new one.
        """
        found = _identify(self._path)
        mode = "rwc" if write else "rw"  # which reads also where nothing may be written
        try:
            address = f"{self._path.absolute().as_uri()}?mode={mode}"
            with closing(sqlite3.connect(address, timeout=WAIT_S, uri=True, isolation_level=None)) as database:
                if write:
                    database.execute("PRAGMA synchronous = NORMAL")
                    database.execute("BEGIN IMMEDIATE")
                    self._make_tables(database)
                try:
                    yield database
                except BaseException:
                    if database.in_transaction:
                        database.rollback()
                    raise
                if database.in_transaction:
                    database.commit()
        except sqlite3.OperationalError as fault:
            hint = _BUSY if "locked" in str(fault) else _HINT
            raise StoreFault(f"Could not use the spend ledger {self._path}: {fault}.", hint) from fault
        except sqlite3.DatabaseError as fault:
            raise self._put_aside(found, fault) from fault

    def _make_tables(self, database: sqlite3.Connection) -> None:
        for statement in filter(str.strip, SCHEMA.split(";")):
            database.execute(statement)

    def _put_aside(self, found: tuple[int, int] | None, fault: Exception) -> StoreFault:
        """Rename a damaged file, unless another process did."""
        aside = self._path.with_name(f"{FILE}.damaged-{time.time_ns()}")
        with suppress(OSError):
            if found is not None and _identify(self._path) == found:
                self._path.rename(aside)
                # What belongs to the damaged file must not be taken for a part of the new one.
                self._path.with_name(f"{FILE}-journal").unlink(missing_ok=True)
        return StoreFault(
            f"The spend ledger {self._path} is damaged ({fault}).",
            f"It is kept as {aside.name}, and the day's spending is counted anew from the next request on.",
        )

    def _show_life(self) -> None:
        """Hold this process' lock file. Raises StoreFault."""
        from filelock import FileLock, Timeout

        with self._turn:
            if self._alive is not None:
                return
            path = self._lock_path(self._owner)
            try:
                with translate_errors("create", path.parent):
                    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    lock = FileLock(path, timeout=0, mode=0o600, thread_local=False)
                    lock.acquire()
            except Timeout as fault:
                raise StoreFault(f"Could not lock {path}.", _HINT) from fault
            except NotImplementedError as fault:  # a file system without locks
                raise StoreFault(f"Could not lock {path}: {fault}.", _HINT) from fault
            self._alive = lock
        self._sweep()

    def _sweep(self) -> None:
        """Remove what processes that were killed left: a lock file each."""
        oldest = time.time() - SWEPT_S
        for path in self._lock_path("*").parent.glob(self._lock_path("*").name):
            with suppress(OSError):
                owner = path.stem.removeprefix("spend-")
                if owner != self._owner and path.stat().st_mtime < oldest and self._is_gone(owner):
                    path.unlink()

    def _find_gone(self, database: sqlite3.Connection) -> tuple[str, ...]:
        """Owners of reservations whose process is gone."""
        owners = [owner for (owner,) in database.execute("SELECT DISTINCT owner FROM held")]
        return tuple(owner for owner in owners if owner != self._owner and self._is_gone(owner))

    def _is_gone(self, owner: str) -> bool:
        from filelock import FileLock, Timeout

        path = self._lock_path(owner)
        if not path.exists():
            return True
        lock = FileLock(path, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except (Timeout, OSError, NotImplementedError):
            return False
        lock.release()
        return True

    def _drop(self, database: sqlite3.Connection, owners: tuple[str, ...]) -> None:
        for owner in owners:
            database.execute("DELETE FROM held WHERE owner = ?", (owner,))
            with suppress(OSError):
                self._lock_path(owner).unlink()

    def _read(self, database: sqlite3.Connection, day: str, user: str, gone: tuple[str, ...]) -> DayTotal:
        row = database.execute("SELECT usd, tokens FROM days WHERE day = ? AND user = ?", (day, user)).fetchone()
        own, others = Amount(), Amount()
        held = "SELECT owner, sum(usd), sum(tokens) FROM held WHERE day = ? AND user = ? GROUP BY owner"
        for owner, usd, tokens in database.execute(held, (day, user)):
            if owner == self._owner:
                own = own.plus(Amount(usd, tokens))
            elif owner not in gone:
                others = others.plus(Amount(usd, tokens))
        return DayTotal(Amount(*row) if row else Amount(), own, others)

    def _lock_path(self, owner: str) -> Path:
        return self._folder / "locks" / f"spend-{owner}.lock"


def _bound(amount: Amount) -> Amount:
    """Dollars and tokens as the file holds them. Raises ValueError for what is no amount."""
    if not 0 <= amount.usd < float("inf") or amount.tokens < 0:
        raise ValueError(f"{amount} is no amount")
    return Amount(amount.usd, min(amount.tokens, MOST_TOKENS))


def _identify(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
