"""Large texts lie beside the journal and come back in place."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.core import events as e
from workbench.core.messages import Media, Text, ToolUse
from workbench.core.spend import Usage
from workbench.core.tools import FileChange
from workbench.store.blobs import LIMIT, Blobs

LARGE = "a line of output\n" * 4_000


def stored(store, session, *events):
    journal = store.create(session)
    for event in events:
        journal.append(event)
    journal.close()
    return store.path(session).stat().st_size


@pytest.mark.parametrize(
    "event",
    [
        e.ToolFinished(1, "c", "read", LARGE, 9, 0.1),
        e.ToolFinished(1, "c", "edit", "ok", 9, 0.1, changes=(FileChange("a", "modified", 1, 1, "-" + LARGE, LARGE),)),
        e.ToolFinished(1, "c", "view", "", 9, 0.1, media=(Media("image", "image/png", LARGE),)),
        e.MessageAdded(1, 1, (Text(LARGE), ToolUse("c", "write", {"text": [LARGE]})), (1, 2), "tool_use", Usage()),
        e.Unknown({"type": "Tomorrow", "text": LARGE}),
    ],
)
def test_a_large_text_anywhere_in_an_event_is_a_blob_and_comes_back(store, stamped, session, root, event):
    size = stored(store, session, stamped(1, event))
    assert size < 2_000
    assert store.reader(session).events == (stamped(1, event),)
    assert {path.stat().st_mode & 0o777 for path in (root / "blobs").iterdir()} == {0o600}


def test_the_same_text_is_kept_once(store, stamped, session, root):
    stored(store, session, *[stamped(seq, e.ToolFinished(1, "c", "read", LARGE, 9, 0.1)) for seq in (1, 2, 3)])
    assert len(list((root / "blobs").iterdir())) == 1


def test_the_limit_counts_bytes(store, stamped, session, root):
    just = e.ToolFinished(1, "c", "read", "x" * LIMIT, 9, 0.1)
    over = e.ToolFinished(1, "c", "read", "ü" * (LIMIT // 2 + 1), 9, 0.1)
    stored(store, session, stamped(1, just), stamped(2, over))
    assert len(list((root / "blobs").iterdir())) == 1
    assert store.reader(session).events == (stamped(1, just), stamped(2, over))


def test_a_large_text_that_is_no_unicode_comes_back(store, stamped, session):
    event = stamped(1, e.ToolFinished(1, "c", "read", LARGE + "\udcff", 9, 0.1))
    stored(store, session, event)
    assert store.reader(session).events == (event,)


def test_arguments_that_look_like_a_blob_stay_what_they_are(store, stamped, session):
    call = ToolUse("c", "odd", {"$blob": "0" * 64, "also": {"$blob": {"literal": {"$blob": LARGE}}}})
    event = stamped(1, e.MessageAdded(1, 1, (call,), (1,), "tool_use", Usage()))
    stored(store, session, event)
    assert store.reader(session).events == (event,)


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_a_lost_blob_says_so_and_the_session_opens(store, stamped, session, root, harm):
    stored(store, session, stamped(1, e.ToolFinished(1, "c", "read", LARGE, 9, 0.1)), stamped(2))
    (blob,) = (root / "blobs").iterdir()
    if harm == "missing":
        blob.unlink()
    else:
        blob.write_text("something else")
    opened = store.open(session)
    opened.journal.close()
    assert opened.read_only == ""
    assert f"is {harm}" in opened.events[0].event.text
    assert opened.events[1] == stamped(2)


def test_deleting_a_session_removes_the_blobs_that_only_it_refers_to(store, stamped, root):
    shared = stamped(1, e.ToolFinished(1, "c", "read", LARGE, 9, 0.1))
    alone = stamped(2, e.ToolFinished(1, "c", "read", LARGE[1:], 9, 0.1))
    stored(store, "aaaa", shared, alone)
    stored(store, "bbbb", shared)
    store.delete("aaaa")
    assert len(list((root / "blobs").iterdir())) == 1
    assert store.reader("bbbb").events == (shared,)
    store.delete("bbbb")
    assert list((root / "blobs").iterdir()) == []


TEXTS = st.text(max_size=3) | st.sampled_from([LARGE, "ü" * LIMIT, "$blob"])
VALUES = st.recursive(
    TEXTS | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["$blob", "literal", "x"]), inner),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_restoring_undoes_spilling(tmp_path, value):
    blobs = Blobs(tmp_path / "blobs", fsync=False)
    assert blobs.restore(blobs.spill(value)) == value
