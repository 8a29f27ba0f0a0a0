"""Every fold takes every journal: whatever an archive says it is refused whole, or opens everywhere."""

import copy
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import Bench, bench, says
from tests.make_tour import TOUR
from tests.ui.fake_client import FakeClient, state_of
from tests.unit.ui_transcript.test_transcript_entries import page, text
from workbench.cli.sessions import _as_markdown as write_markdown
from workbench.context import Ledger, WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.bounds import DEEPEST
from workbench.core.conversation import Conversation
from workbench.core.errors import WorkbenchError
from workbench.core.journal import from_document, pack, unpack
from workbench.core.notes import Notepad
from workbench.core.summary import SessionSummary, SummaryFold
from workbench.cost import BudgetPolicy, SpendLedger
from workbench.handoff import collect_digest
from workbench.ui.draw.panel_blocks import draw_budget, draw_confidence_block, draw_scratchpad, plan_panel
from workbench.ui.draw.window_block import draw_strip, draw_window
from workbench.ui.reduce import reduce_event
from workbench.ui.screens.session_list import draw_preview, draw_row
from workbench.ui.state import UiState

OLD = Path(__file__).parents[2] / "journals" / "version-0.1-tour.json"
ARCHIVES = [msgspec.json.decode(path.read_bytes()) for path in (TOUR, OLD)]
CLIENT = FakeClient()

NUMBERS = (-1, 0, 1.5, 10**15, 2**63 - 1, -(2**63), 1e20, 1e300, -1e300, 1e308)
NOT_JSON = (math.nan, math.inf, -math.inf, 10**30)
OTHERS = ("", "x" * 5_000, "\x1b[31m\x00\x9b", "\ud800", "e", "e1", "exx.1", [], [[]], {}, None, True, "ToolFinished")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterable[tuple[Any, ...]]:
    """The path of everything inside `value`."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def read(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    read(value, path[:-1])[path[-1]] = new


@st.composite
def mutated(draw: st.DrawFn, strange: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The events of an archive of ours, from one place to another, with a few things changed."""
    events = draw(st.sampled_from(ARCHIVES))["events"]
    events = list(events[: draw(st.integers(1, len(events)))])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(events) - 1))
        match draw(st.sampled_from(["value", "value", "value", "key", "drop", "again", "swap"])):
            case "value":
                events[at] = copy.deepcopy(events[at])
                put(events[at], draw(st.sampled_from(list(places(events[at])))), draw(st.sampled_from(strange)))
            case "key":
                events[at] = copy.deepcopy(events[at])
                path = draw(st.sampled_from([path for path in places(events[at]) if isinstance(path[-1], str)]))
                holder = events[at]
                for key in path[:-1]:
                    holder = holder[key]
                del holder[path[-1]]
            case "drop" if len(events) > 1:
                del events[at]
            case "again":
                events.insert(draw(st.integers(0, len(events))), events[at])
            case "swap":
                other = draw(st.integers(0, len(events) - 1))
                events[at], events[other] = events[other], events[at]
    return events


def fold_everything(events: Iterable[e.Stamped]) -> None:
    """Take `events` into every fold, and draw what came of it."""
    conversation, ledger = Conversation(), Ledger(WindowPolicy())
    spend, pad, row = SpendLedger(BudgetPolicy(), False), Notepad(), SummaryFold(SessionSummary("s"))
    state = state_of(CLIENT)
    for stamped in events:
        conversation.apply(stamped)
        ledger.apply(stamped, conversation)
        spend.apply(stamped)
        row.apply(stamped)
        reduce_event(state, stamped)
        if isinstance(stamped.event, e.ScratchpadChanged):
            pad.add(stamped.event.note)
    conversation.messages()
    collect_digest(events, conversation, pad.pad)
    state.window, state.spend = ledger.measure(conversation), spend.reading()
    spend.refusal(1_000, 0.1)
    draw(state, row.read(tuple(events)))
    write_markdown(tuple(events))


def draw(state: UiState, summary: SessionSummary) -> None:
    """The transcript, the panel and the row in the list of sessions."""
    text(page(state.entries))
    draw_row(summary, 100, state, "")
    draw_preview(summary, "", state.clock.now(), 40)
    for block in (draw_budget, draw_window, draw_scratchpad, draw_confidence_block):
        block(state, 40, plan_panel(40))
    draw_strip(state, 80, 30)


@settings(suppress_health_check=list(HealthCheck))
@given(mutated((*NUMBERS, *NOT_JSON, *OTHERS)))
def test_every_fold_takes_what_any_event_says_in_any_order(documents: list[dict[str, Any]]) -> None:
    events = []
    for document in documents:
        try:
            events.append(from_document(document))
        except (msgspec.MsgspecError, ValueError, LookupError, TypeError, AttributeError):
            continue  # the store stops reading here; what follows is folded all the same
    fold_everything(events)


@pytest.mark.parametrize("archive", ARCHIVES, ids=["tour", "old"])
def test_halves_of_characters_in_tools_and_arguments_are_folded(archive: dict[str, Any]) -> None:
    documents = copy.deepcopy(archive["events"])
    for path in [path for path in places(documents) if {"definition", "input", "arguments"} & set(path[:-1])]:
        if isinstance(read(documents, path), str):
            put(documents, path, "\ud800")
    fold_everything([from_document(document) for document in documents])


