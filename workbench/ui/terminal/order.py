"""Hands keys, pastes and clicks on one at a time: the next when the one before has had all its effects.

Upstream a text field inserts a character at once, but what a key is bound to only when the key has bubbled up to the
application: `foo2`, backspace, enter in one read would send `foo2`. Here it is as if each had been typed after the
other, whatever came in one read: an input method's commit, an expander's text, a slow link's packet.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.widgets import Input, TextArea

PATIENCE_S = 2.0
"""Seconds after which the next is handed on although the one before still has effects: one of them waits for more."""
QUIET_ROUNDS = 2
"""So often every queue is found empty in a row before all is quiet: what waits in one of them may fill another."""


def is_input(event: events.Event) -> bool:
    """True for what comes from the terminal. Focus is part of it: what was typed before a window lost it is its own."""
    return isinstance(event, events.InputEvent | events.Paste | events.AppFocus | events.AppBlur)


class InputOrder:
    """Lies between an application's queue and what it does with input."""

    def __init__(self, app: App[None], hand_on: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[events.Event] = deque()
        self._last: events.Event | None = None
        self._releasing: asyncio.Task[None] | None = None
        self._round, self._to_pass, self._passed = 0, 0, asyncio.Event()

    async def take(self, event: events.Event) -> None:
        """Hand `event` on, now or when it is its turn. A click beside the window is none: upstream, nothing has the
        focus after it.
        """
        if isinstance(event, events.MouseEvent) and not self._is_inside(event):
            return
        if not self._waiting and self._runs_on(event):
            await self._pass(event)
            return
        self._waiting.append(event)
        if len(self._waiting) == 1:
            self._releasing = asyncio.create_task(self._release())
            self._releasing.add_done_callback(self._report)

    async def _pass(self, event: events.Event) -> None:
        self._last = event
        await self._hand_on(event)

    def _report(self, done: "asyncio.Task[None]") -> None:
        """Have the application handle what went wrong, as if it had gone wrong there."""
        if not done.cancelled() and (error := done.exception()):
            self._app.call_later(_raise, error)

    async def _release(self) -> None:
        while self._waiting:
            if not self._runs_on(self._waiting[0]):
                await self._settle()
            try:
                await self._pass(self._waiting[0])
            finally:
                self._waiting.popleft()

    def _is_inside(self, event: events.MouseEvent) -> bool:
        return self._app.mouse_captured is not None or self._app.size.region.contains(int(event.x), int(event.y))

    def _runs_on(self, event: events.Event) -> bool:
        """True where `event` cannot overtake what the last one does."""
        last = self._last
        if last is None:
            return True
        if isinstance(event, events.MouseMove | events.MouseScrollUp | events.MouseScrollDown):
            return type(event) is type(last)
        return _is_text(last) and _is_text(event) and _takes_text(self._app)

    async def _settle(self) -> None:
        """Wait until nothing that the last event caused is still under way."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                quiet = 0
                while quiet < QUIET_ROUNDS:
                    await self._pass_through(self._pumps())
                    busy = any(pump.message_queue_size for pump in self._pumps())
                    quiet = 0 if busy else quiet + 1
        except TimeoutError:
            pass  # what is still to come waits for something else: esc and ctrl+c must not wait for it too
        self._last = None

    async def _pass_through(self, pumps: list[MessagePump]) -> None:
        """Wait until each of `pumps` has worked off what lies in its queue."""
        self._passed.clear()
        self._round += 1
        self._to_pass = len(pumps)
        for pump in pumps:
            if not pump.call_later(self._count, self._round):
                self._count(self._round)
        await self._passed.wait()

    def _count(self, number: int) -> None:
        """One has; one of a round that was given up does not count."""
        self._to_pass -= number == self._round
        if self._to_pass <= 0:
            self._passed.set()

    def _pumps(self) -> list[MessagePump]:
        """The queues that input goes through: from what has the focus up to the application."""
        begin = self._app.focused or self._app.screen
        return [pump for pump in begin.ancestors_with_self if pump.is_running]


def _raise(error: BaseException) -> None:
    raise error


def _is_text(event: events.Event) -> bool:
    return isinstance(event, events.Paste) or (isinstance(event, events.Key) and event.is_printable)


def _takes_text(app: App[None]) -> bool:
    focused = app.focused
    return isinstance(focused, Input) or (isinstance(focused, TextArea) and not focused.read_only)
