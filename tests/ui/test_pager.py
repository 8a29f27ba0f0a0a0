"""The pager as a person uses it: long things are read to their ends, searched, copied, and left where one was."""

from fake_client import FakeClient, app_for, opened, turn
from textual.pilot import Pilot

from workbench.core import events as e
from workbench.core.decisions import Proposal
from workbench.ui.app import WorkbenchApp
from workbench.ui.reading.document import Document, Piece
from workbench.ui.reading.lines import PlainLines
from workbench.ui.screens.pager import PagerScreen

SMALL = (80, 24)
LONG = "\n".join(f"{n:04} " + ("needle in a line" if n % 50 == 7 else "hay") for n in range(2_000))
TABLE = "| name | " + " | ".join(f"column {n}" for n in range(30)) + " |\n|" + "---|" * 31 + "\n"
TABLE += "".join("| row " + f"{r} | " + " | ".join(f"cell {r}.{n}" for n in range(30)) + " |\n" for r in range(40))


def ran(output: str, call: str = "c1", number: int = 1) -> tuple[e.AnyEvent, ...]:
    """A call and what it gave back."""
    return (
        e.ToolProposed(number, 1, Proposal(call, "run", {"command": "seq"}, (), subject="seq", verb="run")),
        e.ToolStarted(number, call),
        e.ToolFinished(number, call, "run", output, 9, 0.4, "exit 0"),
    )


def rows(app: WorkbenchApp) -> list[str]:
    """The lines of whatever is in front."""
    return ["".join(segment.text for segment in line).rstrip() for line in app.screen._compositor.render_strips()]


async def settle(app: WorkbenchApp, pilot: Pilot[None]) -> None:
    if app.bridge:
        app.bridge.drain()
    await app.workers.wait_for_complete()
    await pilot.pause()


async def open_newest(app: WorkbenchApp, pilot: Pilot[None], *keys: str) -> PagerScreen:
    """Read what the transcript has chosen when it gets the focus, after `keys`."""
    await settle(app, pilot)
    assert app.main.transcript is not None
    app.main.transcript.focus()
    await pilot.press(*keys, "enter")
    await settle(app, pilot)
    assert isinstance(app.screen, PagerScreen)
    return app.screen


async def test_enter_on_an_output_reads_all_of_it_and_esc_is_back_where_one_was() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), e.TurnStarted(1, "count", 3), *ran(LONG))
        await settle(app, pilot)
        assert app.main.transcript is not None
        app.main.transcript.focus()
        await pilot.press("space")
        before = rows(app)
        assert any("1,960 more lines · enter reads all" in row for row in rows(app)) or any("0010" in r for r in before)
        await pilot.press("enter")
        await settle(app, pilot)
        assert isinstance(app.screen, PagerScreen)
        assert "2,000 lines · 1 to 22" in rows(app)[0] and rows(app)[1].strip() == "0000 hay"
        await pilot.press("end")
        assert rows(app)[-2].strip() == "1999 hay"
        await pilot.press("escape")
        await settle(app, pilot)
        assert app.screen is app.main and app.main.transcript.has_focus
        assert rows(app) == before


async def test_words_are_found_counted_and_gone_through() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), e.TurnStarted(1, "count", 3), *ran(LONG))
        screen = await open_newest(app, pilot)
        await pilot.press("slash", *"needle")
        await settle(app, pilot)
        assert "1 of 40" in rows(app)[-2]
        await pilot.press("enter", "n", "n")
        await settle(app, pilot)
        assert "“needle” 3 of 40" in rows(app)[0]
        assert any(row.strip().startswith("0107 needle") for row in rows(app))
        await pilot.press("N", "N", "N")  # from the first back to the last
        assert "“needle” 40 of 40" in rows(app)[0]
        await pilot.press("slash", "X")
        await settle(app, pilot)
        assert "nothing found" in rows(app)[-2]
        place = screen.text.page.line
        await pilot.press("escape")
        await settle(app, pilot)
        assert screen.text.page.line == place and screen.text.has_focus
        assert not screen.text.search.hits


