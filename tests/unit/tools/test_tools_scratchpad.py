"""The scratchpad's tools return what changes; the session keeps it."""

from collections.abc import Callable

import pytest

from workbench.core.errors import ToolFault
from workbench.core.notes import Note, Scratchpad
from workbench.core.tools import ToolContext, ToolSpec

Tools = dict[str, ToolSpec]
With = Callable[[Scratchpad], ToolContext]


@pytest.mark.parametrize(
    ("tool", "arguments", "note"),
    [
        ("add_finding", {"text": "x"}, Note("finding", "x")),
        ("record_decision", {"decision": "x", "reasoning": "y"}, Note("decision", "x", reasoning="y")),
        ("ask_question", {"question": "x?"}, Note("question", "x?")),
        ("set_task", {"task": "x"}, Note("task", "x")),
        ("set_status", {"status": "blocked"}, Note("status", "blocked")),
    ],
)
async def test_each_tool_returns_its_note(
    tool: str, arguments: dict[str, str], note: Note, tools: Tools, context: ToolContext
) -> None:
    assert (await tools[tool].run(arguments, context)).notes == (note,)


async def test_a_question_is_closed_by_its_text_or_a_part_that_no_other_has(tools: Tools, context_with: With) -> None:
    pad = Scratchpad(open_questions=(Note("question", "Who calls put?"), Note("question", "Who calls get?")))
    output = await tools["close_question"].run({"question": "calls put"}, context_with(pad))
    assert output.notes == (Note("question", "Who calls put?", closed=True),)
    for asked, says in (("calls", "several"), ("nobody", "no open")):
        with pytest.raises(ToolFault, match=says) as caught:
            await tools["close_question"].run({"question": asked}, context_with(pad))
        assert "- Who calls get?" in str(caught.value)


async def test_reading_it_gives_all_it_holds(tools: Tools, context_with: With) -> None:
    pad = Scratchpad(
        task="Fix it",
        findings=(Note("finding", "It is slow"),),
        decisions=(Note("decision", "Cache it", reasoning="It is cheap"),),
        files_examined=("a.py",),
    )
    text = (await tools["read_scratchpad"].run({}, context_with(pad))).text
    for line in ("Task: Fix it", "- It is slow", "- Cache it (because It is cheap)", "Open questions: none", "- a.py"):
        assert line in text


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("add_finding", {}, "text is missing"),
        ("record_decision", {"decision": "x"}, "reasoning is missing"),
        ("set_status", {"status": "finished"}, "status"),
        ("set_task", {"task": " "}, "task is empty"),
    ],
)
async def test_wrong_note_arguments_are_named(
    tool: str, arguments: dict[str, str], says: str, tools: Tools, context: ToolContext
) -> None:
    with pytest.raises(ToolFault) as caught:
        await tools[tool].run(arguments, context)
    assert says in str(caught.value)
