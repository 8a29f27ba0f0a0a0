"""Calls that keep the scratchpad (seed §3), made beside the work."""

from collections.abc import Iterable

from workbench.providers.rehearsal.mind.markdown import clip
from workbench.providers.rehearsal.mind.request import Request
from workbench.providers.rehearsal.mind.steps import Call, Step

DONE = "done"
"""The scratchpad tool takes `in_progress`, `blocked` and `done`."""


def opening(request: Request, say: str, *calls: Call) -> Step:
    """The first step of a task: a sentence, the task on the scratchpad, and the first calls."""
    return Step((Call("set_task", {"task": clip(request.talk.turn.prompt, 200)}), *calls), say)


def finding(text: str) -> Call:
    """Note a concrete fact."""
    return Call("add_finding", {"text": clip(text, 400)})


def closing(*findings: str, status: str = DONE, files: Iterable[str] = ()) -> Step:
    """The last step of a task: what was learnt, which files were looked at, and how it stands."""
    noted = (Call("note_file", {"path": path}) for path in files)
    return Step((*(finding(text) for text in findings if text), *noted, Call("set_status", {"status": status})))
