"""The main screen: what it shows at each size, and what its keys, buttons and choices tell the client."""

from pathlib import Path

import pytest
from dialog_stage import text_of
from fake_client import START, FakeClient, app_for, measured, notes, opened, request, turn, window
from textual.pilot import Pilot

from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.decisions import EscalationRequest, Progress, Proposal, Verdict
from workbench.core.errors import WorkbenchError
from workbench.core.ports import RuntimeInfo
from workbench.ui.app import WorkbenchApp
from workbench.ui.modals.parts import KeyLine
from workbench.ui.widgets.drawn import Drawn
from workbench.ui.widgets.prompt import PromptBox


async def settle(app: WorkbenchApp, pilot: Pilot[None]) -> None:
    """Deliver what waits and let messages run."""
    await pilot.pause()
    if app.bridge:
        app.bridge.drain()
    await pilot.pause()
    await pilot.pause()


def drawn(app: WorkbenchApp, selector: str) -> str:
    return app.main.query_one(selector, Drawn).render().plain


@pytest.mark.parametrize(
    ("size", "panel", "strip"),
    [((160, 48), 54, 0), ((120, 40), 44, 0), ((109, 40), 0, 2), ((80, 24), 0, 2), ((79, 24), 0, 1), ((120, 23), 0, 1)],
)
async def test_the_terminals_size_decides_between_panel_and_strip(
    size: tuple[int, int], panel: int, strip: int
) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=size) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."), *measured())
        await settle(app, pilot)
        assert app.main.panel.display is (panel > 0)
        assert app.main.panel.outer_size.width == panel or not panel
        assert app.main.strip.display is (strip > 0)
        assert not strip or app.main.strip.size.height == strip
        assert ("F8" in drawn(app, "#footer")) is (strip > 0), "without buttons the footer has their keys"


async def test_a_running_turn_is_told_in_the_status_line() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3), e.RequestSent(1, 4, "claude-opus-5-5", 32_000))
        client.clock.advance(21)
        await settle(app, pilot)
        line = drawn(app, "#status")
        assert "retry-ladder" in line
        assert "acme-api on main" in line
        assert line.rstrip().endswith("step 4 of 20  0:21  esc stops")
        client.say(e.BudgetRaised(steps=40), e.RequestSent(1, 21, "claude-opus-5-5", 32_000))
        await settle(app, pilot)
        assert "step 21 of 40" in drawn(app, "#status")


async def test_the_panel_draws_both_ledgers_scratchpad_and_confidence() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."), *notes(), *measured())
        await settle(app, pilot)
        block = drawn(app, "#window-block")
        assert "≈ 61.4k of 200k  31 %" in block
        assert "compacts at 140k  reply 32k" in block
        assert "cold at" in block, "while nothing runs nothing counts down"
        assert "6 notes · 1 file" in drawn(app, "#scratchpad-block")
        assert "$0.42 of $5" in drawn(app, "#budget-block")
        assert "◐ 0.82  for you to review" in drawn(app, "#confidence-block")


async def test_blocks_keep_their_height_whatever_they_show() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3))
        await settle(app, pilot)
        before = [block.region for block in app.main.panel.children]
        client.say(*notes(), *measured(), e.RequestSent(1, 1, "m", 1))
        await settle(app, pilot)
        assert [block.region for block in app.main.panel.children] == before


async def test_nothing_is_delivered_while_nothing_happens() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."))
        await settle(app, pilot)
        for _ in range(20):
            app.bridge.drain()
        assert app.bridge.asleep
        client.say(e.TurnStarted(2, "more", 3))
        assert not app.bridge.asleep, "the listener wakes it"


async def test_the_meter_is_drawn_at_most_twice_a_second_and_at_step_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3), *measured())
        await settle(app, pilot)
        drawings: list[float] = []
        monkeypatch.setattr(app.main.panel.brings, "refresh", lambda: drawings.append(client.clock.at))
        for _ in range(20):
            client.clock.advance(0.1)
            client.say(e.WindowMeasured(window()))
            app.bridge.drain()
        assert len(drawings) == 4
        client.say(*turn(1, "go", "done")[2:])
        app.bridge.drain()
        assert len(drawings) == 5, "a step end does not wait"


