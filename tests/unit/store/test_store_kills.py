"""A process that is killed loses nothing that it was told is stored."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.store.sessions import FileSessions

WRITE = """
import os, sys
from pathlib import Path
from workbench.core import events as e
from workbench.store.sessions import FileSessions
store = FileSessions(Path(sys.argv[1]), fsync=False)
id = "1a2b3c4d"
journal = store.open(id).journal if store.ids() else store.create(id)
seq = journal.events[-1].seq if journal.events else 0
while True:
    seq += 1
    large = "y" * 40_000 + str(seq) if seq % 50 == 0 else "x" * (seq % 300)
    journal.append(e.Stamped(seq, float(seq), id, "", e.ToolFinished(1, f"c{seq}", "read", large, 1, 0.1)))
    os.write(1, b"%d\\n" % seq)
"""


def killed(root: Path, after: float) -> int:
    """The last event acknowledged by a writer that was killed `after` seconds behind its first one."""
    with subprocess.Popen([sys.executable, "-c", WRITE, str(root)], stdout=subprocess.PIPE) as process:
        first = process.stdout.readline()
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    return int((first + rest).splitlines()[-1])


def survived(root: Path, kills: int, seed: int = 7) -> None:
    store, chance = FileSessions(root, fsync=False), random.Random(seed)
    for _ in range(kills):
        acknowledged = killed(root, chance.uniform(0.0, 0.06))
        opened = store.open("1a2b")
        opened.journal.close()
        assert opened.read_only == ""
        assert [event.seq for event in opened.events] == list(range(1, len(opened.events) + 1))
        assert acknowledged <= len(opened.events) <= acknowledged + 1
        assert all(
            len(event.event.text) > 40_000 if event.seq % 50 == 0 else len(event.event.text) == event.seq % 300
            for event in opened.events
        )


def test_every_acknowledged_event_survives_kill_nine(root):
    survived(root, kills=3)


@pytest.mark.torture
@pytest.mark.parametrize("part", range(5))
def test_every_acknowledged_event_survives_a_hundred_kills(root, part):
    survived(root, kills=20, seed=part)
