"""A person marks, lifts and attaches single blocks: what cannot be is refused with a way out, and nothing is lost."""

from pathlib import Path

import pytest

from tests.fakes import Bench, Hand, bench, calls, says
from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import WorkbenchError
from workbench.core.window import Block


async def begun(root: Path, *more: object) -> Bench:
    look = calls(("look", {"what": "the settings"}))
    made = bench(root, [look, says("seen it"), *more], hands=[Hand(result="the port is 8042 " * 40)])
    await made.ask("look at the settings")
    return made


def block(made: Bench, section: str, role: str) -> Block:
    return next(b for b in made.engine.session.list_blocks().blocks if (b.section, b.role) == (section, role))


async def test_a_lifted_block_is_said_once_in_the_next_request_and_counts_before(tmp_path: Path) -> None:
    made = await begun(tmp_path, says("lifted"), says("once"))
    before = made.engine.session.window().total
    await made.engine.handle(c.LiftBlock(block(made, "results", "user").id))
    [lifted] = made.of(e.BlockLifted)
    assert made.engine.session.window().total > before
    assert lifted.text.startswith("[LIFTED] turn 1, look the settings:\nthe port is 8042")
    await made.ask("what was the port?", "and now?")
    sent = [str(request.messages).count("[LIFTED]") for request in made.model.asked]
    assert sent == [0, 0, 1, 1], "it stays as it was sent"
    await made.engine.close()


async def test_marks_stand_in_the_window_and_the_last_word_counts(tmp_path: Path) -> None:
    made = await begun(tmp_path)
    id = block(made, "results", "user").id
    for mark in ("mask", "drop", "pin", ""):
        await made.engine.handle(c.MarkBlock(id, mark))  # type: ignore[arg-type]
        assert block(made, "results", "user").mark == mark
    await made.engine.close()


async def test_what_is_pinned_is_not_dropped_without_a_word(tmp_path: Path) -> None:
    made = await begun(tmp_path)
    id = block(made, "results", "user").id
    await made.engine.handle(c.MarkBlock(id, "pin"))
    with pytest.raises(WorkbenchError, match="is pinned"):
        await made.engine.handle(c.MarkBlock(id, "drop"))
    assert block(made, "results", "user").mark == "pin"
    await made.engine.close()


async def test_what_cannot_be_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    made = await begun(tmp_path)
    before = made.engine.session.list_blocks()
    prompt = block(made, "history", "user").id
    for command, said in [
        (c.MarkBlock("e999", "pin"), "the window holds no block e999"),
        (c.MarkBlock("system", "drop"), "system prompt always stays"),
        (c.MarkBlock(prompt, "mask"), "only calls and their results can be masked"),
        (c.LiftBlock("e999"), "there is no block e999"),
        (c.AttachDocument("missing.md"), "missing.md cannot be read"),
    ]:
        with pytest.raises(WorkbenchError, match=said):
            await made.engine.handle(command)
    assert made.engine.session.list_blocks() == before
    await made.engine.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\xff", "no text in UTF-8"),
        (b"a\0b", "is no text"),
        (b"  \n", "is empty"),
        (b"word " * 90_000, "more than"),
    ],
)
async def test_a_file_that_cannot_be_attached_is_told_and_the_conversation_goes_on(
    tmp_path: Path, content: bytes, said: str
) -> None:
    made = await begun(tmp_path, says("gone on"))
    (tmp_path / "it").write_bytes(content)
    with pytest.raises(WorkbenchError, match=said):
        await made.engine.handle(c.AttachDocument("it"))
    await made.ask("go on")
    assert made.of(e.TurnFinished)[-1].stop_reason == "done"
    await made.engine.close()


async def test_pins_that_would_fill_the_window_are_refused(tmp_path: Path) -> None:
    look = calls(("look", {"what": "all"}))
    made = bench(tmp_path, [look, says("seen")], hands=[Hand(result="word " * 80_000)])
    await made.ask("look")
    with pytest.raises(WorkbenchError, match="would stay for good"):
        await made.engine.handle(c.MarkBlock(block(made, "results", "user").id, "pin"))
    await made.engine.close()


async def test_a_document_attached_before_the_first_prompt_stands_in_the_first_memory(tmp_path: Path) -> None:
    (tmp_path / "style.md").write_text("Names are nouns.")
    made = bench(tmp_path, [says("yes")])
    await made.engine.handle(c.AttachDocument("style.md"))
    await made.ask("are they?")
    assert "Names are nouns." in str(made.model.asked[0].system)
    assert block(made, "memory", "system").label == "style.md"
    await made.engine.close()
