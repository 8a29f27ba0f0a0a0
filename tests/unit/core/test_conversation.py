"""Every prefix of every journal folds to a request that the Messages API accepts (design §1, the invariant)."""

from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import events as e
from workbench.core.conversation import Conversation
from workbench.core.messages import AnyPart, Text, Thinking, ToolResult, ToolUse, wire
from workbench.core.sent import SentMessages
from workbench.core.spend import Usage
from workbench.core.window import Epoch, Replacement
from workbench.providers.rehearsal.validity import faults

EPOCH = Epoch(1, "rehearsal", "system", 1, ())


class Writer:
    """Writes a random but possible journal: what an engine could have told, in an order it could have told it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.events: list[e.AnyEvent] = [e.EpochOpened(EPOCH)]
        self.turn = self.call = 0
        self.epoch = 1
        self.compactions = 0

    def write(self) -> list[e.AnyEvent]:
        for _ in range(self.draw(st.integers(1, 5))):
            self.take_turn()
            self.between_turns()
        return self.events

    def take_turn(self) -> None:
        self.turn += 1
        self.events.append(e.TurnStarted(self.turn, self.draw(st.sampled_from(["do it", "what?"])), 3))
        for step in range(1, self.draw(st.integers(1, 3)) + 1):
            notice = self.draw(st.sampled_from(["", "[NOTICE] today"]))
            self.events.append(e.RequestSent(self.turn, step, "rehearsal", 1000, notice, 3 if notice else 0))
            ending = self.draw(st.sampled_from(["tools", "tools", "answer", "draft", "nothing"]))
            if ending == "tools":
                self.tools(step)
                continue
            if ending in ("answer", "draft"):
                part = Text(self.draw(st.sampled_from(["fine", " \n", "é"])))
                self.events.append(self.message(step, (part,), "end_turn", draft=ending == "draft"))
            break
        self.events.append(self.draw(st.sampled_from([self.finished(), e.TurnFailed(self.turn, "cut", "broke")])))

    def tools(self, step: int) -> None:
        calls = [f"t{self.call + n}" for n in range(self.draw(st.integers(1, 3)))]
        self.call += len(calls)
        parts = (Thinking("hm", "sig"), *(ToolUse(id, "read", {"file_path": "a"}) for id in calls))
        self.events.append(self.message(step, parts, "tool_use"))
        for id in self.draw(st.permutations(calls)):
            failed = e.ToolFailed(self.turn, id, "read", "interrupted", "stopped", 2)
            finished = e.ToolFinished(self.turn, id, "read", self.draw(st.sampled_from(["", "text"])), 2, 0.1)
            self.events.append(self.draw(st.sampled_from([failed, finished])))

    def message(self, step: int, parts: tuple, stop: str, *, draft: bool = False) -> e.MessageAdded:  # type: ignore[type-arg]
        return e.MessageAdded(self.turn, step, parts, tuple(1 for _ in parts), stop, Usage(10, 5), "m", draft)

    def finished(self) -> e.TurnFinished:
        return e.TurnFinished(self.turn, "done", "fine", 1, 0.1, Usage(), 0.0)

    def between_turns(self) -> None:
        choice = self.draw(st.sampled_from(["", "", "compact", "undo", "model"]))
        conversation = folded(self.events)
        ids = [entry.id for entry in conversation.entries]
        kept = tuple(id for id in conversation.archive if self.draw(st.booleans()))
        if choice == "compact" and kept:
            self.epoch += 1
            self.compactions += 1
            head = Epoch(self.epoch, "rehearsal", "system", 1, (), (), "what was", 3)
            said = {id: self.words(conversation.archive[id].part) for id in kept if self.draw(st.booleans())}
            self.events.append(e.EpochOpened(head, "compacted", kept, 100, 10, "", said))
        elif choice == "undo" and self.compactions:
            self.epoch += 1
            self.compactions -= 1
            self.events.append(e.CompactionUndone(self.epoch))
        elif choice == "model":
            self.epoch += 1
            head = Epoch(self.epoch, "other", "system", 1, ())
            self.events.append(e.EpochOpened(head, "model", tuple(ids), replaced=conversation.replaced))

    def words(self, part: AnyPart) -> Replacement:
        """What stands in the place of `part`: a line for the same call, or what nobody should have written."""
        call = part.tool_use_id if isinstance(part, ToolResult) else "t0"
        return Replacement(self.draw(st.sampled_from([Text("a line"), Text(" "), ToolResult(call, "a line")])), 2)


def request(conversation: Conversation) -> dict[str, object]:
    tool = {"name": "read", "description": "Reads.", "input_schema": {"type": "object", "properties": {}}}
    return {"model": "rehearsal", "max_tokens": 100, "messages": conversation.messages(), "tools": [tool]}


def folded(events: list[e.AnyEvent]) -> Conversation:
    conversation = Conversation()
    for seq, event in enumerate(events, 1):
        conversation.apply(e.Stamped(seq, 0.0, "s", "t", event))
    return conversation


journals = st.composite(lambda draw: Writer(draw).write())()


@given(journals, st.data())
def test_every_prefix_and_a_new_prompt_make_a_valid_request(events: list[e.AnyEvent], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(events)))
    conversation = folded(events[:cut])
    conversation.apply(e.Stamped(cut + 1, 0.0, "s", "t", e.TurnStarted(99, "go on", 2)))
    assert faults(request(conversation)) == []


@given(journals, st.data())
def test_a_prefix_that_ends_in_open_calls_is_closed_where_it_stands(
    events: list[e.AnyEvent], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(events)))
    messages = folded(events[:cut]).messages()
    if messages and messages[-1]["role"] == "user":
        assert faults(request(folded(events[:cut]))) == []


def test_a_compaction_strips_thinking_and_undo_brings_every_word_back() -> None:
    before = [
        e.EpochOpened(EPOCH),
        e.TurnStarted(1, "first", 1),
        e.MessageAdded(1, 1, (Thinking("hm", "s"), Text("one")), (1, 1), "end_turn", Usage()),
        e.TurnFinished(1, "done", "one", 1, 0.1, Usage(), 0.0),
        e.TurnStarted(2, "second", 1),
        e.MessageAdded(2, 1, (Text("two"),), (1,), "end_turn", Usage()),
        e.TurnFinished(2, "done", "two", 1, 0.1, Usage(), 0.0),
    ]
    head = Epoch(2, "rehearsal", "system", 1, (), (), "a summary", 3)
    compacted = [*before, e.EpochOpened(head, "compacted", ("e5", "e6.0"), 10, 5), e.TurnStarted(3, "third", 1)]
    text = str(folded(compacted).messages())  # type: ignore[arg-type]
    assert "a summary" in text
    assert "first" not in text
    assert "hm" not in text
    undone = folded([*compacted, e.CompactionUndone(3)])  # type: ignore[list-item]
    words = [entry.part.text for entry in undone.entries if isinstance(entry.part, Text)]
    assert words == ["first", "one", "second", "two", "third"]
    assert undone.epoch is not None
    assert undone.epoch.summary == ""


def test_a_replaced_result_keeps_its_place_answers_its_call_and_comes_back_with_undo_or_when_kept_again() -> None:
    before = [
        e.EpochOpened(EPOCH),
        e.TurnStarted(1, "go", 1),
        e.MessageAdded(1, 1, (ToolUse("a", "read", {}),), (1,), "tool_use", Usage()),
        e.ToolFinished(1, "a", "read", "every word", 400, 0.1),
        e.MessageAdded(1, 2, (Text("done"),), (1,), "end_turn", Usage()),
        e.TurnFinished(1, "done", "done", 1, 0.1, Usage(), 0.0),
    ]
    kept = ("e2", "e3.0", "e4", "e5.0")
    line = Replacement(ToolResult("a", "[a line]"), 4)
    masked = e.EpochOpened(Epoch(2, "rehearsal", "system", 1, ()), "compacted", kept, replaced={"e4": line})
    again = e.EpochOpened(Epoch(3, "rehearsal", "system", 1, ()), "compacted", kept)
    journal = [*before, masked]
    assert [entry.id for entry in folded(journal).entries] == list(kept)
    assert folded(journal).messages()[2]["content"][0] == wire(line.part)
    assert folded(journal).replaced == {"e4": line}
    misfit = msgspec.structs.replace(masked, replaced={"e4": Replacement(Text("no result"), 2)})
    for back in (again, misfit, e.CompactionUndone(3)):
        assert folded([*journal, back]).messages() == folded(before).messages()


def test_results_are_sent_in_the_order_of_their_calls() -> None:
    conversation = folded(
        [
            e.EpochOpened(EPOCH),
            e.TurnStarted(1, "go", 1),
            e.MessageAdded(1, 1, (ToolUse("a", "read", {}), ToolUse("b", "read", {})), (1, 1), "tool_use", Usage()),
            e.ToolFinished(1, "b", "read", "second", 1, 0.1),
            e.ToolFinished(1, "a", "read", "first", 1, 0.1),
        ]
    )
    results = conversation.messages()[-1]["content"]
    assert [block["tool_use_id"] for block in results] == ["a", "b"]


@given(journals)
def test_what_was_sent_is_kept_and_says_what_a_fresh_build_says(events: list[e.AnyEvent]) -> None:
    """The messages of a request are made once: they equal those built anew, and none that was handed out changes."""
    conversation, sent = Conversation(), []
    for seq, event in enumerate(events, 1):
        conversation.apply(e.Stamped(seq, 0.0, "s", "t", event))
        messages = conversation.messages()
        assert messages == replace(conversation, sent=SentMessages()).messages()
        sent.append((messages, msgspec.json.encode(messages)))
    assert all(msgspec.json.encode(messages) == before for messages, before in sent)