@settings(suppress_health_check=list(HealthCheck))
@given(mutated((*NUMBERS, *OTHERS)))
def test_an_archive_is_refused_and_nothing_is_stored_or_it_opens_everywhere(
    tmp_path_factory: pytest.TempPathFactory, documents: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("adopted")
    try:
        data = msgspec.json.encode({"format": 1, "session": "s", "events": documents})
    except UnicodeEncodeError:
        return
    made = bench(folder, [says("on")], unattended=lambda request: None)
    engine = made.engine
    try:
        adopted = run(engine.adopt(unpack(data).events))
    except WorkbenchError as error:
        assert "event " in str(error) or "no events" in str(error)
        assert not list(folder.rglob("*.session.jsonlog"))
        return
    fold_everything(run(engine.inspect(adopted)).events)
    assert [row.id for row in engine.sessions()] in ([adopted], [])
    run(go_on(made, adopted))


async def go_on(made: Bench, session: str) -> None:
    """Open it and ask: the turn ends, one way or another."""
    await made.engine.handle(c.OpenSession(session))
    if not made.engine.read_only:
        await made.ask("go on")
        assert made.of(e.TurnFinished) or made.of(e.TurnFailed)
    await made.engine.close()


def run(work: Any) -> Any:
    import asyncio

    return asyncio.run(work)


def opened(**more: Any) -> dict[str, Any]:
    event = {"type": "SessionOpened", "title": "t", "workspace": "/w", "provider": "p", "model": "m"}
    return {"seq": 1, "at": 1.0, "session": "s", "trace": "", "event": event} | more


def second(event: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return [opened(), {"seq": 2, "at": 1.0, "event": event} | more]


USAGE = {"input_tokens": 1, "output_tokens": 1}
MESSAGE = {"type": "MessageAdded", "turn": 1, "step": 1, "stop_reason": "end_turn", "usage": USAGE}
SETTLED = {"type": "BudgetSettled", "turn": 1, "step": 1, "model": "m", "usage": USAGE}
DEEP: Any = None
for _ in range(DEEPEST + 1):
    DEEP = [DEEP]

REFUSED = {
    "a date of no calendar": ([opened(at=1e20)], "event 1 of that session is of no date: at = 1e"),
    "a date before all": ([opened(at=-1.0)], "is of no date"),
    "a wrong number": ([opened(seq=7)], "event 1 of that session has the number 7"),
    "the same number twice": (second({"type": "SessionRenamed", "title": "n"}, seq=1), "event 2 .* has the number 1"),
    "parts without tokens": (
        second(MESSAGE | {"parts": [{"type": "text", "text": "a"}], "tokens": []}),
        "event 2 .* has 1 parts and tokens for 0",
    ),
    "absurd usage": (
        second(MESSAGE | {"parts": [], "tokens": [], "usage": USAGE | {"output_tokens": 10**18}}),
        "says usage.output_tokens = 10+",
    ),
    "tokens below none": (second({"type": "TurnStarted", "turn": 1, "prompt": "p", "tokens": -5}), "says tokens = -5"),
    "more money than there is": (second(SETTLED | {"usd": 1e308}), r"says usd = 1e\+308"),
    "more than sure": (
        second({"type": "ConfidenceScored", "turn": 1, "confidence": {"value": 1.5}}),
        "says confidence.value = 1.5",
    ),
    "what no session keeps": (second({"type": "Noticed", "message": "n"}), "of a kind that no session keeps"),
    "nesting": (
        second(
            MESSAGE | {"tokens": [1], "parts": [{"type": "tool_use", "id": "c", "name": "n", "input": {"a": DEEP}}]}
        ),
        "nested too deeply",
    ),
    "a hundred megabytes": (second({"type": "SessionRenamed", "title": "x" * 100_000_000}), "event 2 .* bytes"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_have_happened_is_refused_by_the_number_of_its_event_and_leaves_nothing(
    tmp_path: Path, what: str
) -> None:
    events, reason = REFUSED[what]
    with pytest.raises(WorkbenchError, match=reason) as refused:
        unpack(msgspec.json.encode({"format": 1, "session": "s", "events": events}))
    assert "Nothing was imported." in str(refused.value)


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"format":1,"session":"s","events":' + b"[" * 100_000, b"", b"\xff"]
)
def test_what_is_no_archive_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(WorkbenchError, match="not an exported session"):
        unpack(data)


def test_what_this_program_exports_it_takes_back() -> None:
    for archive in ARCHIVES:
        events = unpack(msgspec.json.encode(archive)).events
        assert unpack(msgspec.json.encode(pack("s", events))).events == events


async def test_an_import_that_the_disk_refuses_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    made = bench(tmp_path)
    made.disk.room = 20
    with pytest.raises(WorkbenchError):
        await made.engine.adopt(unpack(TOUR.read_bytes()).events)
    assert made.disk.files.ids() == set()
