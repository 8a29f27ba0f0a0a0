"""Every screen as it looks, in two palettes and two sizes, after the tour of the sample session.

A change that is meant is taken over with `pytest tests/snapshots --snapshot-update`; look at the files before they are
committed.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec import structs
from textual.pilot import Pilot

from tests.make_tour import TOUR
from tests.ui.dialog_stage import draft, plan, some_sessions
from tests.ui.fake_client import START, FakeClient, app_for
from workbench.context import Ledger, WindowPolicy
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.decisions import Confidence, EscalationRequest, Progress, Proposal
from workbench.core.journal import unpack
from workbench.core.ports import RuntimeInfo
from workbench.core.spend import Spend
from workbench.core.summary import SessionSummary
from workbench.cost import BudgetPolicy, SpendLedger
from workbench.escalation import ask_for_budget, ask_for_room, ask_to_leave_out, ask_to_wait
from workbench.ui.app import WorkbenchApp

SMALL, LARGE = (80, 24), (120, 40)
EVENTS = unpack(TOUR.read_bytes()).events
STRATEGIES = (("auto", "auto", "Chooses."), ("summarise", "summarise", "Summarises."))
FACTS = RuntimeInfo(
    "rehearsal", "rehearsal", True, "/home/you/acme", "main", "/home/you/acme/sessions", lambda: STRATEGIES
)
Act = Callable[[Pilot[None], FakeClient], Awaitable[None]]

LOOKS = pytest.mark.parametrize(
    ("size", "theme"),
    [(LARGE, "lamplight"), (SMALL, "lamplight"), (SMALL, "daylight")],
    ids=["120x40-lamplight", "80x24-lamplight", "80x24-daylight"],
)
BOTH_SIZES = pytest.mark.parametrize("size", [LARGE, SMALL], ids=["120x40", "80x24"])
BOTH_THEMES = pytest.mark.parametrize("theme", ["lamplight", "daylight"])

UNSURE = EscalationRequest(
    "esc_unsure",
    "confidence",
    "medium",
    "What is meant?",
    because="‘old’ can mean two things here",
    progress=Progress(4, 15, 12_400, 0.05, as_if=True, notes=("listed 12 files", "changed nothing")),
    confidence=Confidence(0.46, "‘Old’ can mean unused or last changed long ago.", ("Delete legacy/", "Move it away")),
    question="clean up what is old",
)
LIMIT = EscalationRequest(
    "esc_limit",
    "complexity",
    "medium",
    "It has taken 15 steps. May it go on?",
    because="the step budget of 15 is used up",
    progress=Progress(15, 15, 98_000, 0.31, as_if=True, notes=("read 9 files", "2 tests still fail")),
)


DONE = Progress(6, 15, 4_300_000, 4.91, notes=("read 9 files", "edited src/retry.py +12 -3"))
SPENT = Spend(
    usd=4.91,
    tokens=4_300_000,
    limit_usd=5.0,
    limit_tokens=25_000_000,
    day_usd=8.2,
    day_tokens=7_000_000,
    day_limit_usd=20.0,
    day_limit_tokens=100_000_000,
    tier=3,
    share=0.982,
    more_usd=5.0,
    more_tokens=25_000_000,
    turn_usd=0.31,
    turn_tokens=260_000,
)
DAY_SPENT = structs.replace(SPENT, day_usd=20.0, tier=4, share=1.0, fullest="day_usd")
STOPS = {
    "budget": ask_for_budget(
        "The request may take $0.31, and $4.91 of the session's $5 is spent.",
        "session_usd",
        DONE,
        "esc_budget",
        "go on",
    ),
    "day": ask_for_budget("The day's budget is spent: $20.00 of $20.", "day_usd", DONE, "esc_day", "go on"),
    "room": ask_for_room(
        "the window holds 171,004 of 200,000 tokens after it was compacted", DONE, "esc_room", "go on"
    ),
    "words": ask_to_leave_out(
        "messages.14.content.2: a thinking block cannot be modified. It was mended twice", DONE, "esc_words", "go on"
    ),
    "wait": ask_to_wait("The model server is limiting requests (429)", 600, DONE, "esc_wait", "go on"),
}


def toured(events: tuple[e.Stamped, ...] = EVENTS) -> FakeClient:
    """A client with `events` behind it, and the readings that an engine would give of them."""
    client = FakeClient(facts=FACTS)
    conversation, ledger, spend = Conversation(), Ledger(WindowPolicy()), SpendLedger(BudgetPolicy(), True)
    for stamped in events:
        conversation.apply(stamped)
        ledger.apply(stamped, conversation)
        spend.apply(stamped)
    client.clock.at = round(events[-1].at - START, 3)
    readings = e.WindowMeasured(ledger.measure(conversation)), e.SpendMeasured(spend.reading())
    told = tuple(e.Stamped(None, client.clock.now(), "tour", "t", reading) for reading in readings)
    client.change_over("tour", (*(of_the_engine(stamped) for stamped in events), *told))
    client.busy = conversation.running
    return client


def of_the_engine(stamped: e.Stamped) -> e.Stamped:
    """The event as one of the client's session."""
    return e.Stamped(stamped.seq, stamped.at, "tour", stamped.trace, stamped.event)


