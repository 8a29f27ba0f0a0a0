"""The list of sessions, kept in an index that can always be made again from the session files.

A row counts while its session file has the size and time that the row was folded from; any other file is folded anew.
"""

import os
from contextlib import suppress
from pathlib import Path

import msgspec

from workbench.core.errors import StoreFault
from workbench.core.summary import SessionSummary, fold_summary
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
        self._rows = SharedRows(root / INDEX, "catalog", precious=False)

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
        summaries, fresh, present = [], {}, set()
        with translate_errors("read", self._root), os.scandir(self._root) as entries:
            for entry in (entry for entry in entries if entry.name.endswith(EXTENSION)):
                id = entry.name.removesuffix(EXTENSION)
                present.add(id)
                with suppress(FileNotFoundError):
                    mark = _mark(entry.stat())
                    summary = _read(rows.get(id), mark)
                    if summary is None:
                        summary = self._fold(id)
                        fresh[id] = _row(summary, mark)
                    summaries.append(summary)
        self._index(fresh, rows.keys() - present)
        shown = [summary for summary in summaries if summary.events or summary.state == "damaged"]
        return sorted(shown, key=lambda summary: summary.updated_at, reverse=True)

    def list(self) -> list[SessionSummary]:
        """Those that a person opened, newest first. Raises StoreFault."""
        return [summary for summary in self._all() if not summary.root]

    def put(self, summary: SessionSummary) -> None:
        """Remember one row, folded from the session file as it is now."""
        with suppress(OSError):
            mark = _mark((self._root / f"{summary.id}{EXTENSION}").stat())
            self._index({summary.id: _row(summary, mark)}, set())

    def close(self) -> None:
        """Release the index."""
        self._rows.close()

    def _index(self, rows: dict[str, Row], gone: set[str]) -> None:
        if rows or gone:
            # The index saves time and holds nothing of its own: without it the next list folds again.
            with suppress(StoreFault):
                self._rows.change(lambda _: rows, gone)

    def _fold(self, id: str) -> SessionSummary:
        summary = SessionSummary(id)
        try:
            journal = FileJournal(self._root / f"{id}{EXTENSION}", Blobs(self._root / "blobs"), access="read")
        except StoreFault:
            return msgspec.structs.replace(summary, state="damaged")
        journal.close()
        for stamped in journal.events:
            summary = fold_summary(summary, stamped)
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
