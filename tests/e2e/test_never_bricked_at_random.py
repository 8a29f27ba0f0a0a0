"""Whatever a server does, in any order, the session goes on: refusals, cuts, odd ends and reports, another key."""

import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.e2e.strict_person import Desk
from tests.strict_api import Answer, Refuse, Reply, call, says, thinking
from tests.strict_rules import Body

AT_ONCE = {"retry-after": "0"}
BLOCKS = st.lists(
    st.sampled_from([thinking("hm"), "words", "\n", "", call("read", "toolu_1", file_path="README.md")]), max_size=4
)
STOPS = st.sampled_from(["", "pause_turn", "max_tokens", "refusal", "model_context_window_exceeded", "stop_sequence"])
REPLIES = st.builds(
    lambda blocks, stop, cut_at, usage: says(*blocks, stop=stop, cut_at=cut_at, usage=usage),
    BLOCKS,
    STOPS,
    st.none() | st.floats(0, 1),
    st.none() | st.just({"output_tokens": 1e300}),
)
REFUSALS = st.sampled_from(
    [
        Refuse(529, "overloaded_error", "Overloaded", AT_ONCE),
        Refuse(500, "api_error", "Internal server error", AT_ONCE),
        Refuse(400, "invalid_request_error", "Could not process image"),
        Refuse(400, "invalid_request_error", "messages.1.content.0: Invalid `signature` in `thinking` block"),
        Refuse(400, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum"),
        Refuse(400, "invalid_request_error", "max_tokens: 32000 > 8000, which is the maximum"),
        Refuse(413, "request_too_large", "Request exceeds the maximum size"),
    ]
)


@pytest.mark.torture
@settings(
    deadline=None,
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(REPLIES | REFUSALS | st.just("another key"), min_size=1, max_size=5))
def test_a_session_goes_on_after_anything(desk: Desk, told: list[Reply | Refuse | str]) -> None:
    shutil.rmtree(desk.env["WORKBENCH_SESSIONS"], ignore_errors=True)
    desk.configure("[retry]\nattempts = 2\n")
    desk.api.refusals.clear()
    desk.api.answers[:] = [_answer(desk, each) for each in told]
    desk.run("begin")
    while desk.api.answers:
        desk.go_on("and on")
    for _ in range(2):
        ended = desk.go_on("and now?")
    assert (ended.code, ended.text) == (0, "ok"), (desk.api.refusals, ended.err)


def _answer(desk: Desk, told: Reply | Refuse | str) -> Answer:
    if not isinstance(told, str):
        return told

    def changes_key(body: Body) -> Reply:
        desk.api.endpoint.secret += "+"
        return says(thinking("so"), "words")

    return changes_key
