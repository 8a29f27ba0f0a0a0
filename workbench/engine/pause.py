"""The wait before a request is tried again, which a person can cut short."""

import asyncio

from workbench.core.ports import Clock


class Pause:
    """One wait at a time: a run sends one request after the other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ended: asyncio.Event | None = None

    async def wait(self, seconds: float) -> None:
        """Wait so long, or until `end`."""
        ended = self._ended = asyncio.Event()
        timer, told = asyncio.ensure_future(self._clock.sleep(seconds)), asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait((timer, told), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._ended = None
            timer.cancel()
            told.cancel()

    def end(self) -> None:
        """Go on at once; nothing happens where nobody waits."""
        if self._ended is not None:
            self._ended.set()
