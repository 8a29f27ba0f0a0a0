"""The inspector over the real engine: what its keys do to the journal, and that it shows the window as it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from dialog_stage import text_of
from fake_client import FakeClient, FakeOptions, app_for, opened
from textual.pilot import Pilot

from tests.bench.long_talk import EPOCH, talk
from tests.fakes import Bench, Hand, bench, says
from workbench.context import Ledger, WindowPolicy
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.inspection import Finding, Inspection
from workbench.core.messages import Text, ToolUse
from workbench.ui.app import WorkbenchApp
from workbench.ui.inspector.rows import BlockRow
from workbench.ui.modals.compaction import CompactionReview
from workbench.ui.open_screens import is_open
from workbench.ui.screens.inspector import InspectorScreen
from workbench.ui.screens.pager import PagerScreen

Stage = tuple[Pilot[None], Bench, InspectorScreen]


async def settle(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, WorkbenchApp)
    for _ in range(3):
        await app.workers.wait_for_complete()
        await pilot.pause()
        if app.bridge:
            app.bridge.drain()
    await pilot.pause()


@asynccontextmanager
async def inspecting(
    root: Path, size: tuple[int, int] = (120, 40), turns: int = 3, **more: Any
) -> AsyncIterator[Stage]:
    """A session of so many turns, each with one call, and the inspector open."""
    steps: list[object] = []
    for turn in range(1, turns + 1):
        look = ToolUse(f"toolu_{turn}", "look", {"what": f"part {turn}"})
        steps += [(Text("I look."), look), says(f"part {turn} is seen")]
    made = bench(root, steps, hands=[Hand(result="a line of the part\n" * 40)])
    await made.ask(*(f"what is in part {turn}?" for turn in range(1, turns + 1)))
    app = WorkbenchApp(made.engine, FakeOptions(**more), made.clock, palettes=root)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("f2")
        await settle(pilot)
        assert isinstance(app.screen, InspectorScreen)
        yield pilot, made, app.screen
    await made.engine.close()


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def shown(screen: InspectorScreen) -> list[BlockRow]:
    return [item for item in screen.table.items if isinstance(item, BlockRow)]


async def go_to(pilot: Pilot[None], screen: InspectorScreen, label: str) -> None:
    """Put the cursor on a row."""
    at = next(place for place, item in enumerate(screen.table.items) if getattr(item, "label", "") == label)
    screen.table.cursor = at
    await settle(pilot)


async def test_f2_shows_all_of_the_window_and_again_goes_back(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        window = made.engine.session.window()
        assert sum(row.tokens for row in shown(screen)) == window.total
        text = text_of(screen)
        for words in ("Window", "system prompt", "look part 3", "BLOCK", "ZONE", "AGE", "TOKENS", "primacy"):
            assert words in text, words
        await press(pilot, "f2")
        assert pilot.app.screen is not screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 48), (60, 20)])
async def test_every_size_has_its_rows_and_no_line_is_wider(tmp_path: Path, size: tuple[int, int]) -> None:
    async with inspecting(tmp_path, size) as (pilot, _, screen):
        await go_to(pilot, screen, "look part 1")
        await press(pilot, "d")
        text = text_of(screen)
        assert "look part 1" in text and "IF YOU DROP THE MARKED ONE" in text and "esc back" in text
        assert ("WHY IT IS HERE" in text) == (size[0] >= 110)
        assert screen.table.size.height >= 5


async def test_marks_are_in_the_journal_at_once_and_the_same_key_takes_them_back(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        await go_to(pilot, screen, "look part 1")
        for key, mark in (("p", "pin"), ("d", "drop"), ("m", "mask")):
            await press(pilot, key)
            assert made.of(e.BlockMarked)[-1].mark == mark
            assert next(row.mark for row in shown(screen) if row.label == "look part 1") == mark
            await press(pilot, key)
            assert made.of(e.BlockMarked)[-1].mark == ""
        await press(pilot, "p", "u")
        assert [event.mark for event in made.of(e.BlockMarked)[-2:]] == ["pin", ""]


async def test_what_is_seen_of_the_window_when_it_is_closed_is_shown_nowhere(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        listed = screen.table.items
        await press(pilot, "escape")
        screen.load()
        await settle(pilot)
        assert not is_open(screen) and screen.table.items is listed


async def test_several_are_selected_and_marked_with_one_key(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        for label in ("look part 1", "look part 2"):
            await go_to(pilot, screen, label)
            await press(pilot, "space")
        assert "2 selected" in text_of(screen)
        await press(pilot, "d")
        assert [event.mark for event in made.of(e.BlockMarked)] == ["drop", "drop"]
        text = text_of(screen)
        assert "IF YOU DROP THESE 2" in text and "2 marked" in text and "selected" not in text
        assert "F8 compact by marks" in text


async def test_what_cannot_be_is_said_in_place_and_changes_nothing(tmp_path: Path) -> None:
    async with inspecting(tmp_path, (80, 24)) as (pilot, made, screen):
        await go_to(pilot, screen, "system prompt")
        await press(pilot, "d")
        assert "system prompt always stays" in text_of(screen)
        assert not made.of(e.BlockMarked)
        await press(pilot, "down")
        assert "always stays" not in text_of(screen)


async def test_a_lifted_block_stands_at_the_end_of_the_list(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        await go_to(pilot, screen, "look part 1")
        await press(pilot, "l")
        assert len(made.of(e.BlockLifted)) == 1
        assert shown(screen)[-1].label.startswith("[LIFTED]")
        assert "said again with the next request" in text_of(screen)
        assert screen.table.current is not None and getattr(screen.table.current, "label", "") == "look part 1"


async def test_f8_compacts_by_the_marks_and_keeps_what_was_promised(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        await go_to(pilot, screen, "look part 1")
        await press(pilot, "d")
        promised = (await made.engine.inspect_window()).what_if
        assert promised is not None
        await press(pilot, "f8")
        assert isinstance(pilot.app.screen, CompactionReview)
        assert pilot.app.screen.plan.strategy == "marked"
        await press(pilot, "f8")
        assert made.engine.session.window().total == promised.after
        await press(pilot, "f2")
        again = pilot.app.screen
        assert isinstance(again, InspectorScreen)
        text = text_of(again)
        assert "OUT OF THE WINDOW" in text and "dropped in turn 3" in text and "IF YOU" not in text
        await press(pilot, "end", "l")
        assert len(made.of(e.BlockLifted)) == 1, "what left is lifted back"


async def test_without_marks_f8_asks_for_the_usual_plan(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        await press(pilot, "f8")
        assert pilot.app.screen is not screen
        assert [n.message for n in made.of(e.Noticed)] == ["nothing to compact yet"]


async def test_enter_goes_to_the_place_in_the_transcript(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        app = pilot.app
        assert isinstance(app, WorkbenchApp)
        await go_to(pilot, screen, "look part 2")
        await press(pilot, "enter")
        assert app.screen is app.main and app.main.transcript is not None
        chosen = app.state.entries[app.main.transcript.chosen or 0]
        assert (getattr(chosen, "name", ""), getattr(chosen, "summary", "")) == ("look", "part 2")


async def test_what_stands_before_the_conversation_has_no_place_there(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        await press(pilot, "home", "enter")
        assert pilot.app.screen is screen and "no place in the transcript" in text_of(screen)


async def test_words_show_only_what_has_them_and_esc_shows_all(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        every = len(shown(screen))
        await press(pilot, "slash", *"part 2", "enter")
        assert 0 < len(shown(screen)) < every
        assert all("part 2" in row.label for row in shown(screen))
        await press(pilot, "p", "slash", *"pinned", "escape")
        assert len(shown(screen)) == every
        await press(pilot, "slash", *"nowhere at all", "enter")
        assert "Nothing in the window has these words" in text_of(screen)
        await press(pilot, "escape")
        assert len(shown(screen)) == every and pilot.app.screen is screen


async def test_columns_are_sorted_by_key_and_by_click(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        order = [row.place for row in shown(screen)]
        await press(pilot, "o", "o", "o", "o")
        tokens = [row.tokens for row in shown(screen)]
        assert tokens == sorted(tokens, reverse=True) and "TOKENS▾" in text_of(screen)
        await press(pilot, "O")
        assert [row.tokens for row in shown(screen)] == sorted(tokens) and "TOKENS▴" in text_of(screen)
        await pilot.click("#block-head", offset=(7, 0))
        await settle(pilot)
        labels = [row.label.lower() for row in shown(screen)]
        assert labels == sorted(labels)
        await press(pilot, "o", "o", "o", "o", "o", "o", "o")
        assert [row.place for row in shown(screen)] == order


async def test_the_text_is_read_beside_the_list_in_pieces_and_whole(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        await go_to(pilot, screen, "look part 1")
        assert "a line of the part" in text_of(screen) and "What look gave back in turn 1" in text_of(screen)
        await press(pilot, "t")
        assert "pieces of the local tokenizer" in text_of(screen)
        await press(pilot, "t", "v")
        assert isinstance(pilot.app.screen, PagerScreen)
        await press(pilot, "escape")
        assert pilot.app.screen is screen


async def test_a_turn_that_goes_on_is_followed_and_the_cursor_stays(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        await go_to(pilot, screen, "look part 2")
        made.model.steps[:] = [says("a fourth thing")]
        await made.ask("and now?")
        await settle(pilot)
        assert shown(screen)[-1].label == "a fourth thing"
        assert getattr(screen.table.current, "label", "") == "look part 2"
        assert sum(row.tokens for row in shown(screen)) == made.engine.session.window().total


async def test_nothing_is_asked_of_the_engine_while_nothing_happens(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        asked = 0
        look = made.engine.inspect_window

        async def counted() -> Inspection:
            nonlocal asked
            asked += 1
            return await look()

        made.engine.inspect_window = counted  # type: ignore[method-assign]
        for _ in range(5):
            await pilot.pause()
        assert asked == 0
        await go_to(pilot, screen, "look part 1")
        await press(pilot, "p")
        assert 0 < asked <= 3


async def test_a_click_goes_to_a_row_and_one_more_reads_it(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        await pilot.click("#blocks", offset=(10, 1))
        await settle(pilot)
        assert getattr(screen.table.current, "label", "") == "system prompt"
        assert pilot.app.screen is screen
        await pilot.click("#blocks", offset=(10, 1))
        await settle(pilot)
        assert isinstance(pilot.app.screen, PagerScreen)


async def test_the_text_scrolls_with_the_focus_and_with_the_wheel(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        await go_to(pilot, screen, "look part 1")
        assert "more lines" in text_of(screen)
        await press(pilot, "tab", "end")
        assert "more lines" not in text_of(screen)
        assert getattr(screen.table.current, "label", "") == "look part 1"
        await press(pilot, "home", "pagedown", "up", "p")
        assert next(row.mark for row in shown(screen) if row.label == "look part 1") == "pin"


async def test_a_session_without_a_turn_shows_what_its_first_request_begins_with(tmp_path: Path) -> None:
    async with inspecting(tmp_path, (80, 24), turns=0) as (pilot, made, screen):
        assert "nothing sent yet" in text_of(screen)
        assert {row.section for row in shown(screen)} <= {"tools", "system", "memory"}
        await press(pilot, *"pdmu", "space", "o", "f", "f")
        assert pilot.app.screen is screen and not made.of(e.BlockMarked)


async def test_the_session_of_another_is_shown_from_its_beginning(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        await press(pilot, "slash", *"part", "enter", "space")
        await made.engine.handle(c.NewSession())
        made.model.steps[:] = [says("another")]
        await made.ask("another session")
        await settle(pilot)
        assert any(row.label == "another session" for row in shown(screen))
        assert not screen.table.chosen


async def test_in_linear_mode_a_row_is_a_sentence(tmp_path: Path) -> None:
    async with inspecting(tmp_path, (80, 24), linear=True) as (pilot, _, screen):
        await go_to(pilot, screen, "look part 1")
        await press(pilot, "p")
        text = text_of(screen)
        assert "results: look part 1, turn 1, recent," in text and "pinned" in text


async def test_another_width_keeps_the_row_and_shows_what_fits(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, _, screen):
        await go_to(pilot, screen, "look part 2")
        for size, beside in (((80, 24), False), ((160, 48), True), ((40, 12), False), ((120, 40), True)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            text = text_of(screen)
            assert "look part 2" in text and ("WHY IT IS HERE" in text) is beside
            assert getattr(screen.table.current, "label", "") == "look part 2"


async def test_f8_waits_while_something_runs(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        made.model.hold = asyncio.Event()
        made.model.steps[:] = [says("slowly")]
        await made.engine.handle(c.SendPrompt("go on"))
        await made.until(e.TextArrived)
        await pilot.press("f8")
        await pilot.pause()
        assert pilot.app.screen is screen and "Something runs" in text_of(screen)
        made.model.hold.set()
        await made.engine.idle()


async def test_a_session_that_cannot_be_written_can_be_read_and_says_why_it_takes_no_mark(tmp_path: Path) -> None:
    async with inspecting(tmp_path) as (pilot, made, screen):
        made.engine.session.read_only = "another process writes it"
        await go_to(pilot, screen, "look part 2")
        await press(pilot, "p")
        assert "another process writes it" in text_of(screen) and not made.of(e.BlockMarked)


FINDING = Finding(
    "read twice", "src/acme/retry.py stands here twice, and the first is older", ("e7",), 5_900, 0.002, "drop"
)


async def test_findings_are_listed_with_the_key_that_mends_them(tmp_path: Path) -> None:
    client = FakeClient()
    client.say(opened())
    client.inspection = Inspection((await client.inspect_window()).window, findings=(FINDING,))
    app = app_for(client, palettes=tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f2")
        assert "1 finding f" in text_of(app.screen)
        await press(pilot, "f")
        text = text_of(app.screen)
        assert "stands here twice" in text and "5.9k · $0.002 a turn" in text and "d drops it" in text
        await press(pilot, "d")
        assert client.emitted == [c.MarkBlock("e7", "drop")]


async def test_five_thousand_blocks_are_listed_and_only_those_in_view_are_drawn(tmp_path: Path) -> None:
    conversation, ledger = Conversation(), Ledger(WindowPolicy())
    for seq, event in enumerate(talk(5_000), 1):
        stamped = e.Stamped(seq, 0.0, "long", "t", event)
        conversation.apply(stamped)
        ledger.apply(stamped, conversation)
    client = FakeClient()
    client.say(opened(), e.EpochOpened(EPOCH), e.WindowMeasured(ledger.read(conversation)))
    client.inspection = Inspection(ledger.measure(conversation))
    app = app_for(client, palettes=tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "f2")
        screen = app.screen
        assert isinstance(screen, InspectorScreen)
        assert len(screen.table.items) > 3_000
        drawn = 0
        draw = screen.listing.draw

        def counted(item: Any, width: int) -> Any:
            nonlocal drawn
            drawn += 1
            return draw(item, width)

        screen.table.draw = counted
        await press(pilot, "end")
        assert drawn <= 3 * app.size.height
        assert "1250" in text_of(screen)
