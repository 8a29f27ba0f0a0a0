"""The bridge from the client to the screen: events wait in a queue that one timer empties.

Delivery is in order and without loss. The timer is paused while nothing comes, so that idle costs nothing.
"""

from collections import deque
from collections.abc import Callable

from textual.message_pump import MessagePump

from workbench.core.events import Stamped
from workbench.core.ports import EngineClient

INTERVAL = 1 / 25
"""Seconds between two deliveries."""
PATIENCE = 12
"""Empty rounds after which the timer is paused."""


class Bridge:
    """Hears the client and delivers what it heard in batches."""

    def __init__(self, owner: MessagePump, client: EngineClient, deliver: Callable[[list[Stamped]], bool]) -> None:
        """`deliver` takes a batch, also an empty one, and says whether it wants to be called again soon."""
        self._queue: deque[Stamped] = deque()
        self._deliver = deliver
        self._timer = owner.set_interval(INTERVAL, self.drain, pause=True)
        self._empty = 0
        self.asleep = True
        """True while the timer is paused: nothing comes, and nothing is to be drawn."""
        self._stop = client.subscribe(self._hear)

    def _hear(self, stamped: Stamped) -> None:
        self._queue.append(stamped)
        self.wake()

    def wake(self) -> None:
        """Deliver soon, even if nothing came."""
        self._empty, self.asleep = 0, False
        self._timer.resume()

    def drain(self) -> None:
        """Deliver what waits."""
        batch = list(self._queue)
        self._queue.clear()
        unfinished = self._deliver(batch)
        self._empty = 0 if batch or unfinished else self._empty + 1
        if self._empty >= PATIENCE:
            self._timer.pause()
            self.asleep = True

    def close(self) -> None:
        """Hear no more."""
        self._stop()
        self._timer.stop()
