"""The engine's face: commands in, events out. It implements `core.ports.EngineClient`."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import nullcontext
from typing import Any

from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.bus import Bus, Listener
from workbench.core.errors import ReadOnlySession, WorkbenchError
from workbench.core.ids import new_session_id
from workbench.core.ports import RuntimeInfo
from workbench.core.summary import SessionSummary
from workbench.core.surrogates import replace_surrogates
from workbench.engine.approvals import PendingApprovals
from workbench.engine.compaction import Compactor
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.executor import ToolExecutor
from workbench.engine.handoffs import Handoffs
from workbench.engine.head import ensure_epoch
from workbench.engine.opening import adopted, archived, begin, found
from workbench.engine.recovery import recover
from workbench.engine.session import Session
from workbench.engine.task_queue import TaskQueue
from workbench.engine.toolbox import Toolbox
from workbench.engine.turn import Turn


class Engine:
    """One open session, at most one task at a time in it, and a queue of prompts."""

    def __init__(self, parts: EngineDependencies) -> None:
        self._parts = parts
        self._bus = Bus()
        self._toolbox = Toolbox(parts.load_tools)
        self._verdicts = PendingApprovals(parts)
        self._compactor = Compactor(parts)
        self._handoffs = Handoffs(parts)
        self._gate = ToolExecutor(parts, self._toolbox, self._verdicts)
        self._session = Session(new_session_id(), parts, self._bus)
        self._work = TaskQueue(lambda: self._session, self._answer)
        self._changing = asyncio.Lock()
        """Held by a command that leaves the session, and by those that must not come in between."""

    # --- EngineClient --------------------------------------------------------------

    @property
    def facts(self) -> RuntimeInfo:
        """Provider, model, workspace."""
        return self._parts.facts

    @property
    def session_id(self) -> str:
        """The open session; empty before its first event."""
        return self._session.id if self._session.begun else ""

    @property
    def read_only(self) -> str:
        """Why the open session cannot be written, or empty."""
        return self._session.read_only

    @property
    def busy(self) -> bool:
        """True while a turn, a plan or a draft is under way."""
        return self._work.busy

    @property
    def session(self) -> Session:
        """The open session's folds, for reading."""
        return self._session

    @property
    def toolbox(self) -> Toolbox:
        """The tools, which may come and go while a session runs."""
        return self._toolbox

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on."""
        return self._bus.subscribe(listener)

    def history(self) -> Iterable[e.Stamped]:
        """The stored events, and the readings of window and spend as they are now."""
        session = self._session
        if not session.begun:
            return ()
        now = self._parts.clock.now()
        readings = (e.WindowMeasured(session.window()), e.SpendMeasured(session.spend.reading()))
        return (*session.events, *(e.Stamped(None, now, session.id, session.trace, reading) for reading in readings))

    def sessions(self) -> list[SessionSummary]:
        """All sessions, newest first."""
        return self._parts.catalog.list()

    async def warm_up(self) -> None:
        """Import the SDK and load the tokenizer, in a thread."""
        await self._toolbox.load()
        await asyncio.to_thread(self._parts.estimator.count, "warm")

    async def handle(self, command: c.Command) -> None:
        """Carry out one command; those that stop or answer never wait for another one. Raises WorkbenchError."""
        handler = self._handlers().get(type(command))
        if handler is None:
            raise WorkbenchError(f"nothing handles {type(command).__name__}")
        waits = not isinstance(command, c.CancelTurn | c.DiscardPlan | c.ResolveEscalation)
        async with self._changing if waits else nullcontext():
            await handler(command)

    async def inspect(self, id: str) -> Session:
        """The session `id` as it was found, for reading: nothing is recovered, nothing stays locked."""
        session = await found(id, self._parts, self._bus)
        session.release()
        return session

    async def adopt(self, events: tuple[e.Stamped, ...]) -> str:
        """Store a copy of an exported session under a new id, and return the id."""
        return await adopted(events, self._parts)

    async def idle(self) -> None:
        """Wait until nothing is under way and the queue is empty."""
        await self._work.idle()

    async def close(self) -> None:
        """Stop what runs, then release the session."""
        await self._work.stop()
        async with self._changing:
            try:
                await self._session.sync()
            finally:
                self._session.close()

    # --- commands ------------------------------------------------------------

    def _handlers(self) -> dict[type[c.Command], Callable[[Any], Coroutine[Any, Any, None]]]:
        return {
            c.SendPrompt: self._send,
            c.CancelTurn: self._cancel,
            c.ResolveEscalation: self._resolve,
            c.PlanCompaction: self._plan_compaction,
            c.Compact: self._compact,
            c.DiscardPlan: self._discard,
            c.UndoCompaction: self._undo_compaction,
            c.DraftHandoff: self._draft_handoff,
            c.HandOff: self._hand_off,
            c.NewSession: self._new,
            c.OpenSession: self._open,
            c.ImportSession: self._import,
            c.RenameSession: self._rename,
            c.DeleteSession: self._delete,
            c.SetBudget: self._set_budget,
        }

    async def _send(self, command: c.SendPrompt) -> None:
        if not command.text.strip():
            raise WorkbenchError("there is nothing to send", "Type a prompt first.")
        self._writable()
        self._work.send(replace_surrogates(command.text))

    async def _answer(self, prompt: str) -> None:
        """Run the turn of one prompt."""
        tools = await self._toolbox.load()
        session = self._session
        recover(session)  # a turn whose end the disk refused is closed before the next one begins
        begin(session, self._parts, prompt)
        ensure_epoch(session, self._parts, tools)
        turn = Turn(
            session=session,
            parts=self._parts,
            gate=self._gate,
            verdicts=self._verdicts,
            compactor=self._compactor,
        )
        await turn.run(prompt)
        if turn.follow_up:
            self._work.send(turn.follow_up, first=True)

    async def _cancel(self, _: c.CancelTurn) -> None:
        await self._work.stop()

    async def _resolve(self, command: c.ResolveEscalation) -> None:
        self._verdicts.resolve(command.id, command.verdict)

    async def _plan_compaction(self, command: c.PlanCompaction) -> None:
        self._quiet("compact")
        strategy = self._compactor.find(command.strategy)
        self._work.start(lambda: self._compactor.review(self._session, strategy))

    async def _compact(self, command: c.Compact) -> None:
        self._quiet("compact")
        self._compactor.carry_out(self._session, command.plan, command.summary)
        await self._session.sync()
        self._session.remember()

    async def _discard(self, _: c.DiscardPlan) -> None:
        if self._work.answering:
            return
        await self._work.stop(dropping=False)
        self._compactor.plan = self._handoffs.draft = None

    async def _undo_compaction(self, _: c.UndoCompaction) -> None:
        self._quiet("undo")
        self._compactor.undo(self._session)
        await self._session.sync()

    async def _draft_handoff(self, _: c.DraftHandoff) -> None:
        self._quiet("hand off")
        self._work.start(lambda: self._handoffs.review(self._session))

    async def _hand_off(self, command: c.HandOff) -> None:
        self._quiet("hand off")
        old, to = self._session, new_session_id() if command.open else ""
        document = self._handoffs.accept(old, command.plan, command.document, to)
        await old.sync()
        old.remember()
        if not command.open:
            return
        tools = await self._toolbox.load()
        self._switch(Session(to, self._parts, self._bus))
        begin(self._session, self._parts, old.summary.title, parent=old.id)
        ensure_epoch(self._session, self._parts, tools, (document,))
        self._session.measure()
        await self._session.sync()
        self._session.remember()

    async def _new(self, _: c.NewSession) -> None:
        await self._work.stop()
        self._switch(Session(new_session_id(), self._parts, self._bus))

    async def _open(self, command: c.OpenSession) -> None:
        """What runs goes on until the other session was found; to open the open one again changes nothing."""
        session = await found(command.id, self._parts, self._bus)
        if session.id == self.session_id and bool(session.read_only) >= bool(self.read_only):
            session.release()
            return
        await self._work.stop()
        try:
            recover(session)
        except BaseException:
            session.release()
            raise
        self._switch(session)

    async def _import(self, command: c.ImportSession) -> None:
        archive = await archived(command.path)
        await self._open(c.OpenSession(await self.adopt(archive.events)))

    async def _rename(self, command: c.RenameSession) -> None:
        title = " ".join(command.title.split())
        if not title:
            raise WorkbenchError("a title needs at least one character")
        self._writable()
        self._begun()
        self._session.emit(e.SessionRenamed(title))
        self._session.remember()

    async def _delete(self, command: c.DeleteSession) -> None:
        if command.id == self.session_id:
            raise WorkbenchError("the open session cannot be deleted", "Open another one first, or ctrl+n.")
        await asyncio.to_thread(self._parts.store.delete, command.id)

    async def _set_budget(self, command: c.SetBudget) -> None:
        self._writable()
        self._begun()
        self._session.emit(e.BudgetRaised(command.usd, command.tokens, command.steps))
        self._session.measure()

    # --- the open session ------------------------------------------------------

    def _switch(self, session: Session) -> None:
        if self._session.begun:
            self._session.close()
        self._compactor.plan = self._handoffs.draft = None
        self._gate.forget()
        self._session = session

    def _writable(self) -> None:
        if self._session.read_only:
            raise ReadOnlySession(self._session.read_only, "ctrl+n begins a session that can be written.")

    def _begun(self) -> None:
        if not self._session.begun:
            raise WorkbenchError("this session has no file yet", "Ask for something first.")

    def _quiet(self, deed: str) -> None:
        """Raises WorkbenchError unless there is a session and nothing runs in it."""
        self._writable()
        if self.busy:
            raise WorkbenchError(f"cannot {deed} while something runs", "Wait for it, or press esc to stop it.")
        if not self._session.begun:
            raise WorkbenchError(f"there is nothing to {deed} yet", "Ask for something first.")
