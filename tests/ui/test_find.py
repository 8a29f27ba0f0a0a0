"""ctrl+f in the transcript: words are found wherever they are, and esc is back where one was."""

import pytest
from fake_client import FakeClient, app_for, opened, turn
from test_pager import LONG, ran, rows, settle
from textual.pilot import Pilot

from tests.bench import long_talk
from workbench.core import events as e
from workbench.core.decisions import Effect, Proposal
from workbench.ui.app import WorkbenchApp
from workbench.ui.screens.pager import PagerScreen

SMALL = (80, 24)


def talk(turns: int = 60) -> FakeClient:
    """A client with many turns behind it; every tenth answer has a needle."""
    client = FakeClient()
    client.say(opened())
    for number in range(1, turns + 1):
        words = "a **need**le here" if number % 10 == 0 else "nothing of it"
        client.say(*turn(number, f"question {number}", f"{words}, in answer {number}\n\nand more of it"))
    return client


async def look_for(app: WorkbenchApp, pilot: Pilot[None], words: str) -> str:
    """Open the line, type, and return what it says."""
    await settle(app, pilot)
    await pilot.press("ctrl+f")
    await settle(app, pilot)
    await pilot.press(*words)
    await settle(app, pilot)
    return said(app)


def said(app: WorkbenchApp) -> str:
    assert app.main.find_bar is not None
    row = rows(app)[app.main.find_bar.region.y]
    return row.strip()


def seen(app: WorkbenchApp) -> str:
    assert app.main.transcript is not None
    region = app.main.transcript.region
    return "\n".join(rows(app)[region.y : region.bottom])


async def test_hits_are_counted_gone_through_and_marked_and_esc_is_back_where_one_was() -> None:
    app = app_for(talk())
    async with app.run_test(size=SMALL) as pilot:
        await settle(app, pilot)
        before = seen(app)
        assert (await look_for(app, pilot, "needle")).endswith("6 of 6")
        assert "answer 60" in seen(app)
        await pilot.press("up", "up")
        await settle(app, pilot)
        assert said(app).endswith("4 of 6") and "answer 40" in seen(app)
        await pilot.press("down", "down", "down")  # round to the oldest
        await settle(app, pilot)
        assert said(app).endswith("1 of 6") and "answer 10" in seen(app)
        underlined = [
            segment.text
            for line in app.screen._compositor.render_strips()
            for segment in line
            if segment.style and segment.style.underline and "needle" not in segment.text
        ]
        assert "need" in underlined and "le" in underlined  # across emphasis
        await pilot.press("escape")
        await settle(app, pilot)
        assert seen(app).replace("▶", " ") == before


async def test_words_after_slash_find_are_looked_for_at_once_and_again_when_typed_again() -> None:
    app = app_for(talk())
    async with app.run_test(size=SMALL) as pilot:
        await settle(app, pilot)
        before = seen(app)
        for words, count, hit in (("answer 1", "of 11", "answer 19"), ("needle", "6 of 6", "answer 60")) * 2:
            await pilot.press(*f"/find {words}", "enter")
            await settle(app, pilot)
            assert said(app).startswith(f"find {words}") and said(app).endswith(count)
            assert hit in seen(app) and app.main.prompt.text == ""
            await pilot.press("escape", "escape")  # out of the search, and to the prompt
            await settle(app, pilot)
            assert seen(app).replace("▶", " ") == before


async def test_words_after_slash_find_go_on_from_a_search_that_was_left_open() -> None:
    app = app_for(talk())
    async with app.run_test(size=SMALL) as pilot:
        await look_for(app, pilot, "needle")
        await pilot.press("enter")  # at the hit, in the transcript
        app.main.prompt.editor.focus()
        await pilot.press(*"/find needle", "enter")
        await settle(app, pilot)
        assert said(app).endswith("6 of 6")


async def test_enter_stays_at_the_hit_and_n_goes_on() -> None:
    app = app_for(talk())
    async with app.run_test(size=SMALL) as pilot:
        await look_for(app, pilot, "needle")
        await pilot.press("up", "enter")
        await settle(app, pilot)
        assert app.main.transcript is not None and app.main.transcript.has_focus
        assert "answer 50" in seen(app)
        await pilot.press("N")
        await settle(app, pilot)
        assert "answer 40" in seen(app)
        place = seen(app)
        await pilot.press("escape")  # to the prompt: nothing is looked for any more
        await settle(app, pilot)
        assert app.main.transcript.search is None
        assert seen(app).split("\n")[3:9] == place.split("\n")[3:9] or "answer 40" in seen(app)


