"""Output apart from the event loop: a reader that stands still stops neither a signal nor the turn.

    print ─▶ queue, bounded ─▶ a thread ─▶ stdout, stderr, in the order of the calls

When the queue is full `print` waits, so that nothing is lost and nothing grows: the run is as slow as its reader. After
an interrupt it waits only for a reader that still takes something. A reader that went away is noticed at once, also
while there is nothing to write.
"""

import os
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from workbench.cli.signals import SIGNALS
from workbench.cli.streams import LEFT

MOST_CHARACTERS = 16_000_000
"""Of text that waits to be written."""
PATIENCE_S = 2.0
"""Seconds that an interrupted run waits for a reader that takes nothing."""
SLICE_S = 0.05
PIECE = 1 << 16


class Printer:
    """Writes whole texts. `fault` is why stdout takes no more, None while it does."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self.fault: OSError | None = None
        self._most = most
        self._texts: deque[tuple[TextIO, str]] = deque()
        self._waiting = 0
        """Characters not yet written, those being written among them."""
        self._written = 0
        self._changed = threading.Condition()
        self._broken: Callable[[], None] | None = None
        self._ended = False
        self._dropping = False
        """True once a signal came and the reader took nothing for too long."""
        threading.Thread(target=self._work, name="printer", daemon=True).start()

    def watch(self, broken: Callable[[], None]) -> None:
        """Call `broken`, in another thread, as soon as nobody can read stdout any more, or it takes no more."""
        self._broken = broken
        threading.Thread(target=self._wait_for_hangup, name="reader", daemon=True).start()

    def print(self, text: str, *, error: bool = False) -> None:
        """Write a line to stdout, or to stderr for an `error`. Waits where too much is unwritten.

        It is dropped after a signal, where nobody takes what was printed before.
        """
        if not self._drain(self._most):
            return
        with self._changed:
            self._texts.append((sys.stderr if error else sys.stdout, text + "\n"))
            self._waiting += len(text) + 1
            self._changed.notify_all()

    def finish(self) -> bool:
        """Wait until all is written; False where some was dropped, because of a fault or an interrupt."""
        whole = self._drain(1)
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        return whole and self.fault is None

    def _drain(self, below: int) -> bool:
        """Wait until fewer than `below` characters wait. False after an interrupt whose reader takes nothing."""
        written, since = -1, time.monotonic()
        with self._changed:
            while self._waiting >= below and not self._dropping:
                if written != self._written:
                    written, since = self._written, time.monotonic()
                self._dropping = bool(SIGNALS.caught) and time.monotonic() - since > PATIENCE_S
                self._changed.wait(SLICE_S)  # a signal's handler runs between two of these, and may not lock
            return not self._dropping

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._texts) or self._ended)
                if not self._texts:
                    return
                stream, text = self._texts.popleft()
            if stream is not sys.stdout or self.fault is None:
                self._write(stream, text)
            with self._changed:
                self._waiting -= len(text)
                self._changed.notify_all()

    def _write(self, stream: TextIO, text: str) -> None:
        try:
            try:
                number = stream.fileno()
            except ValueError:  # no file of the system: it belongs to whoever calls us in this process
                stream.write(text)
                stream.flush()
                return
            data = memoryview(text.encode(stream.encoding, "backslashreplace"))
            while data:
                data = data[_write_some(number, data[:PIECE]) :]
                self._written += 1
        except OSError as error:
            if stream is sys.stdout:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        if self.fault is None:
            self.fault = error
            if self._broken is not None:
                self._broken()

    def _wait_for_hangup(self) -> None:
        with suppress(ValueError, OSError):
            poll = select.poll()
            poll.register(sys.stdout.fileno(), 0)
            if poll.poll():
                self._give_up(BrokenPipeError(LEFT[0], os.strerror(LEFT[0])))


def _write_some(number: int, data: memoryview) -> int:
    """Bytes written, of a stream that another process may have made non-blocking."""
    while True:
        try:
            return os.write(number, data)
        except BlockingIOError:
            select.select((), (number,), ())
