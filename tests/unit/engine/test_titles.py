"""The title that a session takes from its first prompt."""

import pytest

from workbench.engine.session import make_title


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("Fix the tests.", "Fix the tests"),
        ("one two\nthree four  five six", "one two three four five six"),
        ('Create notes.md with the text "to do" in it', 'Create notes.md with the text "to…'),
        ("Look at this. Then at that. And more of it", "Look at this. Then at that…"),
        ("", ""),
    ],
)
def test_a_title_is_how_the_prompt_begins_and_says_where_it_was_cut(prompt: str, title: str) -> None:
    assert make_title(prompt) == title


def test_a_long_word_is_cut_too() -> None:
    assert make_title("x" * 500).endswith("x…")
