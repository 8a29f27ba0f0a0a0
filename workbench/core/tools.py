"""A tool as the engine sees it, wherever it comes from."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import msgspec

from workbench.core.decisions import CallKind, Preview, Proposal
from workbench.core.effects import Effect, ShellLine
from workbench.core.messages import Media
from workbench.core.notes import Note, Scratchpad


class FileChange(msgspec.Struct, frozen=True):
    """A file that a call created, modified or deleted."""

    path: str
    """Relative to the workspace."""
    action: Literal["created", "modified", "deleted"]
    added: int = 0
    removed: int = 0
    diff: str = ""
    """Unified diff."""
    before: str | None = None
    """The text as it was, kept so that it can be given back; None when there was none."""


class ToolOutput(msgspec.Struct, frozen=True):
    """What a call gave back, and what it changed."""

    text: str
    media: tuple[Media, ...] = ()
    error: bool = False
    headline: str = ""
    """A few words for the folded line: `14 passed`, `38 hits`, `212 lines`."""
    notes: tuple[Note, ...] = ()
    """Changes to the scratchpad."""
    changes: tuple[FileChange, ...] = ()
    exit_code: int | None = None
    versions: dict[str, str] = {}
    """Files whose content the model knows after this call, by path, each with a digest of that content."""


Versions = Mapping[str, str]
"""The files that the model of one session has read or written, each with a digest of the content that it knows."""


async def _work_alone(role: str, task: str) -> ToolOutput:
    return ToolOutput("There is nobody to give this to.", error=True)


class ToolContext(msgspec.Struct, frozen=True):
    """What a running call may use of the session."""

    call_id: str
    """Also its idempotency key."""
    scratchpad: Scratchpad
    live: Callable[[str], None]
    """Tell output as it comes; it is shown, not stored."""
    delegate: Callable[[str, str], Awaitable[ToolOutput]] = _work_alone
    """Give a role and its task to a child session, on the same budget; what it answered. Cancelling stops it."""
    targets: tuple[str, ...] = ()
    """Paths that the call was said to write or delete, relative to the workspace where they lie in it."""
    versions: Versions = msgspec.field(default_factory=dict)
    recall: Callable[[str], str | None] = lambda id: None
    """The text of a block of this session by its id, whether the window still holds it; None where there is none."""
    shown: Preview | None = None
    """What was shown of the call before it ran; None where it was not looked at beforehand."""


ToolRun = Callable[[dict[str, Any], ToolContext], Awaitable[ToolOutput]]


class ToolSpec(msgspec.Struct, frozen=True):
    """A tool: what the model is told, what it would do, and how to do it."""

    name: str
    description: str
    schema: dict[str, Any]
    """JSON schema of the arguments, without the confidence fields."""
    kind: CallKind
    verb: str
    """For the screen: what it does, in one word."""
    run: ToolRun
    """Raises ToolFault with a message for the model; must be cancellable and leave no process behind."""
    effects: Callable[[dict[str, Any]], tuple[Effect, ...]]
    """What these arguments would do, unless a `line` tells it; never raises, `unknown` where it cannot tell."""
    subject: Callable[[dict[str, Any]], str]
    """A few words that name what the call is about: a path, a pattern, a command line."""
    preview: Callable[[dict[str, Any], Versions], Preview | None] = lambda arguments, versions: None
    """What a person sees before it runs; may read files, never raises. Nobody is shown a mere read."""
    line: Callable[[dict[str, Any]], ShellLine | None] = lambda arguments: None
    """The shell line that these arguments run, analysed; None for a tool that runs none. Never raises."""
    idempotent: bool = False
    """True when the same call may be made again without harm."""
    compensation: str = ""
    """What undoes a call, in words; empty where nothing does."""


def propose(tool: ToolSpec, call_id: str, arguments: dict[str, Any], versions: Versions | None = None) -> Proposal:
    """All that `tool` says of a call, asked once. It may read files: call it off the event loop.

    `versions`: the files that the model knows.
    """
    line = tool.line(arguments)
    proposal = Proposal(
        call_id,
        tool.name,
        arguments,
        effects=tool.effects(arguments) if line is None else line.effects,
        kind=tool.kind,
        verb=tool.verb,
        subject=tool.subject(arguments),
        line=line,
        idempotent=tool.idempotent,
        compensation=tool.compensation,
    )
    if proposal.reads_only:
        return proposal
    return msgspec.structs.replace(proposal, preview=tool.preview(arguments, versions or {}))
