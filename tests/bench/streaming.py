"""The whole workbench against a minimal Textual chat with MarkdownStream: one loopback stream, one SDK, two ptys.

CPU is the child's, from the prompt to the end of the answer. A key is pressed a tenth of a second after the last one
was echoed; its latency is the time until the terminal receives it.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.apps import READY
from tests.bench.loopback import serve
from tests.bench.startup import ROOT, environment
from tests.terminal import Terminal

TOKENS = 20_000
PACED_TOKENS = 8_000
PACE = 1_000
THEIR_TOKENS = 2_000
"""MarkdownStream's cost a token grows with the answer, and 20,000 take it many minutes. A short answer is compared by
CPU a token, which flatters it: the real ratios are smaller than those told."""
KEY = "ж"
"""A letter that the stream does not hold."""
BETWEEN_KEYS = 0.1
SETTLE = 4.0
"""Seconds for imports in the background to end before anything is measured."""
PATIENCE = 180.0


def workbench(terminal: Terminal) -> None:
    """Ask."""
    terminal.type("stream\r")


def markdown(terminal: Terminal) -> None:
    """Ask."""
    terminal.type("\x19")


ENDS: dict[str, tuple[Callable[[Terminal], None], bytes]] = {
    "workbench": (workbench, b"unrated"),
    "markdown": (markdown, b"DONE"),
}


def run(app: str, url: str, keys: bool, root: Path = ROOT) -> tuple[float, list[float]]:
    """Seconds of CPU for one answer, and the latencies of the keys pressed meanwhile; `root` holds the sources."""
    send, end = ENDS[app]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = environment(folder, PYTHONPATH=str(root), ANTHROPIC_BASE_URL=url, ANTHROPIC_API_KEY="none")
        extra = ["--provider", "endpoint", "--model", "loopback"] if app == "workbench" else []
        terminal = Terminal([sys.executable, "-m", "tests.bench.apps", app, *extra], env=env, cwd=folder)
        try:
            terminal.wait_for(READY)
            until = time.monotonic() + SETTLE
            while time.monotonic() < until:
                terminal.pump(0.1)
            before = terminal.cpu
            send(terminal)
            latencies = _watch(terminal, end, keys)
            return terminal.cpu - before, latencies
        finally:
            terminal.close()


def _watch(terminal: Terminal, end: bytes, keys: bool) -> list[float]:
    """Read until the answer has ended, pressing keys if asked."""
    began = time.monotonic()
    latencies: list[float] = []
    pressed: float | None = None
    next_key = began + 1.0
    tail = b""
    while time.monotonic() - began < PATIENCE:
        data = terminal.pump(0.02, draw=False)
        now = time.monotonic()
        if pressed is not None and KEY.encode() in data:
            latencies.append(now - pressed)
            pressed, next_key = None, now + BETWEEN_KEYS
        elif keys and pressed is None and now >= next_key:
            terminal.type(KEY)
            pressed = now
        tail = tail[-64:] + data
        if end in tail:
            return latencies
    raise TimeoutError(f"the answer did not end within {PATIENCE} s")


def measure() -> dict[str, float]:
    """CPU seconds for 1,000 tokens, key latency p95 in seconds while paced, and the ratios of ours to theirs."""
    with serve(THEIR_TOKENS) as url:
        theirs = run("markdown", url, False)[0] / THEIR_TOKENS
    with serve(TOKENS) as url:
        ours = statistics.median(run("workbench", url, False)[0] for _ in range(3)) / TOKENS
    with serve(THEIR_TOKENS, PACE) as url:
        cpu, their_keys = run("markdown", url, True)
        their_paced = cpu / THEIR_TOKENS
    with serve(PACED_TOKENS, PACE) as url:
        cpu, our_keys = run("workbench", url, True)
        our_paced = cpu / PACED_TOKENS
    their_p95, our_p95 = _p95(their_keys), _p95(our_keys)
    return {
        "flat workbench": ours * 1_000,
        "flat markdown": theirs * 1_000,
        "flat ratio": ours / theirs,
        "paced workbench": our_paced * 1_000,
        "paced markdown": their_paced * 1_000,
        "paced ratio": our_paced / their_paced,
        "key p95 workbench": our_p95,
        "key p95 markdown": their_p95,
        "key ratio": our_p95 / their_p95,
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
