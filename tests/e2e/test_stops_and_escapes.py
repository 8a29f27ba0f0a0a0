"""The installed workbench in a real pty: one stop is one stop, and nothing that was said acts on the terminal."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.e2e.person import Opened, Person

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp\x08\x08.exe"
RAW = (b"\x1b]0;owned", b"\x07", b"\x08", "\x9b".encode(), "\u202e".encode())


def journals(project: Path) -> list[Path]:
    return sorted((project.parent / "sessions").glob("*.session.jsonlog"))


def kinds(project: Path) -> list[str]:
    """The kinds of the events that the newest session's file has."""
    return re.findall(r'"event":\{"type":"(\w+)"', "".join(path.read_text() for path in journals(project)))


@pytest.mark.parametrize("delay", [0.0, 0.2, 0.5, 1.0])
def test_enter_then_esc_while_it_starts_is_one_stop_and_the_screen_says_what_happened(
    opened: Opened, project: Path, delay: float
) -> None:
    """Whether the turn had begun or not: it does not go on, and a prompt that was not begun is back."""
    script = [{"calls": [{"tool": "shell", "arguments": {"command": "echo so"}}]}, {"text": "word " * 900, "pace": 20}]
    person = opened(script=script, cold=True)
    person.wait_for("Ask for something", within=20)
    person.type("go on and on")
    person.wait_for("▌  go on and on", within=10)
    person.type("\r")
    time.sleep(delay)
    person.type("\x1b")
    person.wait_for("▌  go on and on", "stopped", "interrupted", within=20)
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        person.pump(0.05)
    began = "TurnStarted" in kinds(project)
    assert began == ("TurnFinished" in kinds(project)), person.text
    assert "▌  go on and on" in person.text if not began else "nothing ran" not in person.text
    person.type("\x03")
    person.type("\x03")
    person.type("\x03")
    assert person.ended() == 0


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGQUIT])
def test_a_signal_leaves_the_terminal_as_it_was_and_ends_the_tools_processes(
    opened: Opened, project: Path, sent: signal.Signals
) -> None:
    pid = project / "pid"
    line = f"echo $$ > {pid}; sleep 300"
    person = opened(script=[{"calls": [{"tool": "shell", "arguments": {"command": line}}]}, {"text": "ok"}])
    person.ask("go")
    person.wait_for("Run this command?", within=20)
    person.wait_for("unanswered in", within=10)
    person.type("1")
    person.wait_for("enter run once", "enter", within=10)
    person.type("\r")
    until = time.monotonic() + 20
    while not (pid.exists() and pid.read_text().strip()) and time.monotonic() < until:
        person.pump(0.05)
    os.kill(person.pid, sent)
    assert person.ended() == 128 + sent
    assert b"\x1b[?1049l" in person.sent
    assert not Path(f"/proc/{pid.read_text().strip()}/cwd").exists()


def assert_harmless(person: Person) -> None:
    for raw in RAW:
        assert raw not in person.sent, (raw, person.sent)


def test_no_command_writes_an_escape_to_a_terminal(opened: Opened, project: Path) -> None:
    script = [{"text": f"It says {EVIL}.", "repeat": 0}]
    person = opened("run", f"say {EVIL}", "--output-format", "stream-json", script=script)
    assert person.ended() == 0
    id = journals(project)[0].name.partition(".")[0]
    exporting = [opened("sessions", "export", id, *more, size=(200, 30)) for more in ([], ["--format", "markdown"])]
    wrong = [opened(f"--no{EVIL}"), opened("run", "hi", "--resume", f"no {EVIL}")]
    assert [each.ended() for each in exporting] == [0, 0]
    assert [each.ended() for each in wrong] == [2, 2]
    for each in (person, *exporting, *wrong):
        assert_harmless(each)


def test_the_terminal_interface_writes_no_escape_of_titles_names_and_faults(opened: Opened, project: Path) -> None:
    config = project.parent / "config" / "workbench"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('"th\\u001b]0;owned\\u0007eme" = 3\n[window]\nsize = "\\u009b31m"\n')
    odd = project / f"e{EVIL}vil"
    odd.mkdir()
    (odd / f"f{EVIL}ile.txt").write_text("x")
    person = opened("--workspace", str(odd), "--model", f"m{EVIL}", script=[{"text": "fine", "repeat": 0}])
    person.ask("hello")
    person.settled("does not know")  # there is no model of this name
    person.type(f"/rename title {chr(0x9B)}31m \u202e end\r")
    person.wait_for("end", within=10)
    person.type("\x0f")  # ctrl+o: the sessions
    person.wait_for("TURNS", within=10)
    person.type("\x1b")
    person.type("\x03")
    person.type("\x03")
    person.type("\x03")
    assert person.ended() == 0
    for raw in (b"\x1b]0;owned", "\x9b31m".encode(), "\u202e".encode()):
        assert raw not in person.sent, raw


def test_who_answers_from_now_on_is_said_when_a_session_opens(opened: Opened) -> None:
    script = [{"text": "fine", "repeat": 0}]
    assert opened("run", "hi", "--model", "claude-haiku-4-5", script=script).ended() == 0
    kept = opened("--continue", script=script, size=(120, 30))
    kept.wait_for("fine", within=20)
    kept.ask("hello")
    kept.settled("fine")
    assert "until now" not in kept.text
    kept.hang_up()
    assert kept.ended() == 129
    other = opened("--continue", "--model", "claude-opus-5-5", script=script, size=(160, 30))
    other.wait_for("until now claude-haiku-4-5 (rehearsal) answered here", within=20)
    other.ask("hello")
    other.wait_for("model claude-opus-5-5", within=20)
    other.settled("fine")
    other.hang_up()
