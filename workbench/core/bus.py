"""The bus: stamped events to any number of listeners.

Delivery: in order, on the event loop's thread, at the moment of telling; a listener that fails is logged and stays
subscribed, and the teller never hears of it. Nothing is dropped or coalesced here.
"""

import logging
from collections.abc import Callable

from workbench.core.events import Stamped

log = logging.getLogger(__name__)

Listener = Callable[[Stamped], None]


class Bus:
    """Who listens."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on; returns how to stop."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def publish(self, stamped: Stamped) -> None:
        """Tell all listeners."""
        for listener in tuple(self._listeners):
            try:
                listener(stamped)
            except Exception:
                log.exception("a listener failed on %s", type(stamped.event).__name__)
