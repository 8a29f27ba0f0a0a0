"""A session file gives back what was appended, whatever happened to its end."""

import json
import shutil
import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import where

from workbench.core import events as e
from workbench.core.errors import ReadOnlySession, StoreFault
from workbench.store.sessions import FileSessions


def line(value: object) -> bytes:
    payload = json.dumps(value).encode()
    return b"%08x %b\n" % (zlib.crc32(payload), payload)


def test_every_event_comes_back_as_it_was(filled, store, stamped, session):
    filled(200)
    opened = store.open(session)
    assert opened.read_only == ""
    assert opened.events == tuple(stamped(seq) for seq in range(1, 201))
    opened.journal.close()


def test_an_opened_session_goes_on_where_it_ended(filled, store, stamped, session):
    filled(3)
    for seq in (4, 5):
        opened = store.open(session)
        opened.journal.append(stamped(seq))
        opened.journal.close()
    assert [event.seq for event in store.reader(session).events] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
        lambda data: b"".join(data.replace(b"\n", b"\r\n").splitlines(keepends=True)[:40]),
    ],
    ids=["windows lines", "byte order mark", "both", "cut after a whole line"],
)
def test_what_editors_and_version_control_do_to_lines_loses_nothing(filled, store, stamped, session, change):
    filled(60)
    path = store.path(session)
    path.write_bytes(change(path.read_bytes()))
    opened = store.open(session)
    count = len(opened.events)
    assert (opened.read_only, opened.lost, count >= 39) == ("", 0, True)
    opened.journal.append(stamped(count + 1))
    opened.journal.close()
    assert [event.seq for event in store.reader(session).events] == list(range(1, count + 2))


def test_tinydb_queries_find_events_of_a_type(filled, store, session):
    filled(40)
    journal = store.open(session).journal
    found = journal.database.table("events").search(where("event")["type"] == "TurnStarted")
    assert [row["event"]["turn"] for row in found] == list(range(1, 11))
    journal.close()


def test_an_event_of_a_newer_version_is_carried_along(store, stamped, session):
    body = {"type": "SomethingNew", "x": [1, {"y": None}]}
    journal = store.create(session)
    journal.append(stamped(1, e.Unknown(body)))
    journal.close()
    assert store.reader(session).events == (stamped(1, e.Unknown(body)),)


def test_text_that_is_no_unicode_comes_back(store, stamped, session):
    odd = stamped(1, e.TurnStarted(1, "caf\udce9 \ud800 \x00 \u2028", 5))
    journal = store.create(session)
    journal.append(odd)
    journal.append(stamped(2))
    journal.close()
    assert store.reader(session).events == (odd, stamped(2))


def test_an_event_is_with_the_system_as_soon_as_it_is_appended(store, stamped, session):
    journal = store.create(session)
    journal.append(stamped(1))
    assert store.reader(session).events == (stamped(1),)
    journal.close()


def test_files_are_private(filled, root):
    path = filled(1)
    assert path.stat().st_mode & 0o777 == 0o600
    assert root.stat().st_mode & 0o777 == 0o700


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1), count=st.integers(0, 12))
def test_every_truncation_opens_to_a_prefix_and_accepts_more(tmp_path_factory, stamped, session, cut, count):
    store = FileSessions(tmp_path_factory.mktemp("cut"), fsync=False)
    journal = store.create(session)
    for seq in range(1, count + 1):
        journal.append(stamped(seq))
    journal.close()
    path = store.path(session)
    whole = path.read_bytes()
    path.write_bytes(whole[: round(cut * len(whole))])

    opened = store.open(session)
    kept = len(opened.events)
    assert opened.read_only == ""
    assert opened.events == tuple(stamped(seq) for seq in range(1, kept + 1))
    opened.journal.append(stamped(kept + 1))
    opened.journal.close()
    again = store.open(session)
    assert again.events == tuple(stamped(seq) for seq in range(1, kept + 2))
    again.journal.close()


def test_a_line_that_lacks_only_its_newline_is_kept(filled, store, session):
    path = filled(3)
    path.write_bytes(path.read_bytes()[:-1])
    opened = store.open(session)
    opened.journal.close()
    assert len(opened.events) == 3


def test_the_bytes_of_a_torn_tail_are_kept_aside(filled, store, session):
    path = filled(3)
    whole = path.read_bytes()
    tail = whole.splitlines()[-1][:-7]
    path.write_bytes(whole[: len(whole) - 8])
    opened = store.open(session)
    opened.journal.close()
    kept = path.with_name(f"{path.name}.torn")
    assert len(opened.events) == 2
    assert kept.read_bytes() == tail + b"\n"
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", [0, 1, 4])
def test_damage_before_good_lines_opens_read_only_and_leaves_the_file(filled, store, stamped, session, place):
    path = filled(6)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[place] = lines[place].replace(b'"', b"'", 1)
    damaged = b"".join(lines)
    path.write_bytes(damaged)

    opened = store.open(session)
    assert opened.events == tuple(stamped(seq) for seq in range(1, max(place, 1)))
    assert "damaged" in opened.read_only
    assert str(path) in opened.read_only
    with pytest.raises(ReadOnlySession, match="damaged"):
        opened.journal.append(stamped(7))
    opened.journal.close()
    assert path.read_bytes() == damaged
    assert not path.with_name(f"{path.name}.torn").exists()


