"""`make bench`: every figure with its limit, as ratios measured in one run. Exits 1 where one is missed.

`make bench retention` runs only those that are named. `BENCH_AGAINST=COMMIT make bench` also compares this tree with
that commit, in alternating pairs.
"""

import os
import sys
from types import ModuleType

from tests.bench import (
    cache,
    estimates,
    findings,
    inspector,
    journal,
    ledger,
    long_output,
    opening,
    previous,
    retention,
    search,
    startup,
    streaming,
    turns,
)

LIMITS = {
    "startup": {"ratio": 1.4, "heavy modules": 0.0},
    "streaming": {"flat ratio": 1 / 8, "paced ratio": 1 / 5, "key ratio": 1 / 3},
    "journal": {"cpu_ratio": 2.0, "bytes_ratio": 2.0},
    "search": {"cpu ratio": 2.0},
    "opening": {"ratio": 2.0, "growth": 4.4},
    "turns": {"ratio": 3.0},
    "findings": {"first ratio": 15.0, "again share": 0.1},
    "cache": {"miss ratio": 0.1, "unexplained misses": 0.0, "dollars of naive, worst": 0.25},
    "ledger": {"ratio": 2.0},
    "estimates": {"after, worst": 0.02},
    "inspector": {"ratio": 2.0},
    "long output": {"key p95 ms": 20.0, "idle percent": 0.5},
    "retention": retention.LIMITS,
    "previous": {"startup ratio": 1.1, "flat ratio": 1.1, "paced ratio": 1.1, "key ratio": 1.5},
}
BENCHES = {
    "startup": startup.measure,
    "streaming": streaming.measure,
    "journal": journal.measure,
    "search": search.measure,
    "opening": opening.measure,
    "turns": turns.measure,
    "findings": findings.measure,
    "ledger": ledger.measure,
    "estimates": estimates.measure,
    "inspector": inspector.measure,
    "long output": long_output.measure,
    "cache": cache.measure,
    "retention": retention.measure,
}
CONTEXT: dict[str, ModuleType] = {
    "estimates": estimates,
    "retention": retention,
    "cache": cache,
    "ledger": ledger,
    "findings": findings,
    "inspector": inspector,
}
"""Benches of the context window, which `make report` writes down too: a module with `measure`."""
if "BENCH_AGAINST" in os.environ:
    BENCHES["previous"] = previous.measure


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; returns how many limits were missed."""
    missed = 0
    for name in names or BENCHES:
        print(f"{name}", flush=True)
        for figure, value in BENCHES[name]().items():
            limit = LIMITS[name].get(figure)
            bad = limit is not None and value > limit
            missed += bad
            told = "" if limit is None else f"   at most {limit:.3f}   {'MISSED' if bad else 'ok'}"
            print(f"  {figure:<32} {value:>12.6f}{told}", flush=True)
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
