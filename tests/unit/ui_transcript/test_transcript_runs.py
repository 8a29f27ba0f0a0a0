"""Lines are measured in cells, never wider than asked, and lose nothing."""

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from workbench.ui.draw.runs import break_words, clip, escape_controls, fold, measure, measure_runs, spread, wrap

PLAIN = Style()
TEXTS = st.text(alphabet="ab é日本語🙂 \n-", max_size=120)


@given(TEXTS, st.integers(2, 40))
def test_wrapped_lines_fit_and_keep_every_word(text: str, width: int) -> None:
    lines = wrap([(text, PLAIN)], width)
    assert all(measure(line.text) <= width for line in lines)
    assert "".join("".join(line.text for line in lines).split()) == "".join(text.split())


@given(TEXTS, st.integers(2, 40))
def test_soft_wraps_join_again_when_copied(text: str, width: int) -> None:
    pieces = break_words(text, width)
    joined = "".join((join if place else "") + text[start:end] for place, (start, end, join) in enumerate(pieces))
    assert joined.split() == text.split()


@given(st.text(alphabet="abc 日🙂", max_size=80), st.integers(2, 30))
def test_folded_code_keeps_every_character(text: str, width: int) -> None:
    lines = fold([(text[:5], PLAIN), (text[5:], PLAIN)], width)
    assert "".join(line.text for line in lines) == text
    assert all(measure(line.text) <= width for line in lines)


@given(st.text(alphabet="abc 日🙂", max_size=40), st.integers(1, 30))
def test_clipped_text_is_never_cut_in_mid_cell(text: str, width: int) -> None:
    assert measure(clip(text, width)) <= width


def test_the_right_hand_columns_stand_at_the_edge() -> None:
    runs = spread([("a long name that does not fit", PLAIN)], [("9.4k ✓", PLAIN)], 20)
    assert measure_runs(runs) == 20
    assert "".join(text for text, _ in runs) == "a long name…  9.4k ✓"


def test_control_characters_are_shown_and_not_executed() -> None:
    assert escape_controls("\x1b[31mred\x07\tend") == "␛[31mred␇    end"