async def test_a_word_more_narrows_and_a_word_less_widens() -> None:
    app = app_for(talk())
    async with app.run_test(size=SMALL) as pilot:
        assert (await look_for(app, pilot, "answer 1")).endswith("of 11")
        await pilot.press("7")
        await settle(app, pilot)
        assert said(app).endswith("1 of 1") and "answer 17" in seen(app)
        await pilot.press("backspace", "backspace", "X")
        await settle(app, pilot)
        assert "nothing found" in said(app)


def reads(number: int, *outputs: str) -> tuple[e.AnyEvent, ...]:
    """Calls that only read, which fold into one line."""
    found: list[e.AnyEvent] = []
    for place, output in enumerate(outputs):
        call = f"r{number}.{place}"
        proposal = Proposal(call, "read", {}, (Effect("read"),), subject=f"{place}.py")
        found += [e.ToolProposed(number, 1, proposal), e.ToolStarted(number, call)]
        found.append(e.ToolFinished(number, call, "read", output, 9, 0.1, "2 lines"))
    return tuple(found)


async def test_what_is_folded_is_counted_and_unfolded_when_one_gets_there_and_folded_again_on_esc() -> None:
    client = FakeClient()
    client.say(opened(), e.TurnStarted(1, "go", 1), *reads(1, "one", "two\nneedle", "three"))
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await settle(app, pilot)
        before = seen(app)
        assert "3 tools" in before and "needle" not in before
        assert (await look_for(app, pilot, "needle")).endswith("1 of 1")
        assert "needle" in seen(app)
        await pilot.press("escape")
        await settle(app, pilot)
        assert seen(app).replace("▶", " ") == before


async def test_a_hit_in_what_is_capped_is_read_whole_with_enter() -> None:
    client = FakeClient()
    client.say(opened(), e.TurnStarted(1, "go", 1), *ran(LONG))
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        assert "1 of 1 · folded, enter reads it" in await look_for(app, pilot, "1957")
        await pilot.press("enter")
        await settle(app, pilot)
        assert isinstance(app.screen, PagerScreen)
        assert any(row.strip().startswith("1957") for row in rows(app))
        assert "“1957” 1 of 1" in rows(app)[0]


async def test_parts_that_are_not_loaded_yet_are_found_when_they_are() -> None:
    client = FakeClient()
    client.change_over(long_talk.SESSION, long_talk.stamp(long_talk.talk(2_000)))
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        assert app.state.partial
        await pilot.press("ctrl+f")
        await pilot.pause()
        await pilot.press(*"part 1 hold")
        assert app.main.find_bar is not None
        told = set()
        for _ in range(400):
            await pilot.pause(0.01)
            told.add(said(app))
            search = app.main.transcript.search if app.main.transcript else None
            if not app.state.partial and search and search.done:
                break
        await settle(app, pilot)
        assert "What does part 1 hold?" in seen(app), said(app)
        assert said(app).endswith("of 2")


async def test_what_is_said_while_one_looks_is_counted_too() -> None:
    client = talk(12)
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        assert (await look_for(app, pilot, "needle")).endswith("1 of 1")
        client.say(*turn(13, "again", "one more needle and a needle"))
        await settle(app, pilot)
        assert said(app).endswith("1 of 3")


async def test_before_anything_was_said_there_is_nothing_to_look_in() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+f", "a")
        await settle(app, pilot)
        assert app.main.prompt.text == "a"


async def test_another_session_ends_the_search() -> None:
    client = talk(12)
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        await look_for(app, pilot, "needle")
        other = FakeClient()
        other.say(opened(), *turn(1, "hello", "other"))
        client.change_over("s2", [e.Stamped(s.seq, s.at, "s2", "t", s.event) for s in other.stored])
        client.say(e.SessionRenamed("x"))
        await settle(app, pilot)
        assert app.main.find_bar is not None and not app.main.find_bar.display
        assert app.main.prompt.editor.has_focus


@pytest.mark.parametrize("ways", [("/find answer", "enter"), ("ctrl+f", "answer")])
async def test_esc_gives_what_is_typed_next_back_to_the_prompt(ways: tuple[str, ...]) -> None:
    app = app_for(talk())
    async with app.run_test(size=SMALL) as pilot:
        await settle(app, pilot)
        for way in ways:
            await pilot.press(*([way] if way in ("enter", "ctrl+f") else way))
        await settle(app, pilot)
        await pilot.press("escape", "space", *"yes")
        await settle(app, pilot)
        assert app.main.prompt.text == " yes"
        assert app.main.transcript is not None and app.main.transcript.search is None


async def test_esc_of_a_search_begun_in_the_transcript_is_back_in_the_transcript() -> None:
    app = app_for(talk())
    async with app.run_test(size=SMALL) as pilot:
        await settle(app, pilot)
        assert app.main.transcript is not None
        app.main.transcript.focus()
        await look_for(app, pilot, "needle")
        await pilot.press("ctrl+f", "escape")
        await settle(app, pilot)
        assert app.main.transcript.has_focus
