"""The parts behind the main screen: rows that fit, a feed that loses nothing, a plan that gives up in order."""

import logging
from pathlib import Path

import pytest
from fake_client import START, FakeClient, app_for, measured, notes, opened, request, state_of, turn, window
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from workbench.core import events as e
from workbench.core.decisions import EscalationRequest, Proposal
from workbench.core.ports import RuntimeInfo
from workbench.core.summary import SessionSummary
from workbench.ui.commands import EVERYWHERE, ScreenCommand, list_offers
from workbench.ui.controllers import clipboard
from workbench.ui.controllers.approvals import build_question
from workbench.ui.controllers.front import Crash
from workbench.ui.controllers.sessions import list_starts
from workbench.ui.draw.panel_blocks import (
    PanelPlan,
    draw_brings,
    draw_budget,
    draw_confidence_block,
    draw_scratchpad,
    plan_panel,
)
from workbench.ui.draw.window_block import draw_strip, draw_window
from workbench.ui.modals.stops import LimitModal
from workbench.ui.reducer import EventReducer
from workbench.ui.screens.main import MainScreen
from workbench.ui.screens.registry import SCREENS
from workbench.ui.state import UiState
from workbench.ui.widgets.footer import draw_footer, draw_notice, draw_status, find_command
from workbench.ui.widgets.history import PromptHistory
from workbench.ui.widgets.prompt import hints
from workbench.ui.widgets.welcome import draw_welcome

WIDTHS = st.integers(1, 200)


def state_with(*events: e.AnyEvent, patterns: bool = False) -> UiState:
    """The state after `events`."""
    client = FakeClient()
    state = state_of(client, patterns=patterns)
    feed = EventReducer(client, state)
    heard: list[e.Stamped] = []
    client.subscribe(heard.append)
    client.say(*events)
    feed.fold(heard)
    return state


def moment(state: UiState) -> list[ScreenCommand]:
    """What the footer of a main screen over `state` shows."""
    return MainScreen(state, PromptHistory(), EVERYWHERE).moment()


STATES = [
    state_with(),
    state_with(opened(), *turn(1, "explain", "It does this."), *notes(), *measured()),
    state_with(opened(), e.TurnStarted(1, "go\nthere", 3), e.RequestSent(1, 3, "m", 1), *measured(usd=None, tier=3)),
    state_with(opened(), e.TurnStarted(1, "go", 3), e.EscalationRaised(request()), patterns=True),
    state_with(opened(True), *measured(as_if=True, fullest="session_tokens"), e.Noticed("x" * 300, "error", "y")),
]


@given(st.sampled_from(STATES), WIDTHS, st.integers(10, 60))
def test_every_row_of_the_screen_fits_its_place(state: UiState, width: int, height: int) -> None:
    plan = plan_panel(height)
    blocks = (
        (draw_window(state, width, plan), plan.window),
        (draw_scratchpad(state, width, plan), plan.scratchpad),
        (draw_budget(state, width, plan), plan.budget),
        (draw_confidence_block(state, width, plan), plan.confidence),
    )
    for rows, count in blocks:
        assert len(rows) == count
        assert {row.cell_length for row in rows} == {width}
    for row in (
        draw_status(state, width),
        draw_footer(moment(state), width),
        draw_notice(state, 3, width),
    ):
        assert row.cell_length == width
    assert draw_brings(state, width).cell_length == width
    assert hints(state.running, width).cell_length == width
    assert draw_strip(state, width, 1)[0].cell_length == width
    assert {row.cell_length for row in draw_strip(state, max(80, width), 2)} == {max(80, width)}


@given(st.integers(12, 200), st.integers(1, 80), st.booleans(), st.booleans())
def test_the_welcome_fits_any_terminal(width: int, height: int, as_if: bool, patterns: bool) -> None:
    facts = RuntimeInfo("anthropic", "claude-opus-5-5", as_if, "/home/you/acme-api", "main")
    rows, first = draw_welcome(facts, list_starts(facts, [], START), 0, (width, height), patterns=patterns)
    assert all(row.cell_length <= max(width, 2) for row in rows)
    assert rows[first].plain.strip().strip("▶").strip()[:1] in ("1", "")


@given(st.integers(0, 80))
def test_the_panel_fits_from_twenty_rows_on_and_keeps_what_matters(height: int) -> None:
    plan = plan_panel(height)
    assert plan.height <= max(height, 18)
    assert plan.window >= 9, "total, line, base, lane and legend stay"


def test_the_panel_gives_up_in_the_order_of_the_design() -> None:
    lost: list[str] = []
    for height in range(60, 17, -1):
        plan = plan_panel(height)
        for name in ("notes", "reasoning", "axis", "chart", "gaps", "brings"):
            if getattr(plan, name) != getattr(PanelPlan(), name) and name not in lost:
                lost.append(name)
    assert lost == ["notes", "reasoning", "axis", "chart", "gaps", "brings"]
    assert plan_panel(38).axis, "at 40 rows nothing but findings is given up"


JOURNAL = (opened(), *turn(1, "one", "first"), *notes(), *turn(2, "two", "second"), *measured())


@given(st.lists(st.integers(1, 6), max_size=30), st.integers(0, len(JOURNAL)))
def test_it_does_not_matter_how_events_are_batched_or_when_the_session_is_opened(cuts: list[int], late: int) -> None:
    """Folding in batches of any size, or opening half way, gives what folding all at once gives."""
    client, whole = FakeClient(), state_with(*JOURNAL)
    heard: list[e.Stamped] = []
    client.say(*JOURNAL[:late])
    client.subscribe(heard.append)
    state = state_of(client)
    feed = EventReducer(client, state)
    feed.reload()
    client.say(*JOURNAL[late:])
    for size in [*cuts, len(heard)]:
        feed.fold(heard[:size])
        del heard[:size]
    assert state.entries == whole.entries
    assert state.scratchpad == whole.scratchpad
    assert state.confidence == whole.confidence


