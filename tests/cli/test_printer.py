"""Output apart from the loop: in order, whole, bounded, and given up where nobody takes it."""

import os
import threading

import pytest

from workbench.cli.printer import Printer
from workbench.cli.signals import SIGNALS

LINES = [f"line {number} " + "x" * 300 for number in range(2_000)]


def replace_stdout(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let stdout be a pipe; the end to read from."""
    reading, writing = os.pipe()
    monkeypatch.setattr("sys.stdout", os.fdopen(writing, "w", encoding="utf-8"))
    return reading


def test_a_slow_reader_gets_all_of_it_in_order_and_print_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = replace_stdout(monkeypatch)
    printer, printed = Printer(most=5_000), threading.Event()

    def work() -> None:
        for line in LINES:
            printer.print(line)
        printed.set()
        printer.finish()

    threading.Thread(target=work, daemon=True).start()
    assert not printed.wait(0.3), "more than pipe and queue hold waits for the reader"
    size, got = sum(len(line) + 1 for line in LINES), b""
    while len(got) < size:
        got += os.read(reader, 700)
    assert got.decode().splitlines() == LINES
    assert printed.wait(10)


def test_a_reader_that_left_is_told_once_and_the_rest_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = replace_stdout(monkeypatch)
    told: list[int] = []
    printer = Printer()
    os.close(reader)
    printer.watch(lambda: told.append(1))
    for line in LINES:
        printer.print(line)
    assert not printer.finish()
    assert isinstance(printer.fault, BrokenPipeError)
    assert told == [1]


def test_after_a_signal_what_nobody_takes_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = replace_stdout(monkeypatch)
    monkeypatch.setattr("workbench.cli.printer.PATIENCE_S", 0.2)
    printer = Printer(most=5_000)
    monkeypatch.setattr(SIGNALS, "caught", 15)
    for line in LINES[:400]:
        printer.print(line)
    assert not printer.finish()
    assert printer.fault is None
    got = os.read(reader, 1 << 20).decode().splitlines()
    assert got[:-1] == LINES[: len(got) - 1]