async def test_enter_sends_what_is_written_and_empties_the_prompt(tmp_path: Path) -> None:
    client = FakeClient()
    app = app_for(client, history=tmp_path / "prompts")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"hello", "enter")
        await settle(app, pilot)
        assert client.emitted == [c.SendPrompt("hello")]
        assert app.main.prompt.text == ""


async def test_sending_goes_to_the_end_of_the_transcript() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(100, 24)) as pilot:
        client.say(opened(), *(event for number in range(1, 9) for event in turn(number, "go", "line  \n" * 9)[1:]))
        await settle(app, pilot)
        transcript = app.main.transcript
        assert transcript
        await pilot.press("pageup")  # away from the end
        assert transcript.scroll_y < transcript.max_scroll_y
        await pilot.press(*"on", "enter")
        await settle(app, pilot)
        assert transcript.scroll_y == transcript.max_scroll_y


async def test_an_empty_prompt_sends_nothing_and_says_so() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter")
        await settle(app, pilot)
        assert client.emitted == []
        assert "nothing to send" in drawn(app, "#notice")
        await pilot.press("h")
        assert "nothing to send" not in drawn(app, "#notice"), "a notice goes at the next key"


async def test_a_prompt_that_could_not_be_sent_comes_back() -> None:
    client = FakeClient(failing=WorkbenchError("the session is gone", "ctrl+n begins another"))
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"keep me", "enter")
        await settle(app, pilot)
        assert app.main.prompt.text == "keep me"
        assert "the session is gone" in drawn(app, "#notice")
        assert "ctrl+n begins another" in drawn(app, "#notice")


async def test_a_prompt_stands_in_the_transcript_before_the_engine_is_there() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"go", "enter")
        await settle(app, pilot)
        assert "go" in text_of(app.screen) and "starting" in text_of(app.screen)
        client.say(opened(), e.TurnStarted(1, "go", 3))
        await settle(app, pilot)
        assert text_of(app.screen).count("go") == 1
        assert "starting" not in text_of(app.screen)


async def test_a_prompt_whose_turn_never_begins_comes_back() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"go", "enter")
        await settle(app, pilot)
        client.busy = False
        client.say(e.Noticed("the disk is full", "error"))
        await settle(app, pilot)
        assert app.main.prompt.text == "go"
        assert not app.state.entries


async def test_a_prompt_whose_turn_was_over_before_any_of_it_was_heard_does_not_come_back() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"go", "enter")
        await settle(app, pilot)
        happened = client.store(opened(), *turn(1, "go", "all of it is done"))
        client.say(e.Noticed("something else", "info"))
        await settle(app, pilot)
        client.tell(*happened)
        await settle(app, pilot)
        assert app.main.prompt.text == ""
        assert "all of it is done" in text_of(app.screen)


async def test_a_first_prompt_whose_turn_was_over_before_any_of_it_was_heard_stands_once() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"go on", "enter")
        await settle(app, pilot)
        client.busy = False
        client.tell(*client.store(opened(), *turn(1, "go on", "all of it is done")))
        await settle(app, pilot)
        shown = text_of(app.screen)
        assert "all of it is done" in shown
        assert "starting" not in shown
        assert shown.count("▌ 1  go on") == 1


async def test_a_prompt_written_while_a_turn_runs_is_queued_and_said_so() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3))
        await settle(app, pilot)
        await pilot.press(*"then this", "enter")
        await settle(app, pilot)
        assert "queued  then this" in drawn(app, "#notice")
        client.say(*turn(1, "go", "done")[2:], e.TurnStarted(2, "then this", 3))
        await settle(app, pilot)
        assert "queued" not in drawn(app, "#notice")


async def queue_two(app: WorkbenchApp, client: FakeClient, pilot: Pilot[None]) -> None:
    """A turn runs, `one` and `two` wait behind it."""
    client.say(opened(), e.TurnStarted(1, "go", 3))
    await settle(app, pilot)
    await pilot.press(*"one", "enter", *"two", "enter")
    await settle(app, pilot)


