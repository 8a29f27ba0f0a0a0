"""The sessions screen: groups, finding, opening, renaming, deleting, and a thousand rows."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from dialog_stage import SIZES, UNSET, FakeClient, Stage, Standing, some_sessions, text_of
from fake_client import FakeOptions
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from workbench.core.commands import DeleteSession, NewSession, OpenSession, RenameSession
from workbench.core.errors import SessionLocked, WorkbenchError
from workbench.core.summary import SessionSummary
from workbench.ui.draw.text import plain
from workbench.ui.open_screens import is_open
from workbench.ui.screens.session_asides import find_line, mark_words, split_words
from workbench.ui.screens.session_list import SessionList
from workbench.ui.screens.session_times import describe_time, name_group
from workbench.ui.screens.sessions import SessionsScreen
from workbench.ui.state import UiState

NOW = datetime(2026, 11, 18, 18, 0).timestamp()
OPEN = "7f3a0001"


def staged(rows: list[SessionSummary] | None = None, theme: str = "lamplight") -> tuple[Stage, FakeClient]:
    client = FakeClient(some_sessions(NOW) if rows is None else rows, OPEN)
    state = UiState(client.facts, FakeOptions(), Standing(NOW))
    return Stage(SessionsScreen(client, state), theme), client


async def ready(pilot: Any) -> None:
    """Wait until the list was read in its thread."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def result_of(*keys: str, size: tuple[int, int] = (80, 24)) -> Any:
    app, _ = staged()
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        await pilot.press(*keys)
        await pilot.pause()
        return app.result


@pytest.mark.parametrize("size", SIZES)
async def test_sessions_stand_in_groups_with_their_state(size: tuple[int, int]) -> None:
    app, _ = staged()
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        text = text_of(app.screen)
        order = (
            "TODAY",
            "retry-ladder",
            "3 h ago",
            "YESTERDAY",
            "migrate-tenants",
            "LAST WEEK",
            "budget spent",
            "EARLIER",
        )
        places = [text.index(words) for words in order]
        assert places == sorted(places)
        assert "waits for you" in text and "n/a" in text and "SURE" in text and "0.51" in text
        assert ("CAME FROM" in text) is (size[0] >= 110)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "command"),
    [
        (("down", "enter"), OpenSession("7f3a0002")),
        (("j", "j", "k", "enter"), OpenSession("7f3a0002")),
        (("end", "enter"), OpenSession("7f3a0008")),
        (("end", "home", "enter"), None),
        (("n",), NewSession()),
        (("escape",), None),
        (("slash", *"flaky", "enter", "enter"), OpenSession("7f3a0005")),
        (("slash", *"7F3A0004", "enter", "enter"), OpenSession("7f3a0004")),
    ],
)
async def test_keys_give_commands(size: tuple[int, int], keys: tuple[str, ...], command: Any) -> None:
    assert await result_of(*keys, size=size) == command


async def test_letters_in_the_filter_are_text() -> None:
    assert await result_of("slash", *"nrj") is UNSET


async def test_nothing_found_says_so_and_esc_shows_all() -> None:
    app, _ = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("slash", *"retry-afer")
        await pilot.pause()
        assert "Nothing in this folder has “retry-afer”." in text_of(app.screen)
        await pilot.press("escape")
        await pilot.pause()
        assert "retry-ladder" in text_of(app.screen)
        assert app.result is UNSET


async def test_the_task_is_searched_too() -> None:
    app, _ = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("slash", *"webhook ladder")
        await pilot.pause()
        assert "1 of 8" in text_of(app.screen)


async def test_an_empty_list_says_what_will_come() -> None:
    app, _ = staged([])
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        assert "No session yet" in text_of(app.screen) and "n begins one" in text_of(app.screen)
        await pilot.press("enter", "down", "delete", "r")
        assert app.result is UNSET
        await pilot.press("n")
        await pilot.pause()
        assert app.result == NewSession()


async def test_delete_asks_and_the_list_is_there_again_without_it() -> None:
    app, client = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("down", "delete")
        await pilot.pause()
        assert "Delete webhook-spike?" in text_of(app.screen) and "cannot be undone" in text_of(app.screen)
        await pilot.press("enter")  # no
        assert client.handled == []
        await pilot.press("delete", "1")
        await ready(pilot)
        assert client.handled == [DeleteSession("7f3a0002")]
        assert "webhook-spike" not in text_of(app.screen)
        # the cursor is on the one that followed
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == OpenSession("7f3a0003")


