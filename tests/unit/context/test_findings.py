"""What wastes the window: each kind is found where it is, and not where it only looks like it."""

import msgspec
import pytest
from hypothesis import given, settings

from tests.unit.context.talks import TOOLS, Measured, happenings, live, numbered
from workbench.context.findings import WasteFinder, find_waste
from workbench.core import events as e
from workbench.core.messages import Media, Text, Thinking, ToolUse
from workbench.core.spend import Usage
from workbench.core.window import ToolDef


def test_a_fresh_session_wastes_nothing() -> None:
    assert Measured(tools=TOOLS).findings() == ()
    assert Measured(tools=TOOLS).ask("hello").findings() == ()
    assert Measured(tools=TOOLS).read("src/app.py").findings() == ()


# Results that nothing names.


def test_a_result_that_nothing_names_for_three_turns_is_not_used() -> None:
    talk = Measured().read("src/app.py").chat(2)
    assert talk.findings() == ()
    found = talk.chat(1).find("never used")
    assert (found.tokens, found.remedy, found.usd_a_turn) == (850, "mask", None)
    assert found.text == "read src/app.py (turn 1): nothing that was said since names it."
    assert [talk.conversation.archive[id].part.text for id in found.ids] == [numbered("src/app.py")]


@pytest.mark.parametrize(
    "said",
    [
        "src/app.py is the one",
        "look at app.py again",
        "src_app_py_value_7 is never set",
        "what is compute_src_app_py?",
        "where does 29010 come from?",
    ],
)
def test_a_later_word_that_only_this_result_brought_is_a_reference(said: str) -> None:
    assert Measured().read("src/app.py").chat(1, said).chat(3).findings() == ()


def test_a_later_call_is_a_reference_too() -> None:
    talk = Measured().read("src/app.py")
    talk.ask("on").call("shell", "ok", 20, command="pytest -k src_app_py_value_3").end()
    assert talk.chat(3).findings() == ()


def test_a_call_that_names_the_block_itself_is_a_reference() -> None:
    talk = Measured().read("src/app.py")
    [id] = [entry.id for entry in talk.conversation.entries if entry.tokens == 900]
    talk.ask("on").call("shell", "ok", 20, command=f"recall {id}").end()
    assert talk.chat(3).findings() == ()


def test_thinking_that_names_it_is_a_reference() -> None:
    talk = Measured().read("src/app.py").ask("on").say(Thinking("src_app_py_value_1?", "signed"), Text("Yes.")).end()
    assert talk.chat(3).findings() == ()


def test_what_was_said_before_the_result_refers_to_something_else() -> None:
    talk = Measured().chat(1, "is compute_src_app_py slow?").read("src/app.py").chat(1, "is compute_src_app_py slow?")
    assert talk.chat(3).kinds() == ["never used"]


def test_one_word_of_prose_is_chance_several_are_a_reference() -> None:
    prose = "The scheduler retries deliveries exponentially until somebody acknowledges the webhook.\n" * 9
    assert Measured().read("a.md", prose).chat(1, "use webhook names").chat(3).kinds() == ["never used"]
    assert Measured().read("a.md", prose).chat(1, "the scheduler retries the webhook").chat(3).findings() == ()
    assert Measured().read("a.md", prose).chat(1, "rename `webhook`").chat(3).findings() == ()


def test_prose_without_blanks_between_words_is_understood() -> None:
    prose = "配送に失敗した場合は指数的に間隔を延ばして再試行します。\n受信側が確認するまで続けます。" * 9
    assert Measured().read("a.md", prose).chat(1, "指数的に間隔を延ばして").chat(3).findings() == ()
    assert Measured().read("a.md", prose).chat(4, "ありがとう").kinds() == ["never used"]


def test_a_term_that_many_results_brought_tells_none_apart() -> None:
    talk = Measured()
    for number in range(5):
        talk.read(f"part_{number}.py", f"{numbered(str(number))}\nshared_helper()")
    kinds = talk.chat(1, "shared_helper is odd").chat(3).kinds()
    assert kinds == ["never used"] * 5


def test_what_was_named_once_waits_longer() -> None:
    talk = Measured().read("src/app.py").chat(1, "src/app.py is fine").chat(7)
    assert talk.findings() == ()
    assert talk.chat(1).find("never used").text == "read src/app.py (turn 1): nothing has named it since turn 2."