def before(kind: str) -> tuple[tuple[e.Stamped, ...], EscalationRequest]:
    """The tour up to its first question with a preview of this kind, and the question."""
    for place, stamped in enumerate(EVENTS):
        if isinstance(stamped.event, e.EscalationRaised):
            proposal = stamped.event.request.proposal
            if proposal and proposal.preview and proposal.preview.kind == kind:
                return EVENTS[:place], stamped.event.request
    raise LookupError(kind)


async def settled(pilot: Pilot[None]) -> None:
    """Deliver what waits, let threads and messages finish."""
    app = pilot.app
    assert isinstance(app, WorkbenchApp)
    for _ in range(2):
        await pilot.pause()
        if app.bridge:
            app.bridge.drain()
        await app.workers.wait_for_complete()
    await pilot.pause()


def saying(*events: e.AnyEvent) -> Act:
    """The client tells `events`."""

    async def act(pilot: Pilot[None], client: FakeClient) -> None:
        client.say(*events)

    return act


def pressing(*keys: str) -> Act:
    """Somebody presses `keys`."""

    async def act(pilot: Pilot[None], client: FakeClient) -> None:
        await pilot.press(*keys)

    return act


async def looking(pilot: Pilot[None], client: FakeClient) -> None:
    """Nobody does anything."""


