"""This tree against an earlier commit, run in turn: start-up, streaming and key latency of the whole program.

BENCH_AGAINST=COMMIT python -m tests.bench previous
"""

import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.loopback import serve
from tests.bench.startup import ROOT, first_paint
from tests.bench.streaming import PACE, run

PAIRS = 5
TOKENS = 20_000
PACED_TOKENS = 5_000


@contextmanager
def check_out(commit: str) -> Iterator[Path]:
    """The sources of `commit` in a folder of their own."""
    with tempfile.TemporaryDirectory() as name:
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", name], input=archive, check=True)
        yield Path(name)


def compare(one: Callable[[Path], float], before: Path, pairs: int = PAIRS) -> tuple[float, float, float]:
    """Medians of this tree and of `before`, and the median of their ratios pair by pair; the first pair warms up."""
    one(before), one(ROOT)
    found = [(one(ROOT), one(before)) for _ in range(pairs)]
    ours, theirs = zip(*found, strict=True)
    return statistics.median(ours), statistics.median(theirs), statistics.median(a / b for a, b in found)


def measure() -> dict[str, float]:
    """CPU seconds to the first paint and for 1,000 tokens flat out and paced, and seconds of key latency (median)."""
    figures: dict[str, float] = {}

    def tell(name: str, told: tuple[float, float, float], scale: float = 1.0) -> None:
        figures.update({f"{name}": told[0] * scale, f"{name} before": told[1] * scale, f"{name} ratio": told[2]})

    with check_out(os.environ["BENCH_AGAINST"]) as before:
        with tempfile.TemporaryDirectory() as folder:
            tell("startup", compare(lambda root: first_paint("workbench", Path(folder), root)[0], before, 10))
        with serve(TOKENS) as url:
            tell("flat", compare(lambda root: run("workbench", url, False, root)[0], before, 3), 1_000 / TOKENS)
        with serve(PACED_TOKENS, PACE) as url:
            keys: dict[Path, list[float]] = {before: [], ROOT: []}

            def paced(root: Path) -> float:
                cpu, latencies = run("workbench", url, True, root)
                keys[root] += latencies
                return cpu

            tell("paced", compare(paced, before, 3), 1_000 / PACED_TOKENS)
            ours, theirs = statistics.median(keys[ROOT]), statistics.median(keys[before])
            tell("key", (ours, theirs, ours / theirs))
    return figures