def test_what_was_named_only_in_its_own_turn_waits_a_little_longer() -> None:
    talk = Measured().ask("read it").call("read", numbered("src/app.py"), 900, file_path="src/app.py")
    talk.say(Text("src/app.py computes values.")).end().chat(4)
    assert talk.findings() == ()
    assert talk.chat(1).find("never used").text == "read src/app.py (turn 1): nothing has named it since turn 1."


def test_many_requests_count_as_turns_do() -> None:
    talk = Measured()
    talk.ask("work long").call("shell", numbered("log"), 900, command="make")
    for step in range(2, 21):
        talk.add(e.MessageAdded(1, step, (Text("on"),), (5,), "end_turn", Usage()))
    assert talk.findings() == ()
    talk.add(e.MessageAdded(1, 21, (Text("on"),), (5,), "end_turn", Usage()))
    talk.add(e.MessageAdded(1, 22, (Text("on"),), (5,), "end_turn", Usage()))
    assert talk.kinds() == ["never used"]


def test_a_small_result_a_picture_and_a_marked_one_are_no_waste() -> None:
    picture = (Media("image", "image/png", "AAAA"),)
    assert Measured().read("src/app.py", tokens=120).chat(4).findings() == ()
    assert Measured().read("shot.png", "one picture", media=picture).chat(4).findings() == ()
    for mark in ("pin", "drop", "mask"):
        talk = Measured().read("src/app.py").chat(4)
        [id] = talk.find("never used").ids
        assert talk.add(e.BlockMarked(id, mark)).findings() == ()


def test_what_is_masked_already_is_not_found_again() -> None:
    talk = Measured().read("src/app.py").chat(12)
    talk.compact(talk.plan("mask"))
    assert talk.findings() == ()


def test_the_smaller_ones_of_many_are_told_together() -> None:
    talk = Measured()
    for number in range(12):
        talk.read(f"part_{number}.py", tokens=900 + number)
    found = talk.chat(4).findings()
    assert [len(finding.ids) for finding in found] == [7, 1, 1, 1, 1, 1]
    assert found[0].text == "7 smaller results (turns 1–7): nothing that was said since names them."
    assert sum(finding.tokens for finding in found) == sum(900 + number - 50 for number in range(12))


# Reads that say no more what the file says.


def test_a_file_that_was_read_twice_leaves_with_its_first_call() -> None:
    talk = Measured().read("src/app.py").read("src/app.py")
    found = talk.find("read twice")
    assert (found.text, found.remedy) == ("read src/app.py (turn 1) was read again in turn 2.", "drop")
    kinds = [type(talk.conversation.archive[id].part).__name__ for id in found.ids]
    assert kinds == ["ToolUse", "ToolResult"]
    assert found.tokens == 950
    assert len(talk.findings()) == 1, "what stands in one finding stands in no other"


def test_other_parts_of_a_file_and_a_failed_read_repeat_nothing() -> None:
    assert Measured().read("src/app.py", "a", offset=1).read("src/app.py", "b", offset=500).findings() == ()
    assert Measured().read("src/app.py").read("src/app.py", "no such file", error=True).findings() == ()


def test_the_first_read_stays_while_the_second_is_marked_to_leave() -> None:
    talk = Measured().read("src/app.py").read("src/app.py")
    last = talk.conversation.entries[-2].id
    assert talk.add(e.BlockMarked(last, "drop")).findings() == ()


def test_a_read_of_a_file_that_changed_since_is_outdated() -> None:
    talk = Measured().read("src/app.py")
    talk.ask("change it").call("edit", "changed", 60, file_path="src/app.py").say(Text("Done.")).end()
    found = talk.find("changed since")
    assert found.text == "read src/app.py (turn 1) is not what the file says any more: it was changed in turn 2."
    assert found.remedy == "drop"


def test_a_read_for_the_change_of_the_same_turn_is_still_at_work() -> None:
    talk = Measured().ask("change it").call("read", numbered("src/app.py"), 900, file_path="src/app.py")
    talk.call("edit", "changed", 60, file_path="src/app.py").say(Text("Done."))
    assert talk.findings() == ()
    assert talk.end().findings() == ()
    assert talk.ask("next").say(Text("Yes.")).end().kinds() == ["changed since"]


