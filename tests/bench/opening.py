"""CPU of opening a long session in the terminal, to the first full frame, against an empty workbench, by turns.

A full frame has the newest answer and all blocks of the panel. Sessions of 10,000 and of 40,000 messages.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench import long_talk
from tests.bench.startup import PAINTED, environment
from tests.terminal import Terminal

LENGTHS = (10_000, 40_000)
ROUNDS = 7
FRAME = (long_talk.LAST.encode(), b"WINDOW", b"BUDGET", b"CONFIDENCE")
PATIENCE = 240.0


def first_frame(folder: Path, *options: str, drawn: tuple[bytes, ...] = FRAME) -> tuple[float, int]:
    """Seconds of CPU until all of `drawn` is on the screen, and resident bytes then."""
    command = [sys.executable, "-m", "tests.bench.apps", "workbench", *options]
    terminal = Terminal(command, env=environment(folder), cwd=folder)
    try:
        return terminal.cpu_when(*drawn, within=PATIENCE), terminal.memory
    finally:
        terminal.close()


def measure() -> dict[str, float]:
    """Medians in seconds of CPU, what 10,000 messages cost beside none, and 40,000 beside 10,000."""
    with tempfile.TemporaryDirectory() as name:
        folders = {length: Path(name) / str(length) for length in (0, *LENGTHS)}
        for length, folder in folders.items():
            (folder / "sessions").mkdir(parents=True)
            if length:
                long_talk.write(folder / "sessions", length)
        first_frame(folders[0], drawn=(PAINTED,))
        rounds = [[_open(length, folder) for length, folder in folders.items()] for _ in range(ROUNDS)]
    empty, short, long = (statistics.median(cpu for cpu, _ in runs) for runs in zip(*rounds, strict=True))
    return {
        "empty": empty,
        "10,000 messages": short,
        "40,000 messages": long,
        "ratio": statistics.median(each[1][0] / each[0][0] for each in rounds),
        "growth": statistics.median(each[2][0] / each[1][0] for each in rounds),
        "resident MB": statistics.median(each[1][1] for each in rounds) / 1e6,
    }


def _open(length: int, folder: Path) -> tuple[float, int]:
    return first_frame(folder, "--resume", long_talk.SESSION) if length else first_frame(folder, drawn=(PAINTED,))
