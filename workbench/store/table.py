"""TinyDB tables that append only what changed.

insert ─▶ one commit, without reading the table
update, upsert, remove, truncate ─▶ TinyDB's own updater on a recording view ─▶ one commit of what differs
"""

import copy
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from workbench.core.encoding import encode
from workbench.store.storage import JournalStorage


class JournalTable(Table):
    """A table over a `JournalStorage`: the usual methods, at the cost of what they change."""

    def __init__(self, storage: Storage, name: str, cache_size: int = Table.default_query_cache_capacity) -> None:
        super().__init__(storage, name, cache_size)
        self._journal = cast(JournalStorage, storage)
        self._seen = -1
        self._given = 0

    def insert(self, document: Mapping[str, Any]) -> int:
        """Add one document and return its id; a `Document` brings its own. O(size of the document)."""
        if not isinstance(document, Mapping):
            raise ValueError("Document is not a Mapping")
        with self._journal.writing():
            id = document.doc_id if isinstance(document, Document) else self._get_next_id()
            if self._journal.has(self.name, id):
                raise ValueError(f"Document with ID {id} already exists")
            self._journal.commit({self.name: {str(id): dict(document)}})
        return id

    def search(self, cond: QueryLike) -> list[Document]:
        """All documents that match, from the query cache while nothing was written by anybody."""
        self._read_table()
        return super().search(cond)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        table = super()._read_table()
        if self._seen != self._journal.revision:
            self.clear_cache()
            self._seen = self._journal.revision
        return table

    def _get_next_id(self) -> int:
        # `_given` outruns the storage within one `insert_multiple`, and the storage outruns it elsewhere.
        self._given = max(self._given, self._journal.last_id(self.name)) + 1
        return self._given

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self._journal.writing():
            view = _Recording((self._journal.read() or {}).get(self.name, {}))
            updater(cast(dict[int, Mapping[str, Any]], view))
            put, cut = view.changes()
            if put or cut:
                self._journal.commit({self.name: put} if put else {}, {self.name: cut} if cut else {})


class JournalDB(TinyDB):
    """TinyDB whose tables append: `JournalDB(path, storage=JournalStorage)`."""

    table_class: type[Table] = JournalTable


class _Recording(MutableMapping[int, dict[str, Any]]):
    """A table to change: documents are copied when touched, and what then differs is the change."""

    def __init__(self, stored: dict[str, dict[str, Any]]) -> None:
        self._stored = stored
        self._mine: dict[str, dict[str, Any]] = {}
        self._gone: set[str] = set()

    def changes(self) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """Documents to set, and ids to remove."""
        put = {id: document for id, document in self._mine.items() if self._differs(id, document)}
        return put, sorted(self._gone & self._stored.keys(), key=int)

    def __getitem__(self, id: int) -> dict[str, Any]:
        key = str(id)
        if key in self._gone:
            raise KeyError(id)
        if key not in self._mine:
            self._mine[key] = copy.deepcopy(self._stored[key])
        return self._mine[key]

    def __setitem__(self, id: int, document: dict[str, Any]) -> None:
        self._gone.discard(str(id))
        self._mine[str(id)] = document

    def __delitem__(self, id: int) -> None:
        if id not in self:
            raise KeyError(id)
        self._mine.pop(str(id), None)
        self._gone.add(str(id))

    def __contains__(self, id: object) -> bool:
        key = str(id)
        return key in self._mine or (key in self._stored and key not in self._gone)

    def __iter__(self) -> Iterator[int]:
        kept = [id for id in self._stored if id not in self._gone]
        return map(int, kept + [id for id in self._mine if id not in self._stored])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _differs(self, id: str, document: dict[str, Any]) -> bool:
        # As JSON, because True == 1 == 1.0 to Python.
        return id not in self._stored or encode(document) != encode(self._stored[id])