def test_a_change_that_failed_changes_nothing() -> None:
    talk = Measured().read("src/app.py")
    talk.ask("change it").call("edit", "rejected", 60, file_path="src/app.py", error=True).end()
    assert talk.findings() == ()


# Blocks that say almost the same.


def test_an_output_that_came_again_almost_as_it_was_is_a_duplicate() -> None:
    output = numbered("pytest", 40)
    talk = Measured().ask("test").call("shell", f"{output}\n14 passed in 0.31s", 900, command="pytest").end()
    talk.ask("again").call("shell", f"{output}\n15 passed in 0.29s", 900, command="pytest -x").end()
    found = talk.find("near duplicate")
    assert found.text == "shell pytest (turn 1) says almost the same as shell pytest -x (turn 2)."
    assert found.remedy == "mask"


def test_a_text_that_was_pasted_twice_is_one_and_the_newest_request_stays() -> None:
    pasted = numbered("trace", 40)
    talk = Measured().ask(pasted, 900).say(Text("Hm.")).end().ask(pasted, 900).say(Text("Hm.")).end()
    found = talk.find("near duplicate")
    assert (found.remedy, talk.conversation.archive[found.ids[0]].turn) == ("drop", 1)


def test_texts_of_one_form_with_other_content_are_no_duplicates() -> None:
    talk = Measured()
    for name in ("north", "south"):
        rows = "\n".join(f"{name}-{number:03}  ok  {number * 37 % 101} ms" for number in range(60))
        talk.ask("list").call("shell", f"name  state  time\n{rows}", 900, command=f"list {name}").end()
    assert talk.findings() == ()


def test_what_a_person_had_said_again_is_meant() -> None:
    talk = Measured().read("src/app.py").chat(1, "see src/app.py")
    talk.add(e.BlockLifted(talk.conversation.entries[2].id, f"[LIFTED] turn 1:\n{numbered('src/app.py')}", 900))
    talk.ask("on").add(e.RequestSent(3, 1, "opus", 100)).add(e.TurnFinished(3, "done", "", 1, 0.1, Usage(), None))
    assert talk.findings() == ()


# What is too large, and a turn that brought too much.


def test_one_block_over_a_tenth_of_the_window_is_told_with_its_share() -> None:
    talk = Measured(20_000).ask("log").call("shell", numbered("log"), 2_600, command="cat big.log").end()
    found = talk.find("large block")
    assert found.text == "shell cat big.log (turn 1) takes 2.6k, 13 % of the window."
    assert (found.tokens, found.remedy) == (2_550, "mask")


def test_head_request_and_pinned_blocks_may_be_large() -> None:
    tools = (ToolDef("read", {"name": "read"}, 4_000),)
    assert Measured(20_000, tools).ask("a long paste", 5_000).findings() == ()
    talk = Measured(20_000).ask("log").call("shell", numbered("log"), 2_600, command="cat big.log").end()
    assert talk.add(e.BlockMarked(talk.conversation.entries[-1].id, "pin")).findings() == ()


def test_a_large_answer_leaves_by_being_dropped_and_large_thinking_by_a_compaction() -> None:
    talk = Measured(20_000).ask("write").say(Text("words"), tokens=2_500).end()
    assert talk.find("large block").remedy == "drop"
    talk = Measured(20_000).ask("think").say(Thinking("hm", "signed"), Text("x"), tokens=2_500).end()
    assert {finding.remedy for finding in talk.findings()} == {"drop", "compact"}


def test_a_turn_far_over_the_usual_is_told_with_what_brought_the_most() -> None:
    talk = Measured(50_000).chat(6)
    talk.ask("log").call("shell", numbered("log"), 3_000, command="cat big.log").say(Text("Done.")).end()
    found = talk.find("fast growth")
    assert found.text == (
        "Turn 7 brought about 3.1k; a usual turn brings 70. The most of it is shell cat big.log (3k)."
    )
    assert (len(found.ids), found.tokens, found.remedy) == (1, 2_950, "mask")
    assert talk.chat(1).kinds() == [], "the next turn is an ordinary one"


def test_lively_turns_are_not_out_of_the_usual() -> None:
    talk = Measured(50_000)
    for number, tokens in enumerate((400, 2_000, 900, 1_600, 700, 2_600, 2_900)):
        talk.read(f"src/part_{number}.py", tokens=tokens).chat(0)
    assert "fast growth" not in talk.kinds()