@pytest.mark.parametrize(("keys", "id"), [((), OPEN), (("down", "down"), "7f3a0003")])
async def test_any_session_is_renamed_where_it_stands(keys: tuple[str, ...], id: str) -> None:
    app, client = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press(*keys, "r", "ctrl+u", *"another", "enter")
        await ready(pilot)
        assert client.handled == [RenameSession("another", id)]
        assert app.result is UNSET
        assert "enter open" in text_of(app.screen)


async def test_sessions_of_other_folders_are_listed_only_when_asked_for_and_say_so() -> None:
    rows = [*some_sessions(NOW), SessionSummary("9a", "the other one", "/src/billing", updated_at=NOW, turns=1)]
    app, _ = staged(rows)
    async with app.run_test(size=(80, 30)) as pilot:
        await ready(pilot)
        assert "the other one" not in text_of(app.screen)
        assert "8 of 9" in text_of(app.screen)
        await pilot.press("a")
        await pilot.pause()
        assert "in billing" in text_of(app.screen)
        assert "a here" in text_of(app.screen)


async def test_a_folder_without_sessions_says_where_others_are() -> None:
    app, _ = staged([SessionSummary("9a", "the other one", "/src/billing", updated_at=NOW, turns=1)])
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        assert "No session of this folder yet." in text_of(app.screen)
        await pilot.press("a")
        await pilot.pause()
        assert "in billing" in text_of(app.screen)


async def test_a_long_title_is_cut_with_a_sign() -> None:
    app, _ = staged([SessionSummary("9a", "word " * 40, "/src/acme-api", updated_at=NOW, turns=1)])
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        assert "word word word word…" in text_of(app.screen)


async def test_the_open_session_is_not_deleted_and_the_keys_stay_in_view() -> None:
    app, client = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("delete")
        await pilot.pause()
        assert "cannot be deleted" in text_of(app.screen)
        assert "enter open" in text_of(app.screen)
        await pilot.press("down")
        await pilot.pause()
        assert "cannot be deleted" not in text_of(app.screen)
        assert client.handled == []


async def test_a_failure_to_delete_is_said() -> None:
    app, client = staged()
    client.fault = SessionLocked("another process writes it.", "Close it there.")
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await pilot.press("down", "delete", "y", "enter")
        await ready(pilot)
        assert "another process writes it. Close it there." in text_of(app.screen)


async def test_a_list_that_comes_when_the_screen_is_closed_is_shown_nowhere() -> None:
    app, _ = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        screen = app.screen
        assert isinstance(screen, SessionsScreen)
        await pilot.press("escape")
        screen.load()
        await ready(pilot)
        assert app.result is None and not is_open(screen)


@pytest.mark.parametrize("fault", [None, SessionLocked("another process writes it.", "Close it there.")])
async def test_what_was_begun_is_carried_out_where_the_screen_is_closed_meanwhile(fault: WorkbenchError | None) -> None:
    app, client = staged()
    client.fault, client.hold = fault, asyncio.Event()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("down", "delete", "1")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert app.result is None and client.handled == []
        client.hold.set()
        await ready(pilot)
        assert client.handled == ([] if fault else [DeleteSession("7f3a0002")])


async def test_an_empty_title_is_refused() -> None:
    app, _ = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("r", "ctrl+u", "enter")
        await pilot.pause()
        assert "at least one character" in text_of(app.screen)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert app.result is None


async def test_a_click_chooses_and_a_second_one_opens() -> None:
    app, _ = staged()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        y = next(i for i, row in enumerate(text_of(app.screen).splitlines()) if "flaky-upload" in row)
        await pilot.click(offset=(10, y))
        await pilot.pause()
        assert app.result is UNSET
        assert "id 7f3a0005" in text_of(app.screen)
        await pilot.click(offset=(10, y))
        await pilot.pause()
        assert app.result == OpenSession("7f3a0005")


async def test_a_thousand_sessions_are_one_widget_and_all_can_be_reached() -> None:
    rows = [SessionSummary(f"{n:08x}", f"session {n}", updated_at=NOW - n * 3_000) for n in range(1_000)]
    app, _ = staged(rows)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        assert len(list(app.screen.walk_children())) < 30
        await pilot.press("end")
        await pilot.pause()
        assert "session 999" in text_of(app.screen)
        await pilot.press("pageup", "pagedown", "home")
        await pilot.pause()
        assert "TODAY" in text_of(app.screen) and "session 0 " in text_of(app.screen)


@pytest.mark.parametrize(
    ("ago", "name", "words"),
    [
        (5, "TODAY", "just now"),
        (600, "TODAY", "10 min ago"),
        (7_200, "TODAY", "2 h ago"),
        (86_400, "YESTERDAY", "18:00"),
        (3 * 86_400, "LAST WEEK", "Sun"),
        (40 * 86_400, "EARLIER", "9 Oct"),
        (400 * 86_400, "EARLIER", "14 Oct 2025"),
    ],
)
def test_when_reads_as_people_say_it(ago: float, name: str, words: str) -> None:
    assert name_group(NOW - ago, NOW) == name
    assert describe_time(NOW - ago, NOW) == words


