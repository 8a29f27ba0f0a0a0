"""The journalling table is a TinyDB table that appends what changed."""

import copy
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tinydb import TinyDB, operations, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from workbench.store.storage import JournalStorage
from workbench.store.table import JournalDB


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonlog"


def opened(path: Path, **options: object) -> JournalDB:
    return JournalDB(path, storage=JournalStorage, fsync=False, **options)


def test_insert_all_and_search_work_as_in_tinydb(path):
    with opened(path) as database:
        first = database.insert({"kind": "apple", "n": 1})
        database.insert_multiple([{"kind": "pear", "n": 2}, {"kind": "apple", "n": 3}])
        assert first == 1
        assert [row.doc_id for row in database.all()] == [1, 2, 3]
        assert [row["n"] for row in database.search(where("kind") == "apple")] == [1, 3]
        assert database.get(doc_id=2) == {"kind": "pear", "n": 2}
        assert len(database) == 3


def test_what_was_stored_is_there_after_reopening(path):
    with opened(path) as database:
        database.insert({"a": [1, {"b": None}]})
        database.table("other").insert({"c": "d"})
    with opened(path) as database:
        assert database.all() == [{"a": [1, {"b": None}]}]
        assert database.tables() == {"_default", "other"}
        assert database.insert({}) == 2


def test_an_update_appends_only_the_document_that_changed(path):
    with opened(path) as database:
        database.insert_multiple({"n": n, "text": "x" * 1000} for n in range(50))
        before = path.stat().st_size
        database.update({"text": "y"}, where("n") == 7)
        assert path.stat().st_size - before < 100
    with opened(path) as database:
        assert [row["n"] for row in database.search(where("text") == "y")] == [7]


def test_a_change_in_place_inside_a_document_is_stored(path):
    with opened(path) as database:
        database.insert({"list": [1], "flag": 1})
        database.update(operations.add("list", [2]))
        database.update({"flag": True})
    with opened(path) as database:
        assert json.dumps(database.all()) == json.dumps([{"list": [1, 2], "flag": True}])


def test_a_query_answers_anew_after_a_write(path):
    with opened(path) as database:
        query = where("n") > 0
        database.insert({"n": 1})
        assert len(database.search(query)) == 1
        database.insert({"n": 2})
        assert len(database.search(query)) == 2


def test_an_update_that_fails_in_the_middle_changes_nothing(path):
    def change(row: dict) -> None:
        row["n"] *= 2
        if row["n"] == 4:
            raise RuntimeError("no")

    with opened(path) as database:
        database.insert_multiple([{"n": 1}, {"n": 2}])
        with pytest.raises(RuntimeError):
            database.update(change)
        assert [row["n"] for row in database.all()] == [1, 2]


def test_a_document_id_is_taken_once(path):
    with opened(path) as database:
        database.insert(Document({"n": 1}, 5))
        with pytest.raises(ValueError, match="already exists"):
            database.insert(Document({"n": 2}, 5))
        assert database.insert({"n": 3}) == 6


def test_plain_tinydb_over_the_same_storage_stays_right(path):
    with TinyDB(path, storage=JournalStorage) as database:
        database.insert_multiple([{"n": 1}, {"n": 2}])
        database.update({"n": 3}, where("n") == 1)
        database.remove(where("n") == 2)
    with opened(path) as database:
        assert database.all() == [{"n": 3}]


def test_dropping_a_table_is_stored(path):
    with opened(path) as database:
        database.insert({"n": 1})
        database.table("other").insert({"n": 2})
        database.drop_table("other")
    with opened(path) as database:
        assert database.tables() == {"_default"}


def test_a_compacted_file_holds_the_same_in_two_lines(path):
    with opened(path) as database:
        for n in range(20):
            database.upsert(Document({"n": n}, 1))
        database.storage.compact()
        database.insert({"n": "new"})
    lines = path.read_bytes().splitlines()
    assert len(lines) == 3
    assert json.loads(lines[1][9:]) == {"_default": {"1": {"n": 19}}}
    with opened(path) as database:
        assert [row["n"] for row in database.all()] == [19, "new"]


