"""Whatever screen is in front: questions, notices and changes reach it, and one that fails is gone back from."""

from typing import Any, ClassVar

import pytest
from fake_client import FakeClient, FakeOptions, app_for, measured, opened, request, turn
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from tests.ui.dialog_stage import draft, plan, text_of
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import Verdict
from workbench.core.summary import SessionSummary
from workbench.ui.app import WorkbenchApp
from workbench.ui.commands import ScreenCommand
from workbench.ui.modals.approval import ApprovalModal
from workbench.ui.modals.compaction import CompactionReview
from workbench.ui.modals.dialog import HelpModal
from workbench.ui.modals.handoff import HandoffReview
from workbench.ui.reducer import ViewChanges
from workbench.ui.screens.registry import SCREENS, RegisteredScreen, WorkScreen
from workbench.ui.screens.sessions import SessionsScreen
from workbench.ui.state import Change

SMALL = (80, 24)


class Toy(WorkScreen):
    """A screen as a new one would be written: what it offers, compose, show."""

    OFFERS: ClassVar[tuple[ScreenCommand, ...]] = (ScreenCommand("count", "plus", "count", "Count one more"),)

    counted = 0

    def compose(self) -> ComposeResult:
        yield Static(self.state.title, id="toy")

    def show(self, changes: ViewChanges) -> bool:
        if changes.reset or changes.change & Change.STATUS:
            self.query_one("#toy", Static).update(self.state.title)
        return False

    def action_count(self) -> None:
        self.counted += 1


class FailsInCompose(WorkScreen):
    """Raises where it should say what it is made of."""

    def compose(self) -> ComposeResult:
        yield Static(self.state.missing)  # type: ignore[attr-defined]


class FailsInShow(Toy):
    """Raises when something changes."""

    def show(self, changes: ViewChanges) -> bool:
        raise LookupError("no such row")


class FailsInAction(Toy):
    """Raises when its key is pressed."""

    def action_count(self) -> None:
        raise LookupError("no such row")


class FailsInRender(Toy):
    """Raises when it is drawn."""

    def compose(self) -> ComposeResult:
        yield Undrawable()


class Undrawable(Static):
    """Raises when it is drawn."""

    def render(self) -> str:
        raise LookupError("no such row")


def registered(screen: type[WorkScreen] | str) -> RegisteredScreen:
    source = screen if isinstance(screen, str) else f"{__name__}:{screen.__name__}"
    return RegisteredScreen("toy", "f4", "Toy", "Show a toy", source)


def app_with(client: FakeClient, screen: type[WorkScreen] | str = Toy) -> WorkbenchApp:
    """The application with one more screen."""
    return WorkbenchApp(client, FakeOptions(), client.clock, screens=(*SCREENS, registered(screen)))


async def settle(app: WorkbenchApp, pilot: Pilot[None]) -> None:
    """Deliver what waits and let messages run."""
    for _ in range(2):
        await pilot.pause()
        if app.bridge:
            app.bridge.drain()
    await pilot.pause()


async def quiet(app: WorkbenchApp, pilot: Pilot[None], client: FakeClient) -> None:
    """Nobody presses a key for a second."""
    await settle(app, pilot)
    client.clock.advance(1)
    await settle(app, pilot)


async def begin(app: WorkbenchApp, pilot: Pilot[None], client: FakeClient, *keys: str) -> None:
    """A turn runs, and `keys` are pressed."""
    client.say(opened(), *measured(), e.TurnStarted(1, "go", 3))
    await settle(app, pilot)
    await pilot.press(*keys)
    await settle(app, pilot)


def front(app: WorkbenchApp) -> Any:
    return app.screen


# --- questions ---------------------------------------------------------------------------


async def test_an_approval_raised_while_sessions_is_open_stands_above_it_and_is_answered_there() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "ctrl+o")
        assert isinstance(front(app), SessionsScreen)
        client.say(e.EscalationRaised(request()))
        await quiet(app, pilot, client)
        assert isinstance(front(app), ApprovalModal)
        await pilot.press("1")  # once
        await settle(app, pilot)
        assert client.emitted == [c.ResolveEscalation("esc_1", Verdict("once"))]
        assert isinstance(front(app), SessionsScreen)


async def test_what_is_typed_into_another_screen_holds_an_approval_back() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "ctrl+o", "slash")
        client.say(e.EscalationRaised(request()))
        await settle(app, pilot)
        await pilot.press("1", "n")
        client.clock.advance(0.3)
        await settle(app, pilot)
        assert isinstance(front(app), SessionsScreen)
        client.clock.advance(0.1)
        await settle(app, pilot)
        assert isinstance(front(app), ApprovalModal)
        assert client.emitted == [], "the digit went to the field"