async def test_what_is_listed_after_nothing_was_has_the_keys() -> None:
    app, _ = staged([SessionSummary("f1", "elsewhere", workspace="/home/you/other", updated_at=NOW)])
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        assert "No session of this folder yet" in text_of(app.screen)
        await pilot.press("a", "enter")
        await pilot.pause()
    assert app.result == OpenSession("f1")


async def test_the_keys_are_the_lists_again_after_a_search() -> None:
    app, _ = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("slash", *"flaky")
        assert "enter to the list" in text_of(app.screen)
        await pilot.press("enter")
        await pilot.pause()
        assert "enter open   / find" in text_of(app.screen)


@pytest.mark.parametrize("theme", ["daylight", "chalk"])
@pytest.mark.parametrize("size", [(60, 16), (200, 60)])
async def test_any_size_and_palette_draws_it(size: tuple[int, int], theme: str) -> None:
    app, _ = staged(theme=theme)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        assert "retry-ladder" in text_of(app.screen)


@pytest.mark.parametrize("at", [1e20, -1e20, 1e300, float("nan"), float("inf"), 253_402_300_800.0, -1.0, 0.0])
async def test_a_damaged_session_of_no_date_is_listed_and_marked(at: float) -> None:
    rows = [SessionSummary("bad", "odd one", updated_at=at, state="damaged"), SessionSummary("b2", "b2", updated_at=at)]
    app, _ = staged(rows)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        text = text_of(app.screen)
        assert "odd one" in text
        assert "damaged" in text


def row_of(text: str, words: str) -> int:
    """The row in which `words` stand first."""
    return next(place for place, row in enumerate(text.splitlines()) if words in row)


async def test_a_session_says_below_it_which_one_handed_off_to_it() -> None:
    app, _ = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        text = text_of(app.screen)
        assert row_of(text, "└ handed off from webhook-spike") == row_of(text, "retry-ladder") + 1
        await pilot.press("down")
        assert app.screen.query_one(SessionList).current == some_sessions(NOW)[1], "the cursor passes it over"


@pytest.mark.parametrize("size", SIZES)
async def test_heads_groups_and_marks_begin_at_one_column(size: tuple[int, int]) -> None:
    app, _ = staged()
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        rows = text_of(app.screen).splitlines()
        begin = {row.index(words) for row in rows for words in ("SESSION", "TODAY", "YESTERDAY") if words in row}
        row = next(row for row in rows if "release notes" in row)
        assert begin == {row.index("release notes") - 2}


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("count", [1, 60])
@pytest.mark.parametrize("size", SIZES)
async def test_columns_stand_under_their_names_also_where_the_list_scrolls(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], count: int, colour: bool
) -> None:
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    rows = [SessionSummary(f"{n:04}", f"日本語 number {n}", updated_at=NOW, window=90_000) for n in range(count)]
    app, _ = staged(rows)
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        lines = [Content(row) for row in text_of(app.screen).splitlines()]
        head = next(line for line in lines if "WINDOW" in line.plain).plain
        row = next(line for line in lines if "━" in line.plain).plain
        assert Content(row[: row.index("━")]).cell_length == head.index("WINDOW")
        assert Content(row[: row.index("$0.00") + 5]).cell_length == head.index("COST") + 4


async def test_what_is_looked_for_is_marked_where_it_stands() -> None:
    app, _ = staged()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("slash", *"WHOLE", "space", *"ladder")
        await pilot.pause()
        text = text_of(app.screen)
        assert row_of(text, "keep the whole ladder inside 30 s.") > row_of(text, "retry-ladder")
        strips = app.screen._compositor.render_strips()
        marked = [part.text for strip in strips for part in strip if part.style and part.style.underline]
        assert marked == ["ladder", "whole", "ladder"]


TEXTS = st.text(max_size=30)


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_marking_words_changes_no_text(text: str, words: list[str]) -> None:
    row = plain(text)
    assert mark_words(row, split_words(" ".join(words))).plain == row.plain


@given(st.lists(TEXTS, max_size=4), TEXTS)
def test_a_line_that_is_shown_holds_a_word_that_was_looked_for(task: list[str], sought: str) -> None:
    session = SessionSummary("7f3a", task="\n".join(task))
    words = split_words(sought)
    found = find_line(session, words)
    assert not found or any(word in found.lower() for word in words)
