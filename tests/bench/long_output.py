"""With a tool's output of 2,000 lines in the transcript: how late a key is shown, and what doing nothing costs.

Whole workbench in a pty, a rehearsed turn; a key every tenth of a second, its latency until the terminal receives it.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.apps import READY
from tests.bench.startup import environment
from tests.e2e.person import PROGRAM
from tests.terminal import Terminal

LINES, KEYS, BETWEEN_KEYS_S, IDLE_S, SETTLE_S = 2_000, 100, 0.1, 10.0, 4.0
TO_THE_TOOL, UNFOLD = "\x1b[Z\x1b[A\x1b[A", " "
"""To the transcript and, past the answer, its tool; its output."""


def measure() -> dict[str, float]:
    """Milliseconds of 95 keys in a hundred, and the percentage of one core that idling takes."""
    with tempfile.TemporaryDirectory() as name:
        terminal = _open(Path(name))
        try:
            _read_long_output(terminal)
            _pump(terminal, SETTLE_S)
            before = terminal.cpu
            _pump(terminal, IDLE_S)
            idle = (terminal.cpu - before) / IDLE_S
            late = [_press(terminal, "abcdefgh"[number % 8]) for number in range(KEYS)]
            return {"key p95 ms": 1000 * statistics.quantiles(late, n=20)[-1], "idle percent": 100 * idle}
        finally:
            terminal.close()


def _open(folder: Path) -> Terminal:
    (folder / "project").mkdir()
    text = "".join(f"line {number} of a long output\n" for number in range(LINES))
    (folder / "project" / "long.txt").write_text(text)
    call = {"tool": "read", "arguments": {"file_path": "long.txt"}}
    (folder / "script.json").write_text(json.dumps([{"calls": [call]}, {"text": "read it all."}]))
    env = environment(folder, WORKBENCH_REHEARSAL=str(folder / "script.json"))
    return Terminal([str(PROGRAM)], env=env, cwd=folder / "project")


def _read_long_output(terminal: Terminal) -> None:
    """Have it read, and open all of it."""
    terminal.wait_for(READY)
    terminal.type("go\r")
    terminal.wait_for("read it all.")
    terminal.type(TO_THE_TOOL)
    terminal.type(UNFOLD)
    terminal.wait_for("line 2 of a long output", within=20)
    terminal.type("x")
    terminal.wait_for("▌  x")


def _press(terminal: Terminal, key: str) -> float:
    """Seconds until `key` is drawn."""
    _pump(terminal, BETWEEN_KEYS_S)
    began = time.monotonic()
    terminal.type(key)
    while time.monotonic() - began < 5.0:
        if key.encode() in terminal.pump(0.5, draw=False):
            break
    return time.monotonic() - began


def _pump(terminal: Terminal, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        terminal.pump(min(0.05, max(0.0, until - time.monotonic())), draw=False)
