"""The signals that end a command: kept from the first moment on, applied when there is something to end.

kept ─▶ while modules are imported, stdin is read and a session opens: noted, nothing is broken off
told ─▶ `run` hears of each, also of one that came before it listened, and stops its turn
raised ─▶ any other command is broken off at once, also by one that came before
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""The exit code is 128 more: 129, 130, 131, 143."""


class Interrupted(KeyboardInterrupt):
    """A signal ended the command."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Signals:
    """What was caught, and who wants to know."""

    def __init__(self) -> None:
        self.caught = 0
        """The first one; 0 where none came."""
        self._listener: Callable[[int], None] | None = None
        self._raises = False
        self._kept = 0

    @contextmanager
    def kept(self, *, to_the_end: bool = False) -> Iterator[None]:
        """Note signals instead of dying of them; within another one this changes nothing.

        `to_the_end`: also after it, while the process ends.
        """
        self._kept += 1
        before = {}
        if self._kept == 1:
            self.caught, self._listener, self._raises = 0, None, False
            before = {number: signal.signal(number, self._catch) for number in ENDING}
        try:
            yield
        finally:
            self._kept -= 1
            if before:
                self._listener, self._raises = None, False
            for number, handler in before.items():
                if not to_the_end:
                    signal.signal(number, handler or signal.SIG_DFL)

    def tell(self, listener: Callable[[int], None]) -> None:
        """Call `listener` with each signal, between two instructions of whatever runs; with one that came at once."""
        self._listener = listener
        if self.caught:
            listener(self.caught)

    def raise_now(self) -> None:
        """Raise Interrupted at each signal from here on, and for one that came before."""
        self._raises = True
        if self.caught:
            raise Interrupted(self.caught)

    def _catch(self, number: int, frame: FrameType | None) -> None:
        self.caught = self.caught or number
        if self._raises:
            raise Interrupted(number)
        if self._listener is not None:
            self._listener(number)


SIGNALS = Signals()
"""Those of this process."""