async def test_up_takes_the_last_queued_prompt_back_to_be_changed() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await queue_two(app, client, pilot)
        assert "queued  two  after 1 more   ↑ change" in drawn(app, "#notice")
        await pilot.press("up")
        await settle(app, pilot)
        assert (app.main.prompt.text, app.state.queued) == ("two", ["one"])
        await pilot.press(*"!!", "enter")
        await settle(app, pilot)
        sent = [c.SendPrompt("one"), c.SendPrompt("two"), c.WithdrawPrompt("two"), c.SendPrompt("two!!")]
        assert client.emitted == sent
        assert app.state.queued == ["one", "two!!"]


@pytest.mark.parametrize(("waiting", "left"), [(["one"], []), (["one", "two"], ["one"])])
async def test_a_second_up_before_the_first_had_its_effect_takes_nothing_more(
    waiting: list[str], left: list[str]
) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3))
        await settle(app, pilot)
        app.state.queued[:] = waiting
        for _ in range(2):
            app.main.prompt.post_message(PromptBox.TakenBack())
        await settle(app, pilot)
        assert (app.main.prompt.text, app.state.queued) == (waiting[-1], left)


async def test_esc_is_named_for_what_it_does_with_a_draft_out_of_the_queue() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await queue_two(app, client, pilot)
        assert "esc stop " in drawn(app, "#footer")
        await pilot.press("up")
        await settle(app, pilot)
        await pilot.press("x")
        await settle(app, pilot)
        assert "esc remove " in drawn(app, "#footer")
        assert "esc removes the draft" in drawn(app, "#status")
        await pilot.press(*["backspace"] * 4)
        await settle(app, pilot)
        assert "esc stop " in drawn(app, "#footer")
        await pilot.press("up")
        await settle(app, pilot)
        await pilot.press("escape")
        await settle(app, pilot)
        assert app.main.prompt.text == "" and c.CancelTurn() not in client.emitted
        assert "esc stop " in drawn(app, "#footer")


@pytest.mark.parametrize("keys", [("x",), ("space",), ("backspace",), ("ctrl+j",), ("tab", "x")])
async def test_a_draft_in_a_session_that_cannot_be_written_stays_and_every_key_says_why(keys: tuple[str, ...]) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), *turn(1, "go", "done"))
        await settle(app, pilot)
        await pilot.press(*"draft")
        client.read_only = "another process writes this session"
        client.change_over("s2", client.stored)
        await app.dispatch(c.OpenSession("s2"))
        await settle(app, pilot)
        hints = drawn(app, "#prompt-hints")
        assert "Read only" in hints and "ctrl+n begins a new session" in hints and "enter sends" not in hints
        await pilot.press(*keys)
        await settle(app, pilot)
        assert "another process" in drawn(app, "#notice")
        assert app.main.prompt.text == "draft"


@pytest.mark.parametrize("way", [("enter",), ("escape",), ("x",), ("ctrl+c",)])
async def test_a_changed_prompt_out_of_the_queue_is_not_lost_when_an_earlier_one_takes_its_place(
    way: tuple[str, ...],
) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await queue_two(app, client, pilot)
        await pilot.press("up")
        await settle(app, pilot)
        await pilot.press(*"!!", "up", *way)
        await settle(app, pilot)
        app.main.prompt.put("")
        seen = []
        app.state.queued.clear()
        for _ in range(6):
            await pilot.press("up")
            await settle(app, pilot)
            seen.append(app.main.prompt.text)
        assert "two!!" in seen


async def test_the_title_to_be_changed_does_not_take_a_draft_away() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened())
        await settle(app, pilot)
        await pilot.press(*"half a thought")
        await app.sessions.rename("")  # from the palette
        await settle(app, pilot)
        assert app.main.prompt.text.startswith("/rename")
        assert "half a thought" in app.main.prompt.history.prompts


async def test_esc_removes_what_was_taken_back_and_the_turn_goes_on() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await queue_two(app, client, pilot)
        await pilot.press("up", "escape")
        await settle(app, pilot)
        assert (app.main.prompt.text, app.state.queued) == ("", ["one"])
        assert client.emitted[-1] == c.WithdrawPrompt("two")
        await pilot.press("escape")
        await settle(app, pilot)
        assert client.emitted[-1] == c.CancelTurn(), "now esc means the turn again"


