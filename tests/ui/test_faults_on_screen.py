"""Faults, retries and thinking as a person meets them in the conversation."""

from fake_client import FakeClient, app_for, opened, turn
from test_pager import rows, settle
from textual.pilot import Pilot

from workbench.core import events as e
from workbench.core.commands import RetryNow, SendPrompt
from workbench.core.messages import Text, Thinking
from workbench.core.spend import Usage
from workbench.ui.app import WorkbenchApp
from workbench.ui.screens.pager import PagerScreen
from workbench.ui.state import Marker

SMALL = (80, 24)
LONG = "The model is overloaded: " + "try again in a little while, please; " * 30


def tried(attempt: int, message: str = LONG) -> e.RetryScheduled:
    return e.RetryScheduled(1, attempt, 6, 7.0, "overloaded", message)


def tries_on(app: WorkbenchApp) -> list[str]:
    return [row for row in rows(app) if "try " in row and "┄┄" in row]


async def choose_last(app: WorkbenchApp, pilot: Pilot[None]) -> None:
    assert app.main.transcript is not None
    app.main.transcript.focus()
    await pilot.press("end")
    await settle(app, pilot)


async def test_tries_are_one_line_that_counts_down_in_its_place() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 1), tried(2))
        await settle(app, pilot)
        before = rows(app)
        assert len(tries_on(app)) == 1 and "try 2 of 6 in 0:07 · The model is overloaded" in tries_on(app)[0]
        assert tries_on(app)[0].endswith("r try now")
        client.clock.advance(3.0)
        assert app.main.transcript is not None
        app.main.transcript.tick()
        await pilot.pause()
        assert "in 0:04" in tries_on(app)[0]
        assert len([row for row, old in zip(rows(app), before, strict=True) if row != old]) <= 2  # and the status
        client.say(*(tried(n) for n in range(3, 7)))
        await settle(app, pilot)
        assert len(tries_on(app)) == 1 and "try 6 of 6" in tries_on(app)[0]


async def test_enter_reads_all_of_a_fault_and_offers_to_try_at_once() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 1), tried(2, "first"), tried(3))
        await settle(app, pilot)
        await choose_last(app, pilot)
        await pilot.press("enter")
        await settle(app, pilot)
        assert isinstance(app.screen, PagerScreen)
        text = " ".join(" ".join(rows(app)).split())
        assert text.count("try again in a little while, please;") >= 30 and "1. first" in text
        assert "r try again" in rows(app)[-1]
        await pilot.press("r")
        await settle(app, pilot)
        assert client.emitted == [RetryNow()] and app.screen is app.main


async def test_after_a_failure_r_sends_the_turn_again_and_so_does_a_slash() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        failed = e.TurnFailed(1, "overloaded", "The model is overloaded.", "Wait a little.")
        client.say(opened(), e.TurnStarted(1, "go on", 1), tried(2), failed)
        await settle(app, pilot)
        assert any("r try again" in row for row in rows(app)) and not any(" of 6" in row for row in rows(app))
        await choose_last(app, pilot)
        await pilot.press("r")
        await settle(app, pilot)
        app.main.prompt.editor.focus()
        await pilot.press(*"/retry", "enter")
        await settle(app, pilot)
        assert client.emitted == [SendPrompt("go on")] * 2
        client.say(e.TurnStarted(2, "go on", 1), e.TurnFinished(2, "done", "x", 1, 1.0, Usage(), None))
        await settle(app, pilot)
        assert not any(isinstance(entry, Marker) and entry.key for entry in app.state.entries)
        await choose_last(app, pilot)
        await pilot.press("r")
        await settle(app, pilot)
        assert len(client.emitted) == 2


async def test_thinking_is_a_line_that_unfolds_and_the_pager_has_all_of_it() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        thoughts = "\n".join(f"thought {n} about it" for n in range(60))
        client.say(opened(), e.TurnStarted(1, "go", 1), e.ThinkingArrived(1, 1, "thought 0 about"))
        await settle(app, pilot)
        assert any("▸ thinks" in row and "thought 0 about" in row for row in rows(app))
        parts = (Thinking(thoughts, "s"), Text("Done."))
        client.clock.advance(12.0)
        client.say(e.MessageAdded(1, 1, parts, (9, 1), "end_turn", Usage()))
        await settle(app, pilot)
        assert any("▸ thought  0:12  thought 0 about" in row for row in rows(app))
        await choose_last(app, pilot)
        await pilot.press("up", "space")
        await settle(app, pilot)
        assert any("▾ thought" in row for row in rows(app)) and any("thought 4 about it" in row for row in rows(app))
        await pilot.press("enter")
        await settle(app, pilot)
        assert isinstance(app.screen, PagerScreen) and "60 lines" in rows(app)[0]


async def test_a_session_without_faults_says_that_nothing_failed() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), *turn(1, "hello", "hi"))
        await settle(app, pilot)
        await pilot.press(*"/retry", "enter")
        await settle(app, pilot)
        assert any("nothing failed" in row for row in rows(app)) and not client.emitted
