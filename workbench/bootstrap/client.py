"""A client that shows its face at once and builds its engine behind it.

Until the first command, or `warm_up`, nothing of the engine is imported: the first frame does not wait for it.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from workbench.bootstrap.choice import Chosen
from workbench.core import commands as c
from workbench.core.commands import Command
from workbench.core.errors import WorkbenchError
from workbench.core.events import Bus, Listener, Stamped
from workbench.core.inspection import BlockReading, Inspection
from workbench.core.models import ModelOffer
from workbench.core.ports import EngineClient, RuntimeInfo
from workbench.core.summary import SessionSummary

if TYPE_CHECKING:
    from workbench.engine import Engine


class DeferredClient:
    """Implements `core.ports.EngineClient`."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self._engine: Engine | None = None
        self._lock = asyncio.Lock()
        self._sending: set[asyncio.Future[None]] = set()
        """One for each prompt that waits for the engine; done when it was stopped."""
        self._bus, self._with_children = Bus(), Bus()

    @property
    def facts(self) -> RuntimeInfo:
        """Provider, model, workspace."""
        return self._chosen.facts

    @property
    def session_id(self) -> str:
        """The open session; empty before the first prompt of a new one."""
        return self._engine.session_id if self._engine else ""

    @property
    def read_only(self) -> str:
        """Why the open session cannot be written, or empty."""
        return self._engine.read_only if self._engine else ""

    @property
    def busy(self) -> bool:
        """True while a turn, a plan or a draft is under way, or a prompt waits for the engine."""
        return bool(self._sending) or (self._engine is not None and self._engine.busy)

    def subscribe(self, listener: Listener, *, children: bool = False) -> Callable[[], None]:
        """Hear every event of the session in front from now on, and with `children` those of its children."""
        return (self._with_children if children else self._bus).subscribe(listener)

    def history(self) -> Iterable[Stamped]:
        """The stored events of the open session."""
        return self._engine.history() if self._engine else ()

    def sessions(self) -> list[SessionSummary]:
        """All sessions, newest first. Call it in a thread the first time: it builds the engine's store."""
        from workbench.store.catalog import FileCatalog

        return self._engine.sessions() if self._engine else FileCatalog(self._chosen.sessions).list()

    async def inspect_window(self) -> Inspection:
        """The window of the open session; builds the engine."""
        return await (await self.engine()).inspect_window()

    def read_block(self, id: str) -> BlockReading | None:
        """One block of the open session."""
        return self._engine.read_block(id) if self._engine else None

    async def split_tokens(self, text: str) -> tuple[str, ...]:
        """`text` in the pieces of the local tokenizer; builds the engine."""
        return await (await self.engine()).split_tokens(text)

    async def list_models(self) -> tuple[ModelOffer, ...]:
        """What the open session can be switched to; builds the engine."""
        return await (await self.engine()).list_models()

    async def handle(self, command: Command) -> None:
        """Carry out one command. Raises WorkbenchError, also for a prompt that was stopped before it was sent."""
        match command:
            case c.CancelTurn() if self._sending:
                for stopped in self._sending:
                    stopped.cancel()
                if self._engine is None:
                    return  # nothing runs yet
            case c.SendPrompt():
                await self._wait_to_send()
        await (await self.engine()).handle(command)

    async def _wait_to_send(self) -> None:
        """Wait for the engine or for a stop, which overtakes the prompt."""
        if self._engine is not None:
            return
        stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sending.add(stopped)
        building = asyncio.ensure_future(self.engine())
        building.add_done_callback(lambda done: done.cancelled() or done.exception())  # told to whoever waits
        try:
            waiting: tuple[asyncio.Future[Any], ...] = (building, stopped)
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._sending.discard(stopped)
        if stopped.cancelled():
            raise WorkbenchError("stopped before it was sent; nothing ran", "enter sends it")

    async def warm_up(self) -> None:
        """Build the engine, then import and open what is slow in it."""
        await (await self.engine()).warm_up()

    async def close(self) -> None:
        """Stop the running turn, flush and release the session."""
        if self._engine is not None:
            await self._engine.close()

    async def engine(self) -> "Engine":
        """The engine, built in a thread the first time."""
        async with self._lock:
            if self._engine is None:
                self._engine = await asyncio.to_thread(self._build)
                self._engine.subscribe(self._bus.publish)
                self._engine.subscribe(self._with_children.publish, children=True)
        return self._engine

    def _build(self) -> "Engine":
        from workbench.bootstrap.build import build

        return build(self._chosen)


def _is_an_engine_client(client: DeferredClient) -> EngineClient:
    """Lets the type checker hold the class against the port."""
    return client
