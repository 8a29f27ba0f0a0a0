"""Leaving when asked to from outside: a signal, or a terminal that is gone.

A closed window sends SIGHUP only to the leader of its session; whoever that is may not pass it on, and a workbench
without a terminal would hold its session's lock for ever.
"""

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable

HUNG_UP = 128 + signal.SIGHUP
GRACE_S = 10.0
"""Seconds after which a leave that does not come to its end is cut short; the journal is safe at any moment."""


def leave_on_hangup(leave: Callable[[int], None]) -> None:
    """Call `leave` with an exit code, on the running loop, at SIGHUP, SIGTERM or the end of the terminal."""
    loop = asyncio.get_running_loop()

    def go(code: int) -> None:
        if code == HUNG_UP:
            _write_nowhere()
        threading.Thread(target=_cut_short, args=(code,), daemon=True).start()
        leave(code)

    for number in (signal.SIGHUP, signal.SIGTERM):
        loop.add_signal_handler(number, go, 128 + number)
    watcher = threading.Thread(target=_watch, args=(loop, go), name="hangup", daemon=True)
    watcher.start()


def _watch(loop: asyncio.AbstractEventLoop, go: Callable[[int], None]) -> None:
    """Sleep in the kernel until the terminal hangs up."""
    poll = select.poll()
    poll.register(sys.stdin.fileno(), 0)
    poll.poll()
    if not loop.is_closed():
        loop.call_soon_threadsafe(go, HUNG_UP)


def _write_nowhere() -> None:
    """There is no terminal to restore; writing to it would only fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _cut_short(code: int) -> None:
    threading.Event().wait(GRACE_S)
    os._exit(code)
