"""A search over 50,000 files for 3,000 hits, beside `grep -r` over the same files in the same run."""

import asyncio
import resource
import subprocess
import tempfile
from pathlib import Path

FOLDERS, FILES, LINES = 500, 100, 40
EVERY = 17
PATTERN = r"needle_\w+"


def measure() -> dict[str, float]:
    """Seconds of CPU of both, this process's own part included, and their ratio; the least of three runs each."""
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder))
        ours = min(_measure_ours(Path(folder)) for _ in range(3))
        theirs = min(_measure_grep(folder) for _ in range(3))
    return {"search s": ours, "grep -r s": theirs, "cpu ratio": ours / theirs}


def _fill(top: Path) -> None:
    text = "    def class return import self value index error main request session\n" * LINES
    for number in range(FOLDERS * FILES):
        folder = top / f"d{number // FILES}"
        if number % FILES == 0:
            folder.mkdir()
        hit = "the needle_stands here\n" if number % EVERY == 0 else ""
        (folder / f"f{number % FILES}.py").write_text(text + hit)


def _measure_ours(top: Path) -> float:
    from workbench.tools.searching import MOST_HITS, run_search

    began = _used()
    _, summary = asyncio.run(run_search("lines", PATTERN, top, MOST_HITS))
    assert summary.files == FOLDERS * FILES and not summary.stopped
    return _used() - began


def _measure_grep(top: str) -> float:
    began = _used()
    subprocess.run(["grep", "-rnE", PATTERN, top], stdout=subprocess.DEVNULL, check=True)
    return _used() - began


def _used() -> float:
    both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)
