"""The installed workbench, used as a person uses it: keys into a pty, and what then stands on the screen."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.person import PROGRAM, Opened, Person

F8, F9, CTRL_C, SHIFT_TAB = "\x1b[19~", "\x1b[20~", "\x03", "\x1b[Z"
SECTIONS = ("Task status", "Decisions made", "Files changed", "Open items", "Context for next session")


def look_around(person: Person) -> None:
    """Ask what is here and read the answer: file names, findings, confidence, money that nobody pays."""
    person.ask("what is in this project?")
    person.wait_for("src/tally.py", within=20)
    person.settled("I read every file.")
    person.wait_for("as if · cache", within=10)
    for said in ("old/", "0.86", "sent"):
        assert said in person.text, person.text


def asked_to_delete(person: Person) -> None:
    """Ask for a deletion and wait for the question, all of it."""
    person.ask("delete the folder old")
    person.wait_for("Run this command?", within=20)
    person.wait_for("unanswered in", within=10)
    for said in ("rm -r -- old", "Run once", "Reject and say why", "cannot be undone"):
        person.wait_for(said, within=10)


def compact(person: Person) -> None:
    """Review a compaction and accept it."""
    person.type(F8)
    person.wait_for("WHAT HAPPENS TO", within=20)
    person.wait_for("F8 compact   tab", within=10)
    person.wait_for("EVIDENCE INDEX", within=10)
    person.type(F8)
    person.wait_for("┄┄ compacted", within=20)
    person.wait_without("WHAT HAPPENS TO", within=10)


def hand_off(person: Person) -> None:
    """Review a handoff with its five sections, and go on in a new session."""
    person.type(F9)
    person.wait_for("Hand off to a new session", within=20)
    person.wait_for("5 Context for next session", within=20)
    person.wait_for("F9 hand off   1–5", within=10)
    for name in SECTIONS:
        person.wait_for(name, within=10)
    person.type(F9)
    person.wait_without("Hand off to a new session", "┄┄ compacted", within=20)


def quit_with_two_keys(person: Person) -> None:
    """ctrl+c twice."""
    person.type(CTRL_C)
    person.wait_for("ctrl+c again quits", within=10)
    person.type(CTRL_C)
    assert person.ended() == 0


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_person_asks_decides_compacts_undoes_hands_off_quits_and_continues(
    opened: Opened, project: Path, size: tuple[int, int]
) -> None:
    cold = size == (80, 24)
    person = opened(size=size, cold=cold)
    person.wait_for("THIS IS A REHEARSAL", within=20)
    look_around(person)
    if size[0] >= 110:
        assert "README: Counts words" in person.text, "findings stand in the side panel"

    asked_to_delete(person)
    person.type("4")
    person.wait_for("why not, in a few words", within=10)
    person.type("it is still needed")
    person.wait_for("it is still needed", within=10)
    person.type("\r")
    person.settled("I did not delete old")
    assert (project / "old" / "notes.txt").exists()

    asked_to_delete(person)
    person.type("1")
    person.wait_for("enter run once", "enter", within=10)
    person.type("\r")
    person.settled("I deleted the folder old")
    assert not (project / "old").exists()

    compact(person)
    if size[0] >= 110:
        person.type("/undo\r")
    else:
        person.type(SHIFT_TAB)
        person.wait_for("▶┄┄ compacted", within=10)
        person.type("u")
        person.wait_for("undone", within=10)
    person.wait_for("undone", within=10)

    hand_off(person)
    person.ask("read src/tally.py")
    person.settled("return len(words)")
    person.wait_for("as if · cache", within=10)
    quit_with_two_keys(person)
    resume = re.findall(rb"resume with: workbench (--resume [0-9a-z]+)\r", person.sent)
    assert len(resume) == 1
    assert person.sent.index(b"\x1b[?1049l") < person.sent.index(b"resume with:")

    again = opened(*resume[0].decode().split(), size=size, cold=cold)
    again.wait_for("read src/tally.py", within=20)
    again.settled("return len(words)")


def test_a_turn_that_was_killed_is_closed_when_one_continues_and_the_session_answers(opened: Opened) -> None:
    person = opened(script=[{"text": "thinking aloud " * 400, "pace": 30}])
    person.ask("say much")
    person.wait_for("thinking aloud", within=20)
    os.kill(person.pid, signal.SIGKILL)
    assert person.ended() == -signal.SIGKILL

    again = opened("--continue")
    again.wait_for("say much", within=20)
    again.wait_for("stopped while this turn ran", within=10)
    again.ask("what is in this project?")
    again.settled("I read every file.")


def test_closing_the_window_ends_it_and_frees_its_session(opened: Opened) -> None:
    person = opened()
    person.ask("what is in this project?")
    person.settled("I read every file.")
    person.hang_up()
    assert person.ended() == 128 + signal.SIGHUP
    again = opened("--continue")
    again.settled("I read every file.")
    assert "read only" not in again.text


def test_a_polite_signal_leaves_the_terminal_as_it_was(opened: Opened) -> None:
    person = opened()
    person.wait_for("THIS IS A REHEARSAL", within=20)
    os.kill(person.pid, signal.SIGTERM)
    assert person.ended() == 128 + signal.SIGTERM
    assert b"\x1b[?1049l" in person.sent
    assert b"resume with" not in person.sent, "nothing has begun"


def test_a_signal_says_how_to_resume_and_where(opened: Opened, project: Path) -> None:
    (project / "deeper").mkdir()
    sessions = project.parent / "other sessions"
    person = opened("--workspace", "deeper", "--sessions", str(sessions))
    person.ask("what is in this project?")
    person.settled("The workspace is empty")
    os.kill(person.pid, signal.SIGHUP)
    assert person.ended() == 128 + signal.SIGHUP
    assert b"\x1b[?1049l" in person.sent
    line = person.sent.partition(b"resume with: ")[2].decode()
    assert f"--workspace {project / 'deeper'} --sessions '{sessions}'" in " ".join(line.split("\r\n"))


def test_nothing_that_a_model_or_a_file_says_reaches_the_terminal_as_an_escape(opened: Opened, project: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"
    (project / "evil.txt").write_text(f"before {evil} after\n")
    read = {"text": f"I read {evil} it.", "calls": [{"tool": "read", "arguments": {"file_path": "evil.txt"}}]}
    person = opened(script=[read, {"text": f"It says `{evil}` and\n\n```\n{evil}\n```\n\nthe end."}])
    person.ask("read evil.txt")
    person.settled("the end.")
    for raw in (b"\x1b]0;owned", b"\x07\x1b[2J", "\x9b31m".encode(), "\u202e".encode()):
        assert raw not in person.sent, raw


def test_a_headless_answer_is_made_visible_where_it_goes_to_a_terminal(opened: Opened) -> None:
    person = opened("run", "hi", script=[{"text": "It says \x1b]0;owned\x07 and ends."}])
    assert person.ended() == 0
    assert "and ends." in person.text
    assert b"\x1b]0;owned" not in person.sent


def test_without_a_terminal_it_says_so_and_names_the_command_for_scripts(project: Path, env: dict[str, str]) -> None:
    command = [str(PROGRAM)]
    none = subprocess.DEVNULL
    done = subprocess.run(command, stdin=none, capture_output=True, cwd=project, env=env, timeout=30, check=False)
    assert done.returncode == 2
    assert "workbench run" in done.stderr.decode()
    assert not done.stdout
