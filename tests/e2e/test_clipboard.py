"""Copying and links in a real pty and in tmux: what is said is what was seen to happen."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.person import PROGRAM, Opened, Person

ANSWER = "one line\nand another"
SCRIPT: list[object] = [{"text": ANSWER + "\n\n[here](https://example.invalid/a)", "repeat": 0}]


def answered(person: Person) -> None:
    person.ask("go")
    person.settled("and another")


def test_what_only_the_terminal_could_take_was_sent_and_not_copied(opened: Opened) -> None:
    person = opened(script=SCRIPT)
    answered(person)
    person.type("/copy\r")
    person.wait_for("sent the answer, 4 lines to the terminal", within=10)
    person.wait_for("hold shift and select", within=5)
    assert b"\x1b]52;c;" + base64.b64encode(ANSWER.encode())[:16] in person.sent


def test_a_link_without_a_browser_is_shown_and_not_opened(opened: Opened) -> None:
    person = opened(script=SCRIPT)
    answered(person)
    row = next(at for at, line in enumerate(person.screen.display, 1) if "here" in line)
    column = person.screen.display[row - 1].index("here") + 2
    person.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
    person.wait_for("no browser can be opened from here", within=10)
    assert "opened https" not in person.text


@pytest.fixture
def tmux(project: Path, env: dict[str, str], tmp_path: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """A tmux of its own, and the environment for it."""
    if not shutil.which("tmux"):
        pytest.skip("no tmux here")
    command = ["tmux", "-S", str(tmp_path / "tmux"), "-f", "/dev/null"]
    yield command, env
    subprocess.run([*command, "kill-server"], capture_output=True, check=False)


def test_in_tmux_it_is_in_tmuxs_buffer(
    tmux: tuple[list[str], dict[str, str]], project: Path, request: pytest.FixtureRequest
) -> None:
    command, env = tmux
    (project.parent / "script.json").write_text(json.dumps([{"text": ANSWER, "repeat": 0}]))
    own = env | {"WORKBENCH_REHEARSAL": str(project.parent / "script.json")}
    person = Person([*command, "new-session", str(PROGRAM)], env=own, cwd=project, columns=100, rows=30)
    request.addfinalizer(person.close)
    answered(person)
    person.type("/copy\r")
    person.wait_for("to tmux", within=10)
    buffer = subprocess.run([*command, "show-buffer"], capture_output=True, check=True).stdout.decode()
    assert buffer == ANSWER
