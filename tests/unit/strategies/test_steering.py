"""What a person marked goes before what a strategy drafts, and nothing that was pinned is ever lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.strategies.talk import Fixed, Talk, ids, valid
from workbench.core import events as e
from workbench.core.encoding import encode
from workbench.core.messages import Media, Text, Thinking, ToolResult
from workbench.core.window import Document
from workbench.engine.steering import recall_block
from workbench.providers.rehearsal.validity import faults
from workbench.strategies.steering import move


def entries(talk: Talk, kind: type) -> list[str]:
    return [entry.id for entry in talk.conversation.entries if isinstance(entry.part, kind)]


def mark(talk: Talk, id: str, how: str) -> Talk:
    return talk.add(e.BlockMarked(id, how))  # type: ignore[arg-type]


def memory(talk: Talk) -> list[tuple[str, str]]:
    assert talk.conversation.epoch is not None
    return [(document.id, document.text) for document in talk.conversation.epoch.memory]


def read_one(text: str = "the port is 8042") -> Talk:
    talk = Talk().ask("read the settings").call("read", text, 300, file_path="settings.toml")
    return talk.say(Text("read")).end().exchanges(12)


def test_what_is_marked_to_drop_takes_its_call_along_and_nothing_else() -> None:
    talk = read_one()
    [result] = entries(talk, ToolResult)
    plan = mark(talk, result, "drop").plan("marked")
    assert len(ids(plan, "dropped")) == 2
    before = len(talk.conversation.entries)
    talk.compact(plan)
    assert len(talk.conversation.entries) == before - 2
    valid(talk.conversation)


def test_what_is_marked_to_mask_leaves_a_line_that_says_how_it_comes_back() -> None:
    talk = read_one()
    [result] = entries(talk, ToolResult)
    talk.compact(mark(talk, result, "mask").plan("marked"))
    [said] = [entry.part for entry in talk.conversation.entries if isinstance(entry.part, ToolResult)]
    assert f'recall("{result}") brings it back' in said.text
    valid(talk.conversation)


def test_a_pinned_result_that_would_leave_stands_in_the_memory_word_for_word() -> None:
    talk = read_one()
    [result] = entries(talk, ToolResult)
    plan = mark(talk, result, "pin").plan("summarise")
    assert [document.text for document in plan.moved] == ["the port is 8042"]
    assert sum(section.tokens for section in plan.sections_after if section.name == "memory") == 300
    assert sum(section.tokens for section in plan.sections_after) == plan.after
    talk.compact(plan)
    assert memory(talk) == [(result, "the port is 8042")]
    assert entries(talk, ToolResult) == []
    talk.exchanges(20).compact(talk.plan("summarise"))
    assert memory(talk) == [(result, "the port is 8042")], "through every compaction"


def test_an_unpinned_document_leaves_with_the_next_compaction() -> None:
    talk = read_one()
    [result] = entries(talk, ToolResult)
    talk.compact(mark(talk, result, "pin").plan("summarise"))
    plan = mark(talk, result, "").plan("marked")
    assert plan.removed == (result,)
    assert plan.before - plan.after == 300
    talk.compact(plan)
    assert memory(talk) == []


def test_a_pinned_picture_stays_where_it_is_with_its_call() -> None:
    picture = Media("image", "image/png", "aGk=")
    talk = Talk().ask("look").call("read", "shot", 300, media=(picture,), file_path="shot.png").end().exchanges(12)
    [result] = entries(talk, ToolResult)
    talk.compact(mark(talk, result, "pin").plan("summarise"))
    assert entries(talk, ToolResult) == [result]
    assert memory(talk) == []
    valid(talk.conversation)


def test_the_last_request_stays_whatever_was_said_of_it() -> None:
    talk = Talk().exchanges(3)
    last = [entry.id for entry in talk.conversation.entries if entry.role == "user"][-1]
    mark(talk, last, "drop")
    assert talk.possible_plan("marked") is None


def test_an_attached_document_is_said_in_the_next_request_and_then_stands_in_the_memory() -> None:
    talk = Talk().exchanges(2)
    talk.add(e.DocumentAttached(Document("style.md", "reference", "Names are nouns.", 40, "attached:style.md")))
    [waiting] = talk.conversation.waiting
    assert "Names are nouns." not in str(talk.conversation.messages()), "no answer of before read it"
    talk.ask("and now?").add(e.RequestSent(talk.conversation.turn, 1, "opus", 100))
    assert "<reference name='style.md'>" in str(talk.conversation.messages()[-1])
    talk.say(Text("seen")).end().exchanges(12).compact(talk.plan("summarise"))
    assert memory(talk) == [(waiting.id, "Names are nouns.")]
    talk.compact(mark(talk, waiting.id, "drop").plan("marked"))
    assert memory(talk) == []


def test_what_waits_to_be_said_can_be_taken_back() -> None:
    talk = Talk().exchanges(2).add(e.BlockLifted("e3", "[LIFTED] answer 0", 5))
    [waiting] = talk.conversation.waiting
    mark(talk, waiting.id, "drop")
    assert talk.conversation.waiting == []


TOOL = {"name": "read", "description": "reads", "input_schema": {"type": "object"}}
ALL = "turn, think, call, pin, drop, mask, unmark, lift, recall, marked, mask all, summarise, auto, undo"
DEEDS = st.sampled_from(ALL.split(", "))


def send(talk: Talk) -> bytes:
    """The messages of the next request, as they are sent."""
    return encode(talk.conversation.messages())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DEEDS, st.integers(0, 30)), max_size=40))
def test_whatever_is_done_the_request_is_valid_pinned_text_is_there_and_undo_gives_back_the_bytes(
    deeds: list[tuple[str, int]],
) -> None:
    talk = read_one("keep me: 8042")
    [pinned] = entries(talk, ToolResult)
    mark(talk, pinned, "pin")
    undone: list[tuple[bytes, int]] = []
    for deed, number in deeds:
        held = [entry.id for entry in talk.conversation.entries]
        at = held[number % len(held)] if held else ""
        match deed:
            case "turn" | "think":
                thought = (Thinking("first this", "signed"),) if deed == "think" else ()
                talk.ask(f"prompt {number}").add(e.RequestSent(talk.conversation.turn, 1, "opus", 100))
                talk.say(*thought, Text(f"answer {number}: src/f{number}.py took {number} ms")).end()
            case "call":
                talk.ask("read").call("read", "x" * 900, 300, file_path=f"f{number}.py").say(Text("read")).end()
            case "pin" | "drop" | "mask" | "unmark" if at != pinned:
                mark(talk, at, "" if deed == "unmark" else deed)
            case "lift":
                talk.add(e.BlockLifted(at, f"[LIFTED] {at}", 5))
            case "recall" if left := list(talk.view().left):
                id = left[number % len(left)]
                found = recall_block(talk.conversation, id)
                assert found is not None
                talk.ask("what was it?").call("read", found, 30, file_path=id).say(Text("that")).end()
            case "marked" | "mask all" | "summarise" | "auto":
                if plan := talk.possible_plan(deed.split()[0]):
                    undone.append((send(talk), len(talk.conversation.archive)))
                    talk.compact(plan)
            case "undo" if undone:
                before, known = undone.pop()
                said_since = len(talk.conversation.archive) > known
                talk.add(e.CompactionUndone(99))
                if said_since:
                    assert send(talk).startswith(before.removesuffix(b"]}]")), "what was said since follows"
                else:
                    assert send(talk) == before, "byte for byte, thinking included"
        check(talk)


def check(talk: Talk) -> None:
    """The API would accept the next request, and it holds what was pinned word for word."""
    wired, epoch = talk.conversation.messages(), talk.conversation.epoch
    asked = wired if wired and wired[-1]["role"] == "user" else [*wired, {"role": "user", "content": "go on"}]
    assert faults({"model": "opus", "max_tokens": 100, "messages": asked, "tools": [TOOL]}) == []
    assert epoch is not None
    everything = [document.text for document in epoch.memory] + [str(wired)]
    assert any("keep me: 8042" in text for text in everything)


def test_a_line_of_a_plan_can_be_given_another_fate_with_its_call_or_result() -> None:
    talk = read_one()
    [result] = entries(talk, ToolResult)
    view = talk.view()
    draft = talk.draft("summarise", view)
    for fate in ("kept", "dropped", "masked", "summarised"):
        moved = talk.plan(Fixed(move(view, draft, {result: fate})), view=view)
        assert result in ids(moved, fate)
    assert len(ids(talk.plan(Fixed(move(view, draft, {result: "kept"})), view=view), "kept")) >= 2, "its call stays too"


@given(st.dictionaries(st.integers(0, 40), st.sampled_from(["kept", "dropped", "masked", "summarised"]), max_size=8))
def test_whatever_is_moved_the_plan_can_be_carried_out(wanted: dict[int, str]) -> None:
    talk = read_one()
    talk.ask("read").call("read", "x" * 900, 300, file_path="more.py").say(Text("read")).end()
    view, held = talk.view(), [entry.id for entry in talk.conversation.entries]
    fates = {held[number % len(held)]: fate for number, fate in wanted.items()}
    if view.request is not None:
        fates.pop(view.request.id, None)
    if plan := talk.possible_plan(Fixed(move(view, talk.draft("summarise", view), fates)), view=view):  # type: ignore[arg-type]
        talk.compact(plan)
    valid(talk.conversation)
