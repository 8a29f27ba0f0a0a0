"""The engine's face: commands in, events out. It implements `core.ports.EngineClient`."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from functools import cached_property

from workbench.core import commands as c
from workbench.core import events as e
from workbench.core.errors import ReadOnlySession, WorkbenchError
from workbench.core.events import Bus, Listener
from workbench.core.ids import new_session_id
from workbench.core.inspection import BlockReading, Finding, Inspection
from workbench.core.models import ModelOffer
from workbench.core.ports import RuntimeInfo
from workbench.core.summary import SessionSummary
from workbench.engine.calls import Toolbox
from workbench.engine.dependencies import EngineDependencies
from workbench.engine.executor import PendingApprovals
from workbench.engine.imports import adopt_session, read_archive
from workbench.engine.inspection import inspect_window
from workbench.engine.model_choice import list_offers
from workbench.engine.reasons import open_block
from workbench.engine.recovery import recover
from workbench.engine.request import describe_switch, keep_model
from workbench.engine.run import Run
from workbench.engine.session import Session, find_session, rename
from workbench.engine.waste import find_waste
from workbench.engine.workplace import Workplace


class Engine:
    """One run in front of the person, and any number beside it."""

    def __init__(self, deps: EngineDependencies) -> None:
        self._deps = deps
        self._bus = Bus()
        expires_s = deps.policies.escalation.expires_s
        approvals = PendingApprovals(deps.clock, expires_s, deps.unattended)
        self.toolbox = Toolbox(deps.load_tools)
        """The tools, which may come and go while a session runs."""
        self._shared = Workplace(deps, self._bus, self.toolbox, approvals)
        self._stops = 0
        """How often a stop was asked for: a prompt that came before one and still waits is not sent."""
        self._changing = asyncio.Lock()
        """Held by a command that leaves the session, and by those that must not come in between."""

    @cached_property
    def front(self) -> Run:
        """The run in front; a new one opens the day's ledger, which whoever only reads sessions does without."""
        return Run(Session(new_session_id(), self._deps, self._bus), self._shared)

    @property
    def facts(self) -> RuntimeInfo:
        """Provider, model, workspace."""
        return self._deps.facts

    @property
    def session_id(self) -> str:
        """The session in front; empty before its first event."""
        return self.session.id if self.session.begun else ""

    @property
    def read_only(self) -> str:
        """Why the session in front cannot be written, or empty."""
        return self.front.read_only

    @property
    def busy(self) -> bool:
        """True while a turn, a plan or a draft is under way in front."""
        return self.front.busy

    @property
    def session(self) -> Session:
        """The folds of the session in front, for reading."""
        return self.front.session

    def subscribe(self, listener: Listener, *, children: bool = False) -> Callable[[], None]:
        """Hear every event of the session in front from now on, and with `children` those of its children."""

        def hear(stamped: e.Stamped) -> None:
            if stamped.session == self.session.id or (children and stamped.session in self._shared.runs):
                listener(stamped)

        return self._bus.subscribe(hear)

    def history(self) -> Iterable[e.Stamped]:
        """The stored events, and the readings of window and spend as they are now."""
        session = self.session
        if not session.begun:
            return ()
        now = self._deps.clock.now()
        readings: list[e.AnyEvent] = [e.WindowMeasured(session.window()), e.SpendMeasured(session.spend.reading())]
        if said := self.describe_switch():
            who = keep_model(self._deps.facts, session)
            readings += [e.ModelChosen(who.model, who.provider), e.Noticed(said)]
        return (*session.events, *(e.Stamped(None, now, session.id, session.trace, reading) for reading in readings))

    def describe_switch(self) -> str:
        """Who answers in the open session from here on, where somebody else did before; else empty."""
        return describe_switch(self._deps.facts, self.session)

    def sessions(self) -> list[SessionSummary]:
        """All sessions that a person opened, newest first."""
        return self._deps.catalog.list()

    async def list_models(self) -> tuple[ModelOffer, ...]:
        """What the session in front can be switched to, with what is known of each."""
        deps, epoch = self._deps, self.session.conversation.epoch
        others = (epoch.model, deps.facts.model) if epoch else (deps.facts.model,)
        return await list_offers(keep_model(deps.facts, self.session).model, others, deps.models, deps.prices)

    async def inspect_window(self) -> Inspection:
        """The window of the session in front, block by block."""
        session = self.session
        findings = self.find_waste(session) if session.begun else ()
        return inspect_window(session, self.front.compactor, findings)

    def read_block(self, id: str) -> BlockReading | None:
        """One block of the session in front; None where there is none."""
        return open_block(self.session, id)

    async def split_tokens(self, text: str) -> tuple[str, ...]:
        """`text` in the pieces of the local tokenizer."""
        return await asyncio.to_thread(self._deps.split_tokens, text)

    async def warm_up(self) -> None:
        """Import the SDK and load the tokenizer, in a thread; say what of the instruction files is left out."""
        await self.front.prepare()
        await asyncio.to_thread(self._deps.estimator.count, "warm")
        await self.front.billing.look()
        self._shared.ready.set()
        self.session.measure()
        await self.front.count()

    async def handle(self, command: c.Command) -> None:
        """Carry out one command; those that stop or answer never wait for another one. Raises WorkbenchError."""
        self._stops += isinstance(command, c.CancelTurn)
        stops = self._stops
        waits = not isinstance(command, c.CancelTurn | c.DiscardPlan | c.ResolveEscalation | c.RetryNow)
        async with self._changing if waits else nullcontext():
            match command:
                case c.ResolveEscalation(id=id, verdict=verdict):
                    self._shared.approvals.resolve(id, verdict)
                case c.HandOff():
                    await self._hand_off(command)
                case c.NewSession():
                    await self.front.stop()
                    self._switch(Session(new_session_id(), self._deps, self._bus))
                    await self.front.count()
                case c.OpenSession(id=id):
                    await self._open(id)
                case c.ImportSession(path=path):
                    await self._open(await self.adopt((await read_archive(path)).events))
                case c.DeleteSession(id=id):
                    await self._delete(id)
                case c.RenameSession(title=title, id=id) if id not in ("", self.session_id):
                    await self._rename(id, title)
                case c.SendPrompt() if stops != self._stops:
                    raise WorkbenchError("stopped before it began", "The prompt was not sent.")
                case c.SendPrompt(session=session) | c.CancelTurn(session=session):
                    await self._find(session).handle(command)
                case _:
                    await self.front.handle(command)

    async def inspect(self, id: str) -> Session:
        """The session `id` as it stands, for reading: nothing is locked, recovered or changed."""
        session = await find_session(id, self._deps, self._bus, write=False)
        session.release()
        return session

    def find_waste(self, session: Session) -> tuple[Finding, ...]:
        """What wastes the window of `session`, priced; what frees most comes first."""
        return find_waste(session, self._deps.prices)

    async def repair(self, id: str) -> tuple[str, Session]:
        """Store what is sound of a damaged session under a new id; that id, and the damaged one."""
        damaged = await self.inspect(id)
        if not damaged.lost:
            raise WorkbenchError(f"session {damaged.id} is whole; there is nothing to repair")
        if not damaged.begun:
            raise WorkbenchError(damaged.read_only, f"`workbench sessions delete {damaged.id}` removes it.")
        return await self.adopt(tuple(damaged.events)), damaged

    async def adopt(self, events: tuple[e.Stamped, ...]) -> str:
        """Store a copy of an exported session under a new id, and return the id."""
        return await adopt_session(events, self._deps)

    async def idle(self) -> None:
        """Wait until nothing is under way in front and its queue is empty."""
        await self.front.idle()

    async def close(self) -> None:
        """Stop what runs, then release the session."""
        await self.front.stop()
        try:
            async with self._changing:
                await self.front.close()
        finally:
            await asyncio.to_thread(self._deps.days.close)

    def _find(self, session: str) -> Run:
        """The run of `session`, by default the one in front. Raises WorkbenchError where it is not at work."""
        run = self._shared.runs.get(session) if session else self.front
        if run is None:
            raise WorkbenchError(f"the session {session} is not at work here", "Open it first.")
        return run

    async def _hand_off(self, command: c.HandOff) -> None:
        old, to = self.front, new_session_id() if command.open else ""
        document = await old.hand_off(command, to)
        if not command.open:
            return
        self._switch(Session(to, self._deps, self._bus))
        await self.front.begin(old.session.summary.title, before=old.session, handed=(document,))
        self.session.measure()
        await self.session.sync()
        self.session.remember()

    async def _open(self, id: str) -> None:
        """What runs goes on until the other session was found; to open the open one again changes nothing."""
        session = await find_session(id, self._deps, self._bus)
        if session.id == self.session_id and bool(session.read_only) >= bool(self.session.read_only):
            session.release()
            return
        await self.front.stop()
        try:
            recover(session)
        except BaseException:
            session.release()
            raise
        self._switch(session)
        await self.front.billing.look()
        await self.front.count()

    async def _rename(self, id: str, title: str) -> None:
        """Give a session that is not open another title. Raises WorkbenchError where it cannot be written."""
        session = await find_session(id, self._deps, self._bus)
        try:
            if session.read_only:
                raise ReadOnlySession(session.read_only, "Its title stays as it is.")
            rename(session, title)
            await session.sync()
        finally:
            session.close()

    async def _delete(self, id: str) -> None:
        """Delete a session, then its children, which go with it."""
        if id == self.session_id:
            raise WorkbenchError(
                "the open session cannot be deleted", "Open another one first, or begin one with /new."
            )
        children = await asyncio.to_thread(self._deps.catalog.children, id)
        for each in (id, *(child.id for child in children)):
            await asyncio.to_thread(self._deps.store.delete, each)

    def _switch(self, session: Session) -> None:
        self.front.leave()
        session.spend.take_over(self.session.spend)
        self.front = Run(session, self._shared)
