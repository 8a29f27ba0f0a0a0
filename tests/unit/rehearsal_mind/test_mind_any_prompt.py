"""Any prompt ends in an answer: valid scenes, bounded steps, a trailer that parses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.providers.rehearsal.mind import respond
from workbench.providers.rehearsal.mind.markdown import code, fence, fit
from workbench.providers.rehearsal.mind.words import parts, paths, plain, quoted

VOCABULARY = """
please explain the project read README.md delete build replace 'x' with "y" in src/shop/till.py then and create a.txt
containing run `true` tests where is Till defined list files what did I ask remember that we decided because continue
1 ? . ``` ( [ * \\ ../.. / -- $(true) ~ analyse
"""
WORDS = st.sampled_from(VOCABULARY.split())
PROMPTS = st.one_of(st.text(max_size=80), st.lists(WORDS, min_size=1, max_size=12).map(" ".join))


def harmless(name: str, arguments: dict[str, Any]) -> str:
    """Nothing that changes the folder is run."""
    return "The developer rejected this call. It was not run." if name in ("shell", "write", "edit") else ""


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prompt=PROMPTS)
def test_any_prompt_ends_in_a_rated_answer(shop: Path, desk_on: Callable[[Path], Any], prompt: str) -> None:
    desk = desk_on(shop)
    desk.refuse = harmless
    text, rated = desk.answer(prompt)
    assert text.strip()
    asked = [(name, repr(sorted(a.items(), key=str))) for name, a in desk.calls]
    assert len(asked) == len(set(asked)), "no call is made twice in vain"
    if rated["confidence"] < 0.6:
        assert rated["alternative_interpretations"] or "read" in text


def test_what_it_offers_to_say_it_can_say(desk_on: Callable[[Path], Any], shop: Path) -> None:
    _, rated = desk_on(shop).answer("xyzzy plugh")
    assert "Say what you can do" in rated["alternative_interpretations"]
    text, rated = desk_on(shop).answer("Say what you can do")
    assert "What it can do here" in text
    assert rated["confidence"] > 0.85


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=60)), max_size=6), st.text(max_size=40)
)
def test_any_conversation_gets_a_valid_scene(said: list[tuple[str, str]], system: str) -> None:
    messages = [{"role": role, "content": text} for role, text in said]
    scene = respond({"model": "m", "max_tokens": 50, "system": system, "messages": messages})
    assert scene.stop_reason == "end_turn"
    assert scene.blocks[-1]["text"].strip()


@given(st.text(max_size=200))
def test_words_never_fail_and_lose_nothing_that_is_quoted(text: str) -> None:
    plain(text), parts(text), quoted(text)
    assert all("\n" not in path for path in paths(text))


@given(st.text(max_size=200), st.integers(1, 80))
def test_markdown_holds_what_it_quotes(text: str, tokens: int) -> None:
    assert fence(text).splitlines()[0].startswith("```")
    assert code(text.replace("\n", " ")).startswith("`")
    assert len(fit(text, tokens)) <= max(len(text), tokens * 3 + 260)
