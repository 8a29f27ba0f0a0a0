"""What a person at a terminal sees of a refusal: one line, and the answer."""

import base64
from collections.abc import Iterator

import pytest

from tests.e2e.person import PROGRAM, Person
from tests.e2e.strict_person import Desk
from tests.e2e.test_never_bricked import PIXEL, holds_media
from tests.strict_api import call, says, thinking


@pytest.fixture
def person(desk: Desk) -> Iterator[Person]:
    """At a small terminal, before the desk's server."""
    made = Person([str(PROGRAM)], env=desk.whole_env, cwd=desk.project, columns=80, rows=24)
    yield made
    made.close()


def read(person: Person) -> str:
    """The screen as it is read: no line ends, no rules across."""
    return " ".join(person.text.replace("┄", " ").split())


def test_a_picture_that_is_not_taken_costs_one_line_and_the_session_goes_on(desk: Desk, person: Person) -> None:
    (desk.project / "shot.png").write_bytes(PIXEL)
    desk.api.endpoint.rule = lambda body: "Could not process image" if holds_media(body) else ""
    desk.api.answers[:] = [says(call("read", "toolu_1", file_path="shot.png")), says("I could not see it.")]
    person.ask("look at shot.png")
    person.settled("I could not see it.", within=40)
    assert "Could not process image: what was refused is left out of the window" in read(person)
    desk.api.answers[:] = [says("It goes on.")]
    person.ask("and now?")
    person.settled("It goes on.")
    assert base64.b64encode(PIXEL).decode() not in str(desk.api.requests[-1])
    assert len(desk.api.refusals) == 1


def test_thinking_of_another_key_costs_one_line_and_the_session_goes_on(desk: Desk, person: Person) -> None:
    desk.api.answers[:] = [says(thinking("hm"), "The first answer.")]
    person.ask("a question")
    person.settled("The first answer.", within=40)
    desk.api.endpoint.secret = "two"
    desk.api.answers[:] = [says("The second answer.")]
    person.ask("and now?")
    person.settled("The second answer.")
    assert "earlier thinking is left out; what was said stays" in read(person)
    assert len(desk.api.refusals) == 1


def test_a_declined_prompt_costs_one_line_and_the_next_one_is_answered(desk: Desk, person: Person) -> None:
    desk.api.answers[:] = [says("I ca", stop="refusal"), says("It goes on.")]
    person.ask("the first")
    person.settled("The model declined to answer", within=40)
    assert "this turn leaves the window, and the next prompt is sent without it" in read(person)
    person.ask("and now?")
    person.settled("It goes on.")


def test_a_small_window_that_nobody_told_of_is_learnt_and_compacted(desk: Desk, person: Person) -> None:
    desk.api.endpoint.window, desk.api.endpoint.most, desk.api.endpoint.models = 12_000, 8_000, False
    for turn in range(4):
        desk.api.answers[:] = [says("some words " * 800 + f"End of answer {turn}.")]
        person.ask(f"question {turn}")
        person.settled(f"answer {turn}.", within=40)
    assert len(desk.api.refusals) <= 2
