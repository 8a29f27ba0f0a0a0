"""The linear mode as a whole: words alone on every line, new text only at the end."""

import re

from fake_client import FakeClient, app_for, measured, opened, request, turn
from textual.pilot import Pilot

from tests.ui.dialog_stage import text_of
from workbench.core import events as e
from workbench.ui.app import WorkbenchApp
from workbench.ui.modals.approval import ApprovalModal

MARKS = re.compile("[\u2500-\u25ff✓✗⊘]")


async def tell(app: WorkbenchApp, pilot: Pilot[None], client: FakeClient, *events: e.AnyEvent) -> str:
    """The screen after `events`, as a terminal gets it."""
    client.say(*events)
    for _ in range(2):
        await pilot.pause()
        if app.bridge:
            app.bridge.drain()
    client.clock.advance(1)
    await pilot.pause()
    return app.export_screenshot()


async def test_nothing_but_words_is_on_the_screen() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=(120, 40)) as pilot:
        picture = await tell(app, pilot, client, opened(), *turn(1, "explain", "It **does** this."), *measured())
        shown = text_of(app.screen)
        assert "you: explain" in shown
        assert "answer: It does this." in shown
        assert "turn over, 1 step" in shown
        assert "waits for your words. window: 61.4k of 200k tokens" in shown
        assert not app.main.panel.display
        assert not app.main.strip.display
        assert app.main.prompt.editor.has_focus
        assert not MARKS.search(picture)


async def test_what_was_read_stays_where_it_is() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client, opened(), *turn(1, "explain", "It does this."), *measured())
        before = text_of(app.screen).splitlines()[1:20]
        await tell(app, pilot, client, *turn(2, "and then", "It does that."))
        after = text_of(app.screen).splitlines()[1:20]
        said = [line.rstrip() for line in before if line.strip()]
        assert [line.rstrip() for line in after if line.strip()][: len(said)] == said


async def test_an_approval_is_a_numbered_list_with_a_word_at_the_chosen_one() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(app, pilot, client, opened(), e.TurnStarted(1, "go", 3), e.EscalationRaised(request()))
        await tell(app, pilot, client)
        picture = await tell(app, pilot, client)
        assert isinstance(app.screen, ApprovalModal)
        shown = text_of(app.screen)
        assert shown.count(", chosen") == 1
        assert "not offered" in shown, shown
        assert not MARKS.search(picture)