def test_a_missing_line_is_damage(filled, store, session):
    path = filled(6)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[4:]))
    assert "damaged" in store.open(session).read_only


def test_a_newer_format_is_named_and_read_as_far_as_it_is_understood(store, stamped, session, root):
    root.mkdir()
    path = store.path(session)
    known = msgspec.to_builtins(stamped(1).event)
    row = {"seq": 1, "at": stamped(1).at, "session": session, "trace": "f" * 32, "event": known, "novelty": 1}
    newer = (
        line({"journal": "session", "format": 2, "base": 0, "flags": ["?"]})
        + line({"n": 1, "put": {"events": {"1": row}}, "by": "tomorrow"})
        + line({"sequence": 2, "zipped": "…"})
    )
    path.write_bytes(newer)
    opened = store.open(session)
    assert opened.events == (msgspec.structs.replace(stamped(1), foreign={"novelty": 1}),)
    assert "newer version" in opened.read_only
    assert str(path) in opened.read_only
    with pytest.raises(ReadOnlySession):
        opened.journal.append(stamped(2))
    opened.journal.close()
    assert path.read_bytes() == newer


def test_a_file_of_something_else_is_left_alone(store, session, root):
    root.mkdir()
    path = store.path(session)
    foreign = b"not a journal\nat all\n"
    path.write_bytes(foreign)
    opened = store.open(session)
    opened.journal.close()
    assert opened.events == ()
    assert "damaged" in opened.read_only
    assert path.read_bytes() == foreign


def test_the_whole_read_only_session_can_be_queried(filled, store, session):
    filled(8)
    held = store.open(session)
    reader = store.open(session).journal
    assert len(reader.database.table("events").all()) == 8
    reader.close()
    held.journal.close()


def test_closing_twice_and_syncing_after_it_do_no_harm(filled, store, session):
    filled(1)
    journal = store.open(session).journal
    journal.close()
    journal.close()
    journal.sync()


def test_a_session_that_needs_power_cut_safety_syncs_once(root: Path, stamped, session, monkeypatch):
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    journal = FileSessions(root).create(session)
    journal.append(stamped(1))
    journal.append(stamped(2))
    assert synced == []
    journal.sync()
    after = len(synced)
    journal.sync()
    assert after > 0
    assert len(synced) == after
    journal.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_opens_to_a_prefix(tmp_path_factory, stamped, session, where, bit):
    store = FileSessions(tmp_path_factory.mktemp("bit"), fsync=False)
    journal = store.create(session)
    for seq in range(1, 7):
        journal.append(stamped(seq))
    journal.close()
    path = store.path(session)
    data = bytearray(path.read_bytes())
    data[int(where * len(data))] ^= 1 << bit
    path.write_bytes(data)
    opened = store.open(session)
    opened.journal.close()
    assert opened.events == tuple(stamped(seq) for seq in range(1, len(opened.events) + 1))
    assert opened.read_only or len(opened.events) >= 5


@pytest.mark.parametrize("lost", [1, 5])
def test_a_lost_newline_between_two_events_is_damage_and_no_torn_tail(store, stamped, session, lost):
    journal = store.create(session)
    for seq in range(1, 7):
        journal.append(stamped(seq))
    journal.close()
    path = store.path(session)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[: lost + 1]) + b"\x0b" + b"\n".join(lines[lost + 1 :]))
    opened = store.open(session)
    opened.journal.close()
    assert opened.read_only
    assert opened.events == tuple(stamped(seq) for seq in range(1, lost))
    assert path.read_bytes().count(b"\x0b") == 1, "the file is left as it is"


def test_a_compacted_session_is_the_same_session(filled, store, stamped, session):
    filled(12)
    journal = store.open(session).journal
    journal.database.storage.compact()
    journal.append(stamped(13))
    journal.close()
    opened = store.open(session)
    opened.journal.append(stamped(14))
    opened.journal.close()
    assert opened.events == tuple(stamped(seq) for seq in range(1, 14))


@pytest.mark.parametrize("seq", [None, 0, 2, 4, 9])
def test_an_event_out_of_its_place_is_refused(filled, store, stamped, session, seq):
    filled(2)
    journal = store.open(session).journal
    with pytest.raises(StoreFault, match="cannot follow event 2"):
        journal.append(msgspec.structs.replace(stamped(3), seq=seq))
    journal.append(stamped(3))
    journal.close()


def test_a_folder_where_nobody_may_write_still_opens_read_only(filled, store, session, root):
    filled(2)
    shutil.rmtree(root / "locks")
    (root / "locks").write_text("in the way")
    opened = store.open(session)
    opened.journal.close()
    assert len(opened.events) == 2
    assert "Could not lock" in opened.read_only
    assert "Opened read-only" in opened.read_only