async def test_a_queued_prompt_that_begins_meanwhile_is_not_taken_back() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await queue_two(app, client, pilot)
        client.failing = WorkbenchError("this prompt waits no longer", "If it is what runs now, esc stops it.")
        await pilot.press("up")
        await settle(app, pilot)
        assert app.main.prompt.text == ""
        assert "waits no longer" in drawn(app, "#notice")


async def test_esc_stops_the_running_turn_and_gives_queued_prompts_back() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3))
        await settle(app, pilot)
        await pilot.press(*"later", "enter")
        await settle(app, pilot)
        await pilot.press("escape")
        await settle(app, pilot)
        assert client.emitted == [c.SendPrompt("later"), c.CancelTurn()]
        assert app.main.prompt.text == "later"


async def test_esc_stops_a_turn_that_has_not_begun_and_gives_its_prompt_back() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"go", "enter")
        await settle(app, pilot)
        client.busy = True  # the engine took it and imports what is slow
        await pilot.press(*"later", "enter")
        await settle(app, pilot)
        client.on_handle = lambda command: setattr(client, "busy", False)
        await pilot.press("escape")
        await settle(app, pilot)
        assert client.emitted == [c.SendPrompt("go"), c.SendPrompt("later"), c.CancelTurn()]
        assert app.main.prompt.text == "go\nlater"
        assert not app.state.queued


async def test_esc_after_a_turn_that_ended_gives_nothing_back() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"go", "enter")
        client.say(opened(), *turn(1, "go", "done"))
        client.stored = [e.Stamped(1, 0.0, client.session_id, "", e.TurnStarted(1, "go", 1))]
        await settle(app, pilot)
        client.busy = True  # a plan is made
        await pilot.press("escape")
        await settle(app, pilot)
        assert client.emitted[-1] == c.DiscardPlan()
        assert app.main.prompt.text == ""


async def test_esc_with_nothing_to_stop_goes_to_the_prompt_and_never_quits() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("tab", "escape", "escape", "escape")
        assert app.is_running
        assert app.focused is app.main.prompt.editor


async def test_the_buttons_and_their_keys_ask_for_a_plan_and_a_draft() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."))
        await settle(app, pilot)
        await pilot.press("f8", "f9")
        await pilot.click("#button-compact")
        await pilot.click("#button-hand-off")
        await settle(app, pilot)
        kinds = [type(command) for command in client.emitted]
        assert kinds == [c.PlanCompaction, c.DraftHandoff, c.PlanCompaction, c.DraftHandoff]


async def test_compact_takes_what_is_to_be_kept_from_the_same_line() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."))
        await settle(app, pilot)
        await pilot.press(*"/compact keep the API decisions", "enter")
        await settle(app, pilot)
        assert client.emitted == [c.PlanCompaction(instructions="keep the API decisions")]


async def test_nothing_is_compacted_before_there_is_something() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f8")
        await settle(app, pilot)
        assert client.emitted == []
        assert "nothing in this session yet" in drawn(app, "#notice")


async def test_the_welcome_offers_what_makes_sense_and_tab_enter_chooses() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(app, pilot)
        assert app.main.welcome.display
        await pilot.press("tab")
        assert app.focused is app.main.welcome
        await pilot.press("down", "enter")
        await settle(app, pilot)
        assert client.emitted == [c.SendPrompt("Find what is risky in the last commit.")]
        assert app.focused is app.main.prompt.editor


async def test_digits_stay_text_on_the_welcome() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        assert app.main.prompt.text == "1"
        assert client.emitted == []


async def test_without_a_repository_nothing_is_offered_about_commits() -> None:
    facts = RuntimeInfo("rehearsal", "rehearsal", True, "/home/you/notes")
    app = app_for(FakeClient(facts=facts))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(app, pilot)
        page = app.main.welcome.render().plain
        assert "THIS IS A REHEARSAL" in page
        assert "ANTHROPIC_API_KEY" in page
        assert "commit" not in page
        assert " rehearsal " in drawn(app, "#status")


