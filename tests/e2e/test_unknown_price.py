"""A person at a terminal with a model whose price nobody knows: it is told once, and the panel says what rules."""

from collections.abc import Iterator

import pytest

from tests.e2e.person import PROGRAM, Person
from tests.e2e.strict_person import Desk
from tests.strict_api import says

MODEL = "house-model-7b"


@pytest.fixture(params=[(120, 40), (80, 24)], ids=["large", "small"])
def person(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Person]:
    desk.configure("[budget]\nsession_tokens = 400_000\n")
    columns, rows = request.param
    made = Person([str(PROGRAM), "--model", MODEL], env=desk.whole_env, cwd=desk.project, columns=columns, rows=rows)
    yield made
    made.close()


def test_without_a_price_the_notice_and_the_panel_say_that_the_token_budget_rules(desk: Desk, person: Person) -> None:
    desk.api.answers[:] = [says("The answer.")]
    person.wait_for(f"the token budget of 400k rules: the price of {MODEL} is not known", within=40)
    person.ask("a question")
    person.settled("The answer.", within=40)
    person.wait_for(" of 400k", within=20)
    assert "$" not in person.text
    beside = person.screen.columns > 100
    assert ("no price: tokens rule" in person.text) is beside
