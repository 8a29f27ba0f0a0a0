"""The offline token counter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.messages import replace_surrogates
from workbench.providers.tokenizer import PIECE, TiktokenCounter

COUNTER = TiktokenCounter()


def test_plain_english_is_counted_as_cl100k_counts_it():
    assert COUNTER.encode("hello world") == [15339, 1917]
    assert COUNTER.count("hello world") == 2
    assert COUNTER.count("") == 0


def test_special_tokens_are_plain_text():
    assert COUNTER.count("<|endoftext|>") > 1


@given(st.text())
def test_what_was_encoded_is_decoded(text):
    tokens = COUNTER.encode(text)
    assert COUNTER.decode(tokens) == text
    assert COUNTER.count(text) == len(tokens)


@pytest.mark.parametrize("unit", ["a", " ", "é", "\n", "ab"])
def test_a_huge_unbroken_string_is_counted_in_pieces(unit):
    text = unit * (3 * PIECE + 7)
    assert 0 < COUNTER.count(text) <= 2 * len(text)
    assert COUNTER.decode(COUNTER.encode(text)) == text


@given(st.text(max_size=200))
def test_pieces_are_one_for_each_token_and_joined_are_the_text(text: str) -> None:
    whole = replace_surrogates(text)
    pieces = COUNTER.split(whole)
    assert "".join(pieces) == whole
    assert len(pieces) == COUNTER.count(whole)
