"""Every screen in the linear mode at 80x24: sentences in reading order, what is chosen in a word, no ticking."""

import re
from collections.abc import Awaitable, Callable

import pytest
from dialog_stage import draft, plan, some_sessions, text_of
from fake_client import START, FakeClient, app_for, measured, opened, request, turn
from textual.pilot import Pilot

from workbench.core import events as e
from workbench.core.messages import Text
from workbench.core.models import ModelOffer
from workbench.core.spend import Usage
from workbench.ui.app import WorkbenchApp

SIZE = (80, 24)
MARKS = re.compile("[\u2500-\u25ff✓✗⊘🔎]")
COLUMNS = re.compile(r"\S {2,}\S")
TABLE = "See:\n\n| name | tries |\n|---|---|\n| retry | 3 |\n| send | 1 |"
Act = Callable[[Pilot[None], FakeClient], Awaitable[None]]


async def settled(pilot: Pilot[None]) -> None:
    """Deliver what waits, let threads and messages finish."""
    app = pilot.app
    assert isinstance(app, WorkbenchApp)
    for _ in range(3):
        await pilot.pause()
        if app.bridge:
            app.bridge.drain()
        await app.workers.wait_for_complete()
    await pilot.pause()


def known() -> FakeClient:
    """A session with a turn, others beside it, and two models."""
    client = FakeClient(summaries=some_sessions(START))
    client.offers = (
        ModelOffer("claude-opus-5-5", 200_000, 5.0, 25.0, True),
        ModelOffer("claude-haiku", 200_000, 1.0, 5.0, False),
    )
    client.change_over("7f3a0001")
    return client


def pressing(*keys: str) -> Act:
    """Somebody presses `keys`."""

    async def act(pilot: Pilot[None], client: FakeClient) -> None:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return act


def saying(*events: e.AnyEvent, then: tuple[str, ...] = ()) -> Act:
    """The client tells `events`, and somebody presses keys."""

    async def act(pilot: Pilot[None], client: FakeClient) -> None:
        client.say(*events)
        await settled(pilot)
        await pressing(*then)(pilot, client)

    return act


def answered(text: str) -> e.MessageAdded:
    """An answer that is whole."""
    return e.MessageAdded(2, 1, (Text(text),), (20,), "end_turn", Usage(1, 2, 3))


async def shown(act: Act) -> str:
    """The words on the screen after `act`, line by line without what stands at the edges."""
    client = known()
    app = app_for(client, linear=True)
    async with app.run_test(size=SIZE) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."), *measured())
        await settled(pilot)
        await act(pilot, client)
        await settled(pilot)
        assert not MARKS.search(app.export_screenshot())
        return "\n".join(line.strip() for line in text_of(app.screen).splitlines())