def shown(
    snap_compare: Any, client: FakeClient, size: tuple[int, int], theme: str, act: Act = looking, linear: bool = False
) -> bool:
    """True when the application over `client` looks as it did."""
    app = app_for(client, theme=theme, linear=linear)
    app.animation_level = "none"

    async def run_before(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await act(pilot, client)
        await settled(pilot)

    return bool(snap_compare(app, terminal_size=size, run_before=run_before))


@BOTH_SIZES
@BOTH_THEMES
def test_welcome(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    latest = SessionSummary("7f3a0001", "retry-ladder", turns=7, updated_at=START - 7_000, state="handed off")
    assert shown(snap_compare, FakeClient(facts=FACTS, summaries=[latest]), size, theme)


@BOTH_SIZES
@BOTH_THEMES
def test_main(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    assert shown(snap_compare, toured(), size, theme)


@LOOKS
@pytest.mark.parametrize("kind", ["command", "diff"])
def test_approval(snap_compare: Any, size: tuple[int, int], theme: str, kind: str) -> None:
    events, request = before(kind)
    act = saying(e.EscalationRaised(request, START + 1_000))
    assert shown(snap_compare, toured(events), size, theme, act)


@BOTH_SIZES
@pytest.mark.parametrize("look", ["chalk", "no colour"])
@pytest.mark.parametrize("asks", [False, True], ids=["main", "approval"])
def test_other_looks(
    snap_compare: Any, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], look: str, asks: bool
) -> None:
    if look == "no colour":
        monkeypatch.setenv("NO_COLOR", "1")
    events, request = before("command")
    act = saying(e.EscalationRaised(request, START + 1_000)) if asks else looking
    assert shown(snap_compare, toured(events), size, "chalk" if look == "chalk" else "lamplight", act)


def test_linear_main(snap_compare: Any) -> None:
    assert shown(snap_compare, toured(), SMALL, "lamplight", linear=True)


def test_linear_approval(snap_compare: Any) -> None:
    events, request = before("command")
    act = saying(e.EscalationRaised(request, START + 1_000))
    assert shown(snap_compare, toured(events), SMALL, "lamplight", act, linear=True)


def test_linear_compaction(snap_compare: Any) -> None:
    assert shown(snap_compare, toured(), SMALL, "lamplight", saying(e.CompactionPlanned(plan())), linear=True)


def test_linear_sessions(snap_compare: Any) -> None:
    client = toured()
    client.facts = other_facts()
    client.summaries = some_sessions(client.clock.now())
    assert shown(snap_compare, client, SMALL, "lamplight", pressing("ctrl+o", "down"), linear=True)


@LOOKS
@pytest.mark.parametrize("request_", [UNSURE, LIMIT], ids=["unsure", "limit"])
def test_question(snap_compare: Any, size: tuple[int, int], theme: str, request_: EscalationRequest) -> None:
    act = saying(e.TurnStarted(11, request_.question or "go on", 5), e.EscalationRaised(request_, START + 1_000))
    assert shown(snap_compare, toured(), size, theme, act)


@pytest.mark.parametrize("stop", STOPS)
def test_stops_of_its_own(snap_compare: Any, stop: str) -> None:
    asked, spend = STOPS[stop], DAY_SPENT if stop == "day" else SPENT
    act = saying(e.TurnStarted(11, asked.question, 5), e.SpendMeasured(spend), e.EscalationRaised(asked, START + 1_000))
    assert shown(snap_compare, toured(), SMALL, "daylight", act)


@LOOKS
def test_compaction(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    assert shown(snap_compare, toured(), size, theme, saying(e.CompactionPlanned(plan())))


@LOOKS
def test_handoff(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    assert shown(snap_compare, toured(), size, theme, saying(e.HandoffDrafted(draft())))


@LOOKS
def test_sessions(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    client = toured()
    client.facts = other_facts()
    client.summaries = some_sessions(client.clock.now())
    assert shown(snap_compare, client, size, theme, pressing("ctrl+o"))


def other_facts() -> RuntimeInfo:
    """The facts of the workspace that the listed sessions are of."""
    return RuntimeInfo("anthropic", "claude-opus-5-5", False, "/src/acme-api", "main", "/src/acme-api/sessions")


@LOOKS
def test_help(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    assert shown(snap_compare, toured(), size, theme, pressing("f1"))


@BOTH_SIZES
def test_names_of_keys(snap_compare: Any, size: tuple[int, int]) -> None:
    assert shown(snap_compare, toured(), size, "lamplight", pressing(*"/keys", "enter"))


@BOTH_SIZES
def test_finding_a_session(snap_compare: Any, size: tuple[int, int]) -> None:
    client = toured()
    client.facts = other_facts()
    client.summaries = some_sessions(client.clock.now())
    assert shown(snap_compare, client, size, "lamplight", pressing("ctrl+o", "/", *"retry", "space", *"safe"))


def ran(output: str) -> tuple[e.AnyEvent, ...]:
    """A call that gave back `output`, in a turn of its own."""
    return (
        e.TurnStarted(9, "count them", 3),
        e.ToolProposed(9, 1, Proposal("c9", "run", {"command": "seq 2000"}, (), subject="seq 2000", verb="run")),
        e.ToolStarted(9, "c9"),
        e.ToolFinished(9, "c9", "run", output, 9, 0.4, "exit 0"),
        e.RetryScheduled(9, 3, 6, 7.0, "overloaded", "The model is overloaded (529)."),
        e.TurnFailed(9, "overloaded", "The model is overloaded (529).", "It is busy; this passes."),
    )


@LOOKS
def test_pager(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    output = "\n".join(
        f"{n:04} {'a needle in a line' if n % 20 == 7 else 'hay'} {'and more ' * 20}" for n in range(2_000)
    )

    async def act(pilot: Pilot[None], client: FakeClient) -> None:
        client.say(*ran(output))
        await settled(pilot)
        app = pilot.app
        assert isinstance(app, WorkbenchApp) and app.main.transcript
        app.main.transcript.focus()
        await pilot.press("end", "up", "enter")
        await settled(pilot)
        await pilot.press("/", *"needle", "enter", "n")

    assert shown(snap_compare, toured(), size, theme, act)


@LOOKS
def test_find(snap_compare: Any, size: tuple[int, int], theme: str) -> None:
    async def act(pilot: Pilot[None], client: FakeClient) -> None:
        client.say(*ran("one\ntwo\n"))
        await settled(pilot)
        await pilot.press("ctrl+f", *"count", "up")

    assert shown(snap_compare, toured(), size, theme, act)
