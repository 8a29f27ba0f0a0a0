"""Whatever was journalled, what is sent is what the Messages API takes."""

from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.messages import Media, Opaque, Part, RedactedThinking, Text, Thinking, ToolResult, ToolUse
from workbench.core.spend import Usage
from workbench.core.window import Epoch, Replacement
from workbench.providers.rehearsal.validity import faults

TOOL = {"name": "read", "description": "reads", "input_schema": {"type": "object"}}
EPOCH = Epoch(1, "rehearsal", "system", 1, ())
SIGNED, UNSIGNED = Thinking("hm", "theirs"), Thinking("hm", "")


def refusals(messages: list[dict[str, object]]) -> list[str]:
    """Why the API would refuse a request of `messages`."""
    asked = messages if messages[-1]["role"] == "user" else [*messages, {"role": "user", "content": "go on"}]
    ends = [m for m in messages if m["role"] == "assistant" and "thinking" in m["content"][-1]["type"]]  # type: ignore[index]
    return faults({"model": "m", "max_tokens": 9, "messages": asked, "tools": [TOOL]}) + [str(each) for each in ends]


spoken = st.sampled_from(
    [
        Text("words"),
        Text(""),
        Text(" \n"),
        SIGNED,
        UNSIGNED,
        RedactedThinking("x"),
        RedactedThinking(""),
        Opaque({"type": "server_tool_use", "id": "s"}),
        *(ToolUse(id, "read", {}) for id in "abc"),
    ]
)


def finish(id: str) -> e.ToolFinished:
    """The end of a call of that id."""
    return e.ToolFinished(1, id, "read", "found", 1, 0.1)


replies = st.lists(spoken, max_size=4).map(
    lambda parts: e.MessageAdded(1, 1, tuple(parts), (1,) * len(parts), "end_turn", Usage())
)
events = st.lists(
    st.one_of(
        replies,
        st.sampled_from("abc").map(finish),
        st.just(e.TurnStarted(1, "go", 1)),
        st.just(e.RequestSent(1, 1, "m", 1, "[NOTICE] today", 1)),
        st.just(e.TurnFinished(1, "done", "", 1, 0.1, Usage(), 0.0)),
    ),
    max_size=12,
)


@given(events)
def test_events_in_any_order_make_messages_that_are_accepted_and_only_grow(said: list[e.AnyEvent]) -> None:
    conversation, before = Conversation(), []
    for seq, event in enumerate([e.EpochOpened(EPOCH), e.TurnStarted(1, "go", 1), *said], 1):
        conversation.apply(e.Stamped(seq, 0.0, "s", "t", event))
        sent = conversation.messages()
        assert not sent or refusals(sent) == []
        assert all(one["role"] != other["role"] for one, other in pairwise(sent))
        if not conversation.pending:
            blocks = [block for message in sent for block in message["content"]]
            assert blocks[: len(before)] == before
            before = blocks


@pytest.mark.parametrize(
    "parts",
    [
        (SIGNED, Text("half"), UNSIGNED),
        (Text("half"), SIGNED, Text("\n")),
        (SIGNED, Text(" ")),
        (SIGNED, SIGNED),
        (UNSIGNED,),
        (RedactedThinking("x"), Text("")),
        (Text("half"), RedactedThinking("x")),
    ],
)
@pytest.mark.parametrize("stop", ["pause_turn", "max_tokens", "end_turn", "interrupted", "cut"])
def test_a_reply_that_was_cut_anywhere_leaves_a_session_that_goes_on(parts: tuple[Part, ...], stop: str) -> None:
    conversation = Conversation()
    told = [
        e.EpochOpened(EPOCH),
        e.TurnStarted(1, "go", 1),
        e.MessageAdded(1, 1, parts, (1,) * len(parts), stop, Usage()),
        e.TurnFinished(1, "done", "", 1, 0.1, Usage(), 0.0),
        e.TurnStarted(2, "go on", 1),
    ]
    for seq, event in enumerate(told, 1):
        conversation.apply(e.Stamped(seq, 0.0, "s", "t", event))
        assert not conversation.entries or refusals(conversation.messages()) == []


def test_a_block_is_found_by_the_place_that_a_refusal_names() -> None:
    conversation = Conversation()
    told = [
        e.EpochOpened(EPOCH),
        e.TurnStarted(1, "go", 1),
        e.MessageAdded(1, 1, (UNSIGNED, ToolUse("a", "read", {})), (1, 1), "tool_use", Usage()),
        finish("a"),
        e.RequestSent(1, 2, "m", 1, "[NOTICE] today", 1),
    ]
    for seq, event in enumerate(told, 1):
        conversation.apply(e.Stamped(seq, 0.0, "s", "t", event))
    conversation.messages()
    found = [conversation.find(place) for place in ((0, 0), (1, 0), (2, 0, 1), (2, 1))]
    assert [entry.id if entry else "" for entry in found] == ["e2", "e3.1", "e4", "e5"]
    assert [conversation.find(place) for place in ((), (2,), (9, 0), (0, 9), (0, -1))] == [None] * 5


def test_what_a_repair_took_out_comes_back_with_no_undo() -> None:
    image = ToolResult("a", "a picture", media=(Media("image", "image/png", "AA=="),))
    note = Replacement(ToolResult("a", "[left out]"), 2)
    told: list[e.AnyEvent] = [
        e.EpochOpened(EPOCH),
        e.TurnStarted(1, "first", 1),
        e.MessageAdded(1, 1, (SIGNED, ToolUse("a", "read", {})), (1, 1), "tool_use", Usage()),
        e.ToolFinished(1, "a", "read", image.text, 9, 0.1, media=image.media),
        e.MessageAdded(1, 2, (Text("done"),), (1,), "end_turn", Usage()),
        e.TurnFinished(1, "done", "done", 2, 0.1, Usage(), 0.0),
        e.TurnStarted(2, "second", 1),
        e.EpochOpened(Epoch(2, "rehearsal", "system", 1, ()), "compacted", ("e2", "e3.1", "e4", "e7")),
        e.EpochOpened(
            Epoch(3, "rehearsal", "system", 1, ()), "repaired", ("e2", "e3.1", "e4", "e7"), replaced={"e4": note}
        ),
        e.CompactionUndone(4),
    ]
    conversation = Conversation()
    for seq, event in enumerate(told, 1):
        conversation.apply(e.Stamped(seq, 0.0, "s", "t", event))
    sent = str(conversation.messages())
    assert "[left out]" in sent
    assert "done" in sent
    assert "image/png" not in sent
    assert "hm" not in sent
    assert [role for role, _ in groupby(m["role"] for m in conversation.messages())] == ["user", "assistant"] * 2 + [
        "user"
    ]
