"""`workbench run` as a process: signals at any moment, readers that stand still or leave, a stdin that says nothing."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shop import PROGRAM, Shop
from tests.cli.test_run_command import ended, shell

TALK = [{"text": "word " * 400, "pace": 40, "repeat": 0}]


def begin(*arguments: str, **streams: Any) -> "subprocess.Popen[bytes]":
    """`workbench run`, with nothing on stdin unless it is said."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    return subprocess.Popen([str(PROGRAM), "run", *arguments], **streams)


def until(true: Callable[[], object], within: float = 60.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def stored(shop: Shop) -> str:
    """All that the sessions' files hold."""
    return "".join(path.read_text() for path in shop.journals())


def grown(shop: Shop, told: str, turns: int) -> int:
    """Append `turns` copies of the last turn's messages to a session; its size in bytes."""
    from workbench.core import events as e
    from workbench.core.messages import Text
    from workbench.core.spend import Usage
    from workbench.store.sessions import FileSessions

    opened = FileSessions(shop.sessions, fsync=False).open(told)
    seq, turn = len(opened.events), 3
    for number in range(turns):
        for event in (
            e.TurnStarted(turn + number + 1, "again " * 20, 20),
            e.MessageAdded(turn + number + 1, 1, (Text("so it is " * 20),), (60,), "end_turn", Usage()),
            e.TurnFinished(turn + number + 1, "done", "so it is", 1, 0.1, Usage(), 0.0),
        ):
            seq += 1
            opened.journal.append(e.Stamped(seq, 1.0, told, "t", event))
    opened.journal.close()
    return shop.journals()[0].stat().st_size


def is_ours(pid: int) -> bool:
    """True once the interpreter has started and the program notes signals itself."""
    caught = Path(f"/proc/{pid}/status").read_text().partition("SigCgt:")[2].split()[0]
    return bool(int(caught, 16) & 1 << (signal.SIGTERM - 1))


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.2, 0.35, 0.5])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_of_the_start_ends_it_and_nothing_ran(
    shop: Shop, told: str, delay: float, sent: signal.Signals
) -> None:
    grown(shop, told, 700)
    shop.plays([shell("sleep 1; touch ran; sleep 30"), {"text": "ok"}])
    running = begin("go", "--approve", "all", "--output-format", "json", "--resume", told)
    until(lambda: is_ours(running.pid))
    time.sleep(delay)
    running.send_signal(sent)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 128 + sent
    assert json.loads(out)["stop_reason"] == "interrupted"
    assert b"Traceback" not in err
    assert not (shop.project / "ran").exists()


def test_a_reader_that_stands_still_makes_no_signal_ineffective(shop: Shop) -> None:
    shop.plays([shell("echo $$ > pid; yes | head -c 3000000; sleep 300"), {"text": "ok"}])
    reader, writer = os.pipe()
    running = begin("go", "--approve", "all", "--output-format", "stream-json", stdout=writer)
    os.close(writer)
    pid = shop.project / "pid"
    until(lambda: pid.exists() and pid.read_text().strip())
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=60) == 143
    assert ended(int(pid.read_text()))
    os.close(reader)


def test_a_stalled_stderr_makes_no_signal_ineffective(shop: Shop) -> None:
    shop.plays([shell(f"rm -r old{n} {'x' * 900}") | {"repeat": 1} for n in range(14)] + TALK)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)  # full: whatever is said now waits
    os.set_blocking(writer, True)
    running = begin("go", stderr=writer)
    os.close(writer)
    until(lambda: '"EscalationExpired"' in stored(shop))
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) == 130
    os.close(reader)


def test_a_slow_reader_gets_every_event_in_order(shop: Shop) -> None:
    shop.plays([{"text": "word " * 3000, "repeat": 0}])
    running = begin("talk", "--output-format", "stream-json")
    assert running.stdout is not None
    time.sleep(1.5)
    lines = []
    for line in running.stdout:
        lines.append(json.loads(line))
        if len(lines) < 20:
            time.sleep(0.02)
    assert running.wait(timeout=60) == 0
    seqs = [line["seq"] for line in lines[:-1] if line["seq"] is not None]
    assert seqs == list(range(1, len(seqs) + 1))
    text = "".join(line["event"]["text"] for line in lines[:-1] if line["event"]["type"] == "TextArrived")
    assert text.strip() == lines[-1]["text"] == ("word " * 3000).strip()