def test_what_a_crash_left_of_a_snapshot_is_swept(path):
    with opened(path) as database:
        database.insert({"n": 1})
    left = path.with_name(f"{path.name}.99-1.tmp")
    left.write_bytes(b"half a snap")
    with opened(path) as database:
        assert database.all() == [{"n": 1}]
    assert not left.exists()


def test_two_handles_by_turns_see_what_the_other_wrote(path):
    with opened(path, access="shared") as one, opened(path, access="shared") as other:
        one.insert({"n": 1})
        assert other.insert({"n": 2}) == 2
        one.storage.compact()
        assert other.insert({"n": 3}) == 3
        assert [row["n"] for row in one.search(where("n") > 0)] == [1, 2, 3]


LEAVES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5) | st.just("\ud800")
VALUES = st.recursive(
    LEAVES | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries({"n": st.integers(0, 5), "value": VALUES})


class AgainstMemory(RuleBasedStateMachine):
    """Whatever is done, the table holds what TinyDB in memory holds, before and after reopening."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "rows.jsonlog"
        self.database = opened(self.path)
        self.model = TinyDB(storage=MemoryStorage)

    @rule(row=ROWS)
    def insert(self, row):
        self.model.insert(Document(copy.deepcopy(row), self.database.insert(row)))

    @rule(rows=st.lists(ROWS, max_size=3))
    def insert_multiple(self, rows):
        ids = self.database.insert_multiple(rows)
        self.model.insert_multiple([Document(copy.deepcopy(row), id) for row, id in zip(rows, ids, strict=True)])

    @rule(n=st.integers(0, 5), value=VALUES)
    def update(self, n, value):
        for database in (self.database, self.model):
            database.update({"value": copy.deepcopy(value)}, where("n") == n)

    @rule(n=st.integers(0, 5))
    def remove(self, n):
        for database in (self.database, self.model):
            database.remove(where("n") == n)

    @rule(n=st.integers(0, 5), row=ROWS)
    def upsert(self, n, row):
        if self.model.search(where("n") == n):
            for database in (self.database, self.model):
                database.upsert(copy.deepcopy(row), where("n") == n)

    @rule()
    def compact(self):
        self.database.storage.compact()

    @rule()
    def reopen(self):
        self.database.close()
        self.database = opened(self.path)

    @rule()
    def truncate(self):
        self.database.truncate()
        self.model.truncate()

    @invariant()
    def both_hold_the_same(self):
        def all_of(database: TinyDB) -> str:
            return json.dumps(sorted((row.doc_id, row) for row in database.all()), sort_keys=True)

        if hasattr(self, "model"):
            assert all_of(self.database) == all_of(self.model)

    def teardown(self):
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()


TestAgainstMemory = AgainstMemory.TestCase
TestAgainstMemory.settings = settings(max_examples=settings.default.max_examples // 2, stateful_step_count=20)


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["insert", "update", "remove", "compact"]), st.integers(0, 3), st.text(max_size=4)),
    max_size=12,
)


def done(database: JournalDB, what: str, n: int, text: str) -> None:
    match what:
        case "insert":
            database.insert_multiple([{"n": n, "text": text}] * (1 + n))
        case "update":
            database.update({"text": text}, where("n") == n)
        case "remove":
            database.remove(where("n") == n)
        case "compact":
            database.storage.compact()


@given(OPERATIONS, st.floats(0, 1))
def test_whatever_was_done_a_truncated_file_opens_to_a_state_that_there_was(operations, cut):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonlog"
        states = [[]]
        floor = 0
        with opened(path) as database:
            for operation in operations:
                done(database, *operation)
                states.append(database.all())
                if operation[0] == "compact":  # whole or not there: what follows it may be cut, itself it is not torn
                    floor = path.stat().st_size
        whole = path.read_bytes()
        path.write_bytes(whole[: max(floor, round(cut * len(whole)))])
        with opened(path) as database:
            assert database.all() in states
            database.insert({"n": 9})
        with opened(path) as database:
            assert database.all()[-1] == {"n": 9}
