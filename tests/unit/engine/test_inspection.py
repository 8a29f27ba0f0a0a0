"""The window laid open: what left it and how, why a block is here, and that what the marks promise is what happens."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.fakes import Bench, Hand, bench, calls, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import WorkbenchError
from workbench.core.inspection import Inspection
from workbench.core.messages import Text, Thinking, ToolUse
from workbench.core.window import Block, ToolDef

TURNS = 4


async def talked(root: Path, turns: int = TURNS) -> Bench:
    """Turns that look at something and answer, thinking first."""
    steps: list[object] = []
    for turn in range(turns):
        look = ToolUse(f"toolu_{turn}", "look", {"what": f"part {turn}"})
        steps += [(Thinking("what is there to see " * 5, "sig"), Text("I look."), look), says(f"part {turn} is seen")]
    made = bench(root, steps, hands=[Hand(result="a line of the part " * 60)])
    await made.ask(*(f"what is in part {turn}?" for turn in range(turns)))
    return made


async def inspect(made: Bench) -> Inspection:
    return await made.engine.inspect_window()


async def compact(made: Bench, strategy: str = "marked") -> None:
    await made.engine.handle(c.PlanCompaction(strategy))
    await made.engine.idle()
    await made.engine.handle(c.Compact(made.of(e.CompactionPlanned)[-1].plan.id))


def results(found: Inspection) -> list[Block]:
    return [block for block in found.window.blocks if (block.section, block.role) == ("results", "user")]


async def test_the_parts_of_the_window_are_all_of_it_and_the_breakpoints_lie_in_it(tmp_path: Path) -> None:
    made = await talked(tmp_path)
    found = await inspect(made)
    assert sum(block.tokens for block in found.window.blocks) == found.window.total
    assert found.window.total == made.engine.session.window().total
    assert list(found.breakpoints) == sorted(set(found.breakpoints))
    assert len(found.breakpoints) <= 4 and found.breakpoints[-1] <= found.window.total
    assert found.what_if is None and found.left == ()
    await made.engine.close()


async def test_a_session_that_has_not_begun_has_nothing_to_show(tmp_path: Path) -> None:
    made = bench(tmp_path)
    found = await inspect(made)
    assert (found.window.blocks, found.left, found.what_if, found.breakpoints) == ((), (), None, ())
    assert made.engine.read_block("e1") is None
    await made.engine.close()


async def test_what_left_is_told_with_how_and_when_newest_first_and_comes_back_with_an_undo(tmp_path: Path) -> None:
    made = await talked(tmp_path)
    first, second, *_ = results(await inspect(made))
    await made.engine.handle(c.MarkBlock(first.id, "drop"))
    await compact(made)
    made.model.steps[:] = [says("more")]
    await made.ask("and more?")
    await made.engine.handle(c.MarkBlock(second.id, "mask"))
    await compact(made)
    left = (await inspect(made)).left
    assert [(each.id, each.fate, each.left_turn) for each in left] == [
        (second.id, "masked", TURNS + 1),
        (first.id, "dropped", TURNS),
    ]
    assert [each.label for each in left] == ["look part 1", "look part 0"]
    await made.engine.handle(c.UndoCompaction())
    assert [each.id for each in (await inspect(made)).left] == [first.id]
    await made.engine.handle(c.UndoCompaction())
    assert (await inspect(made)).left == ()
    await made.engine.close()


async def test_what_a_summary_took_is_told_as_summarised(tmp_path: Path) -> None:
    made = await talked(tmp_path, 9)
    made.model.steps[:] = [says("all parts were seen")]
    await compact(made, "summarise")
    left = (await inspect(made)).left
    assert left and {each.fate for each in left} == {"summarised"}
    standing = {block.id for block in (await inspect(made)).window.blocks}
    assert not standing & {each.id for each in left}
    await made.engine.close()


MARKS = st.dictionaries(st.integers(0, 30), st.sampled_from(["drop", "mask", "pin"]), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=MARKS)
async def test_what_the_marks_promise_is_the_window_that_they_make(
    tmp_path_factory: pytest.TempPathFactory, marks: dict[int, str]
) -> None:
    made = await talked(tmp_path_factory.mktemp("session"))
    blocks = (await inspect(made)).window.blocks
    for place, mark in marks.items():
        try:
            await made.engine.handle(c.MarkBlock(blocks[place % len(blocks)].id, mark))  # type: ignore[arg-type]
        except WorkbenchError:
            continue  # what cannot be is refused
    promised = (await inspect(made)).what_if
    if promised is None:
        await made.engine.close()
        return
    assert promised.before == (await inspect(made)).window.total
    await compact(made)
    window = (await inspect(made)).window
    assert window.total == promised.after
    assert [section.tokens for section in window.sections] == [s.tokens for s in promised.sections_after]
    after = {zone: sum(block.tokens for block in window.blocks if block.zone == zone) for zone, _, _ in promised.zones}
    assert after == {zone: tokens for zone, _, tokens in promised.zones}
    assert promised.thinking > 0, "what leaves along is told"
    await made.engine.close()


async def test_a_drop_that_a_pin_forbids_promises_nothing(tmp_path: Path) -> None:
    made = await talked(tmp_path)
    found = await inspect(made)
    result = results(found)[0]
    call = next(b for b in found.window.blocks if b.label == result.label and b.role == "assistant")
    await made.engine.handle(c.MarkBlock(result.id, "pin"))
    await made.engine.handle(c.MarkBlock(call.id, "drop"))
    assert (await inspect(made)).what_if is None
    await made.engine.close()


async def test_each_block_says_what_it_is_and_why_it_is_here(tmp_path: Path) -> None:
    made = await talked(tmp_path)
    found = await inspect(made)
    read = {block.id: made.engine.read_block(block.id) for block in found.window.blocks}
    assert all(each is not None and each.why and each.text for each in read.values())
    said = {block.label: " ".join(read[block.id].why) for block in found.window.blocks}  # type: ignore[union-attr]
    assert "Called 4 times, last in turn 4." in said["look"]
    assert said["what is in part 0?"].startswith("You asked this in turn 1.")
    assert said["look part 3"] == "What look gave back in turn 4, step 1."
    assert "Thinking leaves with the next compaction" in said["thinking"]
    await made.engine.close()


async def test_a_pinned_block_that_drifts_into_the_middle_is_flagged(tmp_path: Path) -> None:
    made = await talked(tmp_path, 8)
    middle = next(block for block in results(await inspect(made)) if block.zone == "middle")
    before = made.engine.read_block(middle.id)
    assert before is not None and not before.warning
    await made.engine.handle(c.MarkBlock(middle.id, "pin"))
    read = made.engine.read_block(middle.id)
    assert read is not None and "drifting into the middle" in read.warning
    await made.engine.close()


async def test_a_masked_block_is_read_whole_and_says_that_a_line_stands_for_it(tmp_path: Path) -> None:
    made = await talked(tmp_path)
    first = results(await inspect(made))[0]
    await made.engine.handle(c.MarkBlock(first.id, "mask"))
    await compact(made)
    read = made.engine.read_block(first.id)
    assert read is not None and read.text.startswith("a line of the part")
    assert any(sentence.startswith("Only a line") for sentence in read.why)
    await made.engine.close()


async def test_a_lifted_block_waits_and_says_so(tmp_path: Path) -> None:
    made = await talked(tmp_path)
    await made.engine.handle(c.LiftBlock(results(await inspect(made))[0].id))
    last = (await inspect(made)).window.blocks[-1]
    read = made.engine.read_block(last.id)
    assert read is not None and read.text.startswith("[LIFTED]")
    assert read.why == ("You had it said again, where it is heard best.", "It goes along with the next request.")
    await made.engine.close()


async def test_a_tool_without_words_is_read_as_its_definition(tmp_path: Path) -> None:
    made = await talked(tmp_path)
    conversation = made.engine.session.conversation
    assert conversation.epoch is not None
    search = ToolDef("web_search", {"type": "web_search_20250305", "name": "web_search"}, 30)
    conversation.epoch = structs.replace(conversation.epoch, tools=(search,))
    read = made.engine.read_block("tool:web_search")
    assert read is not None and "web_search_20250305" in read.text and "Never called" in read.why[1]
    await made.engine.close()


async def test_pieces_joined_are_the_text(tmp_path: Path) -> None:
    made = bench(tmp_path, [calls(("look", {"what": "it"}))])
    assert "".join(await made.engine.split_tokens("some words, 世界")) == "some words, 世界"
    await made.engine.close()
