"""What runs: at most one task at a time, and the prompts that wait for it.

start(plan) ─▶ the plan ─┐
send(prompt) ─▶ prompts ─┴▶ one after another; a fault ends only what it is in      stop ─▶ drops those that wait
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from workbench.core import events as e
from workbench.core.errors import WorkbenchError

log = logging.getLogger(__name__)

Job = Callable[[], Coroutine[Any, Any, None]]
"""Makes what is to run; called only when its time has come."""


class TaskQueue:
    """The running task and the queue of prompts."""

    def __init__(self, emit: Callable[[e.AnyEvent], None], answer: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        """`emit` tells what a task could not say itself; `answer` runs the turn of a prompt."""
        self._emit, self._answer = emit, answer
        self._prompts: deque[str] = deque()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._answering = False

    @property
    def busy(self) -> bool:
        """True while anything runs."""
        return self._task is not None and not self._task.done()

    @property
    def answering(self) -> bool:
        """True while a prompt is being answered, or is about to be; False while something else runs before it."""
        return self.busy and self._answering

    def send(self, prompt: str, *, first: bool = False) -> None:
        """Queue a prompt; it begins when nothing runs any more. `first` puts it before those that wait."""
        if first:
            self._prompts.appendleft(prompt)
        else:
            self._prompts.append(prompt)
        if not self.busy:
            self.start(None)

    def withdraw(self, prompt: str) -> bool:
        """Take back a prompt that waits, of equal ones the last; False where none does."""
        for place in range(len(self._prompts) - 1, -1, -1):
            if self._prompts[place] == prompt:
                del self._prompts[place]
                return True
        return False

    def start(self, job: Job | None) -> None:
        """Run `job`, or with None the prompts that wait; the caller has seen that nothing runs."""
        self._answering = job is None
        self._task = asyncio.get_running_loop().create_task(self._run(job))

    async def stop(self, *, dropping: bool = True) -> None:
        """Cancel what runs, drop what waits unless told to keep it, and return when it has ended.

        What was kept, or is sent meanwhile, begins then.
        """
        if dropping:
            self._prompts.clear()
        if self._task is None or self._task.done():
            return
        self._stopping = True
        self._task.cancel()
        await asyncio.wait({self._task})
        self._stopping = False
        if self._prompts and not self.busy:
            self.start(None)

    async def idle(self) -> None:
        """Wait until nothing runs and nothing waits."""
        while self._task is not None and (self.busy or self._stopping):
            await asyncio.wait({self._task})
            await asyncio.sleep(0)

    async def _run(self, job: Job | None) -> None:
        if job is not None:
            await self._guard(job())
        while self._prompts and not self._stopping:
            self._answering = True
            await self._guard(self._answer(self._prompts.popleft()))
            self._answering = False

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        """A failure is told to the person, never lost and never raised into the loop."""
        try:
            await work
        except WorkbenchError as error:
            self._emit(e.Noticed(error.message, "error", error.hint))
        except asyncio.CancelledError:
            self._emit(e.Noticed("stopped", "info"))
        except Exception as error:
            log.exception("a task of the engine failed")
            self._emit(e.Noticed(describe_bug(error), "error", "The log has the details."))


def describe_bug(error: Exception) -> str:
    """What a person reads of a fault of the workbench itself."""
    return f"something went wrong in the workbench itself: {type(error).__name__}: {error}"


async def see_through(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end whatever cancels the caller meanwhile; the cancellation is raised after it."""
    task = asyncio.get_running_loop().create_task(work)
    stopped: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as stop:
            stopped = stop
    task.result()
    if stopped is not None:
        raise stopped
