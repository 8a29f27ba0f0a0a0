"""The confidence of a call, and where an answer goes."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.confidence import RoutePolicy, add_confidence, route, take_confidence
from workbench.core.decisions import Confidence

SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}


def test_a_schema_gains_two_optional_properties_and_the_original_none():
    before = copy.deepcopy(SCHEMA)
    wider = add_confidence(SCHEMA)
    assert before == SCHEMA
    assert set(wider["properties"]) == {"path", "confidence", "confidence_reason"}
    assert wider["required"] == ["path"]


def test_an_empty_schema_becomes_an_object():
    assert add_confidence({})["type"] == "object"


def test_the_score_is_taken_out_before_the_call():
    arguments = {"path": "a.py", "confidence": 0.4, "confidence_reason": "a guess"}
    assert take_confidence(arguments) == ({"path": "a.py"}, Confidence(0.4, "a guess"))
    assert "confidence" in arguments


@pytest.mark.parametrize("value", [None, True, "0.9", -1, 1.01, float("nan"), [1]])
def test_a_score_that_is_none_is_taken_out_all_the_same(value):
    assert take_confidence({"path": "a.py", "confidence": value}) == ({"path": "a.py"}, None)


def test_a_tool_with_its_own_confidence_keeps_it():
    own = {"type": "object", "properties": {"confidence": {"type": "string"}}}
    assert add_confidence(own)["properties"]["confidence"] == {"type": "string"}
    assert take_confidence({"confidence": "high"}, own) == ({"confidence": "high"}, None)


@pytest.mark.parametrize(
    ("value", "goes"),
    [(1.0, "sent"), (0.85, "sent"), (0.849, "review"), (0.6, "review"), (0.599, "asked"), (0.0, "asked")],
)
def test_an_answer_goes_by_its_score(value, goes):
    assert route(Confidence(value), RoutePolicy()) == goes


def test_an_answer_without_a_score_is_unrated():
    assert route(None, RoutePolicy()) == "unrated"


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_confidence_never_asks_more_of_a_person(lower, higher, send, review):
    order = ["asked", "review", "sent"]
    policy = RoutePolicy(max(send, review), min(send, review))
    low, high = sorted((lower, higher))
    assert order.index(route(Confidence(low), policy)) <= order.index(route(Confidence(high), policy))
