"""The linear mode as a whole: words alone on every line, new text only at the end."""

import re

import pytest
from fake_client import FakeClient, app_for, measured, opened, request, state_of, turn, window
from textual.pilot import Pilot

from tests.ui.dialog_stage import text_of
from workbench.core import events as e
from workbench.core.decisions import Proposal
from workbench.core.messages import Text
from workbench.core.spend import Spend, Usage
from workbench.ui.app import WorkbenchApp
from workbench.ui.modals.approval import ApprovalModal
from workbench.ui.modals.facts import list_details, tell_facts
from workbench.ui.widgets.spoken_lines import draw_spoken_notice, draw_spoken_status

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


def lines_of(app: WorkbenchApp) -> list[str]:
    """The lines of the transcript that say something."""
    return [line.rstrip() for line in text_of(app.screen).splitlines()[1:32] if line.strip()]


def call(id: str, path: str) -> e.ToolProposed:
    """A call that reads `path`."""
    return e.ToolProposed(1, 1, Proposal(id, "read", {}, (), subject=path, verb="read"))


async def test_an_answer_appears_line_by_line_and_a_line_that_was_read_stays() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client, opened(), e.TurnStarted(1, "explain", 3), e.TextArrived(1, 1, "It **does"))
        assert "answer:" not in text_of(app.screen)
        await tell(app, pilot, client, e.TextArrived(1, 1, "** this.\n\nAnd"))
        first = lines_of(app)
        assert first[-1] == "answer: It does this."
        await tell(app, pilot, client, e.TextArrived(1, 1, " more.\n\nAt"))
        second = lines_of(app)
        assert second == [*first, "And more."]
        whole = "It **does** this.\n\nAnd more.\n\nAt last."
        await tell(app, pilot, client, e.MessageAdded(1, 1, (Text(whole),), (20,), "end_turn", Usage(1, 2, 3)))
        assert lines_of(app) == [*second, "At last."]


async def test_calls_side_by_side_are_told_below_each_other_as_they_end() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client, opened(), e.TurnStarted(1, "explain", 3), call("c1", "a.py"), call("c2", "b.py"))
        await tell(app, pilot, client, e.ToolStarted(1, "c1"), e.ToolStarted(1, "c2"))
        await tell(app, pilot, client, e.ToolFinished(1, "c2", "read", "x", 9, 0.0, "120 lines"))
        first = lines_of(app)
        assert first[-1] == "read b.py: 120 lines"
        await tell(app, pilot, client, e.ToolFinished(1, "c1", "read", "text of a.py", 9, 0.0, "3 lines"))
        assert lines_of(app) == [*first, "read a.py: 3 lines"]
        assert app.main.transcript
        app.main.transcript.focus()
        await pilot.press("end", "y")
        assert app.clipboard == "text of a.py"


async def test_an_approval_is_a_numbered_list_with_a_word_at_the_chosen_one() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await tell(app, pilot, client, opened(), e.TurnStarted(1, "go", 3), e.EscalationRaised(request()))
        await tell(app, pilot, client)
        picture = await tell(app, pilot, client)
        assert isinstance(app.screen, ApprovalModal)
        shown = text_of(app.screen)
        assert shown.count("chosen: ") == 1
        assert "not offered" in shown, shown
        assert not MARKS.search(picture)


async def test_each_try_is_told_while_it_waits_and_no_note_of_it_stands_after_the_answer() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client, opened(), e.TurnStarted(1, "go", 3))
        for number in (2, 3):
            await tell(app, pilot, client, e.RetryScheduled(1, number, 6, 7.0, "overloaded", "It is busy."))
            assert lines_of(app)[number - 1].startswith(f"note: It is busy. try {number} of 6")
        told = lines_of(app)
        await tell(app, pilot, client, e.TextArrived(1, 1, "Done"))
        await tell(app, pilot, client, *turn(1, "go", "Done")[2:])
        assert lines_of(app)[: len(told)] == told
        assert [line.partition(",")[0] for line in lines_of(app)[len(told) :]][:2] == ["answer: Done", "turn over"]


async def test_a_fault_at_the_end_of_the_tries_is_told_once_with_its_way_on() -> None:
    client = FakeClient()
    app = app_for(client, linear=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await tell(app, pilot, client, opened(), e.TurnStarted(1, "go", 3))
        await tell(app, pilot, client, e.RetryScheduled(1, 2, 6, 7.0, "overloaded", "It is busy."))
        await tell(app, pilot, client, e.TurnFailed(1, "overloaded", "It is busy.", "It passes."))
        assert [line for line in lines_of(app) if "tried 2 times" in line] == lines_of(app)[2:3]
        assert "r: try again" in lines_of(app)[2]


@pytest.mark.parametrize("width", [120, 80, 60, 40, 30])
def test_the_status_is_never_cut_but_loses_whole_pieces(width: int) -> None:
    whole = "waits for your words. window: 61.4k of 200k tokens. spent: $0.42. a title of some words"
    state = state_of(window=window(), spend=Spend(usd=0.42), title="a title of some words")
    said = draw_spoken_status(state, width).plain.rstrip()
    assert whole.startswith(said) and whole[len(said) :][:1] in ("", ".")
    state.running, state.activity, state.step = True, "run pytest -q tests/a tests/b tests/c", 3
    said = draw_spoken_status(state, width).plain.rstrip()
    assert "escape stops it" in said if width >= 60 else said.startswith("run pytest")


def test_the_line_of_what_waits_says_how_it_is_changed_and_sentences_end_once() -> None:
    state = state_of(queued=["do this " * 30])
    for width in (120, 80, 40, 30):
        assert draw_spoken_notice(state, 0, width).plain.rstrip().endswith("up changes it")
    state.notice = e.Noticed("looking for what can go…", "info", "esc stops")
    assert draw_spoken_notice(state, 0, 80).plain.rstrip() == "info: looking for what can go… esc stops"


def test_arguments_are_told_in_words() -> None:
    said = tell_facts(list_details(request()))
    assert "arguments: command: git push" in said
