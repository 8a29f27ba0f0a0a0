"""Running a call that the gate let through: on disk before the effect, its result journalled whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

import msgspec

from workbench.context import Estimator
from workbench.core import events as e
from workbench.core.clock import Clock
from workbench.core.decisions import Confidence, Proposal
from workbench.core.errors import ToolFault
from workbench.core.messages import ToolResult, ToolUse
from workbench.core.surrogates import replace_surrogates
from workbench.core.tools import FileChange, ToolContext, ToolOutput, ToolSpec
from workbench.engine.session import Session

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
            output = await tool.run(call.input, self._context(call))
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
        tokens = self._estimator.count_part(ToolResult(call.id, text, True))
        turn = self._session.conversation.turn
        self._session.emit(e.ToolFailed(turn, call.id, call.name, cause, text, tokens, seconds))

    def _context(self, call: ToolUse) -> ToolContext:
        def live(text: str) -> None:
            self._session.emit(e.ToolOutputArrived(call.id, replace_surrogates(text)))

        async def delegate(role: str, task: str) -> ToolOutput:
            came = await self._delegate(role, task, call.id)
            return ToolOutput(came.text, error=came.state != "done", headline=came.state)

        return ToolContext(call.id, self._session.scratchpad, live, delegate)

    def _finish(self, call: ToolUse, output: ToolOutput, seconds: float, edited: bool) -> None:
        text = replace_surrogates(output.text) or ("" if output.media else "(no output)")
        if edited:
            arguments = msgspec.json.encode(call.input).decode()
            text = f"[The developer edited the arguments; what ran was {arguments}]\n{text}"
        turn, now = self._session.conversation.turn, self._clock.now()
        tokens = self._estimator.count_part(ToolResult(call.id, text, output.error, output.media))
        headline, ended = replace_surrogates(output.headline), (output.error, output.exit_code)
        self._session.emit(
            e.ToolFinished(
                *(turn, call.id, call.name, text, tokens, seconds, headline, *ended), output.media, output.changes
            )
        )
        for note in output.notes:
            whole = msgspec.structs.replace(note, text=replace_surrogates(note.text), at=now, turn=turn)
            self._session.emit(e.ScratchpadChanged(whole))
