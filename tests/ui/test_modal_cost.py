"""The bill in words: each budget, what a turn takes, what the cache saved."""

import re

import pytest
from dialog_stage import text_of
from fake_client import FakeClient, app_for, measured, opened, turn

SIZES = ((80, 24), (120, 40))


@pytest.mark.parametrize("size", SIZES)
async def test_slash_cost_shows_both_budgets_and_a_typical_turn(size: tuple[int, int]) -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=size) as pilot:
        client.say(opened(), *turn(1, "go", "done"), *measured(turn_usd=0.11, turn_tokens=61_000, cached_share=0.88))
        await pilot.pause(0.1)
        await pilot.press(*"/cost", "enter")
        await pilot.pause()
        await pilot.pause()
        text = text_of(app.screen)
        assert "$0.42 of $5" in text and "310k of 25M tokens" in text
        assert "$3.10 of $20" in text
        assert "typically $0.11, 61k tokens" in text
        assert "88 % of all that was sent" in text
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.main


async def test_a_rehearsal_says_that_it_is_not_paid() -> None:
    client = FakeClient()
    app = app_for(client)
    async with app.run_test(size=(80, 24)) as pilot:
        client.say(opened(as_if=True), *measured(as_if=True, as_if_usd=0.12, usd=0.0))
        await pilot.pause(0.1)
        await pilot.press(*"/cost", "enter")
        await pilot.pause()
        await pilot.pause()
        text = text_of(app.screen)
        assert "$0.12 of $5  a rehearsal, not paid" in text
        assert "a rehearsal does not count" in text


@pytest.mark.parametrize("words", ["/cost", "/status"])
@pytest.mark.parametrize("linear", [False, True])
async def test_before_the_budgets_are_read_no_figure_of_them_is_made_up(words: str, linear: bool) -> None:
    app = app_for(FakeClient(), linear=linear)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*words, "enter")
        await pilot.pause()
        await pilot.pause()
        text = text_of(app.screen)
        assert "nothing is spent yet" in text
        assert not re.search(r"\$0(?!\.\d*[1-9])|0 of 0", text)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (160, 50)])
async def test_while_the_first_turn_begins_no_budget_of_nothing_is_shown(size: tuple[int, int]) -> None:
    app = app_for(FakeClient())
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"go", "enter")
        await pilot.pause()
        await pilot.pause()
        text = text_of(app.screen)
        assert "go" in text and "of $0" not in text
