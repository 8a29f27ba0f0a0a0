"""The catalog lists what is on disk, with or without its index."""

import msgspec
import pytest

from workbench.core import events as e
from workbench.core.notes import Note
from workbench.core.summary import SessionSummary, SummaryFold, summarise
from workbench.store.catalog import INDEX, FileCatalog
from workbench.ui.screens.session_asides import find_sessions


@pytest.fixture
def catalog(root):
    catalog = FileCatalog(root)
    yield catalog
    catalog.close()


def test_where_nothing_was_ever_stored_the_list_is_empty(catalog, root):
    assert catalog.list() == []
    assert not root.exists()


def test_rows_are_folded_from_the_session_files(filled, catalog, stamped, session):
    filled(40)
    assert catalog.list() == [summarise(SessionSummary(session), [stamped(seq) for seq in range(1, 41)])]


def test_newest_comes_first(filled, catalog):
    for count, id in ((5, "aaaa"), (9, "bbbb"), (2, "cccc")):
        filled(count, id)
    assert [summary.id for summary in catalog.list()] == ["bbbb", "aaaa", "cccc"]


def test_a_row_that_was_put_is_not_folded_again(filled, catalog, root, session):
    filled(3)
    catalog.put(SessionSummary(session, "from the engine", events=3))
    assert catalog.list()[0].title == "from the engine"
    assert FileCatalog(root).list()[0].title == "from the engine"


def test_a_session_that_grew_since_is_folded_again(filled, catalog, store, stamped, session):
    filled(3)
    catalog.put(SessionSummary(session, "old", events=3))
    journal = store.open(session).journal
    journal.append(stamped(4, e.SessionRenamed("new")))
    journal.close()
    assert [(summary.title, summary.events) for summary in catalog.list()] == [("new", 4)]


def test_deleted_sessions_vanish(filled, catalog, store):
    filled(3, "aaaa")
    filled(3, "bbbb")
    catalog.list()
    store.delete("aaaa")
    assert [summary.id for summary in catalog.list()] == ["bbbb"]


@pytest.mark.parametrize("harm", [None, b"", b"garbage\nmore\n", b"\x00" * 500])
def test_a_missing_or_damaged_index_is_rebuilt_without_a_word(filled, catalog, root, harm):
    filled(3)
    before = catalog.list()
    catalog.put(before[0])
    if harm is None:
        (root / INDEX).unlink()
    else:
        (root / INDEX).write_bytes(harm)
    fresh = FileCatalog(root)
    assert fresh.list() == before
    assert catalog.list() == before
    fresh.put(before[0])
    assert FileCatalog(root).list() == before


def test_an_index_that_cannot_be_written_costs_only_time(filled, root):
    filled(3)
    (root / INDEX).mkdir()
    catalog = FileCatalog(root)
    assert len(catalog.list()) == 1
    catalog.put(catalog.list()[0])


def test_a_damaged_session_is_listed_as_damaged(filled, catalog):
    path = filled(5)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], b"x\n", *lines[3:]]))
    (summary,) = catalog.list()
    assert (summary.state, summary.title, summary.events) == ("damaged", "A session", 2)


def test_a_session_without_events_is_not_listed(filled, catalog):
    filled(0)
    assert catalog.list() == []


def test_listing_does_not_disturb_a_session_that_is_open(store, catalog, stamped, session):
    journal = store.create(session)
    journal.append(stamped(1))
    assert catalog.list()[0].events == 1
    journal.append(stamped(2))
    assert catalog.list()[0].events == 2
    journal.close()


def test_many_puts_keep_the_index_small(filled, catalog, root, session):
    filled(1)
    for turn in range(600):
        catalog.put(SessionSummary(session, turns=turn, events=1))
    assert (root / INDEX).read_bytes().count(b"\n") < 300
    assert catalog.list()[0].turns == 599


def test_child_sessions_stand_in_no_list_but_that_of_their_root(store, filled, stamped, catalog):
    filled(5, "aaaa")
    filled(5, "bbbb")
    for id, root in (("cccc", "aaaa"), ("dddd", "aaaa"), ("eeee", "bbbb")):
        journal = store.create(id)
        journal.append(stamped(1, e.SessionOpened("a part", "/work", "rehearsal", "m", root=root, role="research")))
        journal.close()
    assert sorted(summary.id for summary in catalog.list()) == ["aaaa", "bbbb"]
    assert sorted((summary.id, summary.role) for summary in catalog.children("aaaa")) == [
        ("cccc", "research"),
        ("dddd", "research"),
    ]
    assert catalog.children("cccc") == []


def test_the_index_stays_small_however_long_the_prompts_and_the_session(store, catalog, root, stamped, session):
    journal, fold, events = store.create(session), SummaryFold(SessionSummary(session)), []
    prompt = "mend the retry ladder " + "x" * 300_000
    for turn in range(1, 201):
        events.append(stamped(turn, e.TurnStarted(turn, prompt, 75_000)))
        journal.append(events[-1])
        fold.apply(events[-1])
        catalog.put(summary := fold.read(events))
    journal.close()
    assert (root / INDEX).stat().st_size < 1_000_000
    assert len(msgspec.json.encode(summary)) < 3_000
    (row,) = FileCatalog(root).list()
    assert find_sessions([row], "retry ladder") == [row]


@pytest.mark.parametrize("what", [e.SessionRenamed("t" * 10**6), e.ScratchpadChanged(Note("task", "t" * 10**6))])
def test_no_event_makes_a_row_long(stamped, session, what):
    summary = summarise(SessionSummary(session), [stamped(1, what)])
    assert len(msgspec.json.encode(summary)) < 5_000
