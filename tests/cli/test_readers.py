"""Commands that read take no lock, change no byte, and say of what is damaged what can be done."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.shop import Shop
from workbench.core import events as e
from workbench.core.messages import Text, ToolUse
from workbench.core.spend import Usage
from workbench.store.sessions import FileSessions

READERS = (
    *(("sessions", "list"), ("sessions", "list", "--json"), ("sessions", "show"), ("sessions", "show", "--json")),
    *(("sessions", "export"), ("window",), ("window", "--json")),
)


def read_all(shop: Shop, id: str) -> list[int]:
    """The exit codes of every command that reads."""
    return [shop(*words, *(() if "list" in words else (id,))).code for words in READERS]


def digest(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Content, time and mode of everything in `folder`, the folder itself included."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        stat = path.lstat()
        body = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (body, stat.st_mtime_ns, stat.st_mode)
    return found


@pytest.mark.parametrize("index", ["kept", "gone", "damaged"])
@pytest.mark.parametrize("tail", [b"", b'0badc0de {"n":', b"\0" * 40])
def test_reading_changes_nothing(shop: Shop, told: str, tail: bytes, index: str) -> None:
    with shop.journals()[0].open("ab") as file:
        file.write(tail)
    (shop.sessions / "days.jsonlog").write_bytes(b"damaged\nand more\n")
    if index == "gone":
        (shop.sessions / "index.jsonlog").unlink()
    elif index == "damaged":
        (shop.sessions / "index.jsonlog").write_bytes(b"\0\n\1\n")
    before = digest(shop.sessions)
    assert set(read_all(shop, told)) == {0}
    assert digest(shop.sessions) == before


def test_reading_makes_no_folder(shop: Shop, tmp_path: Path) -> None:
    missing = tmp_path / "not" / "there"
    assert shop("sessions", "list", "--sessions", str(missing)).code == 0
    for words in (
        ("sessions", "show", "x"),
        ("sessions", "export", "x"),
        ("window", "x"),
        ("compact", "x", "--dry-run"),
    ):
        assert shop(*words, "--sessions", str(missing)).code != 0
    assert not (tmp_path / "not").exists()


def test_a_session_is_read_while_another_process_writes_it(shop: Shop, told: str) -> None:
    writer = FileSessions(shop.sessions, fsync=False).open(told).journal
    try:
        before = digest(shop.sessions)
        assert set(read_all(shop, told)) == {0}
        assert digest(shop.sessions) == before
    finally:
        writer.close()


def test_whoever_reads_keeps_nobody_from_writing(shop: Shop, told: str) -> None:
    reader = FileSessions(shop.sessions, fsync=False).read(told).journal
    try:
        assert shop("run", "go on", "--resume", told, script=[{"text": "on"}]).code == 0
    finally:
        reader.close()


def test_a_folder_that_nobody_may_write_is_read(shop: Shop, told: str) -> None:
    folders = [shop.sessions, *filter(Path.is_dir, shop.sessions.rglob("*"))]
    for folder in folders:
        folder.chmod(0o500)
    if os.access(shop.sessions, os.W_OK):
        pytest.skip("nothing is read-only to whoever runs this")
    try:
        assert set(read_all(shop, told)) == {0}
    finally:
        for folder in folders:
            folder.chmod(0o700)


def damage(path: Path) -> None:
    """Break the line after the tenth."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:10], b"x" + lines[10], *lines[11:]]))


def test_a_damaged_session_is_read_up_to_the_damage_and_the_rest_is_said(shop: Shop, told: str) -> None:
    path = shop.journals()[0]
    whole = shop("sessions", "show", told, "--json").json["events"]
    damage(path)
    before = path.read_bytes()
    for words in (("sessions", "show", told, "--json"), ("sessions", "export", told)):
        ended = shop(*words)
        assert (ended.code, ended.json["events"]) == (1, whole[:9])
        assert (
            f"damaged after event 9; opened read-only up to there, and the file is left as it was: {path}" in ended.err
        )
        assert f"`workbench sessions repair {told}`" in ended.err
    assert shop("window", told).code == 1
    assert shop("window", told, "--json").json["total"] > 0
    ended = shop("run", "go on", "--resume", told)
    assert (ended.code, f"`workbench sessions repair {told}`" in ended.err) == (1, True)
    assert path.read_bytes() == before
    listed = shop("sessions", "list")
    assert listed.code == 0
    assert f"{told}  " in listed.out
    assert "damaged" in listed.out
    assert "1 damaged" in listed.err


def test_repair_stores_what_is_sound_and_says_what_is_lost(shop: Shop, told: str) -> None:
    path = shop.journals()[0]
    count = len(shop("sessions", "show", told, "--json").json["events"])
    damage(path)
    before = path.read_bytes()
    ended = shop("sessions", "repair", told[:4])
    id = ended.out.strip()
    assert ended.code == 0
    assert f"of {told}, events that are sound and stored: 9; lost from the damage on: {count - 9}." in ended.err
    assert path.read_bytes() == before
    assert len(shop("sessions", "show", id, "--json").json["events"]) == 9
    assert shop("run", "go on", "--resume", id, script=[{"text": "on"}]).code == 0
    again = shop("sessions", "repair", id)
    assert (again.code, "is whole" in again.err) == (1, True)


