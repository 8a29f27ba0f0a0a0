"""The list of sessions, kept in an index that can always be made again from the session files.

A row counts while its session file has the size and time that the row was folded from; any other file is folded anew.
Who only lists writes nothing: what was folded on the way is written with the next row that a session puts.
"""

import os
from contextlib import suppress
from pathlib import Path

import msgspec

from workbench.core.errors import StoreFault
from workbench.core.messages import replace_surrogates
from workbench.core.summary import SessionSummary, summarise
from workbench.store.blobs import Blobs
from workbench.store.disk import translate_errors
from workbench.store.sessions import EXTENSION, FileJournal
from workbench.store.shared_rows import Row, SharedRows

INDEX = "index.jsonlog"
FOLD = 2
"""Which fold made a row: one of an earlier fold (2 has real money and as-if money apart) is made anew."""


class FileCatalog:
    """All sessions under `root` in a row each, as `workbench.core.ports.Catalog`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._rows = SharedRows(root / INDEX, "catalog")
        self._fresh: dict[str, Row] = {}
        """Rows that were folded here and do not stand in the index yet."""
        self._gone: set[str] = set()
        """Rows of the index whose session is no more."""

    def children(self, root: str) -> list[SessionSummary]:
        """The child sessions of `root`, newest first. Raises StoreFault."""
        return [summary for summary in self._all() if summary.root == root]

    def _all(self) -> list[SessionSummary]:
        """Newest first. A missing, damaged or unwritable index costs time, nothing else."""
        if not self._root.is_dir():
            return []
        rows: dict[str, Row] = {}
        with suppress(StoreFault):
            rows = self._rows.rows()
        with translate_errors("read", self._root), os.scandir(self._root) as entries:
            found = [entry for entry in entries if entry.name.endswith(EXTENSION)]
        summaries = [summary for entry in found if (summary := self._summarise(entry, rows))]
        self._gone = rows.keys() - {entry.name.removesuffix(EXTENSION) for entry in found}
        shown = [summary for summary in summaries if summary.events or summary.state == "damaged"]
        return sorted(shown, key=lambda summary: summary.updated_at, reverse=True)

    def list(self) -> list[SessionSummary]:
        """Those that a person opened, newest first. Raises StoreFault."""
        return [summary for summary in self._all() if not summary.root]

    def put(self, summary: SessionSummary) -> None:
        """Remember one row, folded from the session file as it is now, and those that the last list had to fold."""
        try:
            mark = _mark((self._root / f"{summary.id}{EXTENSION}").stat())
        except OSError:
            return
        fresh, self._fresh = self._fresh | {summary.id: _row(summary, mark)}, {}
        gone, self._gone = self._gone, set()
        # The index saves time and holds nothing of its own: without it the next list folds again.
        with suppress(StoreFault):
            self._rows.change(lambda _: fresh, gone - fresh.keys())

    def close(self) -> None:
        """Release the index."""
        self._rows.close()

    def _summarise(self, entry: os.DirEntry[str], rows: dict[str, Row]) -> SessionSummary | None:
        """The row of one session file; None where it is gone by now. One that cannot be read at all is damaged."""
        id = entry.name.removesuffix(EXTENSION)
        mark = None
        try:
            mark = _mark(stat := entry.stat())
            summary = _read(rows.get(id), mark) or _read(self._fresh.get(id), mark)
            if summary is None:
                summary = self._fold(id, stat.st_mtime)
                self._fresh[id] = _row(summary, mark)
        except FileNotFoundError:
            return None
        except (OSError, StoreFault):  # a mended one has the same mark, so it is not remembered
            updated = mark[1] / 1e9 if mark else 0.0
            return SessionSummary(replace_surrogates(id), updated_at=updated, state="damaged")
        return summary

    def _fold(self, id: str, changed: float) -> SessionSummary:
        """Folded from the file. Raises StoreFault where nothing can be read."""
        summary = SessionSummary(replace_surrogates(id), updated_at=changed)
        journal = FileJournal(self._root / f"{id}{EXTENSION}", Blobs(self._root / "blobs"), access="read")
        journal.close()
        summary = summarise(summary, journal.events)
        return msgspec.structs.replace(summary, state="damaged") if journal.damaged else summary


def _mark(stat: os.stat_result) -> list[int]:
    return [FOLD, stat.st_size, stat.st_mtime_ns]


def _row(summary: SessionSummary, mark: list[int]) -> Row:
    return {"file": mark, "summary": msgspec.to_builtins(summary)}


def _read(row: Row | None, mark: list[int]) -> SessionSummary | None:
    """The summary of `row`, if it was folded from a file with this `mark`."""
    if row is None or row.get("file") != mark:
        return None
    try:
        return msgspec.convert(row.get("summary"), SessionSummary)
    except msgspec.ValidationError:
        return None