def test_events_of_a_session_that_was_left_are_dropped() -> None:
    client = FakeClient()
    state = state_of(client)
    feed = EventReducer(client, state)
    heard: list[e.Stamped] = []
    client.subscribe(heard.append)
    client.say(opened(), e.TurnStarted(1, "old", 3))
    client.change_over("s2")
    client.say(e.SessionOpened("new", "/work", "anthropic", "m"))
    news = feed.fold(heard)
    assert news.reset
    assert state.title == "new"
    assert state.entries == []


def test_half_a_message_of_before_the_opening_is_not_shown_twice() -> None:
    """Text told before a stored message that the history already had does not come again."""
    client = FakeClient()
    state = state_of(client)
    feed = EventReducer(client, state)
    heard: list[e.Stamped] = []
    client.subscribe(heard.append)
    client.say(opened(), e.TurnStarted(1, "one", 3), e.TextArrived(1, 1, "fir"), *turn(1, "one", "first")[1:])
    feed.fold(heard)
    assert [entry.text for entry in state.entries if hasattr(entry, "text")] == ["one", "first"]


def test_the_footer_never_shows_a_key_whose_screen_does_not_exist() -> None:
    for state in STATES:
        line = draw_footer(moment(state), 200).plain
        assert not any(key in line for key in ("F3", "F4", "F5"))


def test_a_click_between_two_keys_of_the_footer_does_nothing() -> None:
    state = STATES[2]
    assert find_command(moment(state), 120, 3).name == "back"
    assert find_command(moment(state), 120, 11) is None


def test_every_command_has_a_name_a_word_a_sentence_and_a_way_to_it_of_its_own() -> None:
    main = app_for(FakeClient()).main
    offered = (*list_offers(main), *EVERYWHERE, *(screen.command for screen in SCREENS))
    for kind in ("name", "keys", "slash"):
        found = [getattr(command, kind) for command in offered if getattr(command, kind)]
        assert len(found) == len(set(found))
    twins = [command.twin for command in offered if command.twin]
    assert all(command.word and command.help for command in offered if command not in twins)
    assert all(command.keys or command.slash for command in offered), "each can be reached"


def test_what_a_screen_leaves_to_the_application_is_carried_out_by_somebody() -> None:
    app = app_for(FakeClient())
    left = {command.name for command in (*list_offers(app.main), *EVERYWHERE) if "run_command" in command.run}
    assert left == set(app.commands.handlers)


def test_a_cold_cache_and_an_overfull_window_are_said_in_words() -> None:
    state = state_with(opened(), *measured())
    state.clock.advance(300)
    rows = "\n".join(row.plain for row in draw_window(state, 40, PanelPlan()))
    assert "cached" in rows and "cold: next request writes it" in rows
    full = state_with(opened(), e.WindowMeasured(window((("history", 170_000, "middle"),))))
    assert "no room: F8" in draw_window(full, 40, PanelPlan())[0].plain


def test_what_was_copied_is_said_with_its_lines() -> None:
    assert clipboard.describe_copy("one") == "copied 1 line"
    assert clipboard.describe_copy("one\ntwo", "the code") == "copied the code, 2 lines"
    assert not clipboard.fits_terminal("x" * 80_000)


def test_the_latest_session_with_a_turn_can_be_gone_on_with() -> None:
    rows = [SessionSummary("a", "empty"), SessionSummary("b", "spike", turns=2, updated_at=START - 7_200)]
    found = list_starts(RuntimeInfo("anthropic", "m", False, "/w"), rows, START)
    assert found[-1].title == "Go on with spike"
    assert found[-1].detail == "2 hours ago, 2 turns"


def test_an_unforeseen_error_is_one_line_that_says_where_the_log_is(tmp_path: Path) -> None:
    handler = logging.FileHandler(tmp_path / "workbench.log", delay=True)
    logging.getLogger("workbench").addHandler(handler)
    try:
        text = Crash(ValueError("first\nsecond")).__rich__().plain
    finally:
        logging.getLogger("workbench").removeHandler(handler)
    assert "\n" not in text
    assert "ValueError: first" in text
    assert "workbench.log" in text


async def test_an_unforeseen_error_closes_the_application_without_a_traceback() -> None:
    app = app_for(FakeClient())
    with pytest.raises(Crash):
        async with app.run_test(size=(80, 24)) as pilot:
            app.call_later(lambda: 1 / 0)
            await pilot.pause()
    assert app.return_code == 1


def test_a_call_past_the_budget_is_asked_about_as_a_budget() -> None:
    client = FakeClient()
    state = state_of(client)
    waits = EscalationRequest("e", "cost", "medium", "Go on?", proposal=Proposal("c", "set_task", {}))
    assert isinstance(build_question(state, waits), LimitModal)


@pytest.mark.parametrize("cached", [9_700, 10_000])
@pytest.mark.parametrize("running", [False, True])
def test_when_the_cache_goes_cold_is_never_cut(cached: int, running: bool) -> None:
    state = state_with(opened(), *measured())
    assert state.window is not None
    state.window = structs.replace(state.window, cached=cached, total=10_000, cold_at=state.clock.now() + 299)
    state.running = running
    words = "cold in 4:59" if running else "cold at "
    row = draw_strip(state, 80, 2)[1].plain
    assert words in row and "○ unrated" in row and "…" not in row
