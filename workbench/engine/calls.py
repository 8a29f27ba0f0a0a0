"""Running a call that the gate let through: on disk before the effect, its result journalled whatever happens."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import msgspec

from workbench.core import events as e
from workbench.core.decisions import Confidence, Proposal
from workbench.core.errors import ToolFault
from workbench.core.messages import ToolResult, ToolUse
from workbench.core.surrogates import replace_surrogates
from workbench.core.tools import FileChange, ToolContext, ToolOutput, ToolSpec
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.session import Session

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


async def run_call(session: Session, parts: EngineDependencies, candidate: Candidate) -> tuple[FileChange, ...]:
    """Run a call, tell its end, and return what it changed. Cancelling it tells ToolFailed and ends its processes."""
    tool, call, proposal = candidate.tool, candidate.call, candidate.proposal
    session.emit(
        e.ToolStarted(session.conversation.turn, call.id, proposal=proposal.shorten() if candidate.edited else None)
    )
    if not proposal.reads_only:  # a read leaves nothing behind that a lost journal would have to explain
        await session.sync()
    began = parts.clock.monotonic()
    try:
        output = await tool.run(call.input, _context(session, call))
    except ToolFault as fault:
        fail(session, parts, call, "invalid" if fault.hint == "arguments" else "fault", fault.message, began)
    except asyncio.CancelledError:
        fail(session, parts, call, "interrupted", STOPPED_HARMLESS if tool.idempotent else STOPPED, began)
        raise
    except Exception as error:  # a tool's own bug must not end the turn; the model reads what happened
        log.exception("the tool %s failed", tool.name)
        fail(session, parts, call, "fault", f"{tool.name} failed: {error}", began)
    else:
        _finish(session, parts, call, output, parts.clock.monotonic() - began, candidate.edited)
        return output.changes
    return ()


def fail(
    session: Session, parts: EngineDependencies, call: ToolUse, cause: Any, text: str, began: float | None = None
) -> None:
    """Tell that `call` did not happen or could not finish."""
    seconds, text = parts.clock.monotonic() - began if began is not None else 0.0, replace_surrogates(text)
    tokens = parts.estimator.count_part(ToolResult(call.id, text, True))
    turn = session.conversation.turn
    session.emit(e.ToolFailed(turn, call.id, call.name, cause, text, tokens, seconds))


def _context(session: Session, call: ToolUse) -> ToolContext:
    def live(text: str) -> None:
        session.emit(e.ToolOutputArrived(call.id, replace_surrogates(text)))

    return ToolContext(call.id, session.scratchpad, live)


def _finish(
    session: Session, parts: EngineDependencies, call: ToolUse, output: ToolOutput, seconds: float, edited: bool
) -> None:
    text = replace_surrogates(output.text) or ("" if output.media else "(no output)")
    if edited:
        arguments = msgspec.json.encode(call.input).decode()
        text = f"[The developer edited the arguments; what ran was {arguments}]\n{text}"
    turn, now = session.conversation.turn, parts.clock.now()
    session.emit(
        e.ToolFinished(
            turn,
            call.id,
            call.name,
            text,
            parts.estimator.count_part(ToolResult(call.id, text, output.error, output.media)),
            seconds,
            replace_surrogates(output.headline),
            output.error,
            output.exit_code,
            output.media,
            output.changes,
        )
    )
    for note in output.notes:
        whole = msgspec.structs.replace(note, text=replace_surrogates(note.text), at=now, turn=turn)
        session.emit(e.ScratchpadChanged(whole))
