"""Text as it arrives, and the meter that follows it at most twice a second."""

from workbench.core import events as e
from workbench.core.clock import Clock
from workbench.engine.session import Session

EVERY_S = 0.5
CHARACTERS_A_TOKEN = 3
"""Good enough for what is still arriving; the step's end measures exactly."""


class LiveMeter:
    """Tells TextArrived for each piece, and now and then what the window holds with it."""

    def __init__(self, session: Session, clock: Clock, turn: int, step: int) -> None:
        self._session, self._clock = session, clock
        self._turn, self._step = turn, step
        self._characters = 0
        self._told = clock.monotonic()

    def __call__(self, text: str) -> None:
        self._session.emit(e.TextArrived(self._turn, self._step, text))
        self._characters += len(text)
        now = self._clock.monotonic()
        if now - self._told >= EVERY_S:
            self._told = now
            window = self._session.window(self._characters // CHARACTERS_A_TOKEN)
            self._session.emit(e.WindowMeasured(window))
