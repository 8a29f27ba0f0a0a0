"""The sample session is whole: it folds at every prefix, its numbers agree, and a copy of it is the same session."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from tests.fakes import bench
from tests.make_tour import ASKS, SHOWN, TOUR
from tests.ui.fake_client import state_of
from workbench.cli.root import root
from workbench.context import Ledger, WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.errors import WorkbenchError
from workbench.core.journal import pack, unpack
from workbench.core.messages import Text, wire
from workbench.engine import assemble_request
from workbench.providers.rehearsal.validity import faults
from workbench.ui.reduce import reduce_event

EVENTS = unpack(TOUR.read_bytes()).events


def of(kind: type) -> list[Any]:
    """The tour's events of one kind."""
    return [stamped.event for stamped in EVENTS if isinstance(stamped.event, kind)]


def messages(events: tuple[e.Stamped, ...]) -> list[dict[str, Any]]:
    """What the conversation would send."""
    conversation = Conversation()
    for stamped in events:
        conversation.apply(stamped)
    return conversation.messages()


def test_the_tour_shows_everything_that_it_promises() -> None:
    assert [event.prompt for event in of(e.TurnStarted)] == list(ASKS)
    assert {event.stop_reason for event in of(e.TurnFinished)} == {"done"}
    assert [(event.verdict.answer, bool(event.verdict.note)) for event in of(e.EscalationResolved)] == [
        ("reject", True),
        ("once", False),
    ]
    assert [event.cause for event in of(e.ToolFailed)] == ["rejected"]
    assert {"task", "finding", "decision", "question", "file", "status"} == {
        event.note.kind for event in of(e.ScratchpadChanged)
    }
    assert [event.reason for event in of(e.EpochOpened)] == ["opened", "compacted"]
    assert not of(e.Unknown)


def test_the_tour_names_no_place_but_its_own() -> None:
    text = TOUR.read_text(encoding="utf-8")
    assert SHOWN in text
    assert not any(place in text for place in ("/tmp", "/root", "/Users", "/var"))


def test_every_prefix_of_the_tour_is_a_request_that_the_api_accepts() -> None:
    conversation = Conversation()
    for stamped in EVENTS:
        conversation.apply(stamped)
        if conversation.epoch is None:
            continue
        request = assemble_request(conversation, 32_000)
        told = [*request.messages]
        if not told or told[-1]["role"] == "assistant":
            told.append({"role": "user", "content": [wire(Text("go on"))]})
        body = {"model": request.model, "max_tokens": 1, "system": request.system, "tools": request.tools}
        assert faults(body | {"messages": told}) == [], stamped.seq


def test_the_window_sums_at_every_prefix_and_falls_with_the_compaction() -> None:
    conversation, ledger, totals = Conversation(), Ledger(WindowPolicy()), {}
    for stamped in EVENTS:
        conversation.apply(stamped)
        ledger.apply(stamped, conversation)
        window = ledger.measure(conversation)
        assert window.total == sum(section.tokens for section in window.sections), stamped.seq
        assert window.total == sum(block.tokens for block in window.blocks), stamped.seq
        assert window.total + window.reserved + window.free == window.size
        totals[stamped.seq] = window.total
    [opened] = [stamped.seq or 0 for stamped in EVENTS if isinstance(stamped.event, e.EpochOpened) and stamped.seq > 2]
    assert totals[opened] < 0.75 * totals[opened - 1]


def test_what_the_provider_counted_is_what_the_ledger_says() -> None:
    conversation, ledger = Conversation(), Ledger(WindowPolicy())
    for stamped in EVENTS:
        conversation.apply(stamped)
        ledger.apply(stamped, conversation)
    last = of(e.MessageAdded)[-1].usage
    assert ledger.measure(conversation).total == last.prompt + last.output_tokens


def test_the_screen_folds_the_tour() -> None:
    state = state_of()
    for stamped in EVENTS:
        reduce_event(state, stamped)
    assert state.turn == len(ASKS)
    assert not state.running and not state.escalations
    assert state.scratchpad.decisions and state.scratchpad.open_questions
    assert state.confidence is not None and state.spend is not None


async def test_a_copy_in_the_store_is_the_same_conversation(tmp_path: Path) -> None:
    made = bench(tmp_path)
    id = await made.engine.adopt(EVENTS)
    copy = await made.engine.inspect(id)
    assert [stamped.event for stamped in copy.events] == [stamped.event for stamped in EVENTS]
    assert copy.conversation.messages() == messages(EVENTS)
    again = unpack(msgspec.json.encode(pack(id, copy.events)))
    assert messages(again.events) == messages(EVENTS)
    await made.engine.close()


async def test_the_sample_opens_as_a_session_of_ones_own(tmp_path: Path) -> None:
    made = bench(tmp_path)
    await made.engine.handle(c.ImportSession(str(TOUR)))
    first = made.engine.session_id
    assert made.engine.session.conversation.messages() == messages(EVENTS)
    assert made.engine.read_only == ""
    assert [row.id for row in made.engine.sessions()] == [first]
    await made.engine.handle(c.UndoCompaction())
    await made.engine.handle(c.SendPrompt("go on"))
    await made.engine.idle()
    assert made.of(e.TurnFinished)[-1].turn == len(ASKS) + 1
    await made.engine.close()


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"format": 99, "session": "s", "events": []}'])
async def test_what_is_no_session_is_refused_and_the_open_one_stays(tmp_path: Path, text: str | None) -> None:
    made, path = bench(tmp_path), tmp_path / "other.json"
    if text is not None:
        path.write_text(text)
    await made.engine.handle(c.SendPrompt("hello"))
    await made.engine.idle()
    before = made.engine.session_id
    with pytest.raises(WorkbenchError):
        await made.engine.handle(c.ImportSession(str(path)))
    assert made.engine.session_id == before
    assert len(made.engine.sessions()) == 1
    await made.engine.close()


def test_the_command_line_imports_the_sample_and_shows_it(tmp_path: Path) -> None:
    where = ["--sessions", str(tmp_path / "sessions"), "--workspace", str(tmp_path), "--provider", "rehearsal"]
    imported = CliRunner().invoke(root, [*where, "sessions", "import", str(TOUR)])
    assert imported.exit_code == 0, imported.output
    id = imported.stdout.strip()
    exported = CliRunner().invoke(root, [*where, "sessions", "export", id])
    assert messages(unpack(exported.stdout.encode()).events) == messages(EVENTS)
    shown = CliRunner().invoke(root, [*where, "sessions", "show", id])
    assert all(prompt in shown.stdout for prompt in ASKS)
