"""CPU of opening a long session in the terminal, to the first full frame, against an empty session, by turns.

A full frame has the newest answer and all blocks of the panel. Sessions of 10,000 and of 40,000 messages; beside them
how long the event loop was held at most, until the whole transcript was there, and that no key was lost meanwhile.
"""

import os
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import long_talk
from tests.bench.startup import PAINTED, environment
from tests.terminal import Terminal

LENGTHS = (0, 10_000, 40_000)
ROUNDS = 7
FRAME = (long_talk.LAST.encode(), b"WINDOW", b"BUDGET", b"CONFIDENCE")
KEYS = "typed while it opens"
PATIENCE = 240.0
SETTLED_S = 3.0
"""Seconds after which nothing of the opening is left to do."""


def open_session(length: int, folder: Path) -> tuple[float, int]:
    """Seconds of CPU until the first full frame is on the screen, and resident bytes then."""
    terminal = _start(folder)
    try:
        drawn = FRAME if length else (PAINTED,)
        return terminal.cpu_when(*drawn, within=PATIENCE), terminal.memory
    finally:
        terminal.close()


def hold_loop(folder: Path) -> float:
    """The most CPU seconds in which no key could be taken; raises TimeoutError where a key was lost."""
    told = folder / "longest"
    terminal = _start(folder, WORKBENCH_BENCH_LOOP=str(told))
    try:
        terminal.wait_for("WINDOW", within=PATIENCE)
        for key in KEYS:
            terminal.type(key)
            terminal.pump(0.01)
        terminal.wait_for(KEYS, within=PATIENCE)
        until = time.monotonic() + SETTLED_S
        while time.monotonic() < until:
            terminal.pump(0.1)
        os.kill(terminal.pid, signal.SIGUSR2)
        until = time.monotonic() + PATIENCE
        while not told.exists():
            if time.monotonic() > until:
                raise TimeoutError("the terminal did not tell how long its loop was held")
            terminal.type(" ")  # another thread may have got the signal; a key wakes the one that hears of it
            terminal.pump(0.05)
        return float(told.read_text())
    finally:
        terminal.close()


def measure() -> dict[str, float]:
    """Medians in seconds of CPU, what 10,000 messages cost beside none, and 40,000 beside 10,000."""
    with tempfile.TemporaryDirectory() as name:
        folders = {length: Path(name) / str(length) for length in LENGTHS}
        for length, folder in folders.items():
            (folder / "sessions").mkdir(parents=True)
            long_talk.write(folder / "sessions", length)
        open_session(0, folders[0])
        rounds = [[open_session(length, folder) for length, folder in folders.items()] for _ in range(ROUNDS)]
        held = [hold_loop(folders[length]) for length in LENGTHS]
    empty, short, long = (statistics.median(cpu for cpu, _ in runs) for runs in zip(*rounds, strict=True))
    return {
        "empty": empty,
        "10,000 messages": short,
        "40,000 messages": long,
        "ratio": statistics.median(each[1][0] / each[0][0] for each in rounds),
        "growth": statistics.median(each[2][0] / each[1][0] for each in rounds),
        "resident MB": statistics.median(each[1][1] for each in rounds) / 1e6,
        "loop held, empty": held[0],
        "loop held, 10,000": held[1],
        "loop held, 40,000": held[2],
    }


def _start(folder: Path, **more: str) -> Terminal:
    command = [sys.executable, "-m", "tests.bench.apps", "workbench", "--resume", long_talk.SESSION]
    return Terminal(command, env=environment(folder, **more), cwd=folder)