async def test_another_session_is_folded_from_its_history() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), *turn(1, "first session", "one"))
        await settle(app, pilot)
        await pilot.press("shift+tab")
        assert app.focused is app.main.transcript

        def change(command: c.Command) -> None:
            client.change_over("s2")
            client.say(e.SessionOpened("second", "/work", "anthropic", "claude-opus-5-5"), *turn(1, "hello", "two"))

        client.on_handle = change
        await app.dispatch(c.OpenSession("s2"))
        await settle(app, pilot)
        assert "second" in drawn(app, "#status")
        assert [entry.text for entry in app.state.entries if hasattr(entry, "text")] == ["hello", "two"]
        assert app.focused is app.main.prompt.editor


async def test_opening_a_session_that_cannot_be_written_says_why() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:

        def change(command: c.Command) -> None:
            client.read_only = (
                "Session s2 is damaged after event 9. `workbench sessions repair s2` stores what is sound."
            )
            client.change_over("s2")

        client.on_handle = change
        app.sessions.carry_out(c.OpenSession("s2"))
        await settle(app, pilot)
        assert "damaged after event 9" in drawn(app, "#notice")


async def test_a_session_that_cannot_be_written_says_so_in_the_prompt_and_why_when_one_writes() -> None:
    client = FakeClient(read_only="another process writes this session")
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(app, pilot)
        assert "another process" in drawn(app, "#notice")
        await pilot.press("x", "enter")
        await settle(app, pilot)
        assert client.emitted == []
        assert app.main.prompt.text == ""
        assert str(app.main.prompt.editor.placeholder) == "Read only. ctrl+n begins a new session"
        assert "another process" in drawn(app, "#notice")


async def test_a_question_opens_only_after_a_moment_without_a_key() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3))
        await settle(app, pilot)
        await pilot.press("a")
        client.say(e.EscalationRaised(request()))
        await settle(app, pilot)
        await pilot.press("1", "escape")
        await settle(app, pilot)
        assert app.main.is_active
        assert app.main.prompt.text == "a1", "what is typed until then goes to the prompt"
        assert client.emitted == [], "esc too"
        client.clock.advance(0.3)
        await pilot.press("b")
        client.clock.advance(0.3)
        await settle(app, pilot)
        assert app.main.is_active, "the last key was 0.3 s ago"
        client.clock.advance(0.1)
        await settle(app, pilot)
        assert not app.main.is_active
        assert app.main.prompt.text == "a1b"
        assert "waiting for you" in drawn(app, "#status")


async def test_the_verdict_goes_to_the_engine_and_the_next_question_opens() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3))
        client.say(e.EscalationRaised(request("esc_1")), e.EscalationRaised(request("esc_2")))
        await settle(app, pilot)
        client.clock.advance(1)
        await settle(app, pilot)
        verdict = Verdict("reject", note="open a PR instead")
        app.screen.dismiss(verdict)
        await settle(app, pilot)
        assert client.emitted == [c.ResolveEscalation("esc_1", verdict)]
        client.say(e.EscalationResolved("esc_1", verdict))
        await settle(app, pilot)
        client.clock.advance(1)
        await settle(app, pilot)
        assert app.screen.request.id == "esc_2"


async def test_a_question_that_expired_closes_its_dialog() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3), e.EscalationRaised(request()))
        await settle(app, pilot)
        client.clock.advance(1)
        await settle(app, pilot)
        assert not app.main.is_active
        client.say(e.EscalationExpired("esc_1"))
        await settle(app, pilot)
        assert app.main.is_active
        assert client.emitted == []


async def test_ctrl_c_clears_and_twice_quits() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"draft", "ctrl+c")
        assert app.main.prompt.text == ""
        await pilot.press("up")
        assert app.main.prompt.text == "draft", "what was cleared can be brought back"
        app.state.clock.advance(3)
        await pilot.press("ctrl+c", "ctrl+c")
        await pilot.pause()
        assert app.return_code == 0


async def test_ctrl_c_clears_words_that_were_typed_right_after_another_ctrl_c() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+c", *"draft", "ctrl+c")
        await pilot.pause()
        assert app.is_running and app.main.prompt.text == ""
        await pilot.press("up")
        assert app.main.prompt.text == "draft"
        await pilot.press("ctrl+c", "ctrl+c")
        await pilot.pause()
        assert app.return_code == 0


