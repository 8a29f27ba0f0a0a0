"""Journals of every version open, and what another version wrote is written again as it was."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.journal import decode, from_document, pack, to_document, unpack
from workbench.engine import assemble_request
from workbench.providers.rehearsal.validity import faults
from workbench.store.sessions import FileSessions

JOURNALS = Path(__file__).parents[2] / "journals"
OLD = JOURNALS / "version-0.1.session.jsonlog"
OLD_TOUR = JOURNALS / "version-0.1-tour.json"
DOCUMENTS = msgspec.json.decode(OLD_TOUR.read_bytes())["events"]

Json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
FREE = {"arguments", "input", "definition", "data", "value", "scores"}
"""Fields that hold what a model or a person wrote; a key more in them is theirs and no field."""


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a document that has fields, itself included."""
    match value:
        case dict():
            return [value, *(each for key, item in value.items() if key not in FREE for each in objects(item))]
        case list() | tuple():
            return [each for item in value for each in objects(item)]
    return []


@given(st.data())
def test_fields_of_a_newer_version_survive_reading_and_writing_at_any_depth(data: st.DataObject) -> None:
    known = to_document(from_document(data.draw(st.sampled_from(DOCUMENTS))))
    document = msgspec.json.decode(msgspec.json.encode(known))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(objects(document)))
        place["of_tomorrow" + data.draw(st.text("ab", max_size=2))] = data.draw(Json)
    read = from_document(document)
    assert not isinstance(read.event, e.Unknown)
    written = msgspec.json.decode(msgspec.json.encode(to_document(read)))
    assert written == document
    assert from_document(written) == read


def test_an_event_of_a_newer_version_is_carried_through_a_session_file_and_an_archive(tmp_path: Path) -> None:
    store = FileSessions(tmp_path, fsync=False)
    event = {"type": "TeaServed", "cups": [{"sugar": 2}]}
    strange = from_document({"seq": 1, "at": 1.5, "session": "abc", "trace": "", "event": event, "warm": True})
    journal = store.create("abc")
    journal.append(strange)
    journal.close()
    (found,) = store.open("abc").events
    assert found == strange
    assert isinstance(found.event, e.Unknown)
    (again,) = unpack(msgspec.json.encode(pack("abc", [found]))).events
    assert to_document(again)["event"] == event
    assert to_document(again)["warm"] is True


@pytest.mark.parametrize("value", [{"seq": 1, "session": "another"}, {}, None])
@pytest.mark.parametrize("key", ["foreign", "event_", "span_"])
def test_no_key_of_a_record_can_pass_for_its_stamp(key: str, value: object) -> None:
    honest = to_document(e.Stamped(7, 1.0, "abc", "t", e.SessionRenamed("n")))
    record = honest | {key: value}
    read = decode(msgspec.json.encode(record)) or from_document(record)
    assert (read.seq, read.session) == (7, "abc")
    assert to_document(read) == record


@pytest.mark.parametrize("type", [*(kind.__name__ for kind in e.Event.__mro__), "Unknown", "Stamped", ""])
def test_no_name_of_an_event_can_pass_for_one_that_is_not_known(type: str) -> None:
    record = to_document(e.Stamped(1, 1.0, "abc", "t", e.Unknown({"type": type, "raw": {"a": 1}})))
    read = decode(msgspec.json.encode(record)) or from_document(record)
    assert to_document(read) == record


def test_what_this_version_wrote_is_read_the_quick_way_and_means_the_same() -> None:
    for document in DOCUMENTS:
        stamped = msgspec.structs.replace(
            from_document(document), foreign=msgspec.UNSET, span="5" * 16, parent="6" * 16
        )
        record = msgspec.json.encode(to_document(stamped))
        assert decode(record) == stamped == from_document(msgspec.json.decode(record))


def fold(events: tuple[e.Stamped, ...]) -> Conversation:
    conversation = Conversation()
    for stamped in events:
        conversation.apply(stamped)
        if isinstance(stamped.event, e.RequestSent):
            asked = assemble_request(conversation, 1_000)
            body = {"model": "m", "max_tokens": 1, "tools": asked.tools, "messages": asked.messages}
            assert faults(body) == []
    return conversation


def test_a_session_file_of_the_version_before_opens_and_can_go_on(tmp_path: Path) -> None:
    (tmp_path / "fd0e0cdb.session.jsonlog").write_bytes(OLD.read_bytes())
    opened = FileSessions(tmp_path, fsync=False).open("fd0e0cdb")
    assert not opened.read_only
    assert len(opened.events) > 200
    assert not any(isinstance(stamped.event, e.Unknown) for stamped in opened.events)
    conversation = fold(opened.events)
    assert conversation.turn == 6
    kinds = {p.tool: p.kind for p in conversation.proposals.values()}
    assert kinds == {
        "set_task": "note",
        "add_finding": "note",
        "set_status": "note",
        "glob": "read",
        "read": "read",
        "edit": "edit",
        "shell": "run",
    }
    opened.journal.close()


def test_the_tour_of_the_version_before_opens_with_every_subject_that_it_named() -> None:
    archive = unpack(OLD_TOUR.read_bytes())
    fold(archive.events)
    named = [d["event"]["summary"] for d in DOCUMENTS if d["event"]["type"] == "ToolProposed"]
    read = [s.event.proposal.subject for s in archive.events if isinstance(s.event, e.ToolProposed)]
    assert read == named


@pytest.mark.parametrize(
    ("effects", "preview", "kind"),
    [
        (["read"], None, "read"),
        (["memory"], None, "note"),
        (["read", "write"], "diff", "edit"),
        (["delete"], "text", "edit"),
        (["read"], "command", "run"),
        (["network"], None, "network"),
        (["unknown"], None, "run"),
        ([], None, "run"),
    ],
)
def test_a_proposal_that_lacks_its_kind_takes_it_from_its_journalled_effects(
    effects: list[str], preview: str | None, kind: str
) -> None:
    proposal = {
        "call_id": "c",
        "tool": "anything",
        "arguments": {},
        "effects": [{"kind": each} for each in effects],
        "preview": {"kind": preview, "text": "it"} if preview else None,
    }
    event = {"type": "ToolProposed", "turn": 1, "step": 1, "proposal": proposal, "summary": "it"}
    read = from_document({"seq": 1, "at": 1.0, "event": event}).event
    assert isinstance(read, e.ToolProposed)
    assert (read.proposal.kind, read.proposal.subject) == (kind, "it")
