"""Brings back what left the window (seed §2): every block stays in the journal, under its id."""

from typing import Any

import msgspec

from workbench.core.effects import Effect
from workbench.core.errors import ToolFault
from workbench.core.tools import ToolContext, ToolOutput, ToolSpec
from workbench.tools.arguments import object_schema, parse_arguments


class Recall(msgspec.Struct):
    """The arguments of `recall`."""

    id: str


def recall_tool() -> ToolSpec:
    """The tool that reads a block by the id that a mask, a summary or its index gives."""
    return ToolSpec(
        "recall",
        "Read again, word for word, a piece of this conversation that left the window: a masked tool result, or"
        " something that the summary's index names by its id.",
        object_schema(
            {"id": {"type": "string", "description": "The id, such as e12, as a mask or the index gives it."}}, "id"
        ),
        kind="read",
        verb="recall",
        run=_run,
        effects=lambda arguments: (Effect("memory", ("recall",)),),
        subject=lambda arguments: str(arguments.get("id", ""))[:80],
        idempotent=True,
    )


async def _run(arguments: dict[str, Any], context: ToolContext) -> ToolOutput:
    id = parse_arguments(Recall, arguments, "recall").id.strip()
    text = context.recall(id)
    if text is None:
        raise ToolFault(f"recall: there is no piece {id}; ids stand in masks and in the summary's index")
    lines = text.count("\n") + 1
    return ToolOutput(text or "(it was empty)", headline=f"{lines} line{'s' if lines != 1 else ''}")
