"""Lines read many at once give what they give one by one, whatever stands among them, wherever the file is damaged."""

from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.bench import long_talk
from workbench.core.events import Stamped
from workbench.core.journal import from_document, to_document
from workbench.store import records
from workbench.store.batches import decode_batch
from workbench.store.sessions import FileSessions

EVENTS = tuple(long_talk.stamp(long_talk.talk(40)))
ODD = {
    "blob": lambda document: document["event"] | {"prompt": {"$blob": "0" * 64}},
    "unknown": lambda document: {"type": "Tomorrow", "x": 1},
    "newer": lambda document: document["event"] | {"field": 1},
    "plain": lambda document: document["event"],
}


def write(kinds: list[str]) -> bytes:
    """A session file with an event of each of `kinds`, in this version's words or not."""
    lines = [records.frame(records.encode(records.FileHeader("session")))]
    for seq, kind in enumerate(kinds, 1):
        document = to_document(msgspec.structs.replace(EVENTS[seq % len(EVENTS)], seq=seq))
        body = {"n": seq, "put": {"events": {str(seq): document | {"event": ODD[kind](document)}}}}
        lines.append(records.frame(records.encode(body)))
    return b"".join(lines)


def as_written(scan: records.Scan) -> dict[str, dict[str, bytes]]:
    """The tables of a scan as JSON, however they were kept."""
    return {
        name: {
            id: records.encode(to_document(each) if isinstance(each, Stamped) else each) for id, each in held.items()
        }
        for name, held in scan.tables.items()
    }


@given(st.lists(st.sampled_from([*ODD, *["plain"] * 20]), max_size=120), st.data())
def test_a_file_read_by_batches_is_the_file_read_by_lines(kinds: list[str], data: st.DataObject) -> None:
    file = bytearray(write(kinds))
    if data.draw(st.booleans()):
        file[data.draw(st.integers(0, len(file) - 1))] ^= 1
    cut = data.draw(st.sampled_from([len(file), data.draw(st.integers(0, len(file)))]))
    slow, quick = records.scan(bytes(file[:cut])), records.scan(bytes(file[:cut]), decode_batch)
    assert as_written(quick) == as_written(slow)
    slow.tables = quick.tables = {}
    assert quick == slow


def test_events_of_a_batch_are_those_of_their_documents(tmp_path: Path) -> None:
    id = long_talk.write(tmp_path, 400)
    read = FileSessions(tmp_path).reader(id)
    assert read.events == tuple(from_document(to_document(stamped)) for stamped in read.events)
    assert read.events == tuple(long_talk.stamp(long_talk.talk(400)))
    assert records.scan(read.path.read_bytes(), decode_batch).tables["events"]["7"] == read.events[6]
