"""All tools of the agent, in one order that never changes: the order is part of the cached prefix."""

from collections.abc import Callable
from pathlib import Path

from workbench.core.effects import ShellLine
from workbench.core.tools import ToolSpec
from workbench.tools.disk import Classify, Reach
from workbench.tools.editing import Writer
from workbench.tools.reading import Reader
from workbench.tools.recall import recall_tool
from workbench.tools.scratchpad import scratchpad_tools
from workbench.tools.searching import Searcher
from workbench.tools.shell import ShellTool


def load_tools(
    workspace: Path,
    *,
    classify: Classify,
    analyse: Callable[[str], ShellLine],
    added: tuple[Path, ...] = (),
    max_output: int = 100_000,
) -> tuple[ToolSpec, ...]:
    """Files, shell, scratchpad, recall. Imports the SDK, which takes seconds: call it off the event loop.

    `classify` tells of a path where it leads, `analyse` of a shell line what it does. `added`: folders beside the
    workspace that the file tools may use. `max_output`: bytes of text that one result may hold.
    """
    reach = Reach(workspace, classify, added)
    return (
        Reader(reach, max_output).spec(),
        *Writer(reach).specs(),
        *Searcher(reach, max_output).specs(),
        ShellTool(workspace, analyse, max_output).spec(),
        *scratchpad_tools(),
        recall_tool(),
    )