@pytest.mark.parametrize("form", ["text", "json", "stream-json"])
def test_a_reader_that_left_stops_the_turn_and_its_tools_at_once(shop: Shop, form: str) -> None:
    shop.plays([shell("echo $$ > pid; sleep 300"), {"text": "ok"}])
    running = begin("go", "--approve", "all", "--output-format", form)
    pid = shop.project / "pid"
    until(lambda: pid.exists() and pid.read_text().strip())
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=60) == 141
    assert running.stderr is not None
    said = running.stderr.read()
    assert b"Traceback" not in said
    assert b"workbench:" not in said, "it ends quietly"
    assert ended(int(pid.read_text()))
    assert '"stop_reason":"interrupted"' in stored(shop)


def test_an_open_stdin_that_stays_silent_is_named_and_then_left(shop: Shop) -> None:
    shop.plays([{"text": "ok"}])
    running = begin("hi", stdin=subprocess.PIPE)
    assert running.wait(timeout=60) == 0
    assert running.stdout is not None
    assert running.stderr is not None
    assert running.stdout.read() == b"ok\n"
    waited, went = running.stderr.read().decode().splitlines()
    assert "waiting for stdin" in waited
    assert "going on with the prompt alone" in went


@pytest.mark.parametrize("prompt", [[], ["sum up"]], ids=["stdin alone", "with a prompt"])
def test_what_began_on_stdin_is_waited_for_to_its_end(shop: Shop, prompt: list[str]) -> None:
    running = begin(*prompt, "--output-format", "stream-json", stdin=subprocess.PIPE)
    assert running.stdin is not None
    assert running.stderr is not None
    if prompt:
        running.stdin.write(b"one\n")
        running.stdin.flush()
    assert b"waiting for the end of stdin" in running.stderr.readline()
    out, _ = running.communicate(b"two\n", timeout=60)
    started = next(json.loads(line)["event"] for line in out.splitlines() if b'"TurnStarted"' in line)
    assert started["prompt"] == "\n\n".join([*prompt, "one\ntwo" if prompt else "two"])


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_wait_for_stdin(shop: Shop, sent: signal.Signals) -> None:
    running = begin("--output-format", "json", stdin=subprocess.PIPE)
    assert running.stderr is not None
    assert b"waiting for the end of stdin" in running.stderr.readline()
    running.send_signal(sent)
    assert running.wait(timeout=10) == 128 + sent
    assert running.stdout is not None
    assert json.loads(running.stdout.read())["stop_reason"] == "interrupted"
    assert not shop.journals()


def test_an_endless_stdin_is_refused_with_a_way_out(shop: Shop) -> None:
    endless = subprocess.Popen(["yes", "no"], stdout=subprocess.PIPE)
    running = begin("hi", stdin=endless.stdout)
    assert endless.stdout is not None
    endless.stdout.close()
    _, err = running.communicate(timeout=60)
    endless.wait(timeout=10)
    assert running.returncode == 2
    assert b"larger than 10 MB" in err
    assert b"file of the workspace" in err


def test_stdin_that_is_not_utf8_says_so(shop: Shop) -> None:
    shop.plays([{"text": "ok"}])
    running = begin("hi", stdin=subprocess.PIPE)
    _, err = running.communicate(b"caf\xe9 \xff\n", timeout=60)
    assert running.returncode == 0
    assert b"not all UTF-8" in err


def test_other_commands_end_at_a_signal_also_while_their_reader_stands_still(shop: Shop, told: str) -> None:
    grown(shop, told, 700)
    reader, writer = os.pipe()
    showing = subprocess.Popen([str(PROGRAM), "sessions", "export", told], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert os.read(reader, 10)  # it writes, and will find the pipe full
    time.sleep(0.3)
    showing.send_signal(signal.SIGINT)
    _, err = showing.communicate(timeout=10)
    assert (showing.returncode, err) == (130, b"")
    os.close(reader)


def test_a_reader_that_wants_one_line_ends_a_command_quietly(shop: Shop, told: str) -> None:
    grown(shop, told, 700)
    showing = subprocess.Popen(
        [str(PROGRAM), "sessions", "export", told], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert showing.stdout is not None
    showing.stdout.readline()
    showing.stdout.close()
    assert showing.wait(timeout=10) == 141
    assert showing.stderr is not None
    assert showing.stderr.read() == b""


def test_threads_of_a_run_end_with_it(shop: Shop) -> None:
    shop("run", "hi", script=[{"text": "ok"}])
    until(lambda: not [each for each in threading.enumerate() if each.name == "printer"])


def test_the_session_file_is_whole_whatever_stopped_the_run(shop: Shop) -> None:
    shop.plays(TALK)
    for delay in (0.5, 0.8):
        running = begin("talk", "--output-format", "stream-json")
        until(lambda pid=running.pid: is_ours(pid))
        time.sleep(delay)
        running.send_signal(signal.SIGQUIT)
        running.communicate(timeout=60)
        assert running.returncode == 131
    if shop.journals():
        assert shop("run", "and now?", "--continue", script=[{"text": "ok"}]).code == 0
