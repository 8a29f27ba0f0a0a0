"""Sessions are created, found by the beginning of an id, held by one writer, and deleted."""

import os
import subprocess
import sys

import pytest

from workbench.core.errors import ReadOnlySession, SessionLocked, StoreFault, UnknownSession

HOLD = """
import sys
from pathlib import Path
from workbench.store.sessions import FileSessions
opened = FileSessions(Path(sys.argv[1]), fsync=False).open(sys.argv[2])
print("held", opened.read_only, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(root, session):
    """Another process that has the session open, once started."""
    started = []

    def start() -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(root), session], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline().startswith("held")
        return process

    yield start
    for process in started:
        process.communicate()


def test_an_id_resolves_by_its_unique_beginning(filled, store):
    filled(1, "1a2b3c4d")
    filled(1, "1a2b9999")
    filled(1, "ffff0000")
    assert store.resolve("ff") == "ffff0000"
    assert store.resolve("1a2b3") == "1a2b3c4d"


def test_a_whole_id_wins_over_longer_ones_that_begin_with_it(filled, store):
    filled(1, "abc")
    filled(1, "abcd")
    assert store.resolve("abc") == "abc"


@pytest.mark.parametrize(
    ("asked", "said"), [("1a2b", "2 sessions begin with"), ("9", "no session"), ("", "no session")]
)
def test_an_ambiguous_or_unknown_id_says_so_and_what_to_do(filled, store, asked, said):
    filled(1, "1a2b3c4d")
    filled(1, "1a2b9999")
    with pytest.raises(UnknownSession, match=said) as raised:
        store.open(asked)
    assert raised.value.hint


def test_where_nothing_was_ever_stored_every_id_is_unknown(store, root):
    with pytest.raises(UnknownSession, match="sessions list"):
        store.open("1a2b")
    assert not root.exists()


@pytest.mark.parametrize("id", ["", "../up", "a/b", ".hidden", "x" * 80])
def test_an_id_that_is_no_file_name_is_refused(store, id):
    with pytest.raises(StoreFault, match="cannot be"):
        store.create(id)


def test_an_id_is_created_once(filled, store, session):
    path = filled(2)
    before = path.read_bytes()
    with pytest.raises(StoreFault, match="exists already"):
        store.create(session)
    assert path.read_bytes() == before


def test_a_second_process_gets_the_session_read_only_and_is_told_who_has_it(filled, store, stamped, session, other):
    path = filled(3)
    holder = other()
    opened = store.open(session)
    assert opened.read_only == f"session {session} is open in another workbench (pid {holder.pid}); opened read-only"
    assert len(opened.events) == 3
    with pytest.raises(ReadOnlySession, match="another workbench"):
        opened.journal.append(stamped(4))
    opened.journal.close()
    holder.communicate()
    opened = store.open(session)
    assert opened.read_only == ""
    opened.journal.append(stamped(4))
    opened.journal.close()
    assert path.read_bytes().count(b"\n") == 5


def test_a_reader_repairs_nothing_while_another_process_writes(filled, store, session, other):
    path = filled(3)
    other()
    torn = path.read_bytes() + b"0000 half a li"
    path.write_bytes(torn)
    opened = store.open(session)
    opened.journal.close()
    assert len(opened.events) == 3
    assert path.read_bytes() == torn


def test_the_lock_dies_with_its_process(filled, store, session, other):
    filled(3)
    holder = other()
    os.kill(holder.pid, 9)
    holder.wait()
    opened = store.open(session)
    opened.journal.close()
    assert opened.read_only == ""


def test_opening_twice_in_one_process_is_told_as_that(filled, store, session):
    filled(1)
    first, second = store.open(session), store.open(session)
    assert second.read_only == f"session {session} is open in this workbench already; opened read-only"
    second.journal.close()
    first.journal.close()


def test_deleting_leaves_nothing_of_the_session(filled, store, root, session):
    path = filled(3)
    path.write_bytes(path.read_bytes()[:-5])
    store.open(session).journal.close()
    store.delete(session[:4])
    assert [found for found in root.rglob("*") if found.is_file()] == []
    with pytest.raises(UnknownSession):
        store.open(session)


def test_an_open_session_is_not_deleted(filled, store, session, other):
    path = filled(3)
    other()
    with pytest.raises(SessionLocked, match="another workbench"):
        store.delete(session)
    assert path.exists()


def test_a_damaged_session_can_be_deleted(filled, store, session):
    path = filled(3)
    path.write_bytes(b"x\n" + path.read_bytes())
    store.delete(session)
    assert not path.exists()
