"""The assessment at the end of an answer, and what is shown of the answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.confidence import GUIDE, TrailerFilter, read_assessment
from workbench.core.decisions import Confidence
from workbench.core.messages import without_trailer

BODY = '{"confidence":0.8,"confidence_reasoning":"read it","alternative_interpretations":["a","b"]}'
TRAILER = f"<assessment>{BODY}</assessment>"
SCORE = Confidence(0.8, "read it", ("a", "b"))

pieces_of_tags = st.sampled_from(
    [
        "<",
        "<as",
        "<assessment>",
        "</assessment>",
        TRAILER,
        TRAILER[:40],
        "{",
        "}",
        " ",
        "\n",
        '{"confidence": 1}',
        "a<b",
    ]
)
texts = st.lists(st.one_of(pieces_of_tags, st.text(max_size=8)), max_size=8).map("".join)


def filtered(pieces):
    """What is shown of these pieces, and the assessment."""
    trailer = TrailerFilter()
    shown = "".join(trailer.feed(piece) for piece in pieces)
    rest, score = trailer.close()
    return shown + rest, score


@given(texts, st.data())
def test_however_a_text_is_cut_the_result_is_the_same(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=10)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert (
        filtered(pieces) == filtered([text]) == filtered(list(text)) == (without_trailer(text), read_assessment(text))
    )


@given(st.text().filter(lambda text: "<assessment>" not in text))
def test_a_text_without_a_trailer_passes_unchanged_and_unrated(text):
    assert filtered([text]) == (text, None)


@given(texts.filter(lambda text: "<" not in text))
def test_the_trailer_is_taken_off_and_read(text):
    assert filtered([text + TRAILER]) == (text, SCORE)
    assert filtered([text + TRAILER + " \n"]) == (text, SCORE)


@given(st.floats(0, 1), st.text(), st.lists(st.text(), max_size=3))
def test_whatever_json_writes_is_read_back(value, reasoning, others):
    data = {"confidence": value, "confidence_reasoning": reasoning, "alternative_interpretations": others}
    if "</assessment>" not in json.dumps(data):
        score = read_assessment(f"Yes.<assessment>{json.dumps(data)}</assessment>")
        assert score is not None
        assert score.value == value


def test_nothing_that_cannot_be_a_tag_is_held_back():
    trailer = TrailerFilter()
    assert trailer.feed("if a < b then ") == "if a < b then "
    assert trailer.feed("x <") == "x "
    assert trailer.feed("= y") == "<= y"


def test_an_unclosed_trailer_counts_when_its_json_is_whole():
    assert filtered(["Yes.", TRAILER.removesuffix("</assessment>")]) == ("Yes.", SCORE)
    assert filtered(["Yes.", TRAILER.removesuffix("sment>")]) == ("Yes.", SCORE)


def test_an_unclosed_trailer_with_broken_json_is_dropped_and_the_answer_unrated():
    assert filtered(["Yes.", TRAILER[:50]]) == ("Yes.", None)
    assert filtered(["Yes.", "<assessment>"]) == ("Yes.", None)


def test_an_answer_about_trailers_loses_nothing():
    text = f"Write it like this: {TRAILER} and then stop. The tag <assessment> opens it."
    assert filtered([text]) == (text, None)
    assert filtered([text + TRAILER]) == (text, SCORE)


def test_a_stray_tag_cannot_hold_back_a_whole_answer():
    text = "<assessment>{" + "word " * 10_000
    trailer = TrailerFilter()
    assert trailer.feed(text) == text


@pytest.mark.parametrize(
    "value", ["1.2", "-0.1", "NaN", "Infinity", "true", "null", '"0.9"', "[0.9]", "1e999", "{}", "", "[" * 20_000]
)
def test_what_is_no_number_from_0_to_1_is_unrated(value):
    assert read_assessment(f'Yes.<assessment>{{"confidence":{value}}}</assessment>') is None


@pytest.mark.parametrize("body", ["{}", "{} {}", "[0.9]", '{"confidence":0.9} or so', "{'confidence': 0.9}"])
def test_what_is_no_assessment_is_unrated(body):
    assert read_assessment(f"Yes.<assessment>{body}</assessment>") is None


def test_lone_surrogates_and_wrong_types_around_a_score_are_cleaned():
    body = '{"confidence":1,"confidence_reasoning":"\\ud800","alternative_interpretations":["b",3,"  "]}'
    assert read_assessment(f"<assessment>{body}</assessment>") == Confidence(1.0, "?", ("b",))
    assert read_assessment('<assessment>{"confidence":0,"confidence_reasoning":7}</assessment>') == Confidence(0.0)


def test_the_guide_shows_the_trailer_and_the_five_bands():
    assert "<assessment>{" in GUIDE
    for band in ("0.9-1.0", "0.7-0.9", "0.5-0.7", "0.3-0.5", "0.0-0.3"):
        assert band in GUIDE