async def test_an_approval_stands_above_a_dialog_too_and_the_dialog_is_there_again_after_it() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "f1")
        client.say(e.EscalationRaised(request()))
        await quiet(app, pilot, client)
        assert isinstance(front(app), ApprovalModal)
        await pilot.press("escape")  # reject
        await settle(app, pilot)
        assert isinstance(front(app), HelpModal)


async def test_what_is_typed_while_a_handoff_opens_its_session_is_meant_for_that() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client)
        await pilot.press("shift+tab")  # into the transcript
        client.say(e.HandoffDrafted(draft()))
        await settle(app, pilot)
        assert isinstance(front(app), HandoffReview)
        await pilot.press("f9")
        await settle(app, pilot)
        assert app.main.focused is app.main.prompt.editor


async def test_ctrl_c_twice_quits_from_a_question_too() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client)
        client.say(e.EscalationRaised(request()))
        await quiet(app, pilot, client)
        assert isinstance(front(app), ApprovalModal)
        await pilot.press("ctrl+c", "ctrl+c")
        await pilot.pause()
        assert not app.is_running
        assert client.emitted == [], "leaving answers nothing"


async def test_the_palette_names_each_command_once_above_a_question() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client)
        client.say(e.EscalationRaised(request()))
        await quiet(app, pilot, client)
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert len(titles) == len(set(titles))


async def test_a_question_that_expires_above_sessions_closes_and_sessions_is_in_front() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "ctrl+o")
        client.say(e.EscalationRaised(request()))
        await quiet(app, pilot, client)
        client.say(e.EscalationExpired("esc_1"))
        await settle(app, pilot)
        assert isinstance(front(app), SessionsScreen)
        assert client.emitted == []


async def test_a_question_that_expires_below_help_closes_when_help_does() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client)
        client.say(e.EscalationRaised(request()))
        await quiet(app, pilot, client)
        await pilot.press("f1")
        await settle(app, pilot)
        assert isinstance(front(app), HelpModal)
        client.say(e.EscalationExpired("esc_1"))
        await settle(app, pilot)
        assert isinstance(front(app), HelpModal)
        await pilot.press("escape")
        await settle(app, pilot)
        assert app.main.is_active


# --- notices -----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["ctrl+o", "f1", "ctrl+p"])
async def test_a_notice_is_seen_above_any_screen_until_the_next_key(key: str) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, key)
        client.say(e.Noticed("the sandbox is gone", "warning"))
        await settle(app, pilot)
        assert "the sandbox is gone" in text_of(front(app))
        await pilot.press("down")
        await settle(app, pilot)
        assert "the sandbox is gone" not in text_of(front(app))


async def test_a_notice_that_came_over_another_screen_is_still_there_in_the_conversation() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "ctrl+o")
        client.say(e.Noticed("the sandbox is gone", "warning"))
        await settle(app, pilot)
        app.screen.dismiss(None)
        await settle(app, pilot)
        assert "the sandbox is gone" in text_of(app.main)


# --- reviews -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "review"), [(e.CompactionPlanned(plan()), CompactionReview), (e.HandoffDrafted(draft()), HandoffReview)]
)
async def test_a_review_waits_until_the_conversation_is_in_front(event: e.AnyEvent, review: type[Any]) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), *turn(1, "go", "done"))
        await settle(app, pilot)
        await pilot.press("ctrl+o")
        client.say(event)
        await settle(app, pilot)
        assert isinstance(front(app), SessionsScreen)
        assert "the plan is ready" in text_of(front(app))
        await pilot.press("escape")
        await settle(app, pilot)
        assert isinstance(front(app), review)
        assert client.emitted == [], "nothing was discarded"


async def test_a_review_of_a_session_that_was_left_does_not_open() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), *turn(1, "go", "done"))
        await settle(app, pilot)
        await pilot.press("ctrl+o")
        client.say(e.CompactionPlanned(plan()))
        await settle(app, pilot)
        client.on_handle = lambda _: client.change_over("s2")
        await pilot.press("n")
        await settle(app, pilot)
        assert app.main.is_active


# --- changes -----------------------------------------------------------------------------


async def test_the_conversation_catches_up_on_what_happened_while_another_screen_was_in_front() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "ctrl+o")
        client.say(*turn(1, "go", "It is done.")[1:], e.SessionRenamed("another title"))
        await settle(app, pilot)
        await pilot.press("escape")
        await settle(app, pilot)
        assert "It is done." in text_of(app.main) and "another title" in text_of(app.main)


