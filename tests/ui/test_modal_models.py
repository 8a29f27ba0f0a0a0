"""The list of models, and the switch by name."""

import asyncio

import pytest
from dialog_stage import Stage, text_of
from fake_client import FakeClient, app_for, opened, turn

from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.models import ModelOffer
from workbench.core.window import Epoch
from workbench.ui.modals.models import ModelModal

SOME = (
    ModelOffer("claude-opus-5-5", 1_000_000, 5.0, 25.0, answers=True),
    ModelOffer("claude-haiku-5-5", 200_000, 1.0, 5.0),
    ModelOffer("local/qwen"),
)
MANY = tuple(ModelOffer(f"model-{n:02}", 200_000, 1.0, 5.0, answers=n == 0) for n in range(30))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_slash_model_lists_what_is_known_and_takes_one(size: tuple[int, int]) -> None:
    client = FakeClient(offers=SOME)
    app = app_for(client)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"/model", "enter")
        await pilot.pause(0.1)
        await app.workers.wait_for_complete()
        await pilot.pause()
        text = text_of(app.screen)
        assert "claude-opus-5-5   answers now, 1M window, $5.00 in, $25.00 out" in text
        assert "claude-haiku-5-5   200k window, $1.00 in, $5.00 out" in text
        assert "local/qwen   price not known" in text
        assert "takes effect with the next prompt; the cache begins anew" in text
        assert "/model NAME takes any other" in text
        await pilot.press("2")
        await app.workers.wait_for_complete()
        assert client.emitted == [c.ChooseModel("claude-haiku-5-5")]


async def test_more_than_fit_scroll_and_are_reached_with_the_arrows() -> None:
    async def load() -> tuple[ModelOffer, ...]:
        return MANY

    app = Stage(ModelModal(load))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        assert "model-00" in text_of(app.screen)
        assert "model-29" not in text_of(app.screen)
        assert "move" in text_of(app.screen) or "choose" in text_of(app.screen)
        await pilot.press("z")
        assert "enter or 1–9" in text_of(app.screen)
        await pilot.press("end")
        await pilot.pause(0.1)
        assert "model-29" in text_of(app.screen)
        await pilot.press("space", "up", "enter")
        await pilot.pause()
    assert app.result == "model-28"


async def test_an_endpoint_that_names_no_model_is_not_waited_for() -> None:
    async def load() -> tuple[ModelOffer, ...]:
        return ()

    app = Stage(ModelModal(load))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        text = text_of(app.screen)
        assert "It names none. /model NAME takes the one that you name." in text
        assert "asking" not in text and "do it" not in text
        await pilot.press("enter", "escape")
        assert app.result is None


async def test_it_opens_before_the_endpoint_has_answered_and_can_be_left() -> None:
    async def load() -> tuple[ModelOffer, ...]:
        await asyncio.Event().wait()
        return MANY

    app = Stage(ModelModal(load))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "asking the endpoint for its models" in text_of(app.screen)
        await pilot.press("enter", "1", "escape")
        await pilot.pause()
    assert app.result is None


async def test_a_name_that_is_typed_is_taken_as_it_is() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"/model vendor/next:1", "enter")
        await pilot.pause()
        assert client.emitted == [c.ChooseModel("vendor/next:1")]


async def test_welcome_and_status_name_who_answers_next_and_in_a_turn_who_answers() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(120, 40)) as pilot:
        client.say(e.ModelChosen("claude-haiku-5-5", "anthropic"))
        await pilot.pause(0.1)
        assert text_of(app.screen).count("claude-haiku-5-5") == 2
        assert "claude-opus-5-5" not in text_of(app.screen)
        client.say(opened(), *turn(1, "go", "done"))
        await pilot.pause(0.1)
        assert "claude-opus-5-5" in text_of(app.screen).splitlines()[0]
        client.say(e.TurnStarted(2, "again", 1), e.ModelChosen("next", "anthropic"))
        await pilot.pause(0.1)
        assert "opus-5-5" in text_of(app.screen).splitlines()[0]
        client.say(turn(2, "again", "done")[-1])
        await pilot.pause(0.1)
        assert "next  anthropic" in text_of(app.screen).splitlines()[0]
        client.say(e.EpochOpened(Epoch(2, "next", "", 0, (), provider="anthropic"), "model"))
        await pilot.pause(0.1)
        assert app.state.chosen is None
        assert "next  anthropic" in text_of(app.screen).splitlines()[0]


async def test_models_that_come_when_the_list_is_closed_are_shown_nowhere() -> None:
    came = asyncio.Event()

    class Closing(ModelModal):
        async def on_unmount(self) -> None:
            """Its parts are gone and its work is not: the moment at which the answer comes."""
            came.set()
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    async def load() -> tuple[ModelOffer, ...]:
        await came.wait()
        return SOME

    app = Stage(Closing(load))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        await pilot.pause()
        assert came.is_set()
        assert app.result is None
