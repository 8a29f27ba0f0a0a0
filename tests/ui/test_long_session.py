"""A long session in the whole application: it opens at its end, takes keys at once, and is all there soon after."""

from fake_client import FakeClient, app_for
from textual.pilot import Pilot

from tests.bench import long_talk
from workbench.core import events as e
from workbench.ui.app import WorkbenchApp
from workbench.ui.state import Answer, Prompt

MESSAGES = 2_000


def long_client() -> FakeClient:
    client = FakeClient()
    client.change_over(long_talk.SESSION, long_talk.stamp(long_talk.talk(MESSAGES)))
    return client


async def complete(app: WorkbenchApp, pilot: Pilot[None]) -> None:
    """Wait until nothing earlier is left to read."""
    for _ in range(500):
        if app.reducer.whole is None:
            return
        await pilot.pause(0.01)
    raise TimeoutError("the transcript stayed a page")


def seen(app: WorkbenchApp) -> list[str]:
    """The lines of the transcript that are on the screen."""
    view = app.main.transcript
    assert view is not None
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


async def test_keys_typed_while_the_rest_is_read_stand_in_the_prompt() -> None:
    app = app_for(long_client())
    async with app.run_test(size=(120, 40)) as pilot:
        assert any(long_talk.LAST in line for line in seen(app))
        await pilot.press(*"go on")
        await complete(app, pilot)
        await pilot.press(*" then")
        assert app.main.prompt.editor.text == "go on then"
        assert len(app.state.entries) == MESSAGES


async def test_what_is_said_while_the_rest_is_read_comes_once_and_at_the_end() -> None:
    client = long_client()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(e.TurnStarted(501, "one more", 3), e.TextArrived(501, 1, "half"))
        assert app.bridge is not None
        app.bridge.drain()
        await complete(app, pilot)
        client.say(e.TextArrived(501, 1, " and half"))
        app.bridge.drain()
        await pilot.pause()
        assert [entry.text for entry in app.state.entries[-2:] if isinstance(entry, Prompt | Answer)] == [
            "one more",
            "half and half",
        ]
        assert len(app.state.entries) == MESSAGES + 2
        assert any("half and half" in line for line in seen(app))


async def test_the_beginning_can_be_scrolled_to() -> None:
    app = app_for(long_client())
    async with app.run_test(size=(120, 40)) as pilot:
        await complete(app, pilot)
        assert app.main.transcript is not None
        app.main.transcript.focus()
        await pilot.press("home")
        await pilot.pause()
        assert any("What does part 1 hold?" in line for line in seen(app))


async def test_the_linear_mode_takes_in_what_came_before_and_goes_on_below() -> None:
    client = long_client()
    app = app_for(client, linear=True)
    async with app.run_test(size=(120, 40)) as pilot:
        before = seen(app)
        assert any(long_talk.LAST in line for line in before)
        client.say(e.TurnStarted(501, "one more", 3), e.TextArrived(501, 1, "half\nand"))
        assert app.bridge is not None
        app.bridge.drain()
        await complete(app, pilot)
        client.say(e.TextArrived(501, 1, " half\n"))
        app.bridge.drain()
        await pilot.pause()
        said = [line for line in seen(app) if line]
        assert said[-3:] == ["you: one more", "answer: half", "and half"]
        assert sum("you: one more" in line for line in said) == 1
        view = app.main.transcript
        assert view is not None
        view.action_scroll_home()
        await pilot.pause()
        assert seen(app)[1].startswith("you: ")