async def test_the_list_of_sessions_is_read_again_when_a_turn_ends() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "ctrl+o")
        client.summaries = [SessionSummary("s1", "came meanwhile", turns=1)]
        client.say(*turn(1, "go", "done")[1:])
        await settle(app, pilot)
        await app.workers.wait_for_complete()
        await settle(app, pilot)
        assert "came meanwhile" in text_of(front(app))


# --- another screen ------------------------------------------------------------------------


async def test_a_new_screen_is_one_class_and_one_line_of_the_registry() -> None:
    client = FakeClient()
    app = app_with(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "f4")
        assert isinstance(front(app), Toy) and front(app).title == "Toy"
        client.say(e.SessionRenamed("another title"))
        await settle(app, pilot)
        assert "another title" in text_of(front(app)), "changes reach it"
        titles = [command.title for command in app.get_system_commands(front(app))]
        assert {"toy  F4", "count  +", "sessions  ctrl+o"} <= set(titles)
        assert "compact  F8" not in titles, "that is of the conversation"
        await pilot.press("plus", "f1")
        await settle(app, pilot)
        shown = " ".join(row.plain for row in front(app).rows(70))
        assert "TOY" in shown and "Count one more" in shown and "Show a toy" in shown and "Make room" not in shown
        await pilot.press("f1", "f4")  # out of help; the screen's own key goes back
        await settle(app, pilot)
        assert app.main.is_active
        await pilot.press(*"/toy", "enter")
        await settle(app, pilot)
        assert isinstance(front(app), Toy)
        assert front(app).counted == 0, "opened anew"


async def test_what_happens_before_a_screen_is_composed_reaches_it_afterwards() -> None:
    client = FakeClient()
    app = app_with(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client)
        app.commands.open_screen("toy")
        client.say(e.SessionRenamed("another title"))
        app.bridge.drain()
        await settle(app, pilot)
        assert isinstance(front(app), Toy)
        assert "another title" in text_of(front(app))


async def test_help_above_a_dialog_lists_what_the_dialog_offers() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client)
        client.say(e.EscalationRaised(request()))
        await quiet(app, pilot, client)
        await pilot.press("f1")
        await settle(app, pilot)
        shown = " ".join(row.plain for row in front(app).rows(70))
        assert "Reject it" in shown and "another session" not in shown
        await pilot.press("escape")
        await settle(app, pilot)
        assert isinstance(front(app), ApprovalModal)


FAULTS = [(FailsInCompose, "AttributeError"), (FailsInRender, "LookupError"), ("nowhere:Nothing", "ModuleNotFound")]


@pytest.mark.parametrize(("screen", "cause"), FAULTS)
async def test_a_screen_that_cannot_be_shown_is_gone_back_from_and_the_conversation_goes_on(
    screen: type[WorkScreen] | str, cause: str
) -> None:
    client = FakeClient()
    app = app_with(client, screen)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), *turn(1, "go", "done"))
        await settle(app, pilot)
        await pilot.press("f4")
        await settle(app, pilot)
        assert app.main.is_active
        notice = text_of(app.main)
        assert "Toy could not be shown" in notice and cause in notice
        await pilot.press(*"more", "enter")
        await settle(app, pilot)
        assert client.emitted == [c.SendPrompt("more")]
    assert not app.return_code


@pytest.mark.parametrize("screen", [FailsInShow, FailsInAction])
async def test_a_screen_that_fails_later_is_gone_back_from_too(screen: type[WorkScreen]) -> None:
    client = FakeClient()
    app = app_with(client, screen)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "f4")
        assert isinstance(front(app), screen)
        await pilot.press("plus")
        client.say(e.SessionRenamed("another title"))
        await settle(app, pilot)
        assert app.main.is_active
        assert "another title" in text_of(app.main)
        assert "Toy could not be shown" in text_of(app.main)
    assert not app.return_code


async def test_a_screen_that_fails_below_an_approval_is_gone_when_the_approval_is_answered() -> None:
    client = FakeClient()
    app = app_with(client, FailsInShow)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, pilot, client, "f4")
        client.say(e.EscalationRaised(request()))
        await quiet(app, pilot, client)
        assert isinstance(front(app), ApprovalModal)
        await pilot.press("1")
        await settle(app, pilot)
        assert app.main.is_active
        assert client.emitted == [c.ResolveEscalation("esc_1", Verdict("once"))]
