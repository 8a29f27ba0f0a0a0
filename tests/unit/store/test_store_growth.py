"""Appending costs what it adds, however long the session is."""

from workbench.store.storage import JournalStorage
from workbench.store.table import JournalDB


def test_an_insert_writes_as_much_in_a_long_table_as_in_a_short_one(tmp_path):
    path = tmp_path / "rows.jsonlog"
    database = JournalDB(path, storage=JournalStorage, fsync=False)
    written = {}
    for count in (10, 2_000):
        while len(database) < count:
            database.insert_multiple({"text": "x" * 100} for _ in range(count - len(database)))
        before = path.stat().st_size
        database.insert({"text": "x" * 100})
        written[count] = path.stat().st_size - before
    database.close()
    assert written[2_000] < written[10] * 1.1


def test_appending_to_a_session_keeps_no_documents(filled, store, stamped, session):
    filled(50)
    journal = store.open(session).journal
    for seq in range(51, 60):
        journal.append(stamped(seq))
    storage = journal.database.storage
    assert storage.documents("events") == {}
    assert len(storage.read()["events"]) == 59
    journal.close()
