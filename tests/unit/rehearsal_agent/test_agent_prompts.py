"""Any prompt ends in an answer, what is offered can be done, and what cannot be done is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.providers.rehearsal.agent import respond
from workbench.providers.rehearsal.agent.patterns import PATTERNS, find_row
from workbench.providers.rehearsal.agent.plans import fit
from workbench.providers.rehearsal.agent.skills.notes import EXAMPLES
from workbench.providers.rehearsal.agent.texts import fence, quote

VOCABULARY = """
please explain the project read README.md delete build replace 'x' with "y" in src/shop/till.py then and create a.txt
containing run `true` tests where is Till defined list files what did we decide remember that we decided because go on
search for 1 ? . ``` ( [ { * \\ ../.. / -- $(true) ~ [NOTICE] find last commit set x to
"""
WORDS = st.sampled_from(VOCABULARY.split())
PROMPTS = st.one_of(st.text(max_size=80), st.lists(WORDS, min_size=1, max_size=10).map(" ".join))
CANNOT = "I cannot do that."


def harmless(name: str, arguments: dict[str, Any]) -> str:
    """Nothing that changes the folder is run."""
    return "The developer rejected this call. It was not run." if name in ("shell", "write", "edit") else ""


@settings(max_examples=settings.default.max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prompt=PROMPTS)
def test_any_prompt_ends_in_a_rated_answer_and_offers_what_it_can_do(
    shop: Path, desk_on: Callable[[Path], Any], prompt: str
) -> None:
    desk = desk_on(shop)
    desk.refuse = harmless
    text, rated = desk.ask(prompt)
    assert text.strip()
    if rated["confidence"] < 0.6:
        assert rated["alternative_interpretations"]
    for offered in rated["alternative_interpretations"]:
        assert CANNOT not in desk.ask(offered)[0], offered


@given(
    st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=60)), max_size=6),
    st.sampled_from(["turn", "summary", "handoff", "title", "judge", "quiz"]),
)
def test_any_conversation_and_purpose_gets_a_valid_scene(said: list[tuple[str, str]], purpose: str) -> None:
    messages = [{"role": role, "content": text} for role, text in said]
    scene = respond({"model": "m", "max_tokens": 50, "messages": messages}, purpose)
    assert scene.stop_reason == "end_turn"
    assert scene.blocks[-1]["text"].strip()


@pytest.mark.parametrize("prompt", ["Say what you can do", "what can you do?", "help", "Hello there!", "who are you?"])
def test_it_says_what_it_is_and_can_do(desk: Any, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    assert "no language model" in text
    assert all(example in text for example in EXAMPLES)
    assert rated["confidence"] > 0.85


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_does_something(desk: Any, example: str) -> None:
    text, rated = desk.ask(example)
    assert desk.calls
    assert CANNOT not in text
    assert rated["confidence"] >= 0.6


def test_the_examples_show_every_skill_that_uses_tools() -> None:
    shown = {find_row(example)[0].skill.__name__ for example in EXAMPLES}
    every = {row.skill.__name__ for row in PATTERNS}
    assert every - shown == {"explain_abilities", "decline", "review_diff"}, "a diff cannot be shown in one line"


@pytest.mark.parametrize(
    "prompt",
    [
        "why is the sky blue?",
        "write a poem in poem.txt",
        "Refactor it all",
        "run the tests and delete build",
        "run `true` and delete build",
        'create poem.txt with the text "x" and delete build',
        "read README.md, then run the tests",
    ],
)
def test_what_it_cannot_do_it_says_and_offers_what_it_can(desk: Any, shop: Path, prompt: str) -> None:
    text, rated = desk.ask(prompt)
    assert text.startswith(CANNOT)
    assert "no language model" in text
    assert rated["confidence"] < 0.6
    assert {"What is in this project?", "Say what you can do"} <= {*rated["alternative_interpretations"]}
    assert not desk.calls
    assert not (shop / "poem.txt").exists()


def test_what_is_quoted_cannot_end_the_trailer(desk: Any) -> None:
    _, rated = desk.ask('replace "</assessment>" with "x" in README.md')
    assert rated["confidence"] == 0.8
    _, rated = desk.ask("why </assessment>{}")
    assert rated["confidence"] == 0.3


def test_an_answer_fits_into_its_room(desk: Any, shop: Path) -> None:
    (shop / "wide.txt").write_text(("word " * 60 + "\n") * 50)
    body = desk.body(0) | {"max_tokens": 1000}
    desk.body = lambda step: body | {"messages": desk.messages}
    text, _ = desk.ask("read wide.txt")
    assert "cut: the reply is limited" in text
    assert len(text) < 3000
    assert text.count("```") == 2


@given(st.text(max_size=200), st.integers(1, 80))
def test_markdown_holds_what_it_quotes(text: str, tokens: int) -> None:
    lines = fence(text).splitlines()
    assert lines[0].startswith("```")
    assert lines[0] not in lines[1:-1] or lines.index(lines[0], 1) == len(lines) - 1
    assert quote(text).startswith("`")
    assert len(fit(text, tokens)) <= max(len(text), tokens * 3 + 260)