def make_gzip(path: Path) -> None:
    import gzip

    path.write_bytes(gzip.compress(b"events\n" * 1000)[:-20])


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10_000_000_000)


def make_forbidden(path: Path) -> None:
    path.write_bytes(b"secret")
    path.chmod(0)


STRANGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "garbage": (lambda path: path.write_bytes(b"garbage\nand more\n"), "damaged from its beginning"),
    "one line of garbage": (lambda path: path.write_bytes(b"garbage"), "damaged from its beginning"),
    "nothing": (lambda path: path.write_bytes(b""), "is empty"),
    "zeros": (lambda path: path.write_bytes(b"\0" * 4096), "damaged from its beginning"),
    "another kind": (
        lambda path: path.write_bytes((path.parent / "index.jsonlog").read_bytes()),
        "damaged from its beginning",
    ),
    "half a gzip": (make_gzip, "damaged from its beginning"),
    "ten gigabytes of nothing": (make_huge, "is larger than 2 GB"),
    "a folder": (Path.mkdir, "it is a directory"),
    "a pipe": (os.mkfifo, "it is not a file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "it is not a file"),
    "a link to itself": (lambda path: path.symlink_to(path), "symbolic links"),
    "forbidden": (make_forbidden, "Permission denied"),
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_no_session_is_named_and_hides_no_other(shop: Shop, told: str, what: str) -> None:
    make, reason = STRANGE[what]
    path = shop.sessions / "zzzz.session.jsonlog"
    make(path)
    if what == "forbidden" and os.access(path, os.R_OK):
        pytest.skip("nothing is forbidden to whoever runs this")
    listed = shop("sessions", "list")
    assert listed.code == 0
    assert told in listed.out
    assert ("zzzz" in listed.out) == (what != "nothing")
    for words in (("sessions", "show"), ("sessions", "export"), ("window",)):
        ended = shop(*words, "zzzz")
        assert ended.code == 1
        assert reason in ended.err
    assert shop("run", "go on", "--resume", told, script=[{"text": "on"}]).code == 0
    assert shop("sessions", "delete", told, "--yes").code == 0
    assert os.path.lexists(path)


def test_a_session_whose_name_is_no_text_is_listed(shop: Shop, told: str) -> None:
    for name in (b"a\xffb.session.jsonlog", b"a\x1b[31mb.session.jsonlog"):
        (Path(os.fsdecode(os.fsencode(shop.sessions) + b"/" + name))).write_bytes(b"x\ny\n")
    assert len(shop("sessions", "list", "--json").json) == 3
    assert "\x1b" not in shop("sessions", "list").out


def test_a_session_that_an_older_version_took_in_without_looking_opens_everywhere(shop: Shop) -> None:
    store = FileSessions(shop.sessions, fsync=False)
    journal = store.create("absurd")
    usage = Usage(10**17, 2**62)
    opened = e.SessionOpened("absurd", str(shop.project), "rehearsal", "rehearsal")
    said = e.MessageAdded(1, 1, (Text("a"), ToolUse("c", "read", {})), (), "tool_use", usage)
    for seq, event in enumerate(
        (opened, e.TurnStarted(1, "p", -5), said, e.BudgetSettled(1, 1, "m", usage, 1e308), e.TierChanged(9, "why")), 1
    ):
        journal.append(e.Stamped(seq, 1e20, "absurd", "", event))
    journal.close()
    assert set(read_all(shop, "absurd")) == {0}
    assert "–" in shop("sessions", "list").out
    assert shop("run", "go on", "--continue", script=[{"text": "on"}]).code in (0, 4)


@pytest.mark.parametrize("number", ["1e20", "-1", "1e400", "NaN", '"now"'])
def test_an_import_of_no_date_is_refused_and_stores_nothing(shop: Shop, told: str, tmp_path: Path, number: str) -> None:
    exported = shop("sessions", "export", told).out
    at = exported.partition('"at": ')[2].partition(",")[0]
    file = tmp_path / "odd.json"
    file.write_text(exported.replace(f'"at": {at}', f'"at": {number}', 1))
    before = digest(shop.sessions)
    ended = shop("sessions", "import", str(file))
    assert (ended.code, ended.out) == (1, "")
    assert "event 1 of that session" in ended.err or "not an exported session" in ended.err
    assert digest(shop.sessions) == before


def test_halves_of_characters_are_escaped_in_json_and_come_back_by_import(shop: Shop, tmp_path: Path) -> None:
    journal = FileSessions(shop.sessions, fsync=False).create("halves")
    opened = e.SessionOpened("a \ud800", "/w", "rehearsal", "rehearsal")
    said = e.MessageAdded(1, 1, (Text("b \udfff"),), (1,), "end_turn", Usage(1, 1))
    for seq, event in enumerate((opened, e.TurnStarted(1, "c \ud800", 1), said), 1):
        journal.append(e.Stamped(seq, 1e9, "halves", "", event))
    journal.close()
    assert set(read_all(shop, "halves")) == {0}
    file = tmp_path / "halves.json"
    assert shop("sessions", "export", "halves", "-o", str(file)).code == 0
    id = shop("sessions", "import", str(file)).out.strip()
    assert shop("sessions", "show", id, "--json").json["events"][2]["event"]["parts"][0]["text"] == "b \udfff"