READING = (e.TurnStarted(2, "show", 3), answered(TABLE))
SCREENS: dict[str, tuple[Act, tuple[str, ...]]] = {
    "sessions": (
        pressing("ctrl+o", "a"),
        (
            "Sessions, 8 in",
            "chosen: 1 of 8: retry-ladder, in acme-api, answering, just now, $0.42",
            "4 of 8: migrate-tenants, in acme-api, waits for you, yesterday at",
            "window: 61.4k tokens, turns: 7, confidence: 0.82",
        ),
    ),
    "compaction": (
        saying(e.CompactionPlanned(plan())),
        (
            "strategy 1 of ",
            "before: 61.4k tokens, tools ",
            "difference: 37.3k tokens less",
            "What happens to 11 blocks:",
            "summarised: 4 blocks, 25.9k to 1.9k tokens",
            "s summarise, d drop, F8 compact",
        ),
    ),
    "summary": (
        saying(e.CompactionPlanned(plan()), then=("shift+tab",)),
        ("Summary: edit it; what you write is what is sent, 1.9k", "costs now: $0.12", "pays back: after 4 turns"),
    ),
    "handoff": (
        saying(e.HandoffDrafted(draft()), then=("3",)),
        ("Hand off to a new session, 61.4k to 1.4k document", "Document: goes into the next system prompt"),
    ),
    "sections": (
        saying(e.HandoffDrafted(draft()), then=("o",)),
        (
            "chosen: 1 Task status: not finished",
            "2 Decisions made: 4, all with reasons",
            "paths: 24 of 25, 1 missing",
            "open it here, now",
            "chosen: save it for later",
        ),
    ),
    "help": (
        pressing("f1"),
        ("Conversation:", "F8: Make room, seeing what would be lost, /compact", "In the prompt:"),
    ),
    "keys": (pressing(*"/keys", "enter"), ("compact: F8, Make room", "answer: no key, Open the question")),
    "cost": (
        pressing(*"/cost", "enter"),
        ("session: $0.42 of $5", "session: 310k of 25M tokens", "today: $3.10 of $20"),
    ),
    "model": (
        pressing(*"/model", "enter"),
        ("chosen: 1 claude-opus-5-5, answers now, 200k window, $5.00 in,", "2 claude-haiku, 200k window"),
    ),
    "theme": (pressing("ctrl+t", "down"), ("lamplight", "chosen: daylight", "↑↓ look, enter keep it")),
    "menu": (
        pressing("/", "down"),
        ("/compact: Make room", "chosen: /handoff: Carry the essentials into a fresh session, 2 of "),
    ),
    "palette": (pressing("ctrl+p", "down"), ("attach", "chosen: compact, F8")),
    "answer read whole": (
        saying(*READING, then=("shift+tab", "end", "enter")),
        ("answer 2, answer, 1 of 2", "name: retry, tries: 3"),
    ),
    "table": (
        saying(*READING, then=("shift+tab", "end", "enter", "]")),
        ("answer 2, table, 2 of 2", "row 1 of 2", "name: retry", "tries: 3"),
    ),
    "chosen entry": (saying(then=("shift+tab", "home")), ("chosen: you: explain", "answer: It does this.")),
}


@pytest.mark.parametrize(("act", "sentences"), SCREENS.values(), ids=SCREENS)
async def test_a_screen_reads_in_sentences_from_top_to_bottom(act: Act, sentences: tuple[str, ...]) -> None:
    text = await shown(act)
    places = [text.find(sentence) for sentence in sentences]
    assert -1 not in places, (text, sentences)
    assert places == sorted(places), text
    assert not COLUMNS.search(text), COLUMNS.findall(text)


async def test_the_welcome_says_what_to_start_with() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("tab")
        await pilot.pause()
        text = text_of(app.screen)
        assert "Start with, tab and enter choose:" in text
        assert re.search(r"chosen: 1 [A-Z].*: ", text)
        assert "F8: make room, after you have seen what would be lost" in text
        assert not MARKS.search(app.export_screenshot())


async def test_a_deadline_is_said_once_and_nothing_ticks() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=SIZE) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3), e.EscalationRaised(request(), START + 600))
        await settled(pilot)
        client.clock.advance(1)
        await settled(pilot)
        before = text_of(app.screen)
        assert re.search(r"closes unanswered at \d\d:\d\d", before), before
        client.clock.advance(60)
        await pilot.pause(1.2)
        assert text_of(app.screen) == before


async def test_a_running_turn_changes_no_line_by_itself() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=SIZE) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3), e.RequestSent(1, 1, "claude-opus-5-5", 32_000))
        await settled(pilot)
        drawn: list[int] = []
        app.main.status.refresh = lambda *_, **__: drawn.append(1) or app.main.status  # type: ignore[func-returns-value, method-assign, assignment]
        client.clock.advance(30)
        await pilot.pause(1.2)
        assert not drawn


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (30, 8)])
async def test_sessions_are_seen_in_every_size_and_not_cut(size: tuple[int, int]) -> None:
    client = known()
    app = app_for(client, linear=True)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pressing("ctrl+o", "a")(pilot, client)
        listed = [line.strip() for line in text_of(app.screen).splitlines() if " of 8: " in line]
        assert len(listed) >= 2 and "chosen: 1 of 8: " in listed[0]
        assert not [line for line in listed if line.endswith(("…", ","))] or size[0] == 30
