"""The day's ledger adds up what every process spent."""

import subprocess
import sys

import pytest

from workbench.store.shared_rows import LEDGER, DayLedger

DAY = "2026-11-22"
SPEND = """
import sys
from pathlib import Path
from workbench.store.shared_rows import DayLedger
ledger = DayLedger(Path(sys.argv[1]))
for _ in range(100):
    ledger.add("2026-11-22", "me", sys.argv[2], 0.5, 3)
"""


def test_days_and_users_are_apart_and_sessions_add_up(root):
    ledger = DayLedger(root)
    ledger.add(DAY, "me", "a", 1.0, 10)
    ledger.add(DAY, "me", "a", 0.5, 5)
    ledger.add(DAY, "me", "b", 2.0, 20)
    ledger.add(DAY, "you", "c", 8.0, 80)
    ledger.add("2026-11-23", "me", "a", 4.0, 40)
    assert ledger.total(DAY, "me") == (3.5, 35)
    assert ledger.total(DAY, "you") == (8.0, 80)
    assert ledger.total("2026-11-23", "me") == (4.0, 40)
    assert ledger.total(DAY, "nobody") == (0.0, 0)


def test_what_was_added_is_there_for_the_next_process(root):
    ledger = DayLedger(root)
    ledger.add(DAY, "me", "a", 1.0, 10)
    assert DayLedger(root).total(DAY, "me") == (1.0, 10)


def test_nothing_is_lost_when_two_processes_spend_at_once(root):
    command = [sys.executable, "-c", SPEND, str(root)]
    running = [subprocess.Popen([*command, session]) for session in ("a", "b")]
    assert [process.wait() for process in running] == [0, 0]
    assert DayLedger(root).total(DAY, "me") == (100.0, 600)


def test_many_additions_keep_the_file_small(root):
    ledger = DayLedger(root)
    for _ in range(600):
        ledger.add(DAY, "me", "a", 0.25, 1)
    assert (root / LEDGER).read_bytes().count(b"\n") < 300
    assert DayLedger(root).total(DAY, "me") == (150.0, 600)


@pytest.mark.parametrize("line", [0, 2])
def test_a_damaged_ledger_is_kept_aside_and_what_can_be_read_goes_on(root, line):
    ledger = DayLedger(root)
    for session in "abcd":
        ledger.add(DAY, "me", session, 1.0, 1)
    ledger.close()
    path = root / LEDGER
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line][:-5] + b"#" + lines[line][-4:]
    path.write_bytes(b"".join(lines))
    readable = max(line - 1, 0)
    ledger = DayLedger(root)
    assert ledger.total(DAY, "me") == (float(readable), readable)
    ledger.add(DAY, "me", "e", 1.0, 1)
    assert DayLedger(root).total(DAY, "me") == (readable + 1.0, readable + 1)
    (aside,) = root.glob(f"{LEDGER}.damaged-*")
    assert aside.read_bytes() == b"".join(lines)