def test_growth_needs_turns_to_compare_with_and_matters_only_where_it_is_much() -> None:
    few = Measured(50_000).chat(3).ask("log").call("shell", "x", 3_000, command="cat big.log").end()
    assert "fast growth" not in few.kinds()
    little = Measured(200_000).chat(8).ask("log").call("shell", "x", 3_000, command="cat big.log").end()
    assert "fast growth" not in little.kinds()


# Tools.


def test_tools_that_were_not_called_in_many_turns_are_named() -> None:
    talk = Measured(tools=TOOLS).read("src/app.py").chat(6, "src/app.py")
    assert talk.findings() == ()
    found = talk.chat(1, "src/app.py").find("unused tools")
    assert found.text == "2 of 3 tools were not called in 8 turns: edit, shell."
    assert (found.ids, found.tokens, found.remedy) == (("tool:edit", "tool:shell"), 600, "none")


def test_tools_that_came_late_get_their_turns() -> None:
    talk = Measured(tools=TOOLS).chat(9)
    assert talk.conversation.epoch is not None
    late = (*TOOLS, ToolDef("fetch", {"name": "fetch"}, 900))
    epoch = msgspec.structs.replace(talk.conversation.epoch, number=2, tools=late)
    talk.add(e.EpochOpened(epoch, "tools", tuple(entry.id for entry in talk.conversation.entries)))
    assert talk.chat(2).findings() == ()
    assert len(talk.chat(6).find("unused tools").ids) == 4


def test_a_compaction_does_not_make_tools_new() -> None:
    talk = Measured(tools=TOOLS).chat(9)
    talk.compact(talk.plan("summarise"))
    assert talk.kinds() == ["unused tools"]


def test_every_tool_that_was_called_once_is_used() -> None:
    talk = Measured(tools=TOOLS).chat(8)
    for name in ("read", "edit", "shell"):
        talk.ask("on").say(ToolUse(name, name, {})).add(e.ToolFinished(9, name, name, "ok", 5, 0.1)).end()
    assert talk.findings() == ()


# Money, and what holds whatever happens.


def test_each_finding_has_its_price_a_turn() -> None:
    talk = Measured().read("src/app.py").chat(4)
    [found] = find_waste(talk.window(), talk.conversation, lambda tokens: tokens / 1e6)
    assert found.usd_a_turn == pytest.approx(850e-6)


def test_a_result_stays_with_a_call_that_is_pinned() -> None:
    talk = Measured().read("src/app.py").chat(4)
    call = next(entry for entry in talk.conversation.entries if isinstance(entry.part, ToolUse))
    assert talk.add(e.BlockMarked(call.id, "pin")).findings() == ()


@settings(max_examples=60, deadline=None)
@given(happenings)
def test_to_do_what_the_findings_say_frees_what_they_promise(steps: list[tuple[str, str, int]]) -> None:
    talk = Measured(20_000, TOOLS)
    for step in steps:
        live(talk, step)
    if talk.conversation.running:
        talk.say(Text("Done.")).end()
    marks = [finding for finding in talk.findings() if finding.remedy in ("drop", "mask")]
    before = talk.window().total
    for finding in marks:
        for id in finding.ids:
            talk.add(e.BlockMarked(id, finding.remedy))
    if marks:
        talk.compact(talk.plan("marked"))
    assert before - talk.window().total >= sum(finding.tokens for finding in marks)


@settings(max_examples=60, deadline=None)
@given(happenings)
def test_findings_name_blocks_of_the_window_once_and_free_no_more_than_it_holds(
    steps: list[tuple[str, str, int]],
) -> None:
    talk, finder = Measured(20_000, TOOLS), WasteFinder()
    for step in steps:
        live(talk, step)
        window = talk.window()
        found = finder.find(window, talk.conversation)
        ids = [id for finding in found for id in finding.ids]
        assert set(ids) <= {block.id for block in window.blocks}
        assert len(ids) == len(set(ids))
        assert all(finding.tokens > 0 for finding in found)
        assert sum(finding.tokens for finding in found) <= window.total
        assert found == find_waste(window, talk.conversation), "read bit by bit or at once, it is the same"
        assert [finding.tokens for finding in found] == sorted((f.tokens for f in found), reverse=True)
