"""The terminal given to the shell at ctrl+z and to the person's editor at ctrl+g, and taken back as it was."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.person import PROGRAM, Opened, Person

CTRL_Z, CTRL_G, CTRL_C, CTRL_UNDERSCORE = "\x1a", "\x07", "\x03", "\x1f"
WELL: list[object] = [{"text": "well.", "repeat": 0}]
OURS = (b"1049", b"1000", b"1003", b"1006", b"2004", b"1004")
"""Modes that the workbench turns on."""


def modes_on(person: Person) -> set[bytes]:
    """Those of our modes that are on, from all that was sent."""
    on: set[bytes] = set()
    for mode, how in re.findall(rb"\x1b\[\?(\d+)([hl])", person.sent):
        on = on | {mode} if how == b"h" else on - {mode}
    pushed = person.sent.count(b"\x1b[>") - person.sent.count(b"\x1b[<u")
    return (on & set(OURS)) | ({b"kitty"} if pushed > 0 else set())


def pause(person: Person, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        person.pump(0.05)


@pytest.fixture
def shell(project: Path, env: dict[str, str]) -> Iterator[Person]:
    """An interactive shell in the project, in which the workbench was begun."""
    own = {"PS1": "sh> ", "WORKBENCH_REHEARSAL": str(project.parent / "script.json"), "HISTFILE": ""}
    own["INPUTRC"] = str(project.parent / "inputrc")
    (project.parent / "inputrc").write_text("set enable-bracketed-paste off\n")
    (project.parent / "script.json").write_text('[{"text": "word \\n\\n", "repeat": 0}]')
    person = Person(["bash", "--norc", "--noprofile", "-i"], env=env | own, cwd=project, columns=100, rows=30)
    person.wait_for("sh> ", within=10)
    person.type(f"{PROGRAM}\r")
    person.wait_for("Ask for something", within=20)
    yield person
    person.close()


def child_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def test_ctrl_z_goes_back_to_the_shell_and_fg_brings_everything_back(shell: Person) -> None:
    shell.type("half a thought")
    shell.wait_for("▌  half a thought", within=10)
    for _ in range(2):
        shell.type(CTRL_Z)
        shell.wait_for("Stopped", within=10)
        assert modes_on(shell) == set()
        shell.type("echo me$((40+2))\r")
        shell.wait_for("me42", within=10)
        shell.screen.reset()
        shell.type("fg\r")
        shell.wait_for("▌  half a thought", within=10)
        pause(shell, 0.3)
        assert modes_on(shell) == {*OURS, b"kitty"}
        assert "▆▄▂▄▆" in shell.text, "all of the screen is drawn again"
    shell.type("!")
    shell.wait_for("▌  half a thought! ", within=10)
    shell.type(CTRL_C * 2)
    pause(shell, 0.3)
    shell.type(CTRL_C)
    shell.wait_for("sh> ", within=10)
    assert modes_on(shell) == set()


def test_a_suspended_workbench_whose_terminal_goes_away_ends(shell: Person) -> None:
    pid = child_of(shell.pid)
    shell.type(CTRL_Z)
    shell.wait_for("Stopped", within=10)
    shell.hang_up()
    os.kill(shell.pid, signal.SIGHUP)
    until = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_a_stop_from_outside_and_fg_bring_everything_back(shell: Person) -> None:
    pid = child_of(shell.pid)
    shell.type("draft")
    shell.wait_for("▌  draft", within=10)
    os.kill(pid, signal.SIGSTOP)
    shell.wait_for("Stopped", within=10)
    os.kill(pid, signal.SIGCONT)  # in the background: it may not take the terminal
    pause(shell, 0.5)
    shell.screen.reset()
    shell.type("fg\r")
    shell.wait_for("▌  draft", within=10)
    shell.type("ed")
    shell.wait_for("▌  drafted ", within=10)


def test_a_stop_from_outside_without_a_shell_draws_all_again_and_reads_each_key_once(opened: Opened) -> None:
    person = opened(script=WELL)
    person.wait_for("Ask for something", within=20)
    for _ in range(2):
        os.kill(person.pid, signal.SIGSTOP)
        time.sleep(0.2)
        person.screen.reset()
        os.kill(person.pid, signal.SIGCONT)
        person.wait_for("Ask for something", within=10)
        person.rest(0.5)  # a terminal that is being taken back drops what waits in it
    person.type("abc")
    person.wait_for("▌  abc ", within=10)


def test_ctrl_z_without_a_shell_says_so_and_goes_on(opened: Opened) -> None:
    person = opened(script=WELL)
    person.wait_for("Ask for something", within=20)
    person.type(CTRL_Z)
    person.wait_for("there is no shell to go back to", within=10)
    person.type("x")
    person.wait_for("▌  x ", within=10)


def test_ctrl_underscore_undoes_and_ctrl_y_does_again(opened: Opened) -> None:
    person = opened(script=WELL)
    person.wait_for("Ask for something", within=20)
    person.type("one")
    person.type("\x1b[200~ zebra\x1b[201~")
    person.wait_for("▌  one zebra ", within=10)
    person.type(CTRL_UNDERSCORE)
    person.wait_without("zebra", within=10)
    person.type("\x19")
    person.wait_for("▌  one zebra ", within=10)


def editor(project: Path, *lines: str) -> str:
    """A program that is set as the person's editor."""
    path = project.parent / "editor.sh"
    path.write_text("\n".join(("#!/bin/sh", *lines)))
    path.chmod(0o755)
    return str(path)