async def test_a_long_line_is_read_whole_sideways_or_wrapped() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        line = " ".join(f"w{n}" for n in range(500))
        client.say(opened(), e.TurnStarted(1, "count", 3), *ran(line))
        screen = await open_newest(app, pilot)
        assert rows(app)[1].endswith("›")
        for _ in range(400):
            screen.action_sideways(1)
        await pilot.pause()
        assert rows(app)[1].endswith("w499")
        await pilot.press("w")
        seen = []
        for _ in range(40):
            seen += rows(app)[1:-1]
            await pilot.press("pagedown")
        assert {f"w{n}" for n in range(500)} <= {word for row in seen for word in row.rstrip("↩").split()}


async def test_a_table_wider_than_the_screen_is_a_grid_whose_header_and_first_column_stay() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), *turn(1, "a table", f"Here:\n\n{TABLE}"))
        screen = await open_newest(app, pilot, "up")
        assert [piece.name for piece in screen.text.app.screen._document.pieces] == ["answer", "table"]  # type: ignore[attr-defined]
        await pilot.press("right_square_bracket")
        for _ in range(60):
            screen.action_sideways(1)
        await pilot.press("down", "down")
        text = rows(app)
        assert text[1].lstrip("‹").split()[0] == "name" and text[1].endswith("column 29")
        assert text[3].lstrip("‹").split()[:2] == ["row", "2"] and text[3].endswith("cell 2.29")
        assert "table, 2 of 2" in text[0]


async def test_a_hundred_thousand_lines_open_and_are_searched() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=SMALL) as pilot:
        text = "\n".join(f"line {n}" for n in range(100_000))
        app.reading.read(Document("big", (Piece("output", PlainLines(text)),)))
        await settle(app, pilot)
        assert "100,000 lines · 1 to 22" in rows(app)[0]
        await pilot.press("slash", *"99999")
        await settle(app, pilot)
        assert any(row.strip() == "line 99999" for row in rows(app))
        assert "1 of 1" in rows(app)[-2]


async def test_y_copies_all_of_it_and_the_newest_long_thing_is_a_slash_away() -> None:
    client = FakeClient()
    app = app_for(client)
    copied: list[str] = []
    async with app.run_test(size=SMALL) as pilot:
        app.clipboard_controller.copy = lambda text, what="": copied.append(text)  # type: ignore[method-assign]
        client.say(opened(), e.TurnStarted(1, "count", 3), *ran("one\ntwo\n"))
        await settle(app, pilot)
        await pilot.press(*"/read", "enter")
        await settle(app, pilot)
        assert isinstance(app.screen, PagerScreen)
        assert rows(app)[1].strip() == "one"
        await pilot.press("y")
        assert copied == ["one\ntwo\n"]


async def test_with_nothing_said_it_says_what_will_come() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(40, 8)) as pilot:
        app.commands.run("read")
        await settle(app, pilot)
        assert "nothing to read yet" in rows(app)[1]
        await pilot.press("down", "right", "n", "N", "w", "end", "home", "pagedown", "escape")
        await settle(app, pilot)
        assert app.screen is app.main


async def test_it_is_still_made_at_one_cell_and_at_many() -> None:
    for size in ((1, 1), (2, 3), (400, 100)):
        app = app_for(FakeClient())
        async with app.run_test(size=size) as pilot:
            app.reading.read(Document("日本", (Piece("output", PlainLines("日本語 " * 90 + "\n" + "x\n" * 300)),)))
            await settle(app, pilot)
            await pilot.press("w", "end", "slash", "x", "enter", "n")
            await settle(app, pilot)
            assert isinstance(app.screen, PagerScreen)


async def test_the_title_says_once_what_is_read() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=SMALL) as pilot:
        client.say(opened(), *turn(1, "go", "a short answer"))
        await settle(app, pilot)
        await open_newest(app, pilot, "up")
        assert rows(app)[0].startswith(" answer 1    ")