async def test_ctrl_q_is_free() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert app.is_running and app.return_code is None


async def test_the_footer_drops_whole_keys_and_can_be_clicked() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(60, 24)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3))
        await settle(app, pilot)
        line = drawn(app, "#footer")
        assert line.split("   ")[0].strip() == "esc stop"
        assert "…" not in line
        await pilot.click("#footer", offset=(3, 0))
        await settle(app, pilot)
        assert client.emitted == [c.CancelTurn()]


async def test_the_command_palette_shows_what_the_screen_in_front_offers() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert not app.main.is_active
        titles = [command.title for command in app.get_system_commands(app.main)]
        assert "compact  F8" in titles
        assert "screenshot" in titles


async def test_warm_up_follows_the_first_frame() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        assert client.warmed


async def test_faults_in_settings_are_told_not_thrown() -> None:
    app = app_for(FakeClient())
    app.state.options.settings_faults = ("config.toml:3: window.size is no number",)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(app, pilot)
        assert "config.toml:3" in drawn(app, "#notice")


async def test_the_screen_stays_under_a_hundred_widgets() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(160, 48)) as pilot:
        client.say(opened(), *turn(1, "explain", "It does this."))
        await settle(app, pilot)
        assert len(list(app.main.query("*"))) < 100
        assert len(app.stylesheet.rules) < 300 + 200, "ours and those of Textual's own widgets"


async def test_a_click_on_the_welcome_moves_and_a_second_one_starts() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(app, pilot)
        page = app.main.welcome.render().plain.splitlines()
        row = next(y for y, line in enumerate(page) if line.lstrip().startswith("2 "))
        await pilot.click("#welcome", offset=(20, row))
        await pilot.pause()
        assert client.emitted == []
        assert app.main.welcome.chosen == 1
        await pilot.click("#welcome", offset=(20, row))
        await settle(app, pilot)
        assert client.emitted == [c.SendPrompt("Find what is risky in the last commit.")]


LEFT = {
    "call": EscalationRequest("q", "safety", "low", "Run it?", proposal=Proposal("c", "run", {})),
    "limit": EscalationRequest("q", "complexity", "low", "Go on?", progress=Progress(5, 5)),
    "unsure": EscalationRequest("q", "confidence", "low", "Which?"),
}


@pytest.mark.parametrize(
    ("kind", "word", "does", "verdict"),
    [
        ("call", "reject", "rejects", Verdict("reject")),
        ("limit", "stop here", "stops here", Verdict("stop")),
        ("unsure", "leave it", "leaves it", Verdict("leave")),
    ],
)
async def test_what_esc_answers_is_said_as_the_question_says_it(
    kind: str, word: str, does: str, verdict: Verdict
) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go on", 5), e.EscalationRaised(LEFT[kind], START + 1_000))
        await settle(app, pilot)
        assert drawn(app, "#status").rstrip().endswith(f"esc {does}")
        assert f"esc {word}" in app.screen.query_one("#keys", KeyLine).render().plain
        app.screen.dismiss(None)
        await settle(app, pilot)
        assert f"esc {word}" in drawn(app, "#footer")
        assert f"esc {does}" in drawn(app, "#notice")
        await pilot.press("escape")
        await settle(app, pilot)
        assert client.emitted == [c.ResolveEscalation("q", verdict)]


async def test_where_nothing_was_said_yet_no_key_is_shown_that_would_compact_it() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        footer = drawn(app, "#footer")
        assert "sessions" in footer and "window" in footer and "compact" not in footer


async def test_below_a_dialog_no_key_is_offered_and_afterwards_they_are_again() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(80, 30)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3), e.EscalationRaised(request()))
        await settle(app, pilot)
        client.clock.advance(1)
        await settle(app, pilot)
        assert not app.main.is_active
        assert drawn(app, "#footer").strip() == drawn(app, "#prompt-hints").strip() == ""
        assert app.main.prompt.editor.placeholder == ""
        client.say(e.EscalationExpired("esc_1"))
        await settle(app, pilot)
        assert "F1 help" in drawn(app, "#footer") and "enter queues" in drawn(app, "#prompt-hints")
        assert app.main.prompt.editor.placeholder == "Queue the next message…"
