"""What reported totals teach of a tokenizer, class by class."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.context.correction import CLAMP, Correction
from workbench.core.models import TokenRatio

CLASSES = ["english", "code", "json", "log", "chinese", "path"]


def test_a_correction_is_clamped() -> None:
    low, high = Correction(), Correction()
    low.learn(1, {"json": 1_000})
    high.learn(9_000, {"json": 1_000})
    assert (low.ratio, high.ratio) == CLAMP


def test_the_first_report_teaches_all_its_classes_the_same() -> None:
    correction = Correction()
    correction.learn(3_000, {"english": 500, "json": 1_000})
    assert (correction.find("english"), correction.find("json"), correction.find("code")) == (2.0, 2.0, 2.0)


def test_what_is_left_goes_to_the_class_that_is_least_known() -> None:
    correction = Correction({"english": TokenRatio(1.0, 9_000)})
    correction.learn(3_000, {"english": 1_000, "chinese": 1_000})
    assert correction.find("english") < 1.1
    assert correction.find("chinese") > 1.7


def test_one_odd_report_hardly_moves_a_class_that_is_well_known() -> None:
    correction = Correction({"english": TokenRatio(1.0, 10_000)})
    correction.learn(300, {"english": 100})
    assert correction.find("english") == pytest.approx(1.02, abs=0.005)


def test_nothing_estimated_teaches_nothing() -> None:
    correction = Correction()
    correction.learn(500, {})
    correction.learn(500, {"json": 0})
    assert (correction.ratio, correction.learnt) == (1.0, {})


def test_what_was_learnt_goes_on_where_it_is_known_again() -> None:
    first = Correction()
    for _ in range(3):
        first.learn(1_500, {"english": 800, "code": 900})
    again = Correction(first.learnt)
    assert (again.learnt, again.ratio) == (first.learnt, first.ratio)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from(CLASSES), st.floats(0.35, 2.9), min_size=1),
    st.integers(0, 10**9),
    st.booleans(),
)
def test_any_tokenizer_is_learnt_from_totals_over_several_classes(
    true: dict[str, float], seed: int, known: bool
) -> None:
    """Whatever its ratios, and also where another tokenizer was learnt before under the same name."""
    chance = random.Random(seed)
    correction = Correction({kind: TokenRatio(1.0, 10_000) for kind in CLASSES} if known else None)
    for _ in range(400):
        sent = {kind: chance.randint(50, 3_000) for kind in chance.sample(sorted(true), min(len(true), 3))}
        sent = dict(list(sent.items())[: chance.randint(1, 3)])
        correction.learn(round(sum(true[kind] * tokens for kind, tokens in sent.items())), sent)
    for kind, ratio in true.items():
        assert correction.find(kind) == pytest.approx(ratio, rel=0.02)


@given(st.lists(st.tuples(st.integers(0, 10**7), st.dictionaries(st.sampled_from(CLASSES), st.integers(0, 10**6)))))
def test_no_reports_push_a_ratio_beyond_what_a_tokenizer_can_be(reports: list[tuple[int, dict[str, int]]]) -> None:
    correction = Correction()
    for actual, estimated in reports:
        correction.learn(actual, estimated)
    low, high = CLAMP
    assert all(low <= each.ratio <= high for each in correction.learnt.values())
    assert all(low <= correction.find(kind) <= high for kind in CLASSES) or not correction.learnt
