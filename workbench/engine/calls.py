"""The tools that there are, and running a call that the gate let through.

Tools are loaded once and off the event loop (their import is slow); they may come and go while a session runs. The
definitions that the model was sent stay as they are until the next prompt, which opens an epoch with those of then.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

import msgspec

from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.decisions import Confidence, Proposal
from workbench.core.encoding import encode
from workbench.core.errors import ToolFault, WorkbenchError
from workbench.core.messages import ToolResult, ToolUse, replace_surrogates
from workbench.core.ports import Clock
from workbench.core.tools import FileChange, ToolContext, ToolOutput, ToolSpec
from workbench.engine.session import Session
from workbench.engine.steering import recall_block

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


class Toolbox:
    """Tools by name. `load` may be awaited any number of times."""

    def __init__(self, load: Callable[[], tuple[ToolSpec, ...]]) -> None:
        self._load = load
        self._tools: dict[str, ToolSpec] | None = None
        self._lock = asyncio.Lock()

    async def load(self) -> tuple[ToolSpec, ...]:
        """All tools, in the order in which they are sent."""
        async with self._lock:
            if self._tools is None:
                self._tools = {tool.name: tool for tool in await asyncio.to_thread(self._load)}
        return tuple(self._tools.values())

    async def add(self, tool: ToolSpec) -> None:
        """Take in a tool that came late. Raises WorkbenchError where its name is taken; the other one stays."""
        await self.load()
        if tool.name in (tools := self._tools or {}):
            raise WorkbenchError(
                f"there is a tool named {tool.name} already; the new one was not added.", "Give it another name."
            )
        tools[tool.name] = tool

    async def remove(self, name: str) -> None:
        """Take a tool away; a call of it is answered with the tools that there are."""
        await self.load()
        (self._tools or {}).pop(name, None)

    def get(self, name: str) -> ToolSpec | None:
        """The tool of this name, once loaded."""
        return (self._tools or {}).get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """All names."""
        return tuple(self._tools or ())


def find_fault(schema: dict[str, Any], arguments: dict[str, Any]) -> str:
    """What is wrong with `arguments` against a tool's JSON schema, for the model to read; empty when nothing is."""
    properties: dict[str, Any] = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in arguments:
            return f"the argument `{name}` is missing"
    for name, value in arguments.items():
        if name not in properties:
            if schema.get("additionalProperties") is False:
                return f"there is no argument `{name}`; there are {', '.join(properties)}"
            continue
        if not _fits(properties[name], value):
            return f"the argument `{name}` must be {_wanted(properties[name])}, not {type(value).__name__}"
    return ""


def _fits(schema: dict[str, Any], value: Any) -> bool:
    if "anyOf" in schema:
        return any(_fits(option, value) for option in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = schema.get("type")
    if kinds is None:
        return True
    names = kinds if isinstance(kinds, list) else [kinds]
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES.get(name, (object,))) for name in names)


def _wanted(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(_wanted(option) for option in schema["anyOf"])
    return str(schema.get("type", "something else"))


Delegate = Callable[[str, str, str], Awaitable[e.SubtaskFinished]]
"""Gives a role and a task, for the call of that id, to a child run."""

log = logging.getLogger(__name__)

STOPPED = "Stopped by the developer before it finished; what it had done until then stays done."
STOPPED_HARMLESS = "Stopped by the developer before it finished; it is safe to call it again."


@dataclass(frozen=True)
class Candidate:
    """A call that names a tool with fitting arguments."""

    tool: ToolSpec
    call: ToolUse
    proposal: Proposal
    confidence: Confidence | None
    edited: bool = False
    """True where a person gave it other arguments."""
    context: Context = field(default_factory=copy_context)
    """With the span in which it was proposed, in which it runs too."""


class CallRunner:
    """Runs the calls of one session and journals how they end."""

    def __init__(self, session: Session, clock: Clock, estimator: Estimator, delegate: Delegate) -> None:
        self._session, self._clock, self._estimator, self._delegate = session, clock, estimator, delegate

    async def run(self, candidate: Candidate) -> tuple[FileChange, ...]:
        """Run a call, tell its end, and return what it changed. Cancelling it tells ToolFailed, ends its processes."""
        session, tool, call, proposal = self._session, candidate.tool, candidate.call, candidate.proposal
        changed = proposal.shorten() if candidate.edited else None
        session.emit(e.ToolStarted(session.conversation.turn, call.id, proposal=changed))
        if not proposal.reads_only:  # a read leaves nothing behind that a lost journal would have to explain
            await session.sync()
        began = self._clock.monotonic()
        try:
            output = await tool.run(call.input, self._context(call, proposal))
        except ToolFault as fault:
            self.fail(call, "invalid" if fault.hint == "arguments" else "fault", fault.message, began)
        except asyncio.CancelledError:
            self.fail(call, "interrupted", STOPPED_HARMLESS if tool.idempotent else STOPPED, began)
            raise
        except Exception as error:  # a tool's own bug must not end the turn; the model reads what happened
            log.exception("the tool %s failed", tool.name)
            self.fail(call, "fault", f"{tool.name} failed: {error}", began)
        else:
            self._finish(call, output, self._clock.monotonic() - began, candidate.edited)
            return output.changes
        return ()

    def fail(self, call: ToolUse, cause: Any, text: str, began: float | None = None) -> None:
        """Tell that `call` did not happen or could not finish."""
        seconds = self._clock.monotonic() - began if began is not None else 0.0
        text = replace_surrogates(text)
        tokens, kind = self._estimator.measure_part(ToolResult(call.id, text, True))
        turn = self._session.conversation.turn
        self._session.emit(e.ToolFailed(turn, call.id, call.name, cause, text, tokens, seconds, kind))

    def _context(self, call: ToolUse, proposal: Proposal) -> ToolContext:
        def live(text: str) -> None:
            self._session.emit(e.ToolOutputArrived(call.id, replace_surrogates(text)))

        async def delegate(role: str, task: str) -> ToolOutput:
            came = await self._delegate(role, task, call.id)
            return ToolOutput(came.text, error=came.state != "done", headline=came.state)

        effects = (effect for effect in proposal.effects if effect.kind in ("write", "delete"))
        targets = tuple(target for effect in effects for target in effect.targets)
        session = self._session
        return ToolContext(
            *(call.id, session.scratchpad, live, delegate, targets, dict(session.versions)),
            recall=lambda id: recall_block(session.conversation, id),
            shown=proposal.preview,
        )

    def _finish(self, call: ToolUse, output: ToolOutput, seconds: float, edited: bool) -> None:
        text = replace_surrogates(output.text) or ("" if output.media else "(no output)")
        if edited:
            arguments = encode(call.input).decode()
            text = f"[The developer edited the arguments; what ran was {arguments}]\n{text}"
        turn, now = self._session.conversation.turn, self._clock.now()
        tokens, kind = self._estimator.measure_part(ToolResult(call.id, text, output.error, output.media))
        headline, ended = replace_surrogates(output.headline), (output.error, output.exit_code)
        self._session.emit(
            e.ToolFinished(
                *(turn, call.id, call.name, text, tokens, seconds, headline, *ended),
                output.media,
                output.changes,
                output.versions,
                kind,
            )
        )
        for note in output.notes:
            whole = msgspec.structs.replace(note, text=replace_surrogates(note.text), at=now, turn=turn)
            self._session.emit(e.ScratchpadChanged(whole))