def with_editor(
    opened: Opened, env: dict[str, str], program: str, script: list[object] = WELL, columns: int = 100
) -> Person:
    env["EDITOR"] = program
    env.pop("VISUAL", None)
    person = opened(script=script, size=(columns, 30))
    person.wait_for("Ask for something", within=20)
    return person


def test_while_the_editor_is_open_the_turn_goes_on(opened: Opened, project: Path, env: dict[str, str]) -> None:
    program = editor(
        project, "echo I am an editor", f"while ! test -e {project}/done; do sleep 0.05; done", 'printf more >>"$1"'
    )
    person = with_editor(opened, env, program, [{"text": "word " * 60 + "the end.", "pace": 30}])
    person.type("go\r")
    person.wait_for("word word", within=20)
    person.type("draft ")
    person.type(CTRL_G)
    person.wait_for("I am an editor", within=10)
    assert modes_on(person) == set()
    journal = next((project.parent / "sessions").glob("*.session.jsonlog"))
    until = time.monotonic() + 20
    while "TurnFinished" not in journal.read_text() and time.monotonic() < until:
        person.pump(0.05)
    assert "TurnFinished" in journal.read_text(), "the stream was read to its end behind the editor"
    (project / "done").touch()
    person.wait_for("▌  draft more", within=10)
    person.wait_for("the end.", within=10)
    assert modes_on(person) == {*OURS, b"kitty"}


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_workbench_while_the_editor_is_open(
    opened: Opened, project: Path, env: dict[str, str], sent: signal.Signals
) -> None:
    person = with_editor(opened, env, editor(project, "echo I am an editor", "exec sleep 60"))
    person.type(CTRL_G)
    person.wait_for("I am an editor", within=10)
    os.kill(person.pid, sent)
    assert person.ended(within=8) == 128 + sent
    assert modes_on(person) == set()


def test_ctrl_c_in_the_editor_is_the_editors(opened: Opened, project: Path, env: dict[str, str]) -> None:
    person = with_editor(
        opened, env, editor(project, "trap 'printf kept >\"$1\"; exit 0' INT", "echo I am an editor", "sleep 60 & wait")
    )
    person.type(CTRL_G)
    person.wait_for("I am an editor", within=10)
    person.type(CTRL_C)
    person.wait_for("▌  kept ", within=10)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("exit 3",), "ended with code 3"),
        (("true",), "came back at once"),
        (('rm "$1"', "sleep 2"), "did not work"),
    ],
)
def test_an_editor_that_fails_says_so_and_loses_nothing(
    opened: Opened, project: Path, env: dict[str, str], lines: tuple[str, ...], said: str
) -> None:
    person = with_editor(opened, env, editor(project, *lines), columns=200)  # the program's whole path is said
    person.type("draft")
    person.type(CTRL_G)
    person.wait_for(said, within=10)
    person.wait_for("▌  draft ", within=10)


@pytest.mark.parametrize("program", ["/nowhere/vi", "'"])
def test_an_editor_that_is_missing_says_so_and_loses_nothing(opened: Opened, env: dict[str, str], program: str) -> None:
    person = with_editor(opened, env, program)
    person.type("draft")
    person.type(CTRL_G)
    person.wait_for("did not work", within=10)
    person.wait_for("▌  draft ", within=10)


def test_what_a_failed_editor_wrote_is_brought_back_by_arrow_up(
    opened: Opened, project: Path, env: dict[str, str]
) -> None:
    person = with_editor(opened, env, editor(project, 'printf precious >"$1"', "exit 1"))
    person.type("draft")
    person.type(CTRL_G)
    person.wait_for("ended with code 1", within=10)
    person.type("\x1b[A")
    person.wait_for("▌  precious ", within=10)
