"""The welcome's sample, in the application over the real engine: it opens, can be undone and goes on."""

from pathlib import Path

from fake_client import FakeOptions
from textual.pilot import Pilot

from tests.fakes import bench
from tests.make_tour import ASKS, TITLE
from workbench.core import commands as c
from workbench.core import events as e
from workbench.ui.app import WorkbenchApp


async def settle(app: WorkbenchApp, pilot: Pilot[None]) -> None:
    """Let workers end, deliver what waits, and draw it."""
    for _ in range(2):
        await pilot.pause()
        await app.workers.wait_for_complete()
        if app.bridge:
            app.bridge.drain()
    await pilot.pause()


async def test_the_sample_in_the_welcome_opens_with_everything_in_it(tmp_path: Path) -> None:
    made = bench(tmp_path)
    app = WorkbenchApp(made.engine, FakeOptions(), made.clock, palettes=tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(app, pilot)
        found = [isinstance(start.command, c.ImportSession) for start in app.main.welcome.starts]
        await pilot.press("tab", *["down"] * found.index(True), "enter")
        await settle(app, pilot)
        state = app.state
        assert (state.title, state.turn, state.running) == (TITLE, len(ASKS), False)
        assert state.scratchpad.decisions and state.window is not None
        assert not app.main.welcome.display
        before = state.window.total
        await app.run_action("app.run_command('undo_compaction')")
        await settle(app, pilot)
        assert app.state.window is not None and app.state.window.total > before
        await pilot.press(*"go on", "enter")
        await made.until(e.TurnFinished)
        await settle(app, pilot)
        assert app.state.turn == len(ASKS) + 1
    await made.engine.close()


async def test_opened_twice_it_is_two_sessions(tmp_path: Path) -> None:
    made = bench(tmp_path)
    app = WorkbenchApp(made.engine, FakeOptions(), made.clock, palettes=tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        sample = next(s.command for s in app.main.welcome.starts if isinstance(s.command, c.ImportSession))
        await made.engine.handle(sample)
        first = made.engine.session_id
        await made.engine.handle(sample)
        assert made.engine.session_id != first
        assert {row.title for row in made.engine.sessions()} == {TITLE}
    await made.engine.close()
