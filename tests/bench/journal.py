"""What appending an event costs, in a short session and in a long one.

`measure` answers, with fsync off, for 100 and for 10,000 events already in the session:
`cpu_s_100`, `cpu_s_10000`   CPU seconds for each appended event (best of several batches: noise only adds)
`bytes_100`, `bytes_10000`   bytes written for each appended event
`cpu_ratio`, `bytes_ratio`   long against short; about 1 where an append costs what it adds
"""

import tempfile
import time
from pathlib import Path

from workbench.core import events as e
from workbench.store.sessions import FileJournal, FileSessions

BATCH = 50
BATCHES = 9
SESSION = "be4c0000"


def measure() -> dict[str, float]:
    """The figures above."""
    with tempfile.TemporaryDirectory() as folder:
        store = FileSessions(Path(folder), fsync=False)
        journal = store.create(SESSION)
        journal.append(_event(1))  # the first commit imports what it needs
        short_cpu, short_bytes, last = _appended(journal, 1, 100)
        long_cpu, long_bytes, _ = _appended(journal, last, 10_000)
        journal.close()
    return {
        "cpu_s_100": short_cpu,
        "cpu_s_10000": long_cpu,
        "bytes_100": short_bytes,
        "bytes_10000": long_bytes,
        "cpu_ratio": long_cpu / short_cpu,
        "bytes_ratio": long_bytes / short_bytes,
    }


def _appended(journal: FileJournal, last: int, until: int) -> tuple[float, float, int]:
    """CPU seconds and bytes for each event beyond `until`, and the last sequence number."""
    for seq in range(last + 1, until + 1):
        journal.append(_event(seq))
    seq, seconds, before = max(last, until), [], journal.path.stat().st_size
    for _ in range(BATCHES):
        begun = time.process_time()
        for _ in range(BATCH):
            seq += 1
            journal.append(_event(seq))
        seconds.append((time.process_time() - begun) / BATCH)
    written = journal.path.stat().st_size - before
    return min(seconds), written / (BATCH * BATCHES), seq


def _event(seq: int) -> e.Stamped:
    return e.Stamped(
        seq, 1_700_000_000.0 + seq, SESSION, "f" * 32, e.ToolFinished(1, f"call_{seq}", "read", "x" * 400, 120, 0.1)
    )
