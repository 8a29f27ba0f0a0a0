"""A disk that refuses is told in words, and what was stored before stays good."""

import subprocess
import sys
from pathlib import Path

import pytest

from workbench.core.errors import StoreFault
from workbench.store.sessions import FileSessions

FILL = """
import resource, sys
from pathlib import Path
from workbench.core import events as e
from workbench.core.errors import StoreFault
from workbench.store.sessions import FileSessions
store = FileSessions(Path(sys.argv[1]), fsync=False)
journal = store.create("1a2b")
def append(seq):
    journal.append(e.Stamped(seq, 1.0, "1a2b", "", e.ToolFinished(1, "c", "read", "x" * 500, 1, 0.1)))
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, resource.RLIM_INFINITY))
seq = 1
while True:
    try:
        append(seq)
    except StoreFault as fault:
        print(fault)
        break
    seq += 1
size = store.path("1a2b").stat().st_size
try:
    append(seq)
except StoreFault:
    print(store.path("1a2b").stat().st_size == size)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
append(seq)
journal.close()
opened = store.open("1a2b")
print(len(opened.events) == seq, opened.read_only == "")
"""


def test_a_full_disk_is_told_loses_nothing_and_goes_on_when_there_is_room(root):
    ran = subprocess.run([sys.executable, "-c", FILL, str(root)], capture_output=True, text=True, check=True)
    message, unchanged, after = ran.stdout.splitlines()
    assert message.startswith(f"Could not write {root}")
    assert "what was stored before is safe" in message
    assert (unchanged, after) == ("True", "True True")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreFault, match=r"Could not create .*file"):
        FileSessions(tmp_path / "file" / "sessions").create("1a2b")


def test_a_session_that_cannot_be_opened_is_named(store, root):
    root.mkdir()
    store.path("1a2b").mkdir()
    with pytest.raises(StoreFault, match=r"Could not read .*1a2b.*directory"):
        store.open("1a2b")


def test_a_blob_that_cannot_be_written_leaves_the_journal_as_it_was(store, stamped, session, root):
    from workbench.core import events as e

    journal = store.create(session)
    (root / "blobs").write_text("in the way")
    with pytest.raises(StoreFault, match="Could not write"):
        journal.append(stamped(1, e.ToolFinished(1, "c", "read", "x" * 50_000, 9, 0.1)))
    journal.append(stamped(1))
    journal.close()
    assert store.reader(session).events == (stamped(1),)
