"""A session of another folder is opened only after the person said where it goes on."""

from pathlib import Path

import msgspec
from dialog_stage import text_of
from fake_client import FACTS, FakeClient, app_for
from textual.pilot import Pilot

from workbench.core import commands as c
from workbench.core.summary import SessionSummary
from workbench.ui.app import WorkbenchApp


def two_folders(tmp_path: Path, there: str = "billing") -> tuple[WorkbenchApp, FakeClient]:
    """The application in `here`, over one session of `here` and one of `there`."""
    (tmp_path / "billing").mkdir()
    client = FakeClient(msgspec.structs.replace(FACTS, workspace=str(tmp_path / "here")))
    client.summaries = [
        SessionSummary("9a", "the other one", str(tmp_path / there), turns=1),
        SessionSummary("9b", "this one", str(tmp_path / "here"), turns=1),
    ]
    return app_for(client), client


async def open_row(app: WorkbenchApp, pilot: Pilot[None], *keys: str) -> None:
    await pilot.press("ctrl+o")
    await app.workers.wait_for_complete()
    await pilot.press(*keys, "enter")
    await app.workers.wait_for_complete()
    await pilot.pause()


async def test_a_session_of_this_folder_opens_at_once(tmp_path: Path) -> None:
    app, client = two_folders(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await open_row(app, pilot)
        assert client.emitted == [c.OpenSession("9b")]


async def test_a_session_of_another_folder_can_go_on_here(tmp_path: Path) -> None:
    app, client = two_folders(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await open_row(app, pilot, "a", "home")
        assert "Where is it to go on?" in text_of(app.screen)
        assert client.emitted == []
        await pilot.press("2")
        await app.workers.wait_for_complete()
        assert client.emitted == [c.OpenSession("9a")]


async def test_or_there_for_which_the_workbench_begins_again(tmp_path: Path) -> None:
    app, client = two_folders(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await open_row(app, pilot, "a", "home")
        await pilot.press("1")
        await pilot.pause()
    assert app.sessions.moved == ("9a", str(tmp_path / "billing"))
    assert client.emitted == []


async def test_or_stays_closed(tmp_path: Path) -> None:
    app, client = two_folders(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await open_row(app, pilot, "a", "home")
        await pilot.press("escape")
        await pilot.pause()
        assert (client.emitted, app.sessions.moved) == ([], None)


async def test_a_folder_that_is_gone_is_not_offered(tmp_path: Path) -> None:
    app, client = two_folders(tmp_path, there="gone")
    async with app.run_test(size=(120, 40)) as pilot:
        await open_row(app, pilot, "a", "home")
        assert "not offered: this" in text_of(app.screen)
        await pilot.press("1")
        await pilot.pause()
        assert (client.emitted, app.sessions.moved) == ([], None)
