"""/status: every figure in words, in the drawn mode and in the linear one; nothing of it is sent."""

import pytest
from dialog_stage import text_of
from fake_client import START, FakeClient, app_for, measured, opened, request, turn

from workbench.core import events as e

SIZES = ((80, 24), (120, 40))


def running(client: FakeClient) -> None:
    """A turn that runs, after one that ended."""
    client.say(opened(), *turn(1, "go", "done"))
    client.say(e.TurnStarted(2, "more", 5), e.RequestSent(2, 3, "claude-opus-5-5", 32_000))
    client.clock.advance(21)


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("size", SIZES)
async def test_slash_status_says_all_figures(size: tuple[int, int], linear: bool) -> None:
    client = FakeClient()
    app = app_for(client, linear=linear)
    async with app.run_test(size=size) as pilot:
        running(client)
        await pilot.pause(0.1)
        client.say(*measured(turn_usd=0.11, turn_tokens=61_000))
        await pilot.pause(0.1)
        app.state.queued += ["then this", "and that"]
        await pilot.press(*"/status", "enter")
        await pilot.pause()
        await pilot.pause()
        text = text_of(app.screen)
        await pilot.press("end")
        await pilot.pause()
        text += text_of(app.screen)
        told = (
            *("asking, step 3 of 20", "turn 2, begun 0:21 ago", "1. then this", "2. and that", "0.82"),
            *("61.4k of 200k tokens, 31 %", "results 18.5k, 30 % of it", "compaction is due from 140k"),
            *("54.2k tokens, until", "$0.11, 1 step", "$0.42 of $5", "$3.10 of $20"),
        )
        for words in told:
            assert words in text, (words, text)
        assert ("queue: 1. then this" in text) is linear
        assert not [each for each in client.emitted if type(each).__name__ == "SendPrompt"]
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.main


async def test_before_anything_was_said_it_says_so() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"/status", "enter")
        await pilot.pause()
        await pilot.pause()
        text = text_of(app.screen)
        for words in ("nothing runs", "empty", "unrated", "not measured yet", "none has ended yet"):
            assert words in text


async def test_what_waits_for_you_is_named() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(80, 24)) as pilot:
        client.say(opened(), e.TurnStarted(1, "go", 3), e.EscalationRaised(request(), START + 600))
        await pilot.pause(0.1)
        await app.run_action("app.run_command('status')")
        await pilot.pause()
        assert "May it push?" in text_of(app.screen)


async def test_it_is_found_in_the_help() -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=(120, 60)) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        await pilot.press("end")
        await pilot.pause()
        assert "/status" in text_of(app.screen)


@pytest.mark.parametrize("key", ["f1", "/status"])
async def test_the_keys_are_in_view_inside_a_frame_too(key: str) -> None:
    app = app_for(FakeClient(), theme="chalk")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*(["f1"] if key == "f1" else [*key, "enter"]))
        await pilot.pause()
        await pilot.pause()
        assert "esc back" in text_of(app.screen)
